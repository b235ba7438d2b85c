/* SPDX-License-Identifier: ISC */
/*
 * Tokens that were proven lately, so that the next request need not ask the store or a signature.  Only proven ones get
 * in.  What is kept of our own tokens ends with the commit that changes any token (store/stamp.h), what is kept of
 * others' with their expiry and with a change of their issuers.  Loop thread only.
 */
#ifndef SCIM_KNOWN_H
#define SCIM_KNOWN_H

#include "scim/identity.h"
#include "store/client.h"
#include "store/stamp.h"

struct au_known;

struct au_known *au_known_new(struct au_store *store);
void au_known_free(struct au_known *known); /* NULL is fine */

/* The row of one of our tokens as it is now in the store; NULL when that is not known.  Good until the next call. */
const struct au_token_row *au_known_token(struct au_known *known, const char *id);
/* The row is copied.  stamp was taken before it was read. */
void au_known_keep_token(struct au_known *known, const struct au_token_row *row, const struct au_stamp *stamp);
/* What a JWT with exactly this text said; NULL when it is not known or over.  Good until the next call. */
const struct au_identity *au_known_jwt(struct au_known *known, const char *text, long long now_ms);
void au_known_keep_jwt(struct au_known *known, const char *text, const struct au_identity *identity);
void au_known_forget_jwts(struct au_known *known);

#endif
