/* SPDX-License-Identifier: ISC */
/* The id and the time are signed with the body, so that what was heard cannot be sent again as something new. */
#include "base/signature.h"

#include "base/mem.h"

#include <sodium.h>
#include <string.h>

#define KEY_HEAD "whsec_"
#define KEY_LEAST 24
#define KEY_MOST 64

int
au_signature_key(const struct au_secret *text, struct au_secret **ret, struct au_err *err)
{
	const char *base64 = au_secret_text(text);
	unsigned char bytes[KEY_MOST];
	size_t len = 0;
	int rc = 0;

	if (strncmp(base64, KEY_HEAD, strlen(KEY_HEAD)) != 0)
		return au_fail(err, AU_EINVAL, "the key: expected '" KEY_HEAD "' and base64");
	base64 += strlen(KEY_HEAD);
	if (sodium_base642bin(
		bytes, sizeof(bytes), base64, strlen(base64), NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    len < KEY_LEAST)
		rc = au_fail(err, AU_EINVAL, "the key: expected base64 of %d to %d bytes behind '" KEY_HEAD "'",
		    KEY_LEAST, KEY_MOST);
	else
		*ret = au_secret_new(bytes, len);
	au_wipe(bytes, sizeof(bytes));
	return rc;
}

void
au_signature_make(
    const struct au_secret *key, const char *id, long long seconds, const char *body, char ret[AU_SIGNATURE_SIZE])
{
	AU_CLEANUP(au_freep) char *head = au_xasprintf("%s.%lld.", id, seconds);
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)au_secret_text(key), au_secret_len(key));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, strlen(body));
	crypto_auth_hmacsha256_final(&state, mac);
	memcpy(ret, "v1,", 3);
	sodium_bin2base64(ret + 3, AU_SIGNATURE_SIZE - 3, mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	au_wipe(&state, sizeof(state));
}
