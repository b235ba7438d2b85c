/* SPDX-License-Identifier: ISC */
/*
 * A saved plan on its way to the store, in pieces of a few API users each.  Their
 * keys are looked at by the code that looks at every key; the plan only chooses
 * among the steps that this comes to.  They are a parcel: nothing is sent before
 * the last piece is written and the whole was judged.
 */
#include "reconcile/applying.h"

#include "base/clock.h"
#include "base/str.h"
#include "reconcile/guard.h"
#include "reconcile/parcel.h"
#include "store/audit.h"
#include "store/parcel.h"
#include "store/plan_done.h"

static const char *
digest_of(const struct au_applying *applying)
{
	return au_json_get_str(applying->plan, "digest");
}

/* ---- a piece ---- */

struct choice {
	struct au_map *steps; /* of the piece, by what they say; as they were saved */
	struct au_map *found; /* those of them that the look comes to */
	long long open;       /* of these, queued or held before */
};

/* What people saw as held does not go because a part of the plan alone is within the limits. */
static void
hold_as_saved(struct au_arena *arena, struct au_step *step, const json_t *saved)
{
	const char *guards = au_json_get_str(saved, "guards"), *guard = au_json_get_str(saved, "guard");

	if (!step->id && step->state == AU_STEP_QUEUED && guards && guard &&
	    au_streq(au_json_get_str(saved, "state"), au_step_state_name(AU_STEP_HELD)))
		au_guard_hold(arena, step, au_arena_strdup(arena, guards), au_arena_strdup(arena, guard));
}

static bool
is_chosen(void *ctx, struct au_arena *arena, struct au_step *step)
{
	struct choice *choice = ctx;
	AU_CLEANUP(au_freep)
	char *text = au_applying_step_text(step->key, step->target, au_step_op_name(step->op), step->want);
	const json_t *saved = au_map_get(choice->steps, text);

	if (step->state == AU_STEP_CANCELLED || !saved)
		return false;
	hold_as_saved(arena, step, saved);
	au_map_put(choice->found, text, choice);
	choice->open += step->id != 0;
	return true;
}

/* Its API users, and what the plan says for them. */
static size_t
fill_piece(struct au_applying *applying, struct choice *choice, const char **ret_keys)
{
	const json_t *steps = au_applying_steps(applying);
	size_t count = 0;

	for (size_t i = applying->next_key; i < applying->key_count && count < applying->pace.limit; i++) {
		const struct au_applying_key *key = applying->keys[i];
		for (size_t k = 0; k < key->step_count; k++) {
			json_t *step = json_array_get(steps, key->steps[k]);
			AU_CLEANUP(au_freep) char *text = au_applying_saved_text(step);
			au_map_put(choice->steps, text, step);
		}
		ret_keys[count++] = key->key;
	}
	return count;
}

/* What the plan says and the store does not come to may have moved since it was compared. */
static int
check_missed(
    struct au_store_tx *tx, struct au_applying *applying, const struct choice *choice, size_t count, struct au_err *err)
{
	const json_t *steps = au_applying_steps(applying);
	int rc = 0;

	for (size_t i = applying->next_key; i < applying->next_key + count; i++) {
		const struct au_applying_key *key = applying->keys[i];
		for (size_t k = 0; rc == 0 && k < key->step_count; k++) {
			AU_CLEANUP(au_freep)
			char *text = au_applying_saved_text(json_array_get(steps, key->steps[k]));
			bool moved = false;
			if (!au_map_has(choice->found, text))
				rc = au_applying_look_again(tx, applying, key->steps[k], &moved, err);
			applying->moved_late = applying->moved_late || moved;
		}
	}
	return rc;
}

static int
look_at_piece(struct au_store_tx *tx, struct au_applying *applying, struct choice *choice, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_look_choice look = { .takes = is_chosen,
		.ctx = choice,
		.actor = applying->actor,
		.plan = digest_of(applying),
		.parcel = applying->parcel };
	const char **keys = au_arena_alloc(arena, (applying->pace.limit + 1) * sizeof(*keys)), **waiting = NULL;
	size_t count = fill_piece(applying, choice, keys), waiting_count = 0;
	struct au_look_counts counts = { 0 };
	int rc = au_look_write(
	    tx, arena, applying->policy, &look, keys, count, applying->now_ms, &counts, &waiting, &waiting_count, err);

	if (rc == 0)
		rc = check_missed(tx, applying, choice, count, err);
	applying->counts.queued += counts.queued;
	applying->counts.held += counts.held;
	applying->open += choice->open;
	applying->next_key += count;
	return rc;
}

static int
open_parcel(struct au_store_tx *tx, struct au_applying *applying, struct au_err *err)
{
	const struct au_parcel_row row = {
		.digest = digest_of(applying), .actor = applying->actor, .at_ms = applying->now_ms
	};

	return applying->parcel ? 0 : au_store_parcel_add(tx, &row, &applying->parcel, err);
}

int
au_applying_piece(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	long long began_ms = au_clock_mono_ms(), parcel = applying->parcel;
	size_t from = applying->next_key;
	struct choice choice = { .steps = au_map_new(), .found = au_map_new() };
	int rc = open_parcel(tx, applying, err);

	if (rc == 0)
		rc = look_at_piece(tx, applying, &choice, err);
	au_map_free(choice.steps, NULL);
	au_map_free(choice.found, NULL);
	if (rc < 0)
		applying->parcel = parcel; /* what this piece has begun is undone */
	au_pace_took(&applying->pace, applying->next_key - from, au_clock_mono_ms() - began_ms,
	    au_values_num(applying->policy->settings->reconcile, "piece_time"));
	return rc;
}

/* ---- the end ---- */

static int
forget_old(struct au_store_tx *tx, const struct au_applying *applying, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	long long gone = 0;
	int rc = au_store_plan_done_forget(tx, au_applying_oldest_ms(applying), &gone, err);

	if (rc < 0 || gone == 0)
		return rc;
	au_json_set_int(detail, "plans", gone);
	au_json_set_int(detail, "before_ms", au_applying_oldest_ms(applying));
	return au_store_audit(tx, applying->now_ms, "reconciler", "plan.forget", "plans", detail, err);
}

/* The numbers of the steps that went on, as people know them. */
static json_t *
numbers_of(const struct au_applying *applying)
{
	json_t *numbers = json_array();

	for (size_t i = 0; i < json_array_size(au_applying_steps(applying)); i++)
		if (!applying->stays[i])
			json_array_append_new(numbers, json_integer((json_int_t)i + 1));
	return numbers;
}

static int
keep_record(struct au_store_tx *tx, const struct au_applying *applying, json_t *numbers, struct au_err *err)
{
	const struct au_plan_done done = {
		.digest = digest_of(applying), .actor = applying->actor, .at_ms = applying->now_ms
	};
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc = au_store_plan_done_put(tx, &done, err);

	json_object_set(detail, "steps", numbers);
	au_json_set_int(detail, "queued", applying->counts.queued);
	au_json_set_int(detail, "held", applying->counts.held);
	json_object_set_new(detail, "unmoved", json_boolean(applying->unmoved));
	json_object_set(detail, "moved", applying->moved);
	au_json_set_str(detail, "made_by", au_json_get_str(applying->plan, "made_by"));
	return rc < 0 ? rc
		      : au_store_audit(
			    tx, applying->now_ms, applying->actor, "plan.apply", digest_of(applying), detail, err);
}

static void
tell_written(struct au_applying *applying, const json_t *numbers)
{
	size_t steps = json_array_size(au_applying_steps(applying)), gone_on = json_array_size(numbers);

	json_object_set_new(applying->result, "applied", json_true());
	au_json_set_int(applying->result, "left", (long long)(steps - gone_on));
	au_json_set_int(applying->result, "queued", applying->counts.queued);
	au_json_set_int(applying->result, "held", applying->counts.held);
	au_json_set_int(applying->result, "open", applying->open);
}

int
au_applying_close(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	AU_CLEANUP(au_json_decrefp) json_t *numbers = numbers_of(applying);
	long long held = 0;
	int rc =
	    au_parcel_close(tx, applying->policy, applying->parcel, applying->now_ms, &applying->closed, &held, err);

	if (rc < 0)
		return rc;
	applying->counts.queued -= held;
	applying->counts.held += held;
	if (!applying->closed)
		return 0;
	rc = keep_record(tx, applying, numbers, err);
	if (rc == 0)
		rc = forget_old(tx, applying, err);
	if (rc == 0)
		tell_written(applying, numbers);
	return rc;
}
