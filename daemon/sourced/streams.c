/* SPDX-License-Identifier: ISC */
/* Marks beside the streams: which was read well in this session, and whether that was a reading of everything. */
#include "sourced/streams.h"

#include "base/mem.h"
#include "sourced/csn.h"

#include <stdlib.h>

struct au_streams {
	struct au_streams_config config;
	struct au_stream *streams[AU_SEARCHES];
	bool is_fresh[AU_SEARCHES];
	bool was_whole[AU_SEARCHES];
};

static void
on_ready(void *ctx, enum au_search search)
{
	(void)search;
	au_streams_go_on(ctx);
}

static void
on_failed(void *ctx, enum au_search search, const struct au_fault *fault)
{
	struct au_streams *streams = ctx;

	streams->config.failed(streams->config.ctx, search, fault);
}

static const struct au_stream_events events = { .ready = on_ready, .failed = on_failed };

int
au_streams_new(const struct au_streams_config *config, struct au_streams **ret, struct au_err *err)
{
	struct au_streams *streams = au_xcalloc(1, sizeof(*streams));
	int rc = 0;

	streams->config = *config;
	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = au_stream_new(&(struct au_stream_config){ .context = config->context,
				       .search = i,
				       .outbox = config->outbox,
				       .cookie = config->start->cookies[i],
				       .reruns = config->reruns,
				       .events = &events,
				       .ctx = streams,
				       .follow = config->follow,
				       .follow_ctx = config->ctx },
		    &streams->streams[i], err);
	if (rc == 0)
		*ret = streams;
	else
		au_streams_free(streams);
	return rc;
}

void
au_streams_free(struct au_streams *streams)
{
	if (streams == NULL)
		return;
	for (int i = 0; i < AU_SEARCHES; i++)
		au_stream_free(streams->streams[i]);
	free(streams);
}

struct au_stream *
au_streams_get(const struct au_streams *streams, enum au_search search)
{
	return streams->streams[search];
}

void
au_streams_open(struct au_streams *streams, const struct au_server *server, struct au_line *side,
    const struct au_vendor *vendor, const struct au_way *way, const struct au_root *root)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		au_stream_open(streams->streams[i], server, side, vendor, way, root);
}

void
au_streams_close(struct au_streams *streams)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_stream_close(streams->streams[i]);
		streams->is_fresh[i] = false;
	}
}

void
au_streams_go_on(struct au_streams *streams)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (au_stream_is_ready(streams->streams[i]) && (i == AU_SEARCH_PEOPLE || streams->is_fresh[i - 1]))
			au_stream_start(streams->streams[i]);
}

void
au_streams_pause(struct au_streams *streams, bool paused)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		au_stream_pause(streams->streams[i], paused);
}

void
au_streams_succeeded(struct au_streams *streams, enum au_search search, bool whole)
{
	streams->is_fresh[search] = true;
	streams->was_whole[search] = whole;
}

void
au_streams_stale(struct au_streams *streams, enum au_search search)
{
	streams->is_fresh[search] = false;
}

bool
au_streams_is_fresh(const struct au_streams *streams, enum au_search search)
{
	return streams->is_fresh[search];
}

bool
au_streams_are_fresh(const struct au_streams *streams)
{
	return streams->is_fresh[AU_SEARCH_PEOPLE] && streams->is_fresh[AU_SEARCH_GROUPS];
}

bool
au_streams_were_whole(const struct au_streams *streams)
{
	return streams->was_whole[AU_SEARCH_PEOPLE] && streams->was_whole[AU_SEARCH_GROUPS];
}

void
au_streams_broke(struct au_streams *streams, const struct au_fault *fault)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		au_batch_broke(au_stream_batch(streams->streams[i]), fault);
}

void
au_streams_forget_cookies(struct au_streams *streams)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		au_batch_cookie_reset(au_stream_batch(streams->streams[i]), NULL);
}

bool
au_streams_are_behind(const struct au_streams *streams, const char *csn)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		const char *cookie = au_batch_cookie_newest(au_stream_batch(streams->streams[i]));
		if (!au_stream_is_following(streams->streams[i]) || cookie == NULL || !au_csn_is_newer(csn, cookie))
			return false;
	}
	return true;
}
