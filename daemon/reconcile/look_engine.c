/* SPDX-License-Identifier: ISC */
/*
 * Works through the dirty keys in pieces of one transaction each, so that no
 * piece holds up other writers for long; then the queues are told.
 */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "reconcile/birth.h"
#include "reconcile/configuration.h"
#include "reconcile/parcel.h"
#include "store/fact.h"
#include "store/parcel.h"
#include "store/step.h"

#define KEYS_SHRINK 8
#define ACTOR "reconciler"
#define STEPS_LOOKED 50 /* of an account, to see whether its birth is over */

struct piece {
	struct au_engine *engine;
	struct au_policy *policy;
	bool attended; /* nothing new is begun */
	struct au_arena *arena;
	long long now_ms;
	size_t limit; /* keys at the most */
	bool skip;    /* only take the first key out of the way */
	long long parcel, last; /* as engine->look_parcel and look_last; may become */
	bool closing, closed;   /* the parcel: it is judged as a whole; that is done */
	long long held;         /* by that */
	long long took_ms;
	size_t taken;
	struct au_look_counts counts;
	const char **waiting;
	size_t waiting_count;
};

/*
 * What is open goes on or is given up, what was unclear is looked up, and a birth that was begun comes to its end, so
 * that nobody has to ask for each of its steps; nothing else is begun unasked.
 */
static bool
is_under_way(void *ctx, struct au_arena *arena, struct au_step *step)
{
	struct au_store_tx *tx = ctx;
	struct au_step *steps = NULL;
	size_t count = 0;

	if (step->id != 0 || step->op == AU_STEP_LOOKUP)
		return true;
	return step->account_id &&
	       au_store_step_of_account(tx, arena, step->account_id, STEPS_LOOKED, &steps, &count, NULL) == 0 &&
	       au_birth_goes_on(step, steps, count);
}

/* More is dirty than this piece takes: what they all take away is judged together.  Whoever becomes dirty from now on
 * is not among them, so that this comes to an end. */
static int
open_parcel(struct au_store_tx *tx, struct piece *piece, struct au_err *err)
{
	const struct au_parcel_row row = { .actor = ACTOR, .at_ms = piece->now_ms };
	int rc = au_store_dirty_last(tx, &piece->last, err);

	return rc < 0 || piece->last == 0 ? rc : au_store_parcel_add(tx, &row, &piece->parcel, err);
}

static int
look_at_keys(struct au_store_tx *tx, struct piece *piece, const char *const *keys, size_t count, struct au_err *err)
{
	struct au_look_choice choice = { .losses_only = true };
	int rc = 0;

	if (piece->attended)
		choice = (struct au_look_choice){ .takes = is_under_way, .ctx = tx };
	else if (!piece->parcel && count == piece->limit)
		rc = open_parcel(tx, piece, err);
	choice.parcel = piece->attended ? 0 : piece->parcel;
	return rc < 0 ? rc
		      : au_look_write(tx, piece->arena, piece->policy, &choice, keys, count, piece->now_ms,
			    &piece->counts, &piece->waiting, &piece->waiting_count, err);
}

static int
take_keys(struct au_store_tx *tx, struct piece *piece, struct au_err *err)
{
	const char **keys = NULL;
	size_t count = 0;
	int rc = au_store_dirty_take(tx, piece->arena, piece->limit, &keys, &count, err);

	if (rc < 0)
		return rc;
	piece->taken = count;
	if (count == 0)
		return 0;
	if (piece->skip) {
		piece->waiting = keys;
		piece->waiting_count = count;
		return 0;
	}
	return look_at_keys(tx, piece, keys, count, err);
}

static int
piece_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct piece *piece = arg;
	long long began_ms = au_clock_mono_ms();
	bool left = false;
	int rc = piece->parcel ? au_store_dirty_is_left(tx, piece->last, &left, err) : 0;

	piece->closing = piece->parcel != 0 && rc == 0 && !left;
	if (piece->closing)
		rc =
		    au_parcel_close(tx, piece->policy, piece->parcel, piece->now_ms, &piece->closed, &piece->held, err);
	else if (rc == 0)
		rc = take_keys(tx, piece, err);
	piece->took_ms = au_clock_mono_ms() - began_ms;
	return rc;
}

void
au_engine_kick(struct au_engine *engine)
{
	for (size_t i = 0; i < engine->queue_count; i++)
		au_queue_kick(engine->queues[i]);
}

static void look_piece(struct au_engine *engine);

/* One key that cannot be looked at must not hold up the others: the piece shrinks until it is that key alone, which is
 * then put aside until its source changes again or the next full run. */
static void
piece_failed(const struct piece *piece, const struct au_err *err)
{
	struct au_engine *engine = piece->engine;

	if (piece->closing) {
		au_log(AU_LOG_ERROR, NULL, "reconcile: what a look at many takes away cannot be judged: %s", err->text);
		au_engine_discard(engine, piece->parcel, err->text, NULL, NULL);
		engine->look_parcel = 0;
		return;
	}
	if (piece->limit > 1) {
		engine->look_limit = piece->limit / KEYS_SHRINK > 0 ? piece->limit / KEYS_SHRINK : 1;
		return;
	}
	engine->look_skip = true;
	au_log(AU_LOG_ERROR, NULL, "reconcile: %s; this API user is put aside until something about it changes",
	    err->text);
}

static void
piece_worked(const struct piece *piece)
{
	struct au_engine *engine = piece->engine;

	engine->look_skip = false;
	engine->look_limit = 0;
	engine->look_parcel = piece->closed ? 0 : piece->parcel;
	engine->look_last = piece->last;
	au_pace_took(&engine->look_pace, piece->taken, piece->took_ms,
	    au_values_num(piece->policy->settings->reconcile, "piece_time"));
	for (size_t i = 0; i < piece->waiting_count; i++)
		au_map_put(engine->waiting, piece->waiting[i], engine);
	engine->tally.queued += piece->counts.queued - piece->held;
	engine->tally.held += piece->counts.held + piece->held;
	engine->tally.cancelled += piece->counts.cancelled;
	if (piece->counts.owners_left)
		au_log(AU_LOG_WARNING, NULL,
		    "reconcile: the owners of %lld API users have left; nothing is taken away, see 'apiuserctl users'",
		    piece->counts.owners_left);
	if (piece->counts.held + piece->held)
		au_log(AU_LOG_WARNING, NULL,
		    "reconcile: a guard holds %lld removals; see 'apiuserctl held', then approve or mend the source",
		    piece->counts.held + piece->held);
}

/* ---- configurations -------------------------------------------------------------- */

static void
seen_done(void *arg, int rc, const struct au_err *err)
{
	struct au_configuration_seen *seen = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: the configuration could not be noted: %s", err->text);
	else if (seen->changed && seen->held)
		au_log(AU_LOG_WARNING, AU_FIELDS("TARGET", seen->target),
		    "%s: the changed configuration would take something away in %lld steps; see 'apiuserctl held', "
		    "then "
		    "approve them or say 'apiuserctl apply'",
		    seen->target, seen->held);
	au_policy_free(seen->policy);
	free((char *)seen->target);
	free(seen);
}

/*
 * Everybody was looked at, and nobody waits for a source: what the configuration changes is known for these targets.
 * Where nothing is begun unasked nothing is held either; what would be taken away is still to be shown then.
 */
static void
note_seen(struct au_engine *engine, bool attended)
{
	if (attended || engine->marking > 0 || au_map_count(engine->waiting) > 0)
		return;
	for (size_t i = 0; i < engine->queue_count; i++) {
		struct au_queue *queue = engine->queues[i];
		struct au_configuration_seen *seen;
		if (!queue->ready || queue->seen || !au_queue_block(queue))
			continue;
		queue->seen = true;
		seen = au_xcalloc(1, sizeof *seen);
		seen->policy = au_policy_hold(engine->policy);
		seen->target = au_xstrdup(queue->name);
		seen->now_ms = au_clock_wall_ms();
		au_store_write(engine->store, au_configuration_seen_work, seen, seen_done);
	}
}

static void
piece_done(void *arg, int rc, const struct au_err *err)
{
	struct piece *piece = arg;
	struct au_engine *engine = piece->engine;
	bool more = rc < 0 ? rc != AU_EIO : piece->taken > 0 || piece->closing, piece_is_last = rc == 0;
	bool attended = piece->attended;

	engine->looking = false;
	if (rc < 0)
		piece_failed(piece, err);
	else
		piece_worked(piece);
	au_policy_free(piece->policy);
	au_arena_free(piece->arena);
	free(piece);
	if (engine->stopped)
		return; /* what is dirty stays so */
	if (more || engine->look_again) {
		look_piece(engine);
		return;
	}
	au_engine_kick(engine);
	au_engine_watch_pools(engine);
	if (piece_is_last)
		note_seen(engine, attended);
	au_oddities_soon(engine->oddities);
	au_engine_run_check(engine);
}

static void
look_piece(struct au_engine *engine)
{
	struct piece *piece = au_xcalloc(1, sizeof *piece);

	engine->looking = true;
	engine->look_again = false;
	piece->engine = engine;
	piece->policy = au_policy_hold(engine->policy);
	piece->attended =
	    !au_values_bool(engine->policy->settings->reconcile, "unattended") && !au_engine_is_told(engine);
	piece->arena = au_arena_new();
	piece->now_ms = au_clock_wall_ms();
	piece->limit = engine->look_limit ? engine->look_limit : engine->look_pace.limit;
	piece->parcel = engine->look_parcel;
	piece->last = engine->look_last;
	piece->skip = engine->look_skip;
	au_store_write(engine->store, piece_work, piece, piece_done);
}

/* The callback of engine->look_timer. */
void
au_engine_look_now(void *arg)
{
	struct au_engine *engine = arg;

	if (engine->looking)
		engine->look_again = true;
	else
		look_piece(engine);
}

void
au_engine_look_soon(struct au_engine *engine)
{
	if (!engine->started)
		return;
	if (engine->looking)
		engine->look_again = true;
	else
		au_timer_set(engine->look_timer, 0);
}

struct marking {
	struct au_engine *engine;
	char **keys; /* NULL = all */
	size_t count;
};

static int
marking_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct marking *marking = arg;
	int rc = 0;

	if (!marking->keys)
		return au_store_dirty_mark_all(tx, err);
	for (size_t i = 0; rc == 0 && i < marking->count; i++)
		rc = au_store_dirty_mark(tx, marking->keys[i], err);
	return rc;
}

static void
marking_done(void *arg, int rc, const struct au_err *err)
{
	struct marking *marking = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: keys could not be marked: %s", err->text);
	marking->engine->marking--;
	au_engine_look_soon(marking->engine);
	for (size_t i = 0; i < marking->count; i++)
		free(marking->keys[i]);
	free(marking->keys);
	free(marking);
}

void
au_engine_mark_all(struct au_engine *engine)
{
	struct marking *marking = au_xcalloc(1, sizeof *marking);

	marking->engine = engine;
	engine->marking++;
	au_store_write(engine->store, marking_work, marking, marking_done);
}

void
au_engine_return_waiting(struct au_engine *engine)
{
	struct marking *marking;
	const char *key = NULL;
	size_t cursor = 0;

	if (au_map_count(engine->waiting) == 0)
		return;
	marking = au_xcalloc(1, sizeof *marking);
	marking->engine = engine;
	marking->keys = au_xcalloc(au_map_count(engine->waiting), sizeof *marking->keys);
	while (au_map_next(engine->waiting, &cursor, &key, NULL))
		marking->keys[marking->count++] = au_xstrdup(key);
	au_map_free(engine->waiting, NULL);
	engine->waiting = au_map_new();
	engine->marking++;
	au_store_write(engine->store, marking_work, marking, marking_done);
}
