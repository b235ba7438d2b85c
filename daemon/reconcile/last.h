/* SPDX-License-Identifier: ISC */
/*
 * Guards that look at a single account, whatever else is lost: the login that
 * the daemon itself uses, accounts that are protected, the last active account
 * of an application.  What they hold takes a person, however few it is.
 */
#ifndef RECONCILE_LAST_H
#define RECONCILE_LAST_H

#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/store.h"

/* What stands for one step. */
struct au_last_case {
	struct au_store_tx *tx;
	const struct au_policy *policy;
	struct au_plan *plan;
	const struct au_step *step;
};

struct au_last_guard {
	const char *name;
	/* *ret_why, in the plan's arena, says what would stop; it stays NULL when nothing does.  Errors are the
	 * store's. */
	int (*check)(const struct au_last_case *c, const char **ret_why, struct au_err *err);
};
extern const struct au_last_guard au_last_guards[]; /* ends with a NULL name */

/* Hold every new loss in the plan that one of them covers; what is held already gets its reason, too. */
int au_last_judge(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err);
/*
 * Judge a held step again before it is let go.  *ret_moved tells that more guards hold it than when it was shown;
 * its guard and guards are then the new ones, in the arena.
 */
int au_last_again(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    bool *ret_moved, struct au_err *err);

#endif
