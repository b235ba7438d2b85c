/* SPDX-License-Identifier: ISC */
/* Sorting by what a step does; waits are pairs of indexes, so they are moved along with their steps. */
#include "model/plan_order.h"

#include "base/map.h"
#include "base/str.h"

#include <string.h>

static int
place_of(enum au_step_op op)
{
	static const int places[] = {
		[AU_STEP_DISABLE] = 0,
		[AU_STEP_RETIRE] = 1,
		[AU_STEP_DELETE] = 1,
		[AU_STEP_LOOKUP] = 3,
		[AU_STEP_CREATE] = 4,
		[AU_STEP_SET_RIGHTS] = 5,
		[AU_STEP_SET_PROFILE] = 5,
		[AU_STEP_RESET_SECRET] = 5,
		[AU_STEP_ENABLE] = 6,
	};

	return (size_t)op < AU_COUNT(places) ? places[op] : 6;
}

int
au_plan_rank(const struct au_step *step)
{
	/* Rights that are taken away may free a licence. */
	return step->op == AU_STEP_SET_RIGHTS && step->lane == AU_LANE_RESTRICT ? 2 : place_of(step->op);
}

struct placed {
	struct au_step step;
	size_t was; /* index before sorting */
};

static int
by_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = by_text(x->step.target, y->step.target);

	if (order == 0)
		order = au_plan_rank(&x->step) - au_plan_rank(&y->step);
	if (order == 0)
		order = by_text(x->step.login, y->step.login);
	if (order == 0)
		order = (int)x->step.op - (int)y->step.op;
	if (order == 0)
		order = by_text(x->step.account_id, y->step.account_id);
	return order != 0 ? order : (x->was > y->was) - (x->was < y->was);
}

static int
by_subject(const void *a, const void *b)
{
	const struct au_finding *x = a, *y = b;
	int order = by_text(x->target, y->target);

	if (order == 0)
		order = by_text(x->key, y->key);
	return order != 0 ? order : by_text(x->text, y->text);
}

static void
sort_steps(struct au_plan *plan)
{
	AU_CLEANUP(au_freep) struct placed *placed = au_xcalloc(plan->step_count + 1, sizeof(*placed));
	AU_CLEANUP(au_freep) size_t *now = au_xcalloc(plan->step_count + 1, sizeof(*now));

	for (size_t i = 0; i < plan->step_count; i++)
		placed[i] = (struct placed){ plan->steps[i], i };
	qsort(placed, plan->step_count, sizeof(*placed), by_place);
	for (size_t i = 0; i < plan->step_count; i++) {
		plan->steps[i] = placed[i].step;
		now[placed[i].was] = i;
	}
	for (size_t i = 0; i < plan->wait_count; i++)
		plan->waits[i] = (struct au_wait){ now[plan->waits[i].step], now[plan->waits[i].after] };
}

/* Whose account it is: one that is not there yet has no id. */
static const char *
account_of(struct au_plan *plan, const struct au_step *step)
{
	if (step->account_id)
		return step->account_id;
	return au_arena_printf(
	    plan->arena, "%s\n%s", step->target ? step->target : "", step->apiuser_id ? step->apiuser_id : "");
}

/* Steps stand in their order, so the one that was met last is the one to wait for. */
static void
chain_accounts(struct au_plan *plan)
{
	struct au_map *last = au_map_new();

	for (size_t i = 0; i < plan->step_count; i++) {
		if (plan->steps[i].state == AU_STEP_CANCELLED)
			continue;
		/* Pointers into the steps are never NULL; the value is the step itself. */
		const struct au_step *before = au_map_put(last, account_of(plan, &plan->steps[i]), &plan->steps[i]);
		if (before)
			au_plan_wait(plan, i, (size_t)(before - plan->steps));
	}
	au_map_free(last, NULL);
}

static int
by_step(const void *a, const void *b)
{
	const struct au_wait *x = a, *y = b;
	int order = (x->step > y->step) - (x->step < y->step);

	return order != 0 ? order : (x->after > y->after) - (x->after < y->after);
}

/* By step, each once. */
static void
sort_waits(struct au_plan *plan)
{
	size_t kept = 0;

	if (plan->wait_count > 0)
		qsort(plan->waits, plan->wait_count, sizeof(*plan->waits), by_step);
	for (size_t i = 0; i < plan->wait_count; i++)
		if (kept == 0 || by_step(&plan->waits[kept - 1], &plan->waits[i]) != 0)
			plan->waits[kept++] = plan->waits[i];
	plan->wait_count = kept;
}

void
au_plan_order(struct au_plan *plan)
{
	sort_steps(plan);
	if (plan->finding_count > 0)
		qsort(plan->findings, plan->finding_count, sizeof(*plan->findings), by_subject);
	chain_accounts(plan);
	sort_waits(plan);
}
