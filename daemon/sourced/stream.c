/* SPDX-License-Identifier: ISC */
/*
 * The follower outlives a connection, as it knows things of the server that the
 * next one should not have to learn again; it is made anew when another kind of
 * server is found.
 */
#include "sourced/stream.h"

#include "base/mem.h"

#include <assert.h>

struct au_stream {
	struct au_stream_config config;
	struct au_arena *arena; /* of the mapping */
	struct au_mapping mapping;
	struct au_batch *batch;
	const struct au_vendor *vendor;
	const struct au_way *way; /* of the follower */
	void *follower;
	const struct au_server *server;
	struct au_line *side;
	const struct au_root *root;
	struct au_conn *conn; /* NULL: nothing is followed */
	bool is_started;      /* on this connection */
	bool is_whole;
};

static int
map_for(struct au_stream *stream, const struct au_vendor *vendor, struct au_err *err)
{
	struct au_arena *arena = au_arena_new();
	int rc = au_mapping_init(
	    &stream->mapping, arena, stream->config.context->config, stream->config.search, vendor, err);

	if (rc < 0) {
		au_arena_free(arena);
		return rc;
	}
	au_arena_free(stream->arena);
	stream->mapping.reruns = stream->config.reruns;
	stream->arena = arena;
	stream->vendor = vendor;
	return 0;
}

int
au_stream_new(const struct au_stream_config *config, struct au_stream **ret, struct au_err *err)
{
	struct au_stream *stream = au_xcalloc(1, sizeof(*stream));

	stream->config = *config;
	int rc = map_for(stream, au_vendor_any(), err);
	if (rc < 0) {
		free(stream);
		return rc;
	}
	stream->batch = au_batch_new(config->context->base, config->outbox, config->search, false);
	if (config->search == AU_SEARCH_GROUPS) {
		au_batch_limit(stream->batch, config->context->config->max_members, config->context->config->name);
		au_batch_keep_lists(stream->batch, (size_t)config->context->config->member_lists);
	}
	au_batch_cookie_reset(stream->batch, config->cookie);
	*ret = stream;
	return 0;
}

static void
drop_follower(struct au_stream *stream)
{
	if (stream->follower != NULL)
		stream->way->destroy(stream->follower);
	stream->follower = NULL;
}

void
au_stream_free(struct au_stream *stream)
{
	if (stream == NULL)
		return;
	au_stream_close(stream);
	drop_follower(stream);
	au_batch_free(stream->batch);
	au_arena_free(stream->arena);
	free(stream);
}

const struct au_mapping *
au_stream_mapping(const struct au_stream *stream)
{
	return &stream->mapping;
}

struct au_batch *
au_stream_batch(const struct au_stream *stream)
{
	return stream->batch;
}

static void
on_ready(void *ctx)
{
	struct au_stream *stream = ctx;

	stream->config.events->ready(stream->config.ctx, stream->config.search);
}

static void
on_drained(void *ctx)
{
	struct au_stream *stream = ctx;

	stream->way->drained(stream->follower);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	struct au_stream *stream = ctx;

	stream->config.events->failed(stream->config.ctx, stream->config.search, fault);
}

static const struct au_conn_events conn_events = { .ready = on_ready, .drained = on_drained, .failed = on_failed };

static void
follow_by(struct au_stream *stream, const struct au_way *way)
{
	if (way == stream->way && stream->follower != NULL)
		return;
	drop_follower(stream);
	stream->way = way;
	if (way == NULL)
		return;
	au_batch_read(stream->batch)->way = way->name;
	stream->follower = way->create(&(struct au_follow_config){ .base = stream->config.context->base,
	    .context = stream->config.context,
	    .mapping = &stream->mapping,
	    .batch = stream->batch,
	    .outbox = stream->config.outbox,
	    .events = stream->config.follow,
	    .ctx = stream->config.follow_ctx });
}

void
au_stream_open(struct au_stream *stream, const struct au_server *server, struct au_line *side,
    const struct au_vendor *vendor, const struct au_way *way, const struct au_root *root)
{
	stream->server = server;
	stream->side = side;
	stream->root = root;
	follow_by(stream, way);
	if (stream->vendor != vendor) {
		int rc = map_for(stream, vendor, NULL);
		assert(rc == 0); /* the options were checked when the stream was made, and no row is wrong */
		(void)rc;
	}
	if (way != NULL)
		stream->conn = au_conn_new(stream->config.context, server, &conn_events, stream);
}

void
au_stream_close(struct au_stream *stream)
{
	if (stream->follower != NULL)
		stream->way->stop(stream->follower);
	au_conn_free(stream->conn);
	stream->conn = NULL;
	stream->root = NULL;
	stream->is_started = false;
}

bool
au_stream_is_ready(const struct au_stream *stream)
{
	return !stream->is_started && au_conn_is_ready(stream->conn);
}

void
au_stream_start(struct au_stream *stream)
{
	struct au_line *line = au_conn_line(stream->conn);

	if (au_root_has_control(stream->root, AU_OID_DOMAIN_SCOPE))
		au_line_always(line, AU_OID_DOMAIN_SCOPE);
	stream->is_started = true;
	stream->is_whole = !au_vendor_resumes(stream->vendor, au_batch_cookie_sent(stream->batch));
	if (stream->is_whole)
		au_batch_cookie_reset(stream->batch, NULL);
	stream->way->start(
	    stream->follower, &(struct au_follow_start){ .line = line,
				  .side = stream->side,
				  .server = stream->server,
				  .root = stream->root,
				  .vendor = stream->vendor,
				  .operation_timeout_ms = stream->config.context->config->operation_timeout });
	if (au_outbox_is_full(stream->config.outbox))
		au_line_pause(line, true);
}

bool
au_stream_is_following(const struct au_stream *stream)
{
	return stream->follower != NULL && stream->way->is_following(stream->follower);
}

bool
au_stream_is_whole(const struct au_stream *stream)
{
	return stream->is_whole;
}

void
au_stream_ask_again(struct au_stream *stream)
{
	/* Where a cookie is not to be believed this would be a reading of everything, which has its own schedule. */
	if (stream->follower != NULL && au_vendor_resumes(stream->vendor, au_batch_cookie_sent(stream->batch)))
		stream->way->ask_again(stream->follower);
}

void
au_stream_pause(struct au_stream *stream, bool paused)
{
	if (!stream->is_started)
		return;
	au_line_pause(au_conn_line(stream->conn), paused);
	if (!paused && stream->way->room != NULL)
		stream->way->room(stream->follower);
}
