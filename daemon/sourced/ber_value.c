/* SPDX-License-Identifier: ISC */
/* Decoding works in place, so a failure has no parts to free. */
#include "sourced/ber_value.h"

#include <assert.h>

void
au_ber_close(BerElement **ber)
{
	if (*ber != NULL)
		ber_free(*ber, 0);
}

BerElement *
au_ber_open(const struct berval *value, const char *what, struct au_err *err)
{
	struct berval copy;

	if (value == NULL || value->bv_val == NULL || value->bv_len == 0) {
		au_fail(err, AU_EPROTO, "%s: the server sent no value", what);
		return NULL;
	}
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	assert(ber != NULL);
	copy = *value;
	ber_init2(ber, &copy, LBER_USE_DER);
	return ber;
}

int
au_ber_cut(const char *what, struct au_err *err)
{
	return au_fail(err, AU_EPROTO, "%s: the server's value cannot be decoded", what);
}
