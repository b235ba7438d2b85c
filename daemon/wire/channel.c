/* SPDX-License-Identifier: ISC */
/*
 * A channel on the event loop.  Bytes are moved out of libevent's buffers at
 * once and wiped there, because any frame may carry a secret.
 */
#include "wire/channel.h"

#include "base/buf.h"
#include "base/frame.h"
#include "base/secret.h"
#include "wire/message.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/util.h>
#include <sys/socket.h>

struct au_channel {
	struct bufferevent *stream;
	struct event *later; /* tells of a message that was too large to send */
	struct au_err why;
	struct au_buf in;
	const char *body; /* of the message being delivered */
	size_t body_len, max_frame;
	au_channel_message *on_message;
	au_channel_closed *on_closed;
	void *ctx;
	bool closed; /* on_closed has been called */
	bool busy;   /* inside a callback: freeing has to wait */
	bool freed;
};

static void
destroy(struct au_channel *channel)
{
	/* libevent closes it at the loop's next turn, which may never come; the other side shall not wait for that. */
	shutdown(bufferevent_getfd(channel->stream), SHUT_RDWR);
	bufferevent_free(channel->stream);
	event_free(channel->later);
	au_buf_done(&channel->in);
	free(channel);
}

/* After a callback: whether the channel was freed in it. */
static bool
is_gone(struct au_channel *channel)
{
	channel->busy = false;
	if (!channel->freed)
		return false;
	destroy(channel);
	return true;
}

/* The last thing that happens to a channel before it is freed. */
static void
tell_closed(struct au_channel *channel, const struct au_err *why)
{
	if (channel->closed || channel->freed)
		return;
	channel->closed = true;
	bufferevent_disable(channel->stream, EV_READ | EV_WRITE);
	channel->busy = true;
	channel->on_closed(channel->ctx, why);
	is_gone(channel);
}

static void
take_bytes(struct au_channel *channel)
{
	struct evbuffer *input = bufferevent_get_input(channel->stream);
	struct evbuffer_iovec piece;

	au_buf_reserve(&channel->in, evbuffer_get_length(input));
	while (evbuffer_peek(input, -1, NULL, &piece, 1) > 0) {
		au_buf_add(&channel->in, piece.iov_base, piece.iov_len);
		au_wipe(piece.iov_base, piece.iov_len);
		evbuffer_drain(input, piece.iov_len);
	}
}

/* Read one message and hand it over.  1: done, 0: the channel is gone, AU_EPROTO. */
static int
deliver(struct au_channel *channel, const char *payload, size_t len, struct au_err *err)
{
	json_t *message;
	int code = au_message_parse(payload, len, &message, &channel->body, &channel->body_len, err);

	if (code < 0)
		return code;
	channel->busy = true;
	channel->on_message(channel->ctx, message);
	au_message_free(message);
	channel->body_len = 0;
	return !is_gone(channel);
}

static void
on_readable(struct bufferevent *stream, void *arg)
{
	struct au_channel *channel = arg;
	const char *payload;
	size_t len, used, done = 0;
	struct au_err err;
	int code;

	(void)stream;
	take_bytes(channel);
	while ((code = au_frame_cut(channel->in.data + done, channel->in.len - done, channel->max_frame, &payload, &len,
		    &used, &err)) > 0) {
		code = deliver(channel, payload, len, &err);
		if (code == 0)
			return;
		if (code < 0)
			break;
		done += used;
	}
	au_buf_drop(&channel->in, done);
	if (code < 0)
		tell_closed(channel, &err);
}

static void
on_event(struct bufferevent *stream, short what, void *arg)
{
	struct au_channel *channel = arg;
	struct au_err err;

	/* What the other side wrote before it went is still to be read; reading then finds the end. */
	if (what & BEV_EVENT_WRITING) {
		bufferevent_disable(stream, EV_WRITE);
		return;
	}
	if (channel->in.len > 0)
		au_fail(&err, AU_EPROTO, "channel: closed inside a message");
	else
		au_fail(&err, AU_ENOENT, "channel: closed by the other side");
	tell_closed(channel, &err);
}

static void
on_later(evutil_socket_t fd, short what, void *arg)
{
	struct au_channel *channel = arg;

	(void)fd;
	(void)what;
	tell_closed(channel, &channel->why);
}

struct au_channel *
au_channel_new(struct event_base *base, int fd, size_t max_frame, au_channel_message *on_message,
    au_channel_closed *on_closed, void *ctx)
{
	struct au_channel *channel = au_xmalloc(sizeof(*channel));

	*channel = (struct au_channel){
		.max_frame = max_frame,
		.on_message = on_message,
		.on_closed = on_closed,
		.ctx = ctx,
	};
	evutil_make_socket_nonblocking(fd);
	channel->stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	channel->later = evtimer_new(base, on_later, channel);
	if (channel->stream == NULL || channel->later == NULL)
		abort();
	bufferevent_setcb(channel->stream, on_readable, NULL, on_event, channel);
	bufferevent_enable(channel->stream, EV_READ | EV_WRITE);
	return channel;
}

void
au_channel_free(struct au_channel *channel)
{
	if (channel == NULL || channel->freed)
		return;
	channel->freed = true;
	if (!channel->busy)
		destroy(channel);
	else /* the other side shall not wait for the callback's end */
		shutdown(bufferevent_getfd(channel->stream), SHUT_RDWR);
}

/* Called by libevent when the bytes have been written, or never will be. */
static void
wipe_sent(const void *data, size_t len, void *arg)
{
	struct au_buf sent = { .data = (char *)(uintptr_t)data, .len = len, .cap = len };

	(void)arg;
	au_buf_done(&sent);
}

/* Takes over what bytes holds. */
static void
add_output(struct au_channel *channel, struct au_buf *bytes)
{
	if (evbuffer_add_reference(bufferevent_get_output(channel->stream), bytes->data, bytes->len, wipe_sent, NULL) !=
	    0)
		abort();
	*bytes = (struct au_buf){ 0 };
}

static void
send_frame(struct au_channel *channel, const json_t *message, struct au_buf *body)
{
	AU_CLEANUP(au_buf_done) struct au_buf out = { 0 };

	if (channel->closed || channel->freed)
		return;
	if (au_message_put(&out, message, body->len, &channel->why) != 0) {
		event_active(channel->later, EV_TIMEOUT, 0);
		return;
	}
	add_output(channel, &out);
	if (body->len > 0)
		add_output(channel, body);
}

void
au_channel_send(struct au_channel *channel, json_t *message, bool has_secret)
{
	struct au_buf none = { 0 };

	send_frame(channel, message, &none);
	if (has_secret)
		au_message_free(message);
	else
		json_decref(message);
}

void
au_channel_send_body(struct au_channel *channel, json_t *message, struct au_buf *body)
{
	send_frame(channel, message, body);
	au_buf_done(body);
	json_decref(message);
}

const char *
au_channel_body(const struct au_channel *channel, size_t *ret_len)
{
	*ret_len = channel->body_len;
	return channel->body;
}

size_t
au_channel_backlog(const struct au_channel *channel)
{
	return evbuffer_get_length(bufferevent_get_output(channel->stream));
}
