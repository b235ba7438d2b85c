/* SPDX-License-Identifier: ISC */
/* Compare: what is wanted against what was last observed gives steps.  Pure. */
#ifndef RECONCILE_COMPARE_H
#define RECONCILE_COMPARE_H

#include "model/plan.h"
#include "reconcile/leave.h"
#include "reconcile/wanted.h"

/* Steps of an account that was adopted and not looked at again are planned as held by this guard. */
#define AU_ADOPTION_GUARD "adoption"

struct au_comparison {
	const struct au_target_block *target;
	const struct au_apiuser *user;
	const struct au_wanted *wanted;   /* never NULL; wanted->wanted may be false */
	const struct au_account *account; /* NULL when there is none yet */
	const char *may_not_remove;       /* why removals must wait; NULL = they may go on */
	struct au_leave_rules leave;      /* what becomes of it when nobody wants it */
	long long now_ms;
};

/*
 * Appends steps (state QUEUED, id 0; account_id NULL for a first create) and findings to the plan.
 * Nothing is appended when all is well.
 */
void au_compare(const struct au_comparison *c, struct au_plan *plan);

#endif
