/* SPDX-License-Identifier: ISC */
/*
 * Fields fed to BLAKE2b so that no two lists of fields give the same bytes: each goes with its length.  They are
 * gathered first: to feed the hash costs more than a short field does.
 */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include <sodium.h>
#include <stddef.h>

struct au_digest {
	crypto_generichash_state state;
	size_t len; /* gathered */
	unsigned char bytes[512];
};

/* key may be NULL (key_len 0); sizes as crypto_generichash has them. */
void au_digest_begin(struct au_digest *digest, const unsigned char *key, size_t key_len, size_t size);
void au_digest_text(struct au_digest *digest, const char *text_or_null);
void au_digest_number(struct au_digest *digest, long long number);
void au_digest_bytes(struct au_digest *digest, const void *bytes, size_t len);
/* Nothing of what was fed stays in memory. */
void au_digest_end(struct au_digest *digest, unsigned char *ret, size_t size);

#endif
