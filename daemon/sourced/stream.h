/* SPDX-License-Identifier: ISC */
/*
 * One of the two searches, as a session with a server has it: how entries are
 * mapped, where changes go, and, once the server is known and has a way of
 * following (follow.h), the follower with a connection of its own.
 */
#ifndef SOURCED_STREAM_H
#define SOURCED_STREAM_H

#include "sourced/conn.h"
#include "sourced/follow.h"
#include "sourced/outbox.h"
#include "sourced/vendor.h"

struct au_stream;

struct au_stream_events {
	void (*ready)(void *ctx, enum au_search search); /* au_stream_start may be called */
	void (*failed)(void *ctx, enum au_search search, const struct au_fault *fault); /* the connection */
};

struct au_stream_config {
	const struct au_conn_context *context;
	enum au_search search;
	struct au_outbox *outbox;
	const char *cookie; /* to go on from; may be NULL */
	struct au_reruns *reruns; /* outlives the stream; NULL: nobody minds */
	const struct au_stream_events *events;
	void *ctx; /* of events */
	const struct au_follow_events *follow;
	void *follow_ctx;
};

/* AU_EINVAL: an option that is needed to map entries is wrong. */
int au_stream_new(const struct au_stream_config *config, struct au_stream **ret, struct au_err *err);
void au_stream_free(struct au_stream *stream); /* NULL is fine */

/* These last as long as the stream. */
const struct au_mapping *au_stream_mapping(const struct au_stream *stream);
struct au_batch *au_stream_batch(const struct au_stream *stream);

/*
 * The server is known: entries are mapped for its kind.  With a way of following, server is connected to for it; way
 * NULL makes no connection.  server, root and side, the session's own line, live until au_stream_close.
 */
void au_stream_open(struct au_stream *stream, const struct au_server *server, struct au_line *side,
    const struct au_vendor *vendor, const struct au_way *way, const struct au_root *root);
void au_stream_close(struct au_stream *stream); /* what is read or followed is broken off */

/* Connected, and not followed yet. */
bool au_stream_is_ready(const struct au_stream *stream);
/* Begin to follow, or, after AU_FAULT_RELOAD, begin again. */
void au_stream_start(struct au_stream *stream);
bool au_stream_is_following(const struct au_stream *stream);
/* Whether what was begun last reads everything, as there was no cookie to go on from. */
bool au_stream_is_whole(const struct au_stream *stream);
void au_stream_ask_again(struct au_stream *stream);
void au_stream_pause(struct au_stream *stream, bool paused); /* the daemon is behind, or no longer */

#endif
