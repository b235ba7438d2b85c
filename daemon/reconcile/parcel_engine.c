/* SPDX-License-Identifier: ISC */
/* Taking parcels back piece by piece, so that others may write in between. */
#include "reconcile/engine_parts.h"
#include "reconcile/parcel.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/parcel.h"

struct discard {
	struct au_engine *engine;
	struct au_policy *policy;
	long long parcel;
	char *why;
	long long now_ms;
	bool gone;
	void (*done)(void *ctx);
	void *ctx;
};

static int
discard_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct discard *discard = arg;

	return au_parcel_discard(
	    tx, discard->policy, discard->parcel, discard->why, discard->now_ms, &discard->gone, err);
}

/* What is not taken back now is at the next start; it is not sent before that. */
static void
discard_done(void *arg, int rc, const struct au_err *err)
{
	struct discard *discard = arg;
	struct au_engine *engine = discard->engine;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: a plan that was not finished could not be taken back: %s",
		    err->text);
	if (rc == 0 && !discard->gone && !engine->stopped) {
		au_store_write(engine->store, discard_work, discard, discard_done);
		return;
	}
	engine->discarding--;
	if (!engine->stopped)
		au_engine_look_soon(engine);
	if (discard->done)
		discard->done(discard->ctx);
	au_policy_free(discard->policy);
	free(discard->why);
	free(discard);
}

void
au_engine_discard(struct au_engine *engine, long long parcel, const char *why, void (*done)(void *ctx), void *ctx)
{
	struct discard *discard = au_xcalloc(1, sizeof(*discard));

	discard->engine = engine;
	discard->policy = au_policy_hold(engine->policy);
	discard->parcel = parcel;
	discard->why = au_xstrdup(why);
	discard->now_ms = au_clock_wall_ms();
	discard->done = done;
	discard->ctx = ctx;
	engine->discarding++;
	au_store_write(engine->store, discard_work, discard, discard_done);
}

/* ---- those of the last life ---- */

struct left {
	struct au_engine *engine;
	struct au_arena *arena;
	struct au_parcel_row *rows;
	size_t count, next;
	void (*done)(struct au_engine *engine);
};

static int
list_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct left *left = arg;

	return au_store_parcel_list(tx, left->arena, &left->rows, &left->count, err);
}

static void
discard_next(void *arg)
{
	struct left *left = arg;
	struct au_engine *engine = left->engine;

	if (left->next < left->count && !engine->stopped) {
		const struct au_parcel_row *row = &left->rows[left->next++];
		au_log(AU_LOG_NOTICE, NULL,
		    "reconcile: %s%.16s was being written by %s when the daemon ended; nothing of it was sent, and it "
		    "is "
		    "taken back",
		    row->digest ? "plan " : "a look at many", row->digest ? row->digest : "", row->actor);
		au_engine_discard(engine, row->id, "the daemon ended while it was being written", discard_next, left);
		return;
	}
	left->done(engine);
	au_arena_free(left->arena);
}

static void
list_done(void *arg, int rc, const struct au_err *err)
{
	if (rc < 0)
		au_log(
		    AU_LOG_ERROR, NULL, "reconcile: plans that were not finished could not be listed: %s", err->text);
	discard_next(arg);
}

void
au_engine_discard_left(struct au_engine *engine, void (*done)(struct au_engine *engine))
{
	struct au_arena *arena = au_arena_new();
	struct left *left = au_arena_alloc(arena, sizeof(*left));

	*left = (struct left){ .engine = engine, .arena = arena, .done = done };
	au_store_read(engine->store, AU_READ_SCAN, list_work, left, list_done);
}
