/* SPDX-License-Identifier: ISC */
/*
 * Guards: what takes something away beyond a limit is held until a person
 * approves.  A guard is a row: what it counts, where, and which lane it closes
 * there for what it counts; everything else goes on, creates first of all.
 * Losses of rights have a limit of their own, so that a template that gives
 * less does not keep those active who have left.  Pure; counting is the caller's.
 */
#ifndef RECONCILE_GUARD_H
#define RECONCILE_GUARD_H

#include "base/mem.h"
#include "reconcile/brake.h"
#include "store/loss.h"

/* One kind of loss in one place, the plan at hand included; accounts, each once however often it comes and goes. */
struct au_guard_counts {
	long long before;  /* there, had nobody gone within the window */
	bool is_more;      /* counted no further: there are more, and it makes no difference */
	long long lost;    /* of them, with a loss within the window, or with one under way */
	long long away;    /* of those, who have not come back */
	long long planned; /* by the plan at hand */
	long long again;   /* of those, who are among the lost and came back */
	bool is_emptied;   /* the group that gave the accounts exists no more or has no member left */
};

struct au_guard {
	const char *name;
	enum au_step_op counts;
	enum au_loss_scope scope;
	enum au_lane lane; /* that it closes, for what it counts */
	/* NULL when the planned losses may go on, else what is wrong with them.  `place` is "target 'room'". */
	const char *(*check)(struct au_arena *arena, const struct au_guard *guard, const struct au_guard_counts *counts,
	    const struct au_brake *brake, const char *place);
};

/* In the order in which they judge: what one of them holds does not count for those after it.  Ends with a NULL name.
 */
extern const struct au_guard au_guards[];

/* How many of so many may be lost within the window, and which option says so. */
long long au_guard_limit(
    enum au_step_op op, long long before, const struct au_brake *brake, struct au_brake_num *ret_by);
/* With so many accounts before, any number of them makes no difference to the limit for lost and planned ones. */
long long au_guard_enough(enum au_step_op op, const struct au_guard_counts *counts, const struct au_brake *brake);
/* Accounts of ours that a target's list does not bring: NULL when so many may be gone, else why that is not believed.
 */
const char *au_guard_missing(struct au_arena *arena, long long present, long long missing, bool is_empty,
    const struct au_brake *brake, const char *target);
/* Whether a guard is among names with commas between (struct au_step, guards); NULL has none. */
bool au_guard_is_among(const char *guards, const char *name);
/* Hold a step, or give a reason more for it: the name of a guard and what it says.  Text goes to the arena. */
void au_guard_hold(struct au_arena *arena, struct au_step *step, const char *name, const char *text);

#endif
