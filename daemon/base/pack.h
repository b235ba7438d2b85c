/* SPDX-License-Identifier: ISC */
/*
 * Values one behind another in bytes: what travels in such numbers that JSON would be most of the work.
 *
 *   byte     one byte
 *   number   7 bits in each byte, least significant first; all but the last have their top bit set
 *   text     a number: 0 for none, else the length plus one; then the bytes, then a zero
 *
 * The zero lets a text be used where it lies.  Who unpacks trusts nothing: lengths, zeros and UTF-8 are checked.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "base/buf.h"

#include <stdint.h>

void au_pack_byte(struct au_buf *out, unsigned char byte);
void au_pack_number(struct au_buf *out, uint64_t number);
void au_pack_text(struct au_buf *out, const char *text_or_null);

/* What is left to be read; an empty one is { NULL, 0 }. */
struct au_unpack {
	const char *at;
	size_t len;
};
/* AU_EPROTO when the bytes do not say so; then nothing was taken.  Texts point into the bytes. */
int au_unpack_byte(struct au_unpack *from, unsigned char *ret);
int au_unpack_number(struct au_unpack *from, uint64_t *ret);
int au_unpack_text(struct au_unpack *from, const char **ret_or_null);

#endif
