/* SPDX-License-Identifier: ISC */
/*
 * HTTP on the event loop, by libcurl: for a SCIM service that is polled, and
 * for who gives out its tokens.  Nothing is taken from the environment, no
 * redirect is followed (the token would go along), and answers are limited in
 * time and size.
 */
#ifndef SOURCED_WEB_H
#define SOURCED_WEB_H

#include "base/secret.h"
#include "sourced/fault.h"
#include "wire/source_start.h"

#include <stdint.h>

struct event_base;
struct au_web;

/* What one request is.  All of it is copied. */
struct au_web_order {
	const char *url;
	const char *accept;
	const char *ca_file;  /* NULL: the system's authorities */
	const char *crl_file; /* NULL: nobody asks who was revoked */
	const char *pins;     /* texts of au_pin_parse with ';' between; NULL: any key */
	const char *etag;     /* a resource that is still so is answered by 304 (RFC 9110 section 13.1.2) */
	/* What we prove ourselves by: with user its password (RFC 7617 section 2); else it is in the form already; and
	 * without a form it is a bearer token (RFC 6750 section 2.1).  NULL: nothing. */
	const struct au_secret *proof;
	const char *user;
	const struct au_secret *form; /* sent by POST as application/x-www-form-urlencoded; NULL: GET */
};

struct au_web_answer {
	int status;              /* 0: there was none, and why says so */
	const char *why;         /* a transport's trouble; NULL with a status */
	enum au_fault_kind kind; /* of that trouble */
	bool fail_over;          /* another server may do better */
	const char *body;        /* NUL-terminated */
	size_t len;
	const char *etag;       /* NULL when there was none */
	int64_t retry_after_ms; /* 0 when the service said nothing */
	/* What the request proved itself by, NULLs behind: no text that people see may have it in it. */
	const char *secrets[2];
};

/* Texts live until this returns.  It may ask for more, but neither cancel nor free. */
typedef void au_web_done(void *ctx, const struct au_web_answer *answer);

/* settings and client_key (may be NULL) outlive the web.  AU_EIO: libcurl cannot be used. */
int au_web_new(struct event_base *base, const struct au_source_config *settings, const struct au_secret *client_key,
    struct au_web **ret, struct au_err *err);
void au_web_free(struct au_web *web); /* what is under way is never answered; NULL is fine */

void au_web_send(struct au_web *web, const struct au_web_order *order, au_web_done *done, void *ctx);
/* Forget all that is under way. */
void au_web_cancel(struct au_web *web);
/* Text as a part of a path, query or form (RFC 3986 section 2.1).  Caller frees. */
char *au_web_escape(const char *text);

#endif
