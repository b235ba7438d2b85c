/* SPDX-License-Identifier: ISC */
/* Every field is a length of eight bytes, least significant first, then the bytes; a null has a length of its own. */
#include "store/digest.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

void
au_digest_begin(struct au_digest *digest, const unsigned char *key, size_t key_len, size_t size)
{
	crypto_generichash_init(&digest->state, key, key_len, size);
	digest->len = 0;
}

static void
feed(struct au_digest *digest, const void *bytes, size_t len)
{
	if (len > sizeof(digest->bytes) - digest->len) {
		crypto_generichash_update(&digest->state, digest->bytes, digest->len);
		digest->len = 0;
	}
	if (len > sizeof(digest->bytes))
		crypto_generichash_update(&digest->state, bytes, len);
	else if (len > 0) {
		memcpy(digest->bytes + digest->len, bytes, len);
		digest->len += len;
	}
}

static void
feed_word(struct au_digest *digest, uint64_t word)
{
	word = htole64(word);
	feed(digest, &word, sizeof(word));
}

void
au_digest_bytes(struct au_digest *digest, const void *bytes, size_t len)
{
	feed_word(digest, len);
	feed(digest, bytes, len);
}

void
au_digest_text(struct au_digest *digest, const char *text_or_null)
{
	if (text_or_null)
		au_digest_bytes(digest, text_or_null, strlen(text_or_null));
	else
		feed_word(digest, UINT64_MAX);
}

void
au_digest_number(struct au_digest *digest, long long number)
{
	feed_word(digest, (uint64_t)number);
}

void
au_digest_end(struct au_digest *digest, unsigned char *ret, size_t size)
{
	crypto_generichash_update(&digest->state, digest->bytes, digest->len);
	crypto_generichash_final(&digest->state, ret, size);
	sodium_memzero(digest, sizeof(*digest));
}
