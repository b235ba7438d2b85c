/* SPDX-License-Identifier: ISC */
/*
 * Secrets at rest: the sealed form, and the rows that keep it.
 * A row is "pending" from before the product is told until its answer is recorded, then "ready", then taken (erased).
 */
#ifndef STORE_SEALED_H
#define STORE_SEALED_H

#include "base/secret.h"
#include "store/store.h"

/* XChaCha20-Poly1305 under a key derived from the master key; bound to the account's id.  Caller frees *ret_sealed. */
struct au_sealer;
/* The master key is 32 bytes or more of any text; NULL when it is shorter. */
struct au_sealer *au_sealer_new(const struct au_secret *master_key);
void au_sealer_free(struct au_sealer *sealer);
void au_seal(const struct au_sealer *sealer, const char *account_id, const struct au_secret *secret,
    unsigned char **ret_sealed, size_t *ret_len);
int au_unseal(const struct au_sealer *sealer, const char *account_id, const unsigned char *sealed, size_t len,
    struct au_secret **ret, struct au_err *err); /* AU_EINVAL: another key or a changed row */
/* Other keys from the same master key: context is exactly 8 characters ("auditkey", "tokenkey"). */
void au_sealer_derive(const struct au_sealer *sealer, const char context[8], unsigned char key[32]);

struct au_sealed_row {
	const char *account_id;
	const unsigned char *sealed;
	size_t len;
	bool ready;
	long long created_ms;
};
int au_store_sealed_put(struct au_store_tx *tx, const struct au_sealed_row *row, struct au_err *err); /* replaces */
int au_store_sealed_get(struct au_store_tx *tx, struct au_arena *arena, const char *account_id,
    struct au_sealed_row *ret, struct au_err *err); /* AU_ENOENT */
int au_store_sealed_remove(struct au_store_tx *tx, const char *account_id, struct au_err *err); /* overwritten, then deleted */

#endif
