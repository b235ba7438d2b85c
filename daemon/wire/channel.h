/* SPDX-License-Identifier: ISC */
/*
 * JSON frames over a socketpair: on a libevent loop (the daemon's side and the
 * source's), or blocking (the target worker's).  On a loop a message may have a
 * body: bytes of any kind behind its JSON.
 */
#ifndef WIRE_CHANNEL_H
#define WIRE_CHANNEL_H

#include "base/buf.h"
#include "base/json.h"

struct event_base;
struct au_channel;

/* One whole message.  The callee owns nothing: json is freed when it returns (json_incref to keep). */
typedef void au_channel_message(void *ctx, json_t *message);
/* The other side is gone or broke the protocol (code AU_EPROTO, AU_ELIMIT) or closed (AU_ENOENT); called once. */
typedef void au_channel_closed(void *ctx, const struct au_err *why);

/* Takes fd (made non-blocking).  max_frame caps incoming frames.  The process has to ignore SIGPIPE. */
struct au_channel *au_channel_new(struct event_base *base, int fd, size_t max_frame, au_channel_message *on_message,
    au_channel_closed *on_closed, void *ctx);
void au_channel_free(struct au_channel *channel); /* closes fd; no callback afterwards; safe inside callbacks */
/* Queues; steals the reference.  The bytes are wiped once sent, and with has_secret the texts of message as well.
 * One beyond AU_FRAME_MAX closes the channel (AU_ELIMIT). */
void au_channel_send(struct au_channel *channel, json_t *message, bool has_secret);
/* With a body: what body holds is taken over, and nothing is left in it. */
void au_channel_send_body(struct au_channel *channel, json_t *message, struct au_buf *body);
/* Inside an au_channel_message: the body of that message, *ret_len 0 when it has none.  Gone when the callee returns.
 */
const char *au_channel_body(const struct au_channel *channel, size_t *ret_len);
size_t au_channel_backlog(const struct au_channel *channel); /* bytes not yet written */

/* Blocking pair for the worker.  receive: AU_ENOENT on a clean end, AU_EPROTO, AU_ELIMIT, AU_EIO. */
int au_channel_receive(int fd, size_t max_frame, json_t **ret, struct au_err *err);
int au_channel_reply(int fd, json_t *message, struct au_err *err); /* steals the reference */

#endif
