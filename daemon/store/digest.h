/* SPDX-License-Identifier: ISC */
/* Fields fed to BLAKE2b so that no two lists of fields give the same bytes: each goes with its length. */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include <sodium.h>
#include <stddef.h>

void au_digest_text(crypto_generichash_state *state, const char *text_or_null);
void au_digest_number(crypto_generichash_state *state, long long number);
void au_digest_bytes(crypto_generichash_state *state, const void *bytes, size_t len);

#endif
