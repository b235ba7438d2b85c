/* SPDX-License-Identifier: ISC */
/*
 * Looking at keys: draft them all, let the guard judge the removals as a whole,
 * and either keep the plan (dry run) or write it with its audit rows.
 */
#ifndef RECONCILE_LOOK_H
#define RECONCILE_LOOK_H

#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/store.h"

struct au_look_counts {
	long long queued, held, cancelled, waiting;
	long long owners_left; /* API users whose owner was fine at the last look */
};

/* Which of the steps that a look comes to are written, and on whose word. */
struct au_look_choice {
	/* May hold a new one that it takes (reconcile/guard.h), text in that arena; the guards then judge the others.
	 * NULL = all are. */
	bool (*takes)(void *ctx, struct au_arena *arena, struct au_step *step);
	void *ctx;
	const char *actor; /* for the audit; NULL = the reconciler by itself */
	const char *plan;  /* digest of the saved plan that is applied; NULL = none */
	long long parcel;  /* that new ones belong to (reconcile/parcel.h); 0 = to none */
	bool losses_only;  /* of these, only what takes something away; the others may be sent at once */
};

/*
 * Look at keys inside a write: changes are written, steps queued, everything audited.  With a choice, others
 * stay away before the guards judge what is left.  waiting counts keys that must be
 * looked at again once their sources allow removals; they are told through *ret_waiting (in the arena).
 */
int au_look_write(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_look_choice *choice_or_null, const char *const *keys, size_t key_count, long long now_ms,
    struct au_look_counts *counts, const char ***ret_waiting, size_t *ret_waiting_count, struct au_err *err);
/* Look at keys and append to plan what would be done; the store stays as it is. */
int au_look_plan(struct au_store_tx *tx, const struct au_policy *policy, const char *const *keys, size_t key_count,
    long long now_ms, struct au_plan *plan, struct au_err *err);
/* Let the guard judge every new removal in the plan. */
int au_look_guard(
    struct au_store_tx *tx, const struct au_policy *policy, long long now_ms, struct au_plan *plan, struct au_err *err);

#endif
