/* SPDX-License-Identifier: ISC */
/* What a dry run foresees of steps that take: who comes in at once, who after what, and who waits. */
#ifndef RECONCILE_FORESEE_H
#define RECONCILE_FORESEE_H

#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/pool.h"
#include "store/store.h"

/*
 * Of all steps of a plan that take and are not let in yet, new or waiting: QUEUED when there is room, or when the plan
 * itself makes room before, in which case the step waits for that one (au_plan_wait); WAITING otherwise, with its place
 * in the line and who gives back next in `guard`.
 */
int au_foresee(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, long long now_ms,
    struct au_plan *plan, struct au_err *err);

/* "next to be freed: ann (its disable is held)"; in the arena. */
int au_foresee_next(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_pool_row *pool, const char **ret, struct au_err *err);

#endif
