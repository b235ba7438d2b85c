/* SPDX-License-Identifier: ISC */
/* Tokens are looked up by their public part and proven by a keyed hash of the whole, so a stolen store holds none. */
#include "scim/token.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "apiu_"
#define ID_LEN (AU_TOKEN_ID_SIZE - 1)
#define SECRET_BYTES 32
#define SECRET_LEN 43 /* of 32 bytes in base64url without padding */
#define TEXT_LEN (sizeof PREFIX - 1 + ID_LEN + 1 + SECRET_LEN)

static void
mac_of(const unsigned char key[32], const char *text, unsigned char mac[32])
{
	crypto_generichash(mac, 32, (const unsigned char *)text, strlen(text), key, 32);
}

void
au_token_make(const unsigned char key[32], const char *client, long long now_ms, long long lifetime_ms,
    char id[AU_TOKEN_ID_SIZE], struct au_secret **ret_text, struct au_token_row *ret_row)
{
	unsigned char public_part[ID_LEN / 2], secret_part[SECRET_BYTES];
	char text[TEXT_LEN + 1];
	char *encoded;

	au_rand_bytes(public_part, sizeof public_part);
	au_rand_bytes(secret_part, sizeof secret_part);
	au_hex(public_part, sizeof public_part, id);
	encoded = au_base64url(secret_part, sizeof secret_part);
	snprintf(text, sizeof text, PREFIX "%s_%s", id, encoded);
	*ret_row = (struct au_token_row){ .id = id,
		.client = client,
		.created_ms = now_ms,
		.expires_ms = lifetime_ms > 0 ? now_ms + lifetime_ms : 0 };
	mac_of(key, text, ret_row->mac);
	*ret_text = au_secret_from_text(text);
	au_wipe(text, sizeof text);
	au_wipe(secret_part, sizeof secret_part);
	au_wipe(encoded, strlen(encoded));
	free(encoded);
}

int
au_token_id(const char *text, char id[AU_TOKEN_ID_SIZE], struct au_err *err)
{
	static const char hex[] = "0123456789abcdef";
	static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *rest = text + sizeof PREFIX - 1;

	if (strlen(text) != TEXT_LEN || strncmp(text, PREFIX, sizeof PREFIX - 1) != 0 || strspn(rest, hex) != ID_LEN ||
	    rest[ID_LEN] != '_' || strspn(rest + ID_LEN + 1, base64url) != SECRET_LEN)
		return au_fail(err, AU_EINVAL, "token: not of the form that tokens have");
	memcpy(id, rest, ID_LEN);
	id[ID_LEN] = '\0';
	return 0;
}

int
au_token_check(
    const unsigned char key[32], const char *text, const struct au_token_row *row, long long now_ms, struct au_err *err)
{
	static const struct au_token_row dummy;
	const struct au_token_row *against = row != NULL ? row : &dummy;
	unsigned char mac[32];
	bool same;

	mac_of(key, text, mac);
	same = sodium_memcmp(mac, against->mac, sizeof mac) == 0;
	au_wipe(mac, sizeof mac);
	if (row == NULL || !same)
		return au_fail(err, AU_EAUTH, "token: not known");
	if (row->revoked_ms != 0)
		return au_fail(err, AU_EAUTH, "token: revoked");
	if (row->expires_ms != 0 && row->expires_ms <= now_ms)
		return au_fail(err, AU_EAUTH, "token: expired");
	return 0;
}
