/* SPDX-License-Identifier: ISC */
/* Bytes that may hold a secret: wherever they move or end, what is left behind is overwritten. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct au_buf {
	char *data; /* NULL until the first byte */
	size_t len, cap;
};

void au_buf_reserve(struct au_buf *buf, size_t more); /* room for more bytes behind len */
void au_buf_add(struct au_buf *buf, const void *data, size_t len);
/* Wipe and drop the first len bytes; the rest moves to the front. */
void au_buf_drop(struct au_buf *buf, size_t len);
/* Wipe and free; fine on an empty one, and as AU_CLEANUP(au_buf_done). */
void au_buf_done(struct au_buf *buf);

#endif
