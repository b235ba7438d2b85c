/* SPDX-License-Identifier: ISC */
/* One way of writing a pin, so that two texts that differ are two keys. */
#include "model/pin.h"

#include <sodium.h>
#include <string.h>

#define PREFIX "sha256//"

int
au_pin_parse(const char *text, unsigned char ret[AU_PIN_SIZE], struct au_err *err)
{
	unsigned char pin[AU_PIN_SIZE];
	size_t prefix = strlen(PREFIX), len = 0;

	if (strncmp(text, PREFIX, prefix) != 0 ||
	    sodium_base642bin(pin, sizeof(pin), text + prefix, strlen(text + prefix), NULL, &len, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    len != sizeof(pin))
		return au_fail(err, AU_EINVAL,
		    "pin '%s': expected \"sha256//\" and the SHA-256 of a public key in base64 (44 characters)", text);
	memcpy(ret, pin, sizeof(pin));
	return 0;
}

char *
au_pin_print(const unsigned char pin[AU_PIN_SIZE], char text[AU_PIN_TEXT])
{
	size_t prefix = strlen(PREFIX);

	memcpy(text, PREFIX, prefix);
	sodium_bin2base64(text + prefix, AU_PIN_TEXT - prefix, pin, AU_PIN_SIZE, sodium_base64_VARIANT_ORIGINAL);
	return text;
}
