/* SPDX-License-Identifier: ISC */
/*
 * Store work on the ledgers of pools.  A reservation is made in the transaction that queues its step and ends in the
 * one that records its outcome, so that no two writers ever see the same unit free and no crash loses or keeps one.
 */
#ifndef RECONCILE_LEDGER_H
#define RECONCILE_LEDGER_H

#include "model/plan.h"
#include "model/pool.h"
#include "reconcile/policy.h"
#include "store/store.h"

/* Every pool of the configuration has its ledger and no other one; what is counted in another way than before is
 * counted anew.  At the start and after each change of the configuration, before anything else. */
int au_ledger_define(struct au_store_tx *tx, const struct au_policy *policy, struct au_err *err);

/* Count an account anew, after it or its steps have changed. */
int au_ledger_settle(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const char *target,
    const char *account_id, struct au_err *err);

/*
 * Decide about new steps of a plan that take (no id yet): sets state, waits and guard of each to QUEUED or WAITING, in
 * the order in which they come in.  Whoever waits already is not overtaken.  Nothing is written.
 */
int au_ledger_judge(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, long long now_ms,
    struct au_plan *plan, struct au_err *err);
/* Whether what was kept for the account of a step, above what its queued steps need, is enough for what it takes. */
int au_ledger_covers(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *step,
    const struct au_takes *takes, bool *ret, struct au_err *err);
/* Write a step that was held and is to be queued now: one that takes stands in line, and comes in when its turn is. */
int au_ledger_release(struct au_store_tx *tx, struct au_arena *arena, struct au_step *step, struct au_err *err);

/* Let those in who wait for a target and find room; each has its audit row.  A great many come in by several calls. */
int au_ledger_admit(
    struct au_store_tx *tx, struct au_arena *arena, const char *target, long long now_ms, struct au_err *err);

/*
 * The next step of a target to run, as au_store_step_next tells it, after those have come in for whom there is room:
 * room may have come without a step, by a larger limit or because a closed pool is open again, which ends the wait.
 */
int au_ledger_step_next(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    enum au_lane most, long long now_ms, struct au_step *ret, long long *ret_wake_ms, struct au_err *err);

/*
 * A step has its outcome, which is written: what it has taken is its account's now or is free again, and whoever waits
 * for that comes in.  full_until_ms: the product had no room (au_ledger_refused), the step is waiting then; 0 = it had.
 */
int au_ledger_outcome(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    struct au_step *step, long long full_until_ms, long long now_ms, struct au_err *err);

/*
 * The product said that there is no room, against our ledger: others must have taken it.  What we took for free is
 * theirs from now on, until the target has been listed again; the pools that the step takes from are closed until
 * until_ms, and whoever was let in and is not under way waits again: the step, too, which is back in the queue.
 */
int au_ledger_refused(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_step *step, long long until_ms, struct au_err *err);

#endif
