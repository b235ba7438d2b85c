/* SPDX-License-Identifier: ISC */
/*
 * Applying a saved plan, step by step on the loop: open it, read each account
 * that it changes again (of each target one after the other, targets side by
 * side), write what may go on, and follow the steps to their end.
 */
#include "reconcile/applying.h"

#include "base/clock.h"
#include "base/str.h"
#include "target/target.h"

static void
applying_free(struct au_applying *applying)
{
	struct au_applying **link = &applying->engine->applies;

	while (*link && *link != applying)
		link = &(*link)->next_of_engine;
	if (*link)
		*link = applying->next_of_engine;
	for (size_t i = 0; i < applying->row_count; i++)
		au_listing_done(&applying->rows[i].listing);
	au_map_free(applying->sight_of, NULL);
	au_policy_free(applying->policy);
	json_decref(applying->plan);
	json_decref(applying->result);
	au_arena_free(applying->arena);
	free(applying);
}

static void
finish(struct au_applying *applying, const struct au_err *err_or_null)
{
	applying->done(applying->ctx, err_or_null ? NULL : applying->result, err_or_null);
	applying_free(applying);
}

/* ---- the end ---- */

static void
followed(void *ctx, const struct au_engine_summary *summary)
{
	struct au_applying *applying = ctx;

	json_object_set_new(applying->result, "complete", json_boolean(summary->complete));
	au_json_set_int(applying->result, "steps_done", summary->steps_done);
	au_json_set_int(applying->result, "steps_failed", summary->steps_failed);
	finish(applying, NULL);
}

static void
written(void *arg, int rc, const struct au_err *err)
{
	struct au_applying *applying = arg;
	struct au_engine *engine = applying->engine;

	if (rc < 0 || !au_json_get_bool(applying->result, "applied", false)) {
		finish(applying, rc < 0 ? err : NULL);
		return;
	}
	engine->tally.held += applying->counts.held;
	engine->tally.queued += applying->counts.queued;
	au_engine_look_soon(engine);
	au_engine_kick(engine);
	au_engine_follow(engine, applying->timeout_ms, followed, applying);
}

/* ---- reading accounts ---- */

static void look_at_next(struct au_sight_row *row);

static void
row_is_over(struct au_sight_row *row)
{
	struct au_applying *applying = row->applying;

	row->over = true;
	if (--applying->rows_under_way > 0)
		return;
	applying->policy = au_policy_hold(applying->engine->policy);
	applying->now_ms = au_clock_wall_ms();
	au_store_write(applying->engine->store, au_applying_write, applying, written);
}

/* By name, so that it may be somebody else's; ours bears our mark. */
static void
found_by_login(struct au_sight *sight, const struct au_call_result *result)
{
	sight->is_taken = result->account_count > 0 && !sight->follows;
}

static void
seen(void *ctx, const struct au_call_result *result)
{
	struct au_sight_row *row = ctx;
	struct au_sight *sight = &row->applying->sights[row->next++];

	if (result->err.code != AU_OK && !(result->err.code == AU_ENOENT && sight->remote_id))
		sight->trouble = au_arena_strdup(row->applying->arena, result->err.text);
	else if (!sight->remote_id)
		found_by_login(sight, result);
	else if (result->account_count > 0)
		au_listing_add(&row->listing, &result->accounts[0]);
	look_at_next(row);
}

/* Why a target cannot be asked now; NULL when it can. */
static const char *
silence_of(const struct au_engine *engine, const char *target)
{
	for (size_t i = 0; i < engine->queue_count; i++) {
		const struct au_queue *queue = engine->queues[i];
		if (!au_streq(queue->name, target))
			continue;
		if (queue->ready && !au_gate_has(&queue->gate, AU_STOP_REFUSED))
			return NULL;
		return queue->text ? queue->text : "the target is not ready";
	}
	return "the target is not configured any more";
}

static void
look_at_next(struct au_sight_row *row)
{
	struct au_applying *applying = row->applying;
	struct au_engine *engine = applying->engine;

	for (; row->next < applying->sight_count; row->next++) {
		struct au_sight *sight = &applying->sights[row->next];
		struct au_call call = { .op = sight->remote_id ? AU_CALL_GET : AU_CALL_FIND };
		if (!au_streq(sight->target, row->target))
			continue;
		sight->trouble = au_arena_strdup(applying->arena, silence_of(engine, row->target));
		if (sight->trouble)
			continue;
		call.account.id = sight->remote_id;
		call.account.login = sight->login;
		engine->targets.call(engine->targets_ctx, row->target, &call, seen, row);
		return;
	}
	row_is_over(row);
}

static struct au_sight_row *
row_of(struct au_applying *applying, const char *target)
{
	for (size_t i = 0; i < applying->row_count; i++)
		if (au_streq(applying->rows[i].target, target))
			return &applying->rows[i];
	return NULL;
}

static void
add_rows(struct au_applying *applying)
{
	applying->rows = au_arena_alloc(applying->arena, (applying->sight_count + 1) * sizeof(*applying->rows));
	for (size_t i = 0; i < applying->sight_count; i++) {
		const char *target = applying->sights[i].target;
		if (row_of(applying, target))
			continue;
		struct au_sight_row *row = &applying->rows[applying->row_count++];
		*row = (struct au_sight_row){ .applying = applying, .target = target };
		au_listing_init(&row->listing, target, au_clock_wall_ms(), false);
	}
}

static void
opened(void *arg, int rc, const struct au_err *err)
{
	struct au_applying *applying = arg;

	if (rc < 0 || applying->engine->stopped) {
		static const struct au_err stopped = { .code = AU_EBUSY, .text = "the daemon stops" };
		finish(applying, rc < 0 ? err : &stopped);
		return;
	}
	add_rows(applying);
	/* One more, so that the last of them does not end it all while others have not begun. */
	applying->rows_under_way = applying->row_count + 1;
	for (size_t i = 0; i < applying->row_count; i++)
		look_at_next(&applying->rows[i]);
	row_is_over(&(struct au_sight_row){ .applying = applying });
}

void
au_engine_apply(struct au_engine *engine, const struct au_engine_apply *apply, au_engine_apply_done *done, void *ctx)
{
	struct au_applying *applying = au_xcalloc(1, sizeof(*applying));

	applying->engine = engine;
	applying->next_of_engine = engine->applies;
	engine->applies = applying;
	applying->arena = au_arena_new();
	applying->plan = json_incref((json_t *)apply->plan);
	applying->unmoved = apply->unmoved;
	applying->timeout_ms = apply->timeout_ms;
	applying->actor = au_arena_strdup(applying->arena, apply->actor);
	applying->done = done;
	applying->ctx = ctx;
	au_store_read(engine->store, AU_READ_SCAN, au_applying_open, applying, opened);
}

void
au_engine_applies_free(struct au_engine *engine)
{
	static const struct au_err stopped = { .code = AU_EBUSY, .text = "the daemon stops" };

	while (engine->applies)
		finish(engine->applies, &stopped); /* NOLINT(clang-analyzer-unix.Malloc) */
}
