/* SPDX-License-Identifier: ISC */
/*
 * The limit is a number for small sets and a share for large ones; and of the
 * smallest, of which the number would be all, a share again.
 * All new losses of a plan in one place are let through or held, so that a
 * mass removal is not half done.
 */
#include "reconcile/guard.h"

#include "base/when.h"

#include <string.h>

struct limits {
	struct au_brake_num count, percent;
};

static struct limits
limits_for(enum au_step_op op, const struct au_brake *brake)
{
	if (op == AU_STEP_SET_RIGHTS)
		return (struct limits){ brake->rights_count, brake->rights_percent };
	return (struct limits){ brake->count, brake->percent };
}

/* Of a very small set the number would be all of it, so a share is the limit there. */
static bool
is_small(enum au_step_op op, long long before, const struct au_brake *brake, long long *ret_limit)
{
	*ret_limit = (before * brake->small_percent.num + 99) / 100;
	return *ret_limit < limits_for(op, brake).count.num;
}

long long
au_guard_limit(enum au_step_op op, long long before, const struct au_brake *brake, struct au_brake_num *ret_by)
{
	struct limits limits = limits_for(op, brake);
	long long large = before * limits.percent.num / 100, limit;
	bool small = is_small(op, before, brake, &limit);
	struct au_brake_num by = small ? brake->small_percent : limits.count;

	if (!small)
		limit = limits.count.num;
	if (large > limit) {
		by = limits.percent;
		limit = large;
	}
	if (ret_by)
		*ret_by = by;
	return limit;
}

/* Within the window as many may come and go as the number says, though the set be small; but so many may be gone. */
static bool
is_beyond(enum au_step_op op, const struct au_guard_counts *counts, const struct au_brake *brake)
{
	struct limits limits = limits_for(op, brake);
	long long flow = counts->before * limits.percent.num / 100;

	if (counts->away + counts->planned > au_guard_limit(op, counts->before, brake, NULL))
		return true;
	return counts->lost + counts->planned - counts->again > (flow > limits.count.num ? flow : limits.count.num);
}

long long
au_guard_enough(enum au_step_op op, const struct au_guard_counts *counts, const struct au_brake *brake)
{
	struct limits limits = limits_for(op, brake);
	long long losses = counts->lost + counts->planned, enough = 1;

	/* The share of a small set reaches the number, or the share of a large one is more than what would be lost. */
	if (brake->small_percent.num > 0)
		enough = limits.count.num * 100 / brake->small_percent.num + 1;
	if (limits.percent.num > 0 && (losses >= limits.count.num || brake->small_percent.num == 0))
		enough = (losses + 1) * 100 / limits.percent.num + 1;
	return enough;
}

static const char *
word_for(enum au_step_op op)
{
	return op == AU_STEP_SET_RIGHTS ? "lose rights" : op == AU_STEP_DELETE ? "be deleted" : "be disabled";
}

static const char *
check_emptied(struct au_arena *arena, const struct au_guard *guard, const struct au_guard_counts *counts,
    const struct au_brake *brake, const char *place)
{
	(void)brake;
	if (!counts->is_emptied)
		return NULL;
	return au_arena_printf(arena, "guard '%s' closes lane %s for %s: it has no member left", guard->name,
	    au_lane_name(guard->lane), place);
}

static const char *
check_limit(struct au_arena *arena, const struct au_guard *guard, const struct au_guard_counts *counts,
    const struct au_brake *brake, const char *place)
{
	struct au_brake_num by;
	long long limit = au_guard_limit(guard->counts, counts->before, brake, &by), count;
	char window[32];

	if (!is_beyond(guard->counts, counts, brake))
		return NULL;
	count =
	    counts->planned + (counts->away + counts->planned > limit ? counts->away : counts->lost - counts->again);
	if (counts->away + counts->planned <= limit && by.option == brake->small_percent.option) {
		by = limits_for(guard->counts, brake).count;
		limit = by.num;
	}
	au_duration_format(brake->window_ms, window, sizeof window);
	return au_arena_printf(arena,
	    "guard '%s' closes lane %s for %s: %lld of %s%lld accounts would %s within %s, at most %lld may "
	    "(%s = %lld%s)",
	    guard->name, au_lane_name(guard->lane), place, count, counts->is_more ? "more than " : "", counts->before,
	    word_for(guard->counts), window, limit, by.option, by.num, by.target ? " of this target" : "");
}

const char *
au_guard_missing(struct au_arena *arena, long long present, long long missing, bool is_empty,
    const struct au_brake *brake, const char *target)
{
	struct au_brake_num by;
	long long limit = au_guard_limit(AU_STEP_DELETE, present, brake, &by);

	if (missing > 0 && is_empty)
		return au_arena_printf(arena, "guard 'emptied-list': the list of target '%s' is empty", target);
	if (missing <= limit)
		return NULL;
	return au_arena_printf(arena,
	    "guard 'missing-accounts': %lld of %lld accounts are not in the list of target '%s', at most %lld are "
	    "believed to be gone (%s = %lld)",
	    missing, present, target, limit, by.option, by.num);
}

/* Columns: name, what it counts, where, which lane it closes, how it judges. */
const struct au_guard au_guards[] = {
	{ "emptied-group", AU_STEP_DISABLE, AU_LOSS_GROUP, AU_LANE_RESTRICT, check_emptied },
	{ "emptied-group-deletions", AU_STEP_DELETE, AU_LOSS_GROUP, AU_LANE_DESTRUCTIVE, check_emptied },
	{ "disables-of-group", AU_STEP_DISABLE, AU_LOSS_GROUP, AU_LANE_RESTRICT, check_limit },
	{ "rights-of-group", AU_STEP_SET_RIGHTS, AU_LOSS_GROUP, AU_LANE_RESTRICT, check_limit },
	{ "deletions-of-group", AU_STEP_DELETE, AU_LOSS_GROUP, AU_LANE_DESTRUCTIVE, check_limit },
	{ "disables-of-source", AU_STEP_DISABLE, AU_LOSS_SOURCE, AU_LANE_RESTRICT, check_limit },
	{ "rights-of-source", AU_STEP_SET_RIGHTS, AU_LOSS_SOURCE, AU_LANE_RESTRICT, check_limit },
	{ "deletions-of-source", AU_STEP_DELETE, AU_LOSS_SOURCE, AU_LANE_DESTRUCTIVE, check_limit },
	{ "disables-of-target", AU_STEP_DISABLE, AU_LOSS_TARGET, AU_LANE_RESTRICT, check_limit },
	{ "rights-of-target", AU_STEP_SET_RIGHTS, AU_LOSS_TARGET, AU_LANE_RESTRICT, check_limit },
	{ "deletions-of-target", AU_STEP_DELETE, AU_LOSS_TARGET, AU_LANE_DESTRUCTIVE, check_limit },
	{ NULL, 0, 0, 0, NULL },
};

bool
au_guard_is_among(const char *guards, const char *name)
{
	size_t len = strlen(name);

	while (guards != NULL) {
		if (strncmp(guards, name, len) == 0 && (guards[len] == ',' || guards[len] == '\0'))
			return true;
		guards = strchr(guards, ',');
		guards += guards != NULL;
	}
	return false;
}

void
au_guard_hold(struct au_arena *arena, struct au_step *step, const char *name, const char *text)
{
	if (step->state == AU_STEP_HELD && step->guards) {
		step->guards = au_arena_printf(arena, "%s,%s", step->guards, name);
		step->guard = au_arena_printf(arena, "%s; %s", step->guard, text);
		return;
	}
	step->state = AU_STEP_HELD;
	step->guards = name;
	step->guard = text;
}
