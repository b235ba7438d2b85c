/* SPDX-License-Identifier: ISC */
/* What a client did wrong, in SCIM's terms: an HTTP status, a detail keyword (RFC 7644 section 3.12) and a sentence. */
#ifndef SCIM_FAULT_H
#define SCIM_FAULT_H

#include "base/err.h"
#include "base/str.h"

#define AU_SCIM_TYPE "application/scim+json"

enum au_fault_kind {
	AU_FAULT_NONE = 0,
	/* RFC 7644 table 9 */
	AU_FAULT_INVALID_FILTER,
	AU_FAULT_TOO_MANY,
	AU_FAULT_UNIQUENESS,
	AU_FAULT_MUTABILITY,
	AU_FAULT_INVALID_SYNTAX,
	AU_FAULT_INVALID_PATH,
	AU_FAULT_NO_TARGET,
	AU_FAULT_INVALID_VALUE,
	/* RFC 9865 table 3 */
	AU_FAULT_INVALID_CURSOR,
	AU_FAULT_EXPIRED_CURSOR,
	AU_FAULT_INVALID_COUNT,
	/* without a keyword */
	AU_FAULT_UNAUTHORIZED,
	AU_FAULT_FORBIDDEN,
	AU_FAULT_NOT_FOUND,
	AU_FAULT_METHOD,
	AU_FAULT_CONFLICT,
	AU_FAULT_PRECONDITION,
	AU_FAULT_TOO_LARGE,
	AU_FAULT_MEDIA_TYPE,
	AU_FAULT_THROTTLED,
	AU_FAULT_INTERNAL,
	AU_FAULT_UNSUPPORTED,
	AU_FAULT_UNAVAILABLE,
};

struct au_fault {
	enum au_fault_kind kind;
	char detail[AU_ERR_TEXT]; /* for the client's people; never a secret */
};

/* Fill fault (never NULL) and return AU_EINVAL, so that callers say `return au_fault_set(fault, ...)`. */
int au_fault_set(struct au_fault *fault, enum au_fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* For clang's analyzer, which cannot look into another file. */
#ifdef __clang_analyzer__
#define au_fault_set(fault, kind, ...) ((void)au_fault_set(fault, kind, __VA_ARGS__), AU_EINVAL)
#endif
int au_fault_status(enum au_fault_kind kind);          /* HTTP status */
const char *au_fault_keyword(enum au_fault_kind kind); /* scimType; NULL when the kind has none */
/* Append an error body.  keyword NULL leaves scimType out. */
void au_fault_body(struct au_str *out, int status, const char *keyword, const char *detail);

#endif
