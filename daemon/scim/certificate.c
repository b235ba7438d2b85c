/* SPDX-License-Identifier: ISC */
/* The handshake has proven that the certificate is good and the client's; here it is only looked up by its names. */
#include "scim/certificate.h"

#include "base/str.h"

#include <sodium.h>
#include <string.h>

#define SHA256_SIZE 32
#define PRINT "sha256:"

/* One item of the option: "sha256:HEX", a subjectAltName as "KIND:VALUE", or the whole subject. */
static bool
fits_item(const struct au_http_certificate *shown, const char *item)
{
	if (strncmp(item, PRINT, strlen(PRINT)) == 0)
		return au_streq(shown->sha256, item + strlen(PRINT));
	for (const char *const *name = shown->names; *name != NULL; name++)
		if (au_streq(*name, item))
			return true;
	return au_streq(shown->subject, item);
}

static bool
fits_any(const struct au_http_certificate *shown, const struct au_values *values)
{
	for (size_t i = 0; i < au_values_count(values, "certificate"); i++)
		if (fits_item(shown, au_values_item(values, "certificate", i)))
			return true;
	return false;
}

bool
au_certificate_fits(const struct au_http_certificate *shown_or_null, const struct au_block *client)
{
	if (au_values_count(client->values, "certificate") == 0)
		return true;
	return shown_or_null != NULL && fits_any(shown_or_null, client->values);
}

const struct au_block *
au_certificate_client(const struct au_http_certificate *shown_or_null, const struct au_settings *settings)
{
	const struct au_block *found = NULL;

	if (shown_or_null == NULL)
		return NULL;
	for (size_t i = 0; i < settings->client_count; i++) {
		const struct au_block *client = &settings->clients[i];

		if (!au_values_bool(client->values, "certificate_alone") || !fits_any(shown_or_null, client->values))
			continue;
		if (found != NULL)
			return NULL;
		found = client;
	}
	return found;
}

bool
au_certificate_is(const struct au_http_certificate *shown_or_null, const char *sha256)
{
	unsigned char wanted[SHA256_SIZE], have[SHA256_SIZE];
	size_t wanted_len = 0, have_len = 0;

	if (shown_or_null == NULL ||
	    sodium_base642bin(wanted, sizeof wanted, sha256, strlen(sha256), NULL, &wanted_len, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    sodium_hex2bin(
		have, sizeof have, shown_or_null->sha256, strlen(shown_or_null->sha256), NULL, &have_len, NULL) != 0)
		return false;
	return wanted_len == sizeof wanted && have_len == sizeof have && memcmp(wanted, have, sizeof have) == 0;
}
