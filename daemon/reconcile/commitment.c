/* SPDX-License-Identifier: ISC */
/* The plan's steps are gone through as if they came in one after another, and each is measured against the sum so far.
 */
#include "reconcile/commitment.h"

#include "base/str.h"
#include "reconcile/capacity.h"
#include "reconcile/guard.h"
#include "reconcile/ledger.h"

#include <stdlib.h>

struct committing {
	struct au_store_tx *tx;
	struct au_plan *plan;
	const char *target;
	struct au_pool_row *pools; /* all of the target; `ours` grows with those who come in */
	size_t pool_count;
};

static bool
has_commitment(const struct au_target_block *target)
{
	for (size_t i = 0; i < target->pool_count; i++)
		if (target->pools[i].beyond != AU_BEYOND_WAIT)
			return true;
	return false;
}

static bool
is_new(const struct committing *c, const struct au_step *step)
{
	return !step->id && step->state == AU_STEP_QUEUED && step->takes && au_streq(step->target, c->target);
}

static void
add(const struct committing *c, const struct au_takes *takes, bool back)
{
	for (size_t i = 0; i < c->pool_count; i++) {
		long long units = au_takes_of(takes, c->pools[i].name);
		if ((units < 0) == back)
			c->pools[i].ours += units;
	}
}

static const char *
joined(struct au_arena *arena, const char *before, const char *text)
{
	return before ? au_arena_printf(arena, "%s; %s", before, text) : text;
}

static void
judge_step(const struct committing *c, struct au_step *step, const struct au_takes *takes)
{
	struct au_arena *arena = c->plan->arena;

	for (size_t i = 0; i < c->pool_count; i++) {
		const struct au_pool_row *pool = &c->pools[i];
		long long billed = au_capacity_billed(pool, au_takes_of(takes, pool->name));
		const char *text;

		if (billed <= 0)
			continue;
		text = au_arena_printf(arena,
		    "takes %lld of '%s' beyond the %lld that are committed, which the vendor bills and does not refuse",
		    billed, pool->name, au_capacity_limit(pool));
		if (pool->beyond == AU_BEYOND_APPROVE)
			au_guard_hold(arena, step, AU_COMMITMENT_GUARD, text);
		else
			step->note = joined(arena, step->note, text);
	}
}

/* Those of one rank and age keep the order of the plan. */
static int
by_order(const void *a, const void *b)
{
	const struct au_step *one = *(struct au_step *const *)a, *other = *(struct au_step *const *)b;
	int order = au_capacity_order(one, other);

	return order != 0 ? order : one < other ? -1 : one > other;
}

static int
judge_target(struct committing *c, struct au_arena *arena, struct au_err *err)
{
	struct au_step **line = au_arena_alloc(arena, (c->plan->step_count + 1) * sizeof *line);
	struct au_takes takes;
	size_t count = 0;
	int rc = au_store_pool_list(c->tx, arena, c->target, &c->pools, &c->pool_count, err);

	for (size_t i = 0; rc == 0 && i < c->plan->step_count; i++) {
		if (!is_new(c, &c->plan->steps[i]))
			continue;
		au_takes_parse(arena, c->plan->steps[i].takes, &takes);
		add(c, &takes, true);
		if (au_takes_any(&takes))
			line[count++] = &c->plan->steps[i];
	}
	qsort(line, count, sizeof *line, by_order);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		bool covered = false;

		au_takes_parse(arena, line[i]->takes, &takes);
		rc = au_ledger_covers(c->tx, arena, line[i], &takes, &covered, err);
		if (rc < 0 || covered)
			continue;
		judge_step(c, line[i], &takes);
		add(c, &takes, false);
	}
	return rc;
}

int
au_commitment_judge(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_settings *settings = policy->settings;
	struct committing c = { .tx = tx, .plan = plan };
	int rc = 0;

	for (size_t i = 0; rc == 0 && plan->step_count && i < settings->target_count; i++) {
		c.target = settings->targets[i].block.name;
		if (has_commitment(&settings->targets[i]))
			rc = judge_target(&c, arena, err);
	}
	return rc;
}
