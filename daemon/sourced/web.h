/* SPDX-License-Identifier: ISC */
/*
 * GET over HTTP on the event loop, by libcurl: for a SCIM service that is
 * polled.  Nothing is taken from the environment, no redirect is followed (the
 * token would go along), and answers are limited in time and size.
 */
#ifndef SOURCED_WEB_H
#define SOURCED_WEB_H

#include "base/err.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct au_web;

struct au_web_config {
	const char *url;     /* that every path is put behind; no '/' at its end */
	const char *ca_file; /* NULL: the system's authorities */
	const char *client_certificate;
	const struct au_secret *client_key, *token; /* outlive the web; client_key may be NULL */
	int64_t connect_timeout_ms, timeout_ms;     /* timeout_ms: of a whole request */
	size_t max_answer;                          /* bytes of a body */
};

struct au_web_answer {
	int status;       /* 0: there was none, and why says so */
	const char *why;  /* a transport's trouble; NULL with a status */
	bool is_setup;    /* of that trouble: only an administrator can mend it */
	const char *body; /* NUL-terminated */
	size_t len;
	const char *etag;       /* NULL when there was none */
	int64_t retry_after_ms; /* 0 when the service said nothing */
};

/* Texts live until this returns.  It may ask for more, but neither cancel nor free. */
typedef void au_web_done(void *ctx, const struct au_web_answer *answer);

/* AU_EIO: libcurl cannot be used. */
int au_web_new(struct event_base *base, const struct au_web_config *config, struct au_web **ret, struct au_err *err);
void au_web_free(struct au_web *web); /* what is under way is never answered; NULL is fine */

/* etag (may be NULL): a resource that has not changed since is answered by 304 (RFC 9110 section 13.1.2). */
void au_web_get(struct au_web *web, const char *path, const char *etag, au_web_done *done, void *ctx);
/* Forget all that is under way. */
void au_web_cancel(struct au_web *web);
/* Text as a part of a path or query (RFC 3986 section 2.1).  Caller frees. */
char *au_web_escape(const char *text);

#endif
