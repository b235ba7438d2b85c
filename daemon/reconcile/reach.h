/* SPDX-License-Identifier: ISC */
/* How many people a rule reaches now: what is left of a group that some have left. */
#ifndef RECONCILE_REACH_H
#define RECONCILE_REACH_H

#include "reconcile/policy.h"
#include "store/store.h"

/* The rule that a cause, "SOURCE/GROUP", names; NULL when it is in the configuration no more. */
const struct au_rule *au_reach_rule(const struct au_policy *policy, const char *cause);
/* The source in a cause, in the arena. */
const char *au_reach_source(struct au_arena *arena, const char *cause);
/* Counted no further than limit; a group that is gone has none.  Errors are the store's. */
int au_reach_people(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_rule *rule, long long limit, long long *ret, struct au_err *err);

#endif
