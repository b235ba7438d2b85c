/* SPDX-License-Identifier: ISC */
/* Numbers are of a little-endian machine: a head of four (the first its version, the third a count), then rows. */
#include "sourced/metadata.h"

#include <stddef.h>

#define HEAD 16
#define ROW 48
#define ROW_USN 40 /* of this controller, within a row */
#define LAYOUT 1   /* of the vector */

static uint64_t
number_at(const struct berval *value, size_t at, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = bytes; i-- > 0;)
		number = number << 8 | (unsigned char)value->bv_val[at + i];
	return number;
}

bool
au_metadata_changed(const struct berval *value, uint32_t attribute, uint64_t since)
{
	if (value == NULL || value->bv_val == NULL || value->bv_len < HEAD || number_at(value, 0, 4) != LAYOUT)
		return true;
	uint64_t count = number_at(value, 8, 4);
	if (count > (value->bv_len - HEAD) / ROW)
		return true;
	for (size_t at = HEAD; at < HEAD + count * ROW; at += ROW)
		if (number_at(value, at, 4) == attribute)
			return number_at(value, at + ROW_USN, 8) > since;
	return true;
}
