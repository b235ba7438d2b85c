/* SPDX-License-Identifier: ISC */
/*
 * Both streams of a session.  People are begun first and groups wait until they
 * are read, so that members are known when they are named; once both are read
 * well in a session, the directory is known.
 */
#ifndef SOURCED_STREAMS_H
#define SOURCED_STREAMS_H

#include "sourced/stream.h"
#include "wire/source_start.h"

struct au_streams;

struct au_streams_config {
	const struct au_conn_context *context; /* outlives them */
	const struct au_source_start *start;
	struct au_outbox *outbox;
	struct au_reruns *reruns;                                                       /* outlives them */
	void (*failed)(void *ctx, enum au_search search, const struct au_fault *fault); /* a connection */
	const struct au_follow_events *follow;
	void *ctx; /* of both */
};

/* AU_EINVAL: an option that is needed to map entries is wrong. */
int au_streams_new(const struct au_streams_config *config, struct au_streams **ret, struct au_err *err);
void au_streams_free(struct au_streams *streams); /* NULL is fine */
struct au_stream *au_streams_get(const struct au_streams *streams, enum au_search search);

/* As au_stream_open has it. */
void au_streams_open(struct au_streams *streams, const struct au_server *server, struct au_line *side,
    const struct au_vendor *vendor, const struct au_way *way, const struct au_root *root);
void au_streams_close(struct au_streams *streams);
/* Start what is ready and whose turn has come. */
void au_streams_go_on(struct au_streams *streams);
void au_streams_pause(struct au_streams *streams, bool paused);

/* A search was read well; whole: all of it. */
void au_streams_succeeded(struct au_streams *streams, enum au_search search, bool whole);
/* That counts no more: it is about to be read again. */
void au_streams_stale(struct au_streams *streams, enum au_search search);
bool au_streams_is_fresh(const struct au_streams *streams, enum au_search search);
bool au_streams_are_fresh(const struct au_streams *streams);
bool au_streams_were_whole(const struct au_streams *streams);

/* What is being read breaks off. */
void au_streams_broke(struct au_streams *streams, const struct au_fault *fault);
void au_streams_forget_cookies(struct au_streams *streams);
/* Whether both are followed, and a change sequence number is newer than what either was told. */
bool au_streams_are_behind(const struct au_streams *streams, const char *csn);

#endif
