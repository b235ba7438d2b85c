/* SPDX-License-Identifier: ISC */
/* Randomness by libsodium, and the texts that are made of it. */
#include "base/rand.h"

#include "base/mem.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void
au_rand_init(void)
{
	if (sodium_init() < 0) {
		fputs("libsodium cannot start\n", stderr);
		abort();
	}
}

void
au_rand_bytes(void *buf, size_t len)
{
	randombytes_buf(buf, len);
}

uint32_t
au_rand_below(uint32_t limit)
{
	return randombytes_uniform(limit);
}

char *
au_uuid_new(char buf[AU_UUID_SIZE])
{
	unsigned char b[16];

	au_rand_bytes(b, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(buf, AU_UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
	    b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return buf;
}

int
au_uuid_is(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (text == NULL || strlen(text) != sizeof(form) - 1)
		return 0;
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == '-' ? text[i] != '-' : strchr("0123456789abcdefABCDEF", text[i]) == NULL)
			return 0;
	return 1;
}

char *
au_base64url(const void *data, size_t len)
{
	size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = au_xmalloc(size);

	return sodium_bin2base64(text, size, data, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *
au_hex(const void *data, size_t len, char *buf)
{
	return sodium_bin2hex(buf, 2 * len + 1, data, len);
}
