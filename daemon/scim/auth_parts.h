/* SPDX-License-Identifier: ISC */
/* Between the files of the check of credentials: one per kind of them, and what becomes of the request. */
#ifndef SCIM_AUTH_PARTS_H
#define SCIM_AUTH_PARTS_H

#include "scim/identity.h"
#include "scim/request.h"
#include "scim/token.h"

/* Each of these ends with one of au_auth_accept, au_auth_refuse and au_auth_fail; r is gone then. */
void au_auth_token(struct au_request *r, const char *text, const char id[AU_TOKEN_ID_SIZE]); /* auth_token.c */
void au_auth_jwt(struct au_request *r, const char *text);                                    /* auth_jwt.c */

/* He is known; scope, rate and whatever else the client's block says is looked at here. */
void au_auth_accept(struct au_request *r, const struct au_identity *identity);
/* 401, or 429 for those who keep trying. */
void au_auth_refuse(struct au_request *r);
/* 429 at once when the peer has sent too many bad ones lately; true when r is gone.  Before what costs much to judge.
 */
bool au_auth_refuse_suspect(struct au_request *r);
/* 503: it is not known whether the credentials are good. */
void au_auth_fail(struct au_request *r);

#endif
