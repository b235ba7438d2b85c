/* SPDX-License-Identifier: ISC */
/* Randomness by libsodium, and the texts that are made of it. */
#include "base/rand.h"

#include "base/mem.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

static struct {
	bool on;
	uint32_t value;
} fake_delay;

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

uint32_t
au_rand_delay(void)
{
	return fake_delay.on ? fake_delay.value : randombytes_random();
}

void
au_rand_delay_fake(uint32_t value)
{
	fake_delay.on = true;
	fake_delay.value = value;
}

void
au_rand_delay_real(void)
{
	fake_delay.on = false;
}

/* Puts version and variant in their places and the dashes between. */
static char *
put_uuid(unsigned char b[16], unsigned version, char buf[AU_UUID_SIZE])
{
	static const int dashes[] = { 8, 13, 18, 23 };

	b[6] = (unsigned char)((b[6] & 0x0f) | version << 4);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	au_hex(b, 16, buf);
	for (size_t i = 0; i < AU_COUNT(dashes); i++) {
		memmove(buf + dashes[i] + 1, buf + dashes[i], 33 + i - (size_t)dashes[i]);
		buf[dashes[i]] = '-';
	}
	return buf;
}

char *
au_uuid_new(char buf[AU_UUID_SIZE])
{
	unsigned char b[16];

	au_rand_bytes(b, sizeof(b));
	return put_uuid(b, 4, buf);
}

char *
au_uuid_at(int64_t wall_ms, char buf[AU_UUID_SIZE])
{
	unsigned char b[16];

	au_rand_bytes(b, sizeof(b));
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)((uint64_t)wall_ms >> (40 - 8 * i));
	return put_uuid(b, 7, buf);
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
