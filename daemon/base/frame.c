/* SPDX-License-Identifier: ISC */
/* Cutting and building length-prefixed frames; no I/O. */
#include "base/frame.h"

#include <assert.h>
#include <stdint.h>

int
au_frame_cut(const char *data, size_t len, size_t max, const char **ret_payload, size_t *ret_payload_len,
    size_t *ret_used, struct au_err *err)
{
	const unsigned char *head = (const unsigned char *)data;

	if (len < AU_FRAME_HEAD)
		return 0;
	size_t payload = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | (size_t)head[3];
	if (payload == 0)
		return au_fail(err, AU_EPROTO, "frame: length 0");
	if (payload > max)
		return au_fail(err, AU_ELIMIT, "frame: %zu bytes, at most %zu are taken", payload, max);
	if (len - AU_FRAME_HEAD < payload)
		return 0;
	*ret_payload = data + AU_FRAME_HEAD;
	*ret_payload_len = payload;
	*ret_used = AU_FRAME_HEAD + payload;
	return 1;
}

int
au_frame_build(struct au_str *out, const char *payload, size_t len, size_t max, struct au_err *err)
{
	assert(len > 0);
	if (len > max || len > UINT32_MAX)
		return au_fail(err, AU_ELIMIT, "frame: %zu bytes, at most %zu may be sent", len, max);
	for (int shift = 24; shift >= 0; shift -= 8)
		au_str_putc(out, (char)(len >> shift & 0xff));
	au_str_putn(out, payload, len);
	return 0;
}
