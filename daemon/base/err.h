/* SPDX-License-Identifier: ISC */
/*
 * Errors: a negative enum au_code going up, with a text for people beside it.
 * Only the top logs.  struct au_err and the codes are in <apiuserd/target.h>.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <apiuserd/target.h>

#include <stdarg.h>

/*
 * Fill err (which may be NULL) and return code, so that callers say
 * `return au_fail(err, AU_EINVAL, "option '%s': expected a number", name);`.
 * Text: lower case, object first, value quoted, what was expected; no secret.
 */
int au_fail(struct au_err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* For clang's analyzer, which cannot look into another file: the result is the code that was given. */
#ifdef __clang_analyzer__
#define au_fail(err, code, ...) ((void)au_fail(err, code, __VA_ARGS__), (code))
#endif
int au_vfail(struct au_err *err, int code, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

/* Put "context: " before the text that is already there; returns err->code (code when err is NULL). */
int au_err_prefix(struct au_err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Give err another code and keep the rest: what a lower floor calls by one name may mean another up here. */
int au_err_recode(struct au_err *err, int code);

/* AU_EINVAL -> "invalid"; a stable word for JSON, metrics and audit.  Unknown codes give "error". */
const char *au_code_name(int code);
/* The reverse; AU_EBUG when the word is unknown. */
int au_code_from_name(const char *name);

#endif
