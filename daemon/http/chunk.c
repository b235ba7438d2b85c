/* SPDX-License-Identifier: ISC */
/*
 * Chunk extensions and trailer fields have no use in the protocols served here
 * and a long history of being read differently by proxies: they are refused.
 */
#include "http/chunk.h"

#include "http/grammar.h"

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

/* One octet outside the data of a chunk. */
static int
take_octet(struct au_http_chunk *chunk, char c, size_t max, struct au_err *err)
{
	switch (chunk->state) {
	case AU_CHUNK_SIZE_FIRST:
		return take_digit(chunk, c, max, err);
	case AU_CHUNK_SIZE:
		if (c != '\r')
			return take_digit(chunk, c, max, err);
		chunk->state = AU_CHUNK_SIZE_LF;
		return 0;
	case AU_CHUNK_SIZE_LF:
		chunk->total += chunk->left;
		return take_literal(chunk, c, '\n', chunk->left > 0 ? AU_CHUNK_DATA : AU_CHUNK_END_CR, err);
	case AU_CHUNK_DATA_CR:
		return take_literal(chunk, c, '\r', AU_CHUNK_DATA_LF, err);
	case AU_CHUNK_DATA_LF:
		return take_literal(chunk, c, '\n', AU_CHUNK_SIZE_FIRST, err);
	case AU_CHUNK_END_CR:
		return take_literal(chunk, c, '\r', AU_CHUNK_END_LF, err);
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
