/* SPDX-License-Identifier: ISC */
/* The strict decoder of a chunked body (RFC 9112 section 7.1), a pure state machine fed with whatever has arrived. */
#ifndef HTTP_CHUNK_H
#define HTTP_CHUNK_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum au_http_chunk_state {
	AU_CHUNK_SIZE_FIRST = 0, /* the first hex digit of a size */
	AU_CHUNK_SIZE,           /* a further digit, ';' or CR */
	AU_CHUNK_EXTENSION,      /* anything up to CR */
	AU_CHUNK_QUOTED,         /* in a quoted value of one */
	AU_CHUNK_QUOTED_PAIR,    /* behind its backslash */
	AU_CHUNK_SIZE_LF,
	AU_CHUNK_DATA, /* left octets of data */
	AU_CHUNK_DATA_CR,
	AU_CHUNK_DATA_LF,
	AU_CHUNK_END_CR, /* the last chunk was read; a trailer field or an empty line must follow */
	AU_CHUNK_TRAILER_NAME,
	AU_CHUNK_TRAILER_VALUE,
	AU_CHUNK_TRAILER_LF,
	AU_CHUNK_END_LF,
	AU_CHUNK_DONE,
};

struct au_http_chunk {
	enum au_http_chunk_state state; /* {0} is the start */
	size_t left;                    /* of the chunk under way */
	size_t total;                   /* announced so far */
	size_t ignored;                 /* octets of extensions and trailer fields */
};

/*
 * Take octets from data until a piece of the body was found, the body ended or data is used up.  Returns 1 at the end
 * of the body, else 0; *ret_used octets were taken, and *ret_piece_len (perhaps 0) of them at *ret_piece belong to the
 * body.  Chunk extensions and trailer fields are ignored.  AU_EINVAL (http_status 400): size not of hex digits, an
 * extension or a trailer field out of form, a missing CR LF.  AU_ELIMIT (413): more than max octets in all; (431): too
 * much to ignore.
 */
int au_http_chunk_feed(struct au_http_chunk *chunk, const char *data, size_t len, size_t max, size_t *ret_used,
    const char **ret_piece, size_t *ret_piece_len, struct au_err *err);

#endif
