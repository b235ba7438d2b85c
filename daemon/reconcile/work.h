/* SPDX-License-Identifier: ISC */
/*
 * Work orders as the queue sees them: a step whose call a person must make opens one, and when the step is not wanted
 * any more its order goes with it.  Store work.
 */
#ifndef RECONCILE_WORK_H
#define RECONCILE_WORK_H

#include "model/account.h"
#include "model/work.h"
#include "settings/settings.h"
#include "store/store.h"

/*
 * The step is with a person from now on; text is what the plugin wrote down.  An account has one open order: one that
 * nobody has claimed is made anew, one of the same wish stays as it is, a claimed one of another wish is superseded.
 * The step that had asked for another one is cancelled, to be planned anew behind this one.
 * Audit: work.open, work.rewrite, work.supersede, step.cancel.
 */
int au_work_open(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_step *step, const char *text, long long now_ms, struct au_err *err);
/*
 * A step has its outcome: what a person must do has its order (text, as au_work_open has it), and what was
 * ordered and is over without him has none any more.
 */
int au_work_outcome(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_step *step, const char *text, long long now_ms, struct au_err *err);
/*
 * A step of the account is over without a person: what was ordered for it is not wanted so any more.  more_coming:
 * another step of this account follows, so that an order that nobody has claimed waits for its new text; otherwise it
 * is cancelled.  Audit: work.supersede, work.cancel.
 */
int au_work_step_gone(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *step, bool more_coming,
    long long now_ms, struct au_err *err);
/*
 * Orders of a target that are older than its option order_expiry end, with their steps, and claims that are older than
 * order_claim lapse; *ret_late counts them.  only_count: nothing is changed.  Audit: work.expire, work.lapse,
 * step.expire.
 */
int au_work_expire(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    bool only_count, long long now_ms, long long *ret_late, struct au_err *err);

/* What happened to an order, for the audit; the row is written, too. */
int au_work_write(struct au_store_tx *tx, const struct au_work *work, const char *actor, const char *verb,
    long long now_ms, struct au_err *err);

#endif
