/* SPDX-License-Identifier: ISC */
/*
 * Refusals: wishes that a person has rejected.  An account knows them as lines
 * "DIGEST STEP"; the same wish is not proposed again until it changes, is no
 * wish any more, or a person says so.  Pure.
 */
#ifndef RECONCILE_REFUSAL_H
#define RECONCILE_REFUSAL_H

#include "model/account.h"
#include "model/plan.h"

/* The account's refusals and this step. */
const char *au_refusal_add(struct au_arena *arena, const struct au_account *account, const struct au_step *step);
/* Those without that step, and whether it was among them; NULL when none is left. */
const char *au_refusal_without(
    struct au_arena *arena, const struct au_account *account, long long step, bool *ret_found);
/*
 * Take out of the plan, from its step `first` on, what was refused for the account, and say so in findings.  Returns
 * the refusals that stay: those that were met, and all of them unless is_sure that the rest is not wished any more.
 */
const char *au_refusal_apply(
    struct au_plan *plan, size_t first, const struct au_account *account, bool is_sure, struct au_arena *arena);

#endif
