/* SPDX-License-Identifier: ISC */
/*
 * Counting for the guards: each row of theirs looks at the new losses of a
 * plan, place by place, and judges those of a place together.
 */
#include "reconcile/guard.h"
#include "reconcile/last.h"
#include "reconcile/look.h"
#include "reconcile/reach.h"

#include "base/map.h"
#include "base/str.h"

/* What one guard sees in one place. */
struct place {
	struct au_loss_place where;
	const struct au_rule *rule; /* AU_LOSS_GROUP */
	long long steps;            /* of the plan */
	struct au_guard_counts counts;
	struct au_loss_counts freed; /* steps that end with this plan */
	const char *why;             /* held; NULL = may go on */
};

struct judging {
	struct au_store_tx *tx;
	const struct au_policy *policy;
	long long now_ms;
	struct au_plan *plan;
	const struct au_guard *guard;
	struct au_map *places;
};

static bool
is_new_loss(const struct au_step *step)
{
	return !step->id && step->state == AU_STEP_QUEUED && step->lane != AU_LANE_SAFE;
}

/* Where the guard counts a step, as a key; NULL when it does not. */
static const char *
key_of(const struct judging *j, const struct au_step *step)
{
	if (step->lane == AU_LANE_SAFE || step->op != j->guard->counts)
		return NULL;
	switch (j->guard->scope) {
	case AU_LOSS_GROUP:
		return step->cause ? au_arena_printf(j->plan->arena, "%s/%s", step->target, step->cause) : NULL;
	case AU_LOSS_SOURCE:
		return step->cause ? au_reach_source(j->plan->arena, step->cause) : NULL;
	case AU_LOSS_TARGET:
		return step->target;
	}
	return NULL;
}

static struct place *
place_new(const struct judging *j, const struct au_step *step, const char *key)
{
	struct place *place = au_arena_alloc(j->plan->arena, sizeof *place);

	place->where = (struct au_loss_place){ .scope = j->guard->scope };
	if (j->guard->scope != AU_LOSS_SOURCE)
		place->where.target = step->target;
	if (j->guard->scope == AU_LOSS_SOURCE)
		place->where.name = key;
	if (j->guard->scope == AU_LOSS_GROUP) {
		place->where.name = step->cause;
		place->rule = au_reach_rule(j->policy, step->cause);
	}
	return place;
}

/* The first new loss in a place names it; who comes and goes is counted once. */
static int
add_step(struct judging *j, const struct au_step *step, struct au_err *err)
{
	const char *key = is_new_loss(step) ? key_of(j, step) : NULL;
	struct place *place = key ? au_map_get(j->places, key) : NULL;
	bool again = false;
	int rc;

	if (!key)
		return 0;
	if (!place) {
		place = place_new(j, step, key);
		au_map_put(j->places, key, place);
	}
	rc = au_store_loss_again(j->tx, step->account_id, step->op,
	    j->now_ms - au_policy_brake(j->policy, place->where.target)->window_ms, &again, err);
	place->counts.planned++;
	place->counts.again += again;
	return rc;
}

/* What the plan ends is still open in the store. */
static void
note_freed(struct judging *j, const struct au_step *step)
{
	const char *key = step->id && step->state == AU_STEP_CANCELLED ? key_of(j, step) : NULL;
	struct place *place = key ? au_map_get(j->places, key) : NULL;

	if (!place)
		return;
	if (!step->guards)
		place->freed.open++;
	else if (au_guard_is_among(step->guards, j->guard->name))
		place->freed.held++;
}

/* Members that are left, and those whom the plan takes; who has gone already is told by what was done. */
static int
count_group(struct judging *j, struct place *place, long long gone, long long enough, struct au_err *err)
{
	struct au_guard_counts *counts = &place->counts;
	long long people = 0;
	int rc = au_reach_people(j->tx, j->plan->arena, j->policy, place->rule, enough, &people, err);

	if (rc < 0)
		return rc;
	/* A client takes a role or an entitlement from each person by itself, so the last one is nothing special. */
	counts->is_emptied = people == 0 && !place->rule->is_grant;
	counts->is_more = people >= enough;
	counts->before = people + counts->planned + gone;
	return 0;
}

/* Who is deleted was disabled before; who loses rights stays. */
static int
count_accounts(struct judging *j, struct place *place, long long gone, long long enough, struct au_err *err)
{
	struct au_guard_counts *counts = &place->counts;
	enum au_step_op op = j->guard->counts;
	long long there = 0;
	int rc = au_store_loss_accounts(j->tx, &place->where, op != AU_STEP_DELETE, enough, &there, err);

	if (rc < 0)
		return rc;
	counts->is_more = there >= enough;
	counts->before = there + (op == AU_STEP_SET_RIGHTS ? 0 : gone);
	return 0;
}

static int
judge(struct judging *j, struct place *place, struct au_err *err)
{
	const struct au_brake *brake = au_policy_brake(j->policy, place->where.target);
	struct au_loss_counts lost = { 0 };
	long long enough;
	int rc = au_store_loss_count(
	    j->tx, &place->where, j->guard->counts, j->now_ms - brake->window_ms, j->guard->name, &lost, err);

	if (rc < 0)
		return rc;
	/* A lane that is closed stays so until somebody has decided: what the guard holds counts like what is new. */
	lost.open -= place->freed.open;
	place->counts.planned += lost.held - place->freed.held;
	place->counts.lost = lost.open + lost.done;
	/* Who loses rights stays, so all that is known is that they were lost. */
	if (j->guard->counts == AU_STEP_SET_RIGHTS)
		lost.gone = lost.done - place->counts.again;
	place->counts.away = lost.open + lost.gone;
	enough = au_guard_enough(j->guard->counts, &place->counts, brake);
	if (place->where.scope != AU_LOSS_GROUP)
		rc = count_accounts(j, place, lost.gone, enough, err);
	else if (place->rule)
		rc = count_group(j, place, lost.gone, enough, err);
	else
		return 0; /* the rule is gone from the configuration: the limits of source and target judge */
	if (rc == 0)
		place->why = j->guard->check(j->plan->arena, j->guard, &place->counts, brake,
		    place->where.scope == AU_LOSS_GROUP
			? au_arena_printf(j->plan->arena, "group '%s'", place->where.name)
		    : place->where.scope == AU_LOSS_SOURCE
			? au_arena_printf(j->plan->arena, "source '%s'", place->where.name)
			: au_arena_printf(j->plan->arena, "target '%s'", place->where.target));
	return rc;
}

static void
hold(struct judging *j)
{
	for (size_t i = 0; i < j->plan->step_count; i++) {
		const char *key = is_new_loss(&j->plan->steps[i]) ? key_of(j, &j->plan->steps[i]) : NULL;
		const struct place *place = key ? au_map_get(j->places, key) : NULL;
		if (place && place->why)
			au_guard_hold(j->plan->arena, &j->plan->steps[i], j->guard->name, place->why);
	}
}

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

static int
apply_guard(struct judging *j, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *places = au_map_new();
	size_t cursor = 0;
	void *place;
	bool is_held = false;

	j->places = places;
	for (size_t i = 0; i < j->plan->step_count; i++) {
		int rc = add_step(j, &j->plan->steps[i], err);
		if (rc < 0)
			return rc;
	}
	for (size_t i = 0; i < j->plan->step_count; i++)
		note_freed(j, &j->plan->steps[i]);
	while (au_map_next(places, &cursor, NULL, &place)) {
		int rc = judge(j, place, err);
		if (rc < 0)
			return rc;
		is_held = is_held || ((struct place *)place)->why;
	}
	if (is_held)
		hold(j);
	return 0;
}

int
au_look_guard(
    struct au_store_tx *tx, const struct au_policy *policy, long long now_ms, struct au_plan *plan, struct au_err *err)
{
	struct judging j = { .tx = tx, .policy = policy, .now_ms = now_ms, .plan = plan };
	bool any = false;
	int rc = 0;

	for (size_t i = 0; i < plan->step_count && !any; i++)
		any = is_new_loss(&plan->steps[i]);
	for (j.guard = au_guards; any && rc == 0 && j.guard->name; j.guard++)
		rc = apply_guard(&j, err);
	return any && rc == 0 ? au_last_judge(tx, policy, plan, err) : rc;
}
