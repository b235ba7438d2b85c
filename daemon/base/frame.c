/* SPDX-License-Identifier: ISC */
/* Cutting and building length-prefixed frames; no I/O. */
#include "base/frame.h"

#include <assert.h>
#include <stdint.h>

int
au_frame_length(const char *head, size_t max, size_t *ret, struct au_err *err)
{
	const unsigned char *b = (const unsigned char *)head;
	size_t len = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | (size_t)b[3];

	if (len == 0)
		return au_fail(err, AU_EPROTO, "frame: length 0");
	if (len > max)
		return au_fail(err, AU_ELIMIT, "frame: %zu bytes, at most %zu are taken", len, max);
	*ret = len;
	return 0;
}

int
au_frame_cut(const char *data, size_t len, size_t max, const char **ret_payload, size_t *ret_payload_len,
    size_t *ret_used, struct au_err *err)
{
	size_t payload;

	if (len < AU_FRAME_HEAD)
		return 0;
	int code = au_frame_length(data, max, &payload, err);
	if (code != 0)
		return code;
	if (len - AU_FRAME_HEAD < payload)
		return 0;
	*ret_payload = data + AU_FRAME_HEAD;
	*ret_payload_len = payload;
	*ret_used = AU_FRAME_HEAD + payload;
	return 1;
}

void
au_frame_head(size_t len, unsigned char ret[AU_FRAME_HEAD])
{
	assert(len > 0 && len <= UINT32_MAX);
	for (int i = 0; i < AU_FRAME_HEAD; i++)
		ret[i] = (unsigned char)(len >> (24 - 8 * i));
}

int
au_frame_build(struct au_str *out, const char *payload, size_t len, size_t max, struct au_err *err)
{
	unsigned char head[AU_FRAME_HEAD];

	if (len > max || len > UINT32_MAX)
		return au_fail(err, AU_ELIMIT, "frame: %zu bytes, at most %zu may be sent", len, max);
	au_frame_head(len, head);
	au_str_putn(out, (const char *)head, sizeof(head));
	au_str_putn(out, payload, len);
	return 0;
}
