/* SPDX-License-Identifier: ISC */
/*
 * Applying a saved plan, step by step on the loop: open it, read each account
 * that it changes again (of each target one after the other, targets side by
 * side), compare, write what may go on piece by piece, and follow the steps to
 * their end.  One that ends halfway is taken back, now or at the next start.
 */
#include "reconcile/applying.h"

#include "base/clock.h"
#include "base/str.h"
#include "target/target.h"

static void take_turn(struct au_applying *applying);

/* Whoever has waited longest is next: the newest is the first of the list. */
static void
pass_turn(struct au_applying *applying)
{
	struct au_engine *engine = applying->engine;
	struct au_applying *next = NULL;

	if (engine->writing != applying)
		return;
	engine->writing = NULL;
	for (struct au_applying *other = engine->applies; other && !engine->stopped; other = other->next_of_engine)
		if (other->waits)
			next = other;
	if (next)
		take_turn(next);
	au_engine_run_check(engine);
}

static void
applying_free(struct au_applying *applying)
{
	struct au_applying **link = &applying->engine->applies;

	while (*link && *link != applying)
		link = &(*link)->next_of_engine;
	if (*link)
		*link = applying->next_of_engine;
	pass_turn(applying);
	for (size_t i = 0; i < applying->row_count; i++)
		au_listing_done(&applying->rows[i].listing);
	au_map_free(applying->sight_of, NULL);
	au_map_free(applying->told, NULL);
	au_policy_free(applying->policy);
	json_decref(applying->plan);
	json_decref(applying->moved);
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

static void
finish_stopped(struct au_applying *applying)
{
	static const struct au_err stopped = { .code = AU_EBUSY,
		.text = "the daemon stops; nothing of the plan was sent, apply it again" };

	finish(applying, &stopped);
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
discarded(void *arg)
{
	struct au_applying *applying = arg;

	finish(applying, applying->err.code == AU_OK ? NULL : &applying->err);
}

/* What was written is taken back; err NULL: the result tells why. */
static void
give_up(struct au_applying *applying, const struct au_err *err_or_null)
{
	if (err_or_null)
		applying->err = *err_or_null;
	if (applying->parcel)
		au_engine_discard(applying->engine, applying->parcel,
		    err_or_null ? err_or_null->text : "something that it stands on moved while it was being written",
		    discarded, applying);
	else
		discarded(applying);
}

static void
written(struct au_applying *applying)
{
	struct au_engine *engine = applying->engine;

	engine->tally.held += applying->counts.held;
	engine->tally.queued += applying->counts.queued;
	pass_turn(applying);
	au_engine_look_soon(engine);
	au_engine_kick(engine);
	au_engine_follow(engine, applying->timeout_ms, followed, applying);
}

/* ---- writing ---- */

static void write_on(struct au_applying *applying);

static void
piece_done(void *arg, int rc, const struct au_err *err)
{
	struct au_applying *applying = arg;

	if (applying->closed && rc == 0)
		written(applying);
	else if (applying->engine->stopped)
		finish_stopped(applying);
	else if (rc < 0)
		give_up(applying, err);
	else
		write_on(applying);
}

/* What was compared must be what is written: after a reload, or when something moved in between, all is taken back. */
static void
write_on(struct au_applying *applying)
{
	struct au_engine *engine = applying->engine;
	struct au_err reloaded = { 0 };

	if (engine->policy->settings != applying->policy->settings) {
		au_fail(&reloaded, AU_EBUSY,
		    "the configuration was read anew while the plan was being written; nothing was begun, apply it "
		    "again");
		give_up(applying, &reloaded);
	} else if (applying->moved_late && !applying->unmoved) {
		au_json_set_int(applying->result, "left", (long long)json_array_size(au_applying_steps(applying)));
		give_up(applying, NULL);
	} else if (applying->next_key < applying->key_count) {
		au_store_write(engine->store, au_applying_piece, applying, piece_done);
	} else {
		au_store_write(engine->store, au_applying_close, applying, piece_done);
	}
}

static void
compared(void *arg, int rc, const struct au_err *err)
{
	struct au_applying *applying = arg;

	if (rc < 0)
		finish(applying, err);
	else if (applying->key_count == 0)
		finish(applying, NULL);
	else
		write_on(applying);
}

/* One plan after the other, so that each is compared with what the one before has left. */
static void
take_turn(struct au_applying *applying)
{
	struct au_engine *engine = applying->engine;

	applying->waits = engine->writing != NULL;
	if (applying->waits)
		return;
	engine->writing = applying;
	applying->pace = AU_PACE_START; /* it has kept what was seen until now, which is other work */
	applying->now_ms = au_clock_wall_ms();
	au_store_read(engine->store, AU_READ_LONG, au_applying_compare, applying, compared);
}

static void
kept(void *arg, int rc, const struct au_err *err)
{
	struct au_applying *applying = arg;

	if (rc < 0)
		finish(applying, err);
	else if (applying->engine->stopped)
		finish_stopped(applying);
	else if (applying->sights_kept < applying->sight_count)
		au_store_write(applying->engine->store, au_applying_keep, applying, kept);
	else
		take_turn(applying);
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
	au_store_write(applying->engine->store, au_applying_keep, applying, kept);
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
		rc < 0 ? finish(applying, err) : finish_stopped(applying);
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
	applying->pace = AU_PACE_START;
	applying->moved = json_array();
	applying->told = au_map_new();
	au_store_read(engine->store, AU_READ_LONG, au_applying_open, applying, opened);
}

void
au_engine_applies_free(struct au_engine *engine)
{
	while (engine->applies)
		finish_stopped(engine->applies); /* NOLINT(clang-analyzer-unix.Malloc) */
}
