/* SPDX-License-Identifier: ISC */
/* Every field is a length of eight bytes, least significant first, then the bytes; a null has a length of its own. */
#include "store/digest.h"

#include <stdint.h>
#include <string.h>

static void
digest_word(crypto_generichash_state *state, uint64_t word)
{
	unsigned char bytes[8];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(word >> (8 * i));
	crypto_generichash_update(state, bytes, sizeof(bytes));
}

void
au_digest_bytes(crypto_generichash_state *state, const void *bytes, size_t len)
{
	digest_word(state, len);
	crypto_generichash_update(state, bytes, len);
}

void
au_digest_text(crypto_generichash_state *state, const char *text_or_null)
{
	if (text_or_null)
		au_digest_bytes(state, text_or_null, strlen(text_or_null));
	else
		digest_word(state, UINT64_MAX);
}

void
au_digest_number(crypto_generichash_state *state, long long number)
{
	digest_word(state, (uint64_t)number);
}
