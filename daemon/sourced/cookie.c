/* SPDX-License-Identifier: ISC */
/* OpenLDAP's cookies can be read by people, which helps when looking into the store; other servers' may hold anything.
 */
#include "sourced/cookie.h"

#include "base/mem.h"
#include "base/rand.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#define HEX "hex:"

static bool
is_readable(const struct berval *cookie)
{
	for (size_t i = 0; i < cookie->bv_len; i++)
		if (cookie->bv_val[i] < ' ' || cookie->bv_val[i] > '~')
			return false;
	return cookie->bv_len < strlen(HEX) || memcmp(cookie->bv_val, HEX, strlen(HEX)) != 0;
}

char *
au_cookie_text(const struct berval *cookie)
{
	if (is_readable(cookie))
		return au_xstrndup(cookie->bv_val, cookie->bv_len);
	char *text = au_xmalloc(strlen(HEX) + 2 * cookie->bv_len + 1);
	memcpy(text, HEX, strlen(HEX));
	au_hex(cookie->bv_val, cookie->bv_len, text + strlen(HEX));
	return text;
}

struct berval
au_cookie_bytes(const char *text)
{
	size_t len = strlen(text), used = 0;
	struct berval bytes = { 0, au_xmalloc(len + 1) };

	if (strncmp(text, HEX, strlen(HEX)) != 0) {
		memcpy(bytes.bv_val, text, len);
		bytes.bv_len = len;
	} else if (sodium_hex2bin((unsigned char *)bytes.bv_val, len, text + strlen(HEX), len - strlen(HEX), NULL,
		       &used, NULL) == 0)
		bytes.bv_len = used;
	bytes.bv_val[bytes.bv_len] = '\0';
	return bytes;
}
