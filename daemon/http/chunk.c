/* SPDX-License-Identifier: ISC */
/*
 * Chunk extensions and trailer fields have no use in the protocols served here.
 * They are ignored, as RFC 9112 sections 7.1.1 and 7.1.2 want, but only in the
 * form in which every proxy reads them alike.
 */
#include "http/chunk.h"

#include "http/grammar.h"

#include <string.h>

#define IGNORED_MAX 4096 /* octets of extensions and trailer fields in one body */

static int
take_digit(struct au_http_chunk *chunk, char c, size_t max, struct au_err *err)
{
	int value = au_http_hex_value(c);

	if (value < 0)
		return au_http_refuse(err, 400, "chunk size: expected hex digits and CR LF");
	if (chunk->left > (max >> 4))
		return au_http_refuse(err, 413, "the body is too large");
	chunk->left = chunk->left << 4 | (size_t)value;
	if (chunk->left > max - chunk->total)
		return au_http_refuse(err, 413, "the body is too large");
	chunk->state = AU_CHUNK_SIZE;
	return 0;
}

static int
take_literal(struct au_http_chunk *chunk, char c, char expected, enum au_http_chunk_state next, struct au_err *err)
{
	if (c != expected)
		return au_http_refuse(err, 400, "chunked body: expected CR LF");
	chunk->state = next;
	return 0;
}

static int
ignore(struct au_http_chunk *chunk, enum au_http_chunk_state next, struct au_err *err)
{
	if (chunk->ignored++ == IGNORED_MAX)
		return au_http_refuse(err, 431, "chunk extensions and trailer fields are too large");
	chunk->state = next;
	return 0;
}

static bool
is_text(char c)
{
	return ((unsigned char)c >= 0x20 && c != 0x7f) || c == '\t';
}

/* Behind the ';' after a size: names and values, up to the line's end. */
static int
take_extension(struct au_http_chunk *chunk, char c, struct au_err *err)
{
	if (chunk->state == AU_CHUNK_QUOTED_PAIR && is_text(c))
		return ignore(chunk, AU_CHUNK_QUOTED, err);
	if (chunk->state == AU_CHUNK_QUOTED && is_text(c))
		return ignore(chunk,
		    c == '"'    ? AU_CHUNK_EXTENSION
		    : c == '\\' ? AU_CHUNK_QUOTED_PAIR
				: AU_CHUNK_QUOTED,
		    err);
	if (chunk->state == AU_CHUNK_EXTENSION && c == '\r')
		return ignore(chunk, AU_CHUNK_SIZE_LF, err);
	if (chunk->state == AU_CHUNK_EXTENSION && c == '"')
		return ignore(chunk, AU_CHUNK_QUOTED, err);
	if (chunk->state == AU_CHUNK_EXTENSION &&
	    (au_http_is_token_char((unsigned char)c) || (c != '\0' && strchr("=; \t", c) != NULL)))
		return ignore(chunk, AU_CHUNK_EXTENSION, err);
	return au_http_refuse(err, 400, "chunk extension: expected names, values and CR LF");
}

/* A line behind the last chunk: a name, a colon, a value. */
static int
take_trailer(struct au_http_chunk *chunk, char c, struct au_err *err)
{
	if (chunk->state == AU_CHUNK_TRAILER_VALUE && c == '\r')
		return ignore(chunk, AU_CHUNK_TRAILER_LF, err);
	if (chunk->state == AU_CHUNK_TRAILER_VALUE && is_text(c))
		return ignore(chunk, AU_CHUNK_TRAILER_VALUE, err);
	if (chunk->state == AU_CHUNK_TRAILER_NAME && c == ':')
		return ignore(chunk, AU_CHUNK_TRAILER_VALUE, err);
	if (chunk->state != AU_CHUNK_TRAILER_VALUE && au_http_is_token_char((unsigned char)c))
		return ignore(chunk, AU_CHUNK_TRAILER_NAME, err);
	return au_http_refuse(err, 400, "chunked body: expected a trailer field or CR LF");
}

/* One octet outside the data of a chunk. */
static int
take_octet(struct au_http_chunk *chunk, char c, size_t max, struct au_err *err)
{
	switch (chunk->state) {
	case AU_CHUNK_SIZE_FIRST:
		return take_digit(chunk, c, max, err);
	case AU_CHUNK_SIZE:
		if (c != '\r' && c != ';')
			return take_digit(chunk, c, max, err);
		chunk->state = c == ';' ? AU_CHUNK_EXTENSION : AU_CHUNK_SIZE_LF;
		return 0;
	case AU_CHUNK_EXTENSION:
	case AU_CHUNK_QUOTED:
	case AU_CHUNK_QUOTED_PAIR:
		return take_extension(chunk, c, err);
	case AU_CHUNK_SIZE_LF:
		chunk->total += chunk->left;
		return take_literal(chunk, c, '\n', chunk->left > 0 ? AU_CHUNK_DATA : AU_CHUNK_END_CR, err);
	case AU_CHUNK_DATA_CR:
		return take_literal(chunk, c, '\r', AU_CHUNK_DATA_LF, err);
	case AU_CHUNK_DATA_LF:
		return take_literal(chunk, c, '\n', AU_CHUNK_SIZE_FIRST, err);
	case AU_CHUNK_END_CR:
		if (c != '\r')
			return take_trailer(chunk, c, err);
		chunk->state = AU_CHUNK_END_LF;
		return 0;
	case AU_CHUNK_TRAILER_NAME:
	case AU_CHUNK_TRAILER_VALUE:
		return take_trailer(chunk, c, err);
	case AU_CHUNK_TRAILER_LF:
		return take_literal(chunk, c, '\n', AU_CHUNK_END_CR, err);
	case AU_CHUNK_END_LF:
		return take_literal(chunk, c, '\n', AU_CHUNK_DONE, err);
	case AU_CHUNK_DATA:
	case AU_CHUNK_DONE:
		break; /* the caller's loop stops in these */
	}
	return 0;
}

int
au_http_chunk_feed(struct au_http_chunk *chunk, const char *data, size_t len, size_t max, size_t *ret_used,
    const char **ret_piece, size_t *ret_piece_len, struct au_err *err)
{
	size_t i, piece;
	int rc;

	for (i = 0; i < len && chunk->state != AU_CHUNK_DATA && chunk->state != AU_CHUNK_DONE; i++)
		if ((rc = take_octet(chunk, data[i], max, err)) < 0)
			return rc;
	piece = chunk->state == AU_CHUNK_DATA ? len - i : 0;
	if (piece > chunk->left)
		piece = chunk->left;
	*ret_piece = data + i;
	*ret_piece_len = piece;
	*ret_used = i + piece;
	chunk->left -= piece;
	if (chunk->state == AU_CHUNK_DATA && chunk->left == 0)
		chunk->state = AU_CHUNK_DATA_CR;
	return chunk->state == AU_CHUNK_DONE;
}
