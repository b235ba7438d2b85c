/* SPDX-License-Identifier: ISC */
/*
 * Pools whose limit is a commitment: the vendor bills what goes beyond it and refuses nothing, so nobody waits.  What
 * nothing refuses must be said before it happens, and held first where the configuration asks for that.
 */
#ifndef RECONCILE_COMMITMENT_H
#define RECONCILE_COMMITMENT_H

#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/store.h"

#define AU_COMMITMENT_GUARD "commitment"

/*
 * The new steps of a plan that go beyond a commitment have a note that says so, or are held by the guard "commitment".
 * Who comes in first takes what is left, by rank and age; what the plan gives back is used first.
 */
int au_commitment_judge(
    struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err);

#endif
