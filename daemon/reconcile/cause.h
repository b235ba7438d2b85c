/* SPDX-License-Identifier: ISC */
/* The cause of a loss of rights: the rule that had given them and holds no more.  Pure. */
#ifndef RECONCILE_CAUSE_H
#define RECONCILE_CAUSE_H

#include "base/mem.h"
#include "model/plan.h"
#include "reconcile/policy.h"

/*
 * Give each set-rights step of lane restrict, from the plan's step `first` on, its cause: of those by which the account
 * has something (bases) the first one that does not hold any more (not in held) and whose template has what is lost.
 * A step keeps none when there is no such one: then a template gives less, or the target holds more than it was given.
 */
void au_cause_note(struct au_plan *plan, size_t first, const struct au_policy *policy, const char *rights,
    const char *bases, const char *held);

#endif
