/* SPDX-License-Identifier: ISC */
/*
 * Two pictures of the same pools: as they are now, and as they are when the plan has given back what it can.  Who fits
 * into the second one only comes after one of those who give back.
 */
#include "reconcile/foresee.h"

#include "base/str.h"
#include "base/when.h"
#include "reconcile/capacity.h"
#include "reconcile/leave.h"
#include "store/seat.h"

#include <stdlib.h>

/* The line before one pool. */
struct line {
	bool elsewhere;   /* a plan of one API user does not see the others who stand in it */
	size_t number;    /* who stand in it so far */
	const char *next; /* who gives back next; NULL until somebody asks */
};

/* A step that gives back. */
struct giving {
	size_t step; /* in the plan */
	struct au_takes takes;
	bool spoken_for;
};

struct foreseeing {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_policy *policy;
	struct au_plan *plan;
	const char *target;
	struct au_pool_row *pools;
	size_t pool_count;
	struct au_room *now, *later;
	struct line *lines; /* per pool */
	struct giving *giving;
	size_t giving_count;
};

static bool
gives_back(const struct foreseeing *f, const struct au_step *step, struct au_takes *ret)
{
	if (step->state != AU_STEP_QUEUED || !step->takes || !au_streq(step->target, f->target))
		return false;
	au_takes_parse(f->arena, step->takes, ret);
	for (size_t i = 0; i < ret->count; i++)
		if (ret->items[i].units < 0)
			return true;
	return false;
}

static bool
wants_in(const struct foreseeing *f, const struct au_step *step, struct au_takes *ret)
{
	bool open = step->state == AU_STEP_WAITING || (step->state == AU_STEP_QUEUED && !step->id);

	if (!open || !step->takes || !au_streq(step->target, f->target))
		return false;
	au_takes_parse(f->arena, step->takes, ret);
	return au_takes_any(ret);
}

/* The first step of the plan that gives back something of what is taken and that nobody else comes after. */
static void
come_after(struct foreseeing *f, const struct au_step *step, const struct au_takes *takes)
{
	for (size_t i = 0; i < f->giving_count; i++) {
		struct giving *giving = &f->giving[i];
		for (size_t k = 0; !giving->spoken_for && k < takes->count; k++)
			if (takes->items[k].units > 0 && au_takes_of(&giving->takes, takes->items[k].pool) < 0) {
				giving->spoken_for = true;
				au_plan_wait(f->plan, (size_t)(step - f->plan->steps), giving->step);
				return;
			}
	}
}

static const char *
place(struct au_arena *arena, size_t number)
{
	static const char *const words[] = { "first", "second", "third" };

	return number <= AU_COUNT(words) ? words[number - 1] : au_arena_printf(arena, "number %zu", number);
}

static int
let_wait(struct foreseeing *f, struct au_step *step, const struct au_takes *takes, const struct au_pool_row *pool,
    struct au_err *err)
{
	struct line *line = &f->lines[pool - f->pools];
	const char *text = au_capacity_text(f->arena, pool, au_takes_of(takes, pool->name));
	int rc = line->next ? 0 : au_foresee_next(f->tx, f->arena, f->policy, pool, &line->next, err);

	if (rc < 0)
		return rc;
	line->number++;
	step->state = AU_STEP_WAITING;
	step->waits = au_arena_strdup(f->plan->arena, pool->name);
	if (line->elsewhere)
		step->guard = au_arena_printf(f->plan->arena, "%s; %s", text, line->next);
	else
		step->guard = au_arena_printf(
		    f->plan->arena, "%s, as %s in the line; %s", text, place(f->arena, line->number), line->next);
	return 0;
}

static int
foresee_step(struct foreseeing *f, struct au_step *step, const struct au_takes *takes, struct au_err *err)
{
	const struct au_pool_row *waits = au_capacity_try(f->later, f->pool_count, takes);

	if (waits)
		return let_wait(f, step, takes, waits, err);
	step->state = AU_STEP_QUEUED;
	step->waits = step->guard = NULL;
	if (au_capacity_try(f->now, f->pool_count, takes))
		come_after(f, step, takes);
	return 0;
}

static int
by_order(const void *a, const void *b)
{
	const struct au_step *one = *(struct au_step *const *)a, *other = *(struct au_step *const *)b;
	/* new ones have no numbers and are younger than all that have */
	int order = au_capacity_order(one, other);

	return order != 0 ? order : one < other ? -1 : one > other;
}

/* Those who stand in the lines and are in the plan, taken off what the ledger says. */
static void
look_at_lines(struct foreseeing *f, struct au_step *const *line, size_t count)
{
	struct au_takes takes;

	f->lines = au_arena_alloc(f->arena, (f->pool_count + 1) * sizeof *f->lines);
	for (size_t i = 0; i < f->pool_count; i++) {
		long long waiting = f->pools[i].waiting;
		for (size_t k = 0; waiting > 0 && k < count; k++) {
			if (!line[k]->id || !au_streq(line[k]->waits, f->pools[i].name))
				continue;
			au_takes_parse(f->arena, line[k]->takes, &takes);
			waiting -= au_takes_of(&takes, f->pools[i].name);
		}
		f->lines[i].elsewhere = f->later[i].blocked = waiting > 0;
	}
}

static int
foresee_target(struct foreseeing *f, struct au_err *err)
{
	struct au_plan *plan = f->plan;
	struct au_step **line = au_arena_alloc(f->arena, (plan->step_count + 1) * sizeof *line);
	struct au_takes takes;
	size_t count = 0;
	int rc = 0;

	f->giving = au_arena_alloc(f->arena, (plan->step_count + 1) * sizeof *f->giving);
	f->giving_count = 0;
	for (size_t i = 0; i < plan->step_count; i++) {
		if (gives_back(f, &plan->steps[i], &takes)) {
			au_capacity_give_back(f->later, f->pool_count, &takes);
			f->giving[f->giving_count++] = (struct giving){ .step = i, .takes = takes };
		}
		if (wants_in(f, &plan->steps[i], &takes))
			line[count++] = &plan->steps[i];
	}
	look_at_lines(f, line, count);
	qsort(line, count, sizeof *line, by_order);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		au_takes_parse(f->arena, line[i]->takes, &takes);
		rc = foresee_step(f, line[i], &takes, err);
	}
	return rc;
}

int
au_foresee(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, long long now_ms,
    struct au_plan *plan, struct au_err *err)
{
	const struct au_settings *settings = policy->settings;
	struct foreseeing f = { .tx = tx, .arena = arena, .policy = policy, .plan = plan };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		if (settings->targets[i].pool_count == 0)
			continue;
		f.target = settings->targets[i].block.name;
		rc = au_store_pool_list(tx, arena, f.target, &f.pools, &f.pool_count, err);
		f.now = au_capacity_rooms(arena, f.pools, f.pool_count, now_ms);
		f.later = au_capacity_rooms(arena, f.pools, f.pool_count, now_ms);
		if (rc == 0)
			rc = foresee_target(&f, err);
	}
	return rc;
}

int
au_foresee_next(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_pool_row *pool, const char **ret, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(policy->settings, pool->target);
	struct au_seat_leaving leaving;
	struct au_leave_rules rules = { 0 };
	char when[AU_WHEN_SIZE];
	int rc = au_store_seat_leaving(tx, arena, pool->target, pool->name, &leaving, err);

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (target)
		au_leave_rules(policy->settings, target, &rules);
	if (rc == AU_ENOENT)
		*ret = "nobody is on the way out";
	else if (leaving.op)
		*ret = au_arena_printf(arena, "next to be freed: %s (its %s is %s)", leaving.login,
		    au_step_op_name(leaving.op), au_step_state_name(leaving.state));
	else
		*ret = au_arena_printf(arena, "next to be freed: %s (deleted after %s)", leaving.login,
		    au_when_format(leaving.disabled_ms + rules.grace_ms, when));
	return 0;
}
