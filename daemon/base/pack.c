/* SPDX-License-Identifier: ISC */
/* A number has one form only, so that the same values are always the same bytes. */
#include "base/pack.h"

#include "base/err.h"
#include "base/text.h"

#include <string.h>

#define BITS 7
#define MORE 0x80u

void
au_pack_byte(struct au_buf *out, unsigned char byte)
{
	au_buf_add(out, &byte, 1);
}

void
au_pack_number(struct au_buf *out, uint64_t number)
{
	unsigned char bytes[10];
	size_t len = 0;

	for (; number >= MORE; number >>= BITS)
		bytes[len++] = (unsigned char)(number | MORE);
	bytes[len++] = (unsigned char)number;
	au_buf_add(out, bytes, len);
}

void
au_pack_text(struct au_buf *out, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (text == NULL) {
		au_pack_byte(out, 0);
		return;
	}
	au_pack_number(out, (uint64_t)len + 1);
	au_buf_add(out, text, len + 1);
}

static void
take(struct au_unpack *from, size_t len)
{
	from->at += len;
	from->len -= len;
}

int
au_unpack_byte(struct au_unpack *from, unsigned char *ret)
{
	if (from->len == 0)
		return AU_EPROTO;
	*ret = (unsigned char)*from->at;
	take(from, 1);
	return 0;
}

/* The bytes that number takes, 0 when it is cut off, or longer than it need be. */
static size_t
read_number(const struct au_unpack *from, uint64_t *ret)
{
	uint64_t number = 0;

	for (size_t i = 0; i < from->len && i * BITS < 64; i++) {
		uint64_t byte = (unsigned char)from->at[i];
		uint64_t bits = byte & (MORE - 1);
		if ((bits << (i * BITS)) >> (i * BITS) != bits)
			return 0;
		number |= bits << (i * BITS);
		if ((byte & MORE) != 0)
			continue;
		if (byte == 0 && i > 0)
			return 0;
		*ret = number;
		return i + 1;
	}
	return 0;
}

int
au_unpack_number(struct au_unpack *from, uint64_t *ret)
{
	size_t len = read_number(from, ret);

	if (len == 0)
		return AU_EPROTO;
	take(from, len);
	return 0;
}

int
au_unpack_text(struct au_unpack *from, const char **ret)
{
	uint64_t size = 0; /* with the zero */
	size_t head = read_number(from, &size);
	const char *text = from->at + head;

	if (head == 0)
		return AU_EPROTO;
	if (size > from->len - head || (size > 0 && text[size - 1] != '\0'))
		return AU_EPROTO;
	if (size > 0 && !au_text_is_utf8(text, (size_t)size - 1))
		return AU_EPROTO;
	*ret = size > 0 ? text : NULL;
	take(from, head + (size_t)size);
	return 0;
}
