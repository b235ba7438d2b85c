/* SPDX-License-Identifier: ISC */
/*
 * Steps that follow others: a login is one account's at a time, so a create waits until another account of ours has let
 * it go.  Only creates follow, and only accounts that are there or creates that are older, so nobody can wait for
 * himself.  What is written here is what the store says at that moment: whoever is asked again, after a crash or
 * because something was missed, comes to the same.
 */
#ifndef RECONCILE_FOLLOW_H
#define RECONCILE_FOLLOW_H

#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/store.h"

/*
 * A step of the store that is queued, waits or follows.  A create whose login another account has becomes
 * AU_STEP_FOLLOWS, with a row for each such account; one that followed and needs to no more is queued, or stands in the
 * line for room (au_ledger_release).  Any other step stays as it is.  What changed is written, with its audit row
 * (step.follow, step.admit, step.wait).
 */
int au_follow_judge(
    struct au_store_tx *tx, struct au_arena *arena, struct au_step *step, long long now_ms, struct au_err *err);
/* An account or its steps have changed, or the account is gone: judge those who wait for it. */
int au_follow_settle(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, long long now_ms, struct au_err *err);
/* Right before a create is sent: whether it follows, after all; its seats are free then. */
int au_follow_stop(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    long long now_ms, bool *ret_follows, struct au_err *err);

/*
 * What people are told of a step that follows, as it is now: `guard` says whose login it is, by which step it becomes
 * free or why none is planned, and what they can do; `follows` names account and step.  In the arena; any other step
 * stays as it is.  Without a policy (NULL) nothing is said of when a deletion is due.
 */
int au_follow_tell(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy_or_null,
    struct au_step *step, struct au_err *err);
/*
 * A plan that is only shown: its creates that would follow become AU_STEP_FOLLOWS, are told as above, and come after
 * the step of the plan that lets the login go (au_plan_wait).
 */
int au_follow_foresee(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err);

/* Of the open steps of an account, the one by which its login becomes free, or known to be: its deletion; else what it
 * is made or looked up by; else what it is switched off by.  NULL = none. */
const struct au_step *au_follow_freeing(const struct au_step *open, size_t count);

#endif
