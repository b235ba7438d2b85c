/* SPDX-License-Identifier: ISC */
/* A growing buffer without realloc, which would leave a copy behind. */
#include "base/buf.h"

#include "base/mem.h"
#include "base/secret.h"

#include <stdint.h>
#include <string.h>

#define FIRST_CAP 256

void
au_buf_reserve(struct au_buf *buf, size_t more)
{
	size_t need, cap = buf->cap > 0 ? buf->cap : FIRST_CAP;

	if (__builtin_add_overflow(buf->len, more, &need) || need > SIZE_MAX / 4)
		abort();
	if (need <= buf->cap)
		return;
	while (cap < need)
		cap *= 2;
	char *data = au_xmalloc(cap);
	if (buf->len > 0)
		memcpy(data, buf->data, buf->len);
	au_wipe(buf->data, buf->len);
	free(buf->data);
	buf->data = data;
	buf->cap = cap;
}

void
au_buf_add(struct au_buf *buf, const void *data, size_t len)
{
	au_buf_reserve(buf, len);
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

void
au_buf_drop(struct au_buf *buf, size_t len)
{
	if (len == 0)
		return;
	size_t left = buf->len - len;
	memmove(buf->data, buf->data + len, left);
	au_wipe(buf->data + left, len);
	buf->len = left;
}

void
au_buf_done(struct au_buf *buf)
{
	au_wipe(buf->data, buf->len);
	free(buf->data);
	*buf = (struct au_buf){ 0 };
}
