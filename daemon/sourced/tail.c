/* SPDX-License-Identifier: ISC */
/*
 * One answer of the feed is dealt with at a time: its objects are looked up
 * while it comes in, and only when the last of them is known does the cookie
 * move and the next question go out.  Removals wait for the end of the reading
 * that goes on from a cookie, as those of a refresh do.
 *
 * A feed that does not tell what is gone needs a census in each such reading,
 * and such readings by schedule.  What came between the census and the end of
 * the reading is told by the feed, which is asked once more.
 */
#include "sourced/tail.h"

#include "base/clock.h"
#include "base/map.h"
#include "sourced/census.h"
#include "sourced/chase.h"
#include "sourced/compare.h"
#include "sourced/rhythm.h"

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
	struct au_census *census;
	struct au_rhythm *rhythm;
	struct au_line *line;
	int64_t timeout_ms;
	enum stage stage;
	bool is_asking;      /* the feed has yet to end its answer */
	bool is_told, more;  /* it has ended it, and what it named is being looked up */
	bool is_refreshed;   /* we have said so since the start */
	bool is_counted;     /* by a census, in STAGE_RESUME */
	bool is_aged;        /* the server once was older than our cookie */
	int64_t whole_mono;  /* when all that is there was known last */
	char *cookie;        /* the feed's, up to which it has told us; NULL: from nowhere */
	struct au_map *gone; /* ids, in STAGE_RESUME */
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
	au_chase_stop(tail->chase);
	au_census_clear(tail->census);
	au_rhythm_close(tail->rhythm);
	tail->feed->stop(tail->source);
	au_batch_drop(tail->config.batch);
	if (tail->stage == STAGE_RESUME)
		au_batch_end(tail->config.batch, AU_STEP_VOID, NULL);
	au_compare_stop(tail->whole);
	forget_gone(tail);
	tail->is_asking = tail->is_told = tail->is_counted = false;
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
	au_rhythm_begun(tail->rhythm);
	tail->feed->ask(tail->source, tail->cookie, tail->stage == STAGE_LOCATE);
}

static bool
is_at_rest(const struct tail *tail)
{
	return tail->stage == STAGE_FOLLOW && !tail->is_asking && !tail->is_told;
}

static void
resume(struct tail *tail)
{
	tail->stage = STAGE_RESUME;
	/* What was not sent yet comes again. */
	set_cookie(tail, unmarked(tail, au_batch_cookie_sent(tail->config.batch)));
	au_batch_begin(tail->config.batch, AU_READING_RESUME, false);
	ask(tail);
}

static bool
needs_census(const struct tail *tail)
{
	return tail->feed->is_blind(tail->source) &&
	       au_clock_mono_ms() - tail->whole_mono >= tail->config.mapping->config->poll_interval;
}

static void
on_due(void *ctx)
{
	struct tail *tail = ctx;

	if (!is_at_rest(tail))
		return;
	if (needs_census(tail))
		resume(tail);
	else
		ask(tail);
}

/* ---- a reading of everything ---- */

/* A reading ended well. */
static void
follow(struct tail *tail)
{
	bool was_refreshed = tail->is_refreshed;

	tail->stage = STAGE_FOLLOW;
	tail->is_refreshed = true;
	au_line_bulk(tail->line, false);
	au_rhythm_rest(tail->rhythm, true);
	if (!was_refreshed)
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
	tail->whole_mono = au_clock_mono_ms();
	tail->is_aged = false;
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
	au_batch_cookie_reset(tail->config.batch, NULL);
	au_compare_start(tail->whole, tail->line, tail->timeout_ms, tail->is_aged);
}

/* ---- what changed ---- */

static void
tell_present(struct tail *tail)
{
	for (size_t i = 0; i < au_census_count(tail->census); i++)
		if (!au_map_has(tail->gone, au_census_id(tail->census, i)))
			au_batch_present(tail->config.batch, au_census_id(tail->census, i));
	au_census_clear(tail->census);
	tail->whole_mono = au_clock_mono_ms();
}

static void
end_resume(struct tail *tail)
{
	AU_CLEANUP(au_freep) char *cookie = marked(tail);
	enum au_reading_step step = tail->is_counted ? AU_STEP_SWEEP : AU_STEP_KEEP;
	const char *id;
	void *value;

	if (tail->is_counted)
		tell_present(tail);
	for (size_t cursor = 0; au_map_next(tail->gone, &cursor, &id, &value);)
		au_batch_gone(tail->config.batch, id);
	forget_gone(tail);
	au_batch_end(tail->config.batch, step, cookie);
	tail->is_counted = false;
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
	} else if (tail->stage == STAGE_RESUME && !tail->is_counted && tail->feed->is_blind(tail->source))
		au_census_start(tail->census, tail->line, tail->timeout_ms);
	else if (tail->stage == STAGE_RESUME)
		end_resume(tail);
	else
		au_rhythm_rest(tail->rhythm, false);
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
on_members_changed(void *ctx, const struct au_mapped *group, const struct au_ledger_change *members)
{
	struct tail *tail = ctx;

	au_batch_put_change(tail->config.batch, group, members);
	touch(tail, group->entry.id);
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
	/* A reading proves what the daemon has: there, lists are told whole. */
	else if (change->members != NULL && tail->stage == STAGE_FOLLOW)
		au_chase_members(tail->chase, change->id, change->members);
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
on_aged(void *ctx)
{
	struct tail *tail = ctx;

	tail->is_aged = true;
}

static void
on_counted(void *ctx)
{
	struct tail *tail = ctx;

	tail->is_counted = true;
	ask(tail);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	fail(ctx, fault);
}

static const struct au_chase_events chase_events = {
	.found = on_found, .changed = on_members_changed, .gone = on_gone, .idle = on_idle, .failed = on_failed
};

static const struct au_census_events census_events = { .ended = on_counted, .failed = on_failed };

static const struct au_feed_events feed_events = {
	.changed = on_changed, .doubted = on_doubted, .told = on_told, .aged = on_aged, .failed = on_failed
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
	tail->census = au_census_new(config->mapping, &census_events, tail);
	tail->rhythm = au_rhythm_new(config->base, config->mapping, on_due, tail);
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
	au_census_free(tail->census);
	au_rhythm_free(tail->rhythm);
	tail->feed->destroy(tail->source);
	au_map_free(tail->gone, NULL);
	free(tail->cookie);
	free(tail);
}

void
au_tail_start(void *follower, const struct au_follow_start *start)
{
	struct tail *tail = follower;

	tail->line = start->line;
	tail->timeout_ms = start->operation_timeout_ms;
	tail->is_refreshed = false;
	au_rhythm_open(tail->rhythm, start);
	au_chase_start(tail->chase, start->line, start->operation_timeout_ms);
	tail->feed->start(tail->source, start);
	au_line_bulk(tail->line, true);
	if (unmarked(tail, au_batch_cookie_sent(tail->config.batch)) != NULL) {
		resume(tail);
		return;
	}
	set_cookie(tail, NULL);
	tail->stage = STAGE_LOCATE;
	ask(tail);
}

void
au_tail_ask_again(void *follower)
{
	struct tail *tail = follower;

	if (is_at_rest(tail))
		au_rhythm_rest(tail->rhythm, true);
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
