/* SPDX-License-Identifier: ISC */
/* The Authorization header, and tokens by OAuth client credentials (RFC 6749 section 4.4). */
#ifndef SC_LOGIN_H
#define SC_LOGIN_H

#include "scim-target/session.h"

/* See to it that there is a credential; *ret_fresh becomes true when a token was fetched.  AU_EAUTH: refused. */
int sc_login_ensure(struct au_session *session, bool *ret_fresh, struct au_err *err);
/* The value of Authorization; the caller wipes and frees it. */
char *sc_login_header(const struct au_session *session);
/* "NAME:PASSWORD" for HTTP Basic, in Base64 (RFC 7617). */
struct au_secret *sc_login_basic(const char *name, const char *password);

#endif
