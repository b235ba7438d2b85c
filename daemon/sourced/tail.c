/* SPDX-License-Identifier: ISC */
/*
 * One answer of the feed is dealt with at a time: its objects are looked up
 * while it comes in, and only when the last of them is known does the cookie
 * move and the next question go out.  Removals wait for the end of the reading
 * that goes on from a cookie, as those of a refresh do.
 */
#include "sourced/tail.h"

#include "base/map.h"
#include "sourced/chase.h"
#include "sourced/compare.h"
#include "sourced/vendor.h"

#include <event2/event.h>
#include <string.h>

enum stage {
	STAGE_IDLE,
	STAGE_LOCATE, /* the feed says where it is */
	STAGE_WHOLE,  /* everything is read */
	STAGE_RESUME, /* what happened since the cookie is told */
	STAGE_FOLLOW,
	STAGE_FAILED,
};

struct tail {
	struct au_follow_config config;
	const struct au_feed *feed;
	void *source; /* the feed's own */
	struct au_chase *chase;
	struct au_compare *whole;
	struct au_line *line;
	int64_t timeout_ms;
	enum stage stage;
	bool is_asking;      /* the feed has yet to end its answer */
	bool is_told, more;  /* it has ended it, and what it named is being looked up */
	char *cookie;        /* the feed's, up to which it has told us; NULL: from nowhere */
	struct au_map *gone; /* ids, in STAGE_RESUME */
	struct event *due;
};

static enum au_search
search_of(const struct tail *tail)
{
	return tail->config.mapping->search;
}

static void
set_cookie(struct tail *tail, const char *cookie)
{
	char *copy = au_xstrdup(cookie); /* it may be our own */

	free(tail->cookie);
	tail->cookie = copy;
}

/* As the store keeps it.  Caller frees. */
static char *
marked(const struct tail *tail)
{
	return au_xasprintf("%s:%s", tail->feed->name, tail->cookie);
}

/* What the feed said, out of what the store kept; NULL when it is another way's. */
static const char *
unmarked(const struct tail *tail, const char *kept)
{
	size_t len = strlen(tail->feed->name);

	if (kept == NULL || strncmp(kept, tail->feed->name, len) != 0 || kept[len] != ':')
		return NULL;
	return kept + len + 1;
}

static void
forget_gone(struct tail *tail)
{
	au_map_free(tail->gone, NULL);
	tail->gone = au_map_new();
}

/* What was gathered and not sent is dropped: the cookie did not move past it, so it will come again. */
static void
give_up(struct tail *tail)
{
	event_del(tail->due);
	au_chase_stop(tail->chase);
	tail->feed->stop(tail->source);
	au_batch_drop(tail->config.batch);
	if (tail->stage == STAGE_RESUME)
		au_batch_end(tail->config.batch, AU_STEP_VOID, NULL);
	au_compare_stop(tail->whole);
	forget_gone(tail);
	tail->is_asking = tail->is_told = false;
	tail->stage = STAGE_FAILED;
}

static void
fail(struct tail *tail, const struct au_fault *fault)
{
	struct au_fault copy = *fault;

	if (tail->stage == STAGE_FAILED || tail->stage == STAGE_IDLE)
		return;
	/* A cookie of this very connection that is refused would be so again: at once, and for ever. */
	if (copy.kind == AU_FAULT_RELOAD && tail->stage != STAGE_RESUME)
		copy.kind = AU_FAULT_PARTIAL;
	if (copy.kind == AU_FAULT_RELOAD)
		au_batch_cookie_reset(tail->config.batch, NULL);
	au_batch_broke(tail->config.batch, &copy);
	give_up(tail);
	tail->config.events->failed(tail->config.ctx, search_of(tail), &copy);
}

static void
ask(struct tail *tail)
{
	tail->is_asking = true;
	tail->feed->ask(tail->source, tail->cookie, tail->stage == STAGE_LOCATE);
}

static void
plan(struct tail *tail, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(tail->due, &wait);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct tail *tail = arg;

	(void)fd;
	(void)what;
	if (tail->stage == STAGE_FOLLOW && !tail->is_asking && !tail->is_told)
		ask(tail);
}

/* ---- a reading of everything ---- */

static void
follow(struct tail *tail)
{
	tail->stage = STAGE_FOLLOW;
	au_line_bulk(tail->line, false);
	plan(tail, 0);
	tail->config.events->refreshed(tail->config.ctx, search_of(tail));
}

/* Only now does the cookie count: had we been stopped before, everything would have to be read again. */
static void
on_whole_ended(void *ctx, enum au_search search)
{
	struct tail *tail = ctx;
	AU_CLEANUP(au_freep) char *cookie = marked(tail);

	(void)search;
	au_batch_cookie(tail->config.batch, cookie);
	au_batch_flush(tail->config.batch);
	follow(tail);
}

static void
on_whole_failed(void *ctx, enum au_search search, const struct au_fault *fault)
{
	(void)search;
	fail(ctx, fault);
}

static const struct au_compare_events whole_events = { .ended = on_whole_ended, .failed = on_whole_failed };

static void
read_everything(struct tail *tail)
{
	tail->stage = STAGE_WHOLE;
	au_compare_start(tail->whole, tail->line, tail->timeout_ms);
}

/* ---- what changed ---- */

static void
end_resume(struct tail *tail)
{
	AU_CLEANUP(au_freep) char *cookie = marked(tail);
	const char *id;
	void *value;

	for (size_t cursor = 0; au_map_next(tail->gone, &cursor, &id, &value);)
		au_batch_gone(tail->config.batch, id);
	forget_gone(tail);
	au_batch_end(tail->config.batch, AU_STEP_KEEP, cookie);
	follow(tail);
}

static void
move_cookie(struct tail *tail)
{
	AU_CLEANUP(au_freep) char *cookie = marked(tail);

	au_batch_cookie(tail->config.batch, cookie);
	au_batch_flush(tail->config.batch);
}

/* All that an answer named is known, if it is. */
static void
settle(struct tail *tail)
{
	if (!tail->is_told || !au_chase_is_idle(tail->chase))
		return;
	tail->is_told = false;
	if (tail->stage == STAGE_FOLLOW)
		move_cookie(tail);
	if (tail->more) {
		au_batch_read(tail->config.batch)->pages++;
		ask(tail);
	} else if (tail->stage == STAGE_RESUME)
		end_resume(tail);
	else
		plan(tail, tail->config.mapping->config->change_interval);
}

static void
on_told(void *ctx, const char *cookie, bool more)
{
	struct tail *tail = ctx;

	tail->is_asking = false;
	set_cookie(tail, cookie);
	if (tail->stage == STAGE_LOCATE && more)
		ask(tail);
	else if (tail->stage == STAGE_LOCATE)
		read_everything(tail);
	else {
		tail->is_told = true;
		tail->more = more;
		settle(tail);
	}
}

static void
touch(struct tail *tail, const char *id)
{
	if (tail->stage == STAGE_FOLLOW)
		tail->config.events->touched(tail->config.ctx, search_of(tail), id);
}

static void
on_found(void *ctx, const struct au_mapped *mapped)
{
	struct tail *tail = ctx;

	au_map_remove(tail->gone, mapped->entry.id);
	au_batch_put(tail->config.batch, mapped);
	touch(tail, mapped->entry.id);
}

static void
on_gone(void *ctx, const char *id)
{
	struct tail *tail = ctx;

	if (tail->stage == STAGE_RESUME)
		au_map_put(tail->gone, id, tail);
	else
		au_batch_delete(tail->config.batch, id);
	touch(tail, id);
}

static void
on_idle(void *ctx)
{
	settle(ctx);
}

static void
on_changed(void *ctx, const struct au_feed_change *change)
{
	struct tail *tail = ctx;

	if (change->is_deleted)
		on_gone(tail, change->id);
	else
		au_chase_id(tail->chase, change->id, change->is_moved);
}

static void
on_doubted(void *ctx, const char *dn)
{
	struct tail *tail = ctx;

	au_chase_dn(tail->chase, dn);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	fail(ctx, fault);
}

static const struct au_chase_events chase_events = {
	.found = on_found, .gone = on_gone, .idle = on_idle, .failed = on_failed
};

static const struct au_feed_events feed_events = {
	.changed = on_changed, .doubted = on_doubted, .told = on_told, .failed = on_failed
};

/* ---- the follower ---- */

void *
au_tail_new(const struct au_follow_config *config, const struct au_feed *feed)
{
	struct tail *tail = au_xcalloc(1, sizeof(*tail));

	*tail = (struct tail){ .config = *config, .feed = feed, .gone = au_map_new() };
	tail->source = feed->create(config->mapping, &feed_events, tail);
	tail->chase = au_chase_new(config->mapping, &chase_events, tail);
	tail->whole = au_compare_new(config->base, config->mapping, config->outbox, NULL, &whole_events, tail);
	tail->due = evtimer_new(config->base, on_due, tail);
	return tail;
}

void
au_tail_free(void *follower)
{
	struct tail *tail = follower;

	if (tail == NULL)
		return;
	au_compare_free(tail->whole);
	au_chase_free(tail->chase);
	tail->feed->destroy(tail->source);
	event_free(tail->due);
	au_map_free(tail->gone, NULL);
	free(tail->cookie);
	free(tail);
}

void
au_tail_start(void *follower, const struct au_follow_start *start)
{
	struct tail *tail = follower;
	const char *kept = start->vendor->resumes ? au_batch_cookie_sent(tail->config.batch) : NULL;

	tail->line = start->line;
	tail->timeout_ms = start->operation_timeout_ms;
	set_cookie(tail, unmarked(tail, kept));
	if (tail->cookie == NULL)
		au_batch_cookie_reset(tail->config.batch, NULL);
	au_chase_start(tail->chase, start->line, start->operation_timeout_ms);
	tail->feed->start(tail->source, start);
	au_line_bulk(tail->line, true);
	tail->stage = tail->cookie != NULL ? STAGE_RESUME : STAGE_LOCATE;
	if (tail->stage == STAGE_RESUME)
		au_batch_begin(tail->config.batch, AU_READING_RESUME, false);
	ask(tail);
}

void
au_tail_ask_again(void *follower)
{
	struct tail *tail = follower;

	if (tail->stage == STAGE_FOLLOW)
		plan(tail, 0);
}

void
au_tail_drained(void *follower)
{
	struct tail *tail = follower;

	if (tail->stage == STAGE_FOLLOW)
		au_batch_flush(tail->config.batch);
}

void
au_tail_stop(void *follower)
{
	struct tail *tail = follower;

	if (tail->stage != STAGE_IDLE && tail->stage != STAGE_FAILED)
		give_up(tail);
	tail->stage = STAGE_IDLE;
	tail->line = NULL;
}

void
au_tail_room(void *follower)
{
	struct tail *tail = follower;

	au_compare_room(tail->whole);
}

bool
au_tail_is_following(const void *follower)
{
	const struct tail *tail = follower;

	return tail->stage == STAGE_FOLLOW;
}
