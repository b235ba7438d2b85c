/* SPDX-License-Identifier: ISC */
/* The fresh look: an account right before it is changed against the account that the step was decided on.  Pure. */
#ifndef RECONCILE_FRESH_H
#define RECONCILE_FRESH_H

#include "model/account.h"
#include "model/step.h"
#include "target/target.h"

/* Whether a step of this operation changes an account that is there, so that it can be looked at before. */
bool au_fresh_is_due(enum au_step_op op, const struct au_account *account);

/*
 * What is not as it was, in words; NULL when nothing is that the step could rest on.  Values that one side does not
 * know say nothing.  In the arena.
 */
const char *au_fresh_moved(
    struct au_arena *arena, const struct au_account *decided_on, const struct au_target_account *now);
/* Whether it bears the mark of somebody else by now (never, where it was adopted without one). */
bool au_fresh_is_foreign(const struct au_account *decided_on, const struct au_target_account *now);

#endif
