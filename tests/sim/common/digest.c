/* SPDX-License-Identifier: ISC */
/* BLAKE2b with a salt: fast enough to make tens of thousands of users, and a test server guards nothing. */
#include "digest.h"

#include <sodium.h>
#include <string.h>

static void
hash(const struct digest *digest, const char *secret, unsigned char out[32])
{
	crypto_generichash(out, 32, (const unsigned char *)secret, strlen(secret), digest->salt, sizeof(digest->salt));
}

void
digest_set(struct digest *digest, const char *secret)
{
	randombytes_buf(digest->salt, sizeof(digest->salt));
	hash(digest, secret, digest->hash);
	digest->set = true;
}

bool
digest_matches(const struct digest *digest, const char *secret)
{
	unsigned char found[32];

	hash(digest, secret, found);
	return sodium_memcmp(found, digest->hash, sizeof(found)) == 0 && digest->set;
}

const char *
digest_text(const struct digest *digest, char buffer[DIGEST_TEXT_SIZE])
{
	if (!digest->set)
		return NULL;
	sodium_bin2hex(buffer, 33, digest->salt, sizeof(digest->salt));
	sodium_bin2hex(buffer + 32, 65, digest->hash, sizeof(digest->hash));
	return buffer;
}

bool
digest_from_text(struct digest *digest, const char *text)
{
	unsigned char both[48];

	if (sodium_hex2bin(both, sizeof(both), text, strlen(text), NULL, NULL, NULL) != 0)
		return false;
	memcpy(digest->salt, both, 16);
	memcpy(digest->hash, both + 16, 32);
	digest->set = true;
	return true;
}
