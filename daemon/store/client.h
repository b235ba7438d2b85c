/* SPDX-License-Identifier: ISC */
/* Tokens of SCIM clients: found by public id, kept as a keyed hash. */
#ifndef STORE_CLIENT_H
#define STORE_CLIENT_H

#include "store/store.h"

struct au_token_row {
	const char *id;     /* public, part of the token's text */
	const char *client; /* name in the configuration */
	unsigned char mac[32];
	long long created_ms, expires_ms; /* 0 = no expiry */
	long long revoked_ms;             /* 0 = live */
	long long used_ms;                /* about when it was last used; 0 = never */
	const char *scopes;               /* what it is good for, blank-separated words; NULL = everything */
};

int au_store_token_add(struct au_store_tx *tx, const struct au_token_row *row, struct au_err *err);
int au_store_token_get(struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_token_row *ret,
    struct au_err *err); /* AU_ENOENT */
int au_store_token_list(struct au_store_tx *tx, struct au_arena *arena, struct au_token_row **ret, size_t *ret_count,
    struct au_err *err);
/* Revoke a client's live token with this id (NULL = every one); AU_ENOENT when there is none. */
int au_store_token_revoke(
    struct au_store_tx *tx, const char *client, const char *id_or_null, long long now_ms, struct au_err *err);
int au_store_token_used(struct au_store_tx *tx, const char *id, long long now_ms, struct au_err *err);

#endif
