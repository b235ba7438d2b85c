/* SPDX-License-Identifier: ISC */
/* Claims as in the vendor's sample.  The signature is real, so that a client that looks at it is not misled. */
#include "jwt.h"

#include "../common/text.h"

#include <openssl/rsa.h>

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BITS 2048

EVP_PKEY *
jwt_key(void)
{
	return need(EVP_RSA_gen(KEY_BITS));
}

static char *
base64url(const void *data, size_t length)
{
	size_t size = sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = need(malloc(size));

	return sodium_bin2base64(text, size, data, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *
claims(long long user_id, long long issued, long long expires)
{
	unsigned char random[16];
	char csrf[33], subject[24], *text, *encoded;
	json_t *object;

	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(csrf, sizeof(csrf), random, sizeof(random));
	snprintf(subject, sizeof(subject), "%lld", user_id);
	object = json_pack("{s:s, s:s, s:[], s:{}, s:I, s:I, s:s, s:I, s:s}", "sub", subject, "clientType", "WEB",
	    "licenses", "analyticsLicensesPurchased", "iat", (json_int_t)(issued / 1000), "exp",
	    (json_int_t)(expires / 1000), "iss", "AutomationAnywhere", "nanoTime", (json_int_t)issued * 1000000,
	    "csrfToken", csrf);
	text = need(json_dumps(object, JSON_COMPACT));
	encoded = base64url(text, strlen(text));
	free(text);
	json_decref(object);
	return encoded;
}

static char *
sign(EVP_PKEY *key, const char *text)
{
	EVP_MD_CTX *context = need(EVP_MD_CTX_new());
	unsigned char signature[KEY_BITS / 8];
	size_t length = sizeof(signature);

	if (EVP_DigestSignInit(context, NULL, EVP_sha512(), NULL, key) != 1 ||
	    EVP_DigestSign(context, signature, &length, (const unsigned char *)text, strlen(text)) != 1)
		abort();
	EVP_MD_CTX_free(context);
	return base64url(signature, length);
}

char *
jwt_make(EVP_PKEY *key, long long user_id, long long issued, long long expires)
{
	static const char head[] = "{\"alg\":\"RS512\"}";
	char *first = base64url(head, sizeof(head) - 1), *second = claims(user_id, issued, expires), *third, *text;

	if (asprintf(&text, "%s.%s", first, second) < 0)
		need(NULL);
	third = sign(key, text);
	free(first);
	free(second);
	first = text;
	if (asprintf(&text, "%s.%s", first, third) < 0)
		need(NULL);
	free(first);
	free(third);
	return text;
}
