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
au_message_put(struct au_buf *out, const json_t *message, struct au_err *err)
{
	unsigned char head[AU_FRAME_HEAD] = { 0 };
	size_t start = out->len;

	au_buf_add(out, head, sizeof(head));
	if (json_dump_callback(message, add, out, JSON_COMPACT) != 0)
		abort();
	size_t len = out->len - start - sizeof(head);
	if (len > AU_FRAME_MAX) {
		out->len = start;
		return au_fail(err, AU_ELIMIT, "message: %zu bytes, at most %u may be sent", len, AU_FRAME_MAX);
	}
	au_frame_head(len, head);
	memcpy(out->data + start, head, sizeof(head));
	return 0;
}

int
au_message_parse(const char *payload, size_t len, json_t **ret, struct au_err *err)
{
	json_t *message;

	if (au_json_parse(payload, len, MESSAGE_DEPTH, &message, err) != 0)
		return au_err_recode(err, AU_EPROTO);
	if (!json_is_object(message)) {
		json_decref(message);
		return au_fail(err, AU_EPROTO, "message: expected a JSON object");
	}
	*ret = message;
	return 0;
}

void
au_message_free(json_t *message)
{
	au_json_wipe(message);
	json_decref(message);
}
