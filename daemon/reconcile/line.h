/* SPDX-License-Identifier: ISC */
/* What a step that waits for room is told of: the pool that is full, and who stands before it in the line. */
#ifndef RECONCILE_LINE_H
#define RECONCILE_LINE_H

#include "model/step.h"
#include "reconcile/policy.h"
#include "store/store.h"

/*
 * `guard` of a waiting step becomes "waits for 1 of 9 'slots'; before it: ann, bob and 3 more; next to be freed: ...",
 * as it is now, in the arena.  Of a queued one that the product had no room for, of which no pool is known, it tells the
 * product's words, when it is tried again, and who else waits so.  Any other step stays as it is.  Without a policy (NULL) nothing is said of who leaves.
 */
int au_line_tell(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy_or_null,
    struct au_step *step, struct au_err *err);

#endif
