/* SPDX-License-Identifier: ISC */
/* The blocking side of a channel: one call at a time, for the worker that has nothing else to wait for. */
#include "wire/channel.h"

#include "base/buf.h"
#include "base/frame.h"
#include "base/io.h"
#include "wire/message.h"

int
au_channel_receive(int fd, size_t max_frame, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_buf_done) struct au_buf in = { 0 };
	size_t len;
	char head[AU_FRAME_HEAD];

	int code = au_io_read_all(fd, head, sizeof(head), err);
	if (code == 0)
		code = au_frame_length(head, max_frame, &len, err);
	if (code != 0)
		return code;
	au_buf_reserve(&in, len);
	code = au_io_read_all(fd, in.data, len, err);
	in.len = len;
	if (code == AU_ENOENT)
		return au_fail(err, AU_EPROTO, "channel: closed inside a message");
	if (code != 0)
		return code;
	return au_message_parse(in.data, in.len, ret, NULL, NULL, err);
}

int
au_channel_reply(int fd, json_t *message, struct au_err *err)
{
	AU_CLEANUP(au_buf_done) struct au_buf out = { 0 };

	int code = au_message_put(&out, message, 0, err);
	au_message_free(message);
	return code != 0 ? code : au_io_write_all(fd, out.data, out.len, err);
}
