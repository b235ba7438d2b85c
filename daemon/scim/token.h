/* SPDX-License-Identifier: ISC */
/*
 * Bearer tokens: "apiu_" + 16 hex digits of public id + "_" + 43 characters of base64url (256 random bits).
 * Only the keyed BLAKE2b of the whole text is kept.
 */
#ifndef SCIM_TOKEN_H
#define SCIM_TOKEN_H

#include "base/secret.h"
#include "store/client.h"

#define AU_TOKEN_ID_SIZE 17

/* A new token: its text (shown once) and the row to store.  row->id points into id. */
void au_token_make(const unsigned char key[32], const char *client, long long now_ms, long long lifetime_ms,
    char id[AU_TOKEN_ID_SIZE], struct au_secret **ret_text, struct au_token_row *ret_row);
/* Cut the public id out of a token's text; AU_EINVAL when it has not the form of one. */
int au_token_id(const char *text, char id[AU_TOKEN_ID_SIZE], struct au_err *err);
/* Constant-time check, also against a dummy when row is NULL, so that an unknown id takes as long.  AU_EAUTH. */
int au_token_check(const unsigned char key[32], const char *text, const struct au_token_row *row, long long now_ms,
    struct au_err *err);

#endif
