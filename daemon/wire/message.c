/* SPDX-License-Identifier: ISC */
/* Messages to bytes and back, without leaving copies of a secret in memory. */
#include "wire/message.h"

#include "base/frame.h"

#include <string.h>

/* A message may carry one document of the outer world's depth, and has some of its own. */
#define MESSAGE_DEPTH (2 * AU_JSON_DEPTH)

static int
add(const char *data, size_t len, void *buf)
{
	au_buf_add(buf, data, len);
	return 0;
}

int
au_message_put(struct au_buf *out, const json_t *message, size_t body_len, struct au_err *err)
{
	unsigned char head[AU_FRAME_HEAD] = { 0 };
	size_t start = out->len;

	au_buf_add(out, head, sizeof(head));
	if (json_dump_callback(message, add, out, JSON_COMPACT) != 0)
		abort();
	if (body_len > 0)
		au_buf_add(out, "", 1);
	size_t len = out->len - start - sizeof(head);
	if (len > AU_FRAME_MAX || body_len > AU_FRAME_MAX - len) {
		out->len = start;
		return au_fail(
		    err, AU_ELIMIT, "message: %zu bytes, at most %u may be sent", len + body_len, AU_FRAME_MAX);
	}
	len += body_len;
	au_frame_head(len, head);
	memcpy(out->data + start, head, sizeof(head));
	return 0;
}

int
au_message_parse(
    const char *payload, size_t len, json_t **ret, const char **ret_body, size_t *ret_body_len, struct au_err *err)
{
	const char *zero = ret_body != NULL ? memchr(payload, '\0', len) : NULL, *end = payload + len;
	json_t *message;

	if (zero != NULL)
		len = (size_t)(zero - payload);
	if (au_json_parse(payload, len, MESSAGE_DEPTH, &message, err) != 0)
		return au_err_recode(err, AU_EPROTO);
	if (!json_is_object(message)) {
		json_decref(message);
		return au_fail(err, AU_EPROTO, "message: expected a JSON object");
	}
	*ret = message;
	if (ret_body != NULL) {
		*ret_body = zero != NULL ? zero + 1 : NULL;
		*ret_body_len = zero != NULL ? (size_t)(end - zero) - 1 : 0;
	}
	return 0;
}

void
au_message_free(json_t *message)
{
	au_json_wipe(message);
	json_decref(message);
}
