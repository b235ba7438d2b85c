/* SPDX-License-Identifier: ISC */
/* What if so many more had a template: how many of them would come in, and which pool would run out.  Pure. */
#ifndef RECONCILE_TRIAL_H
#define RECONCILE_TRIAL_H

#include "model/pool.h"
#include "reconcile/policy.h"
#include "store/pool.h"

struct au_trial {
	struct au_takes takes; /* of one account */
	long long fit;         /* accounts */
	const char *full;      /* the pool for which the next one would wait; NULL = all come in */
};

/* The target of a template; it is `only`, unless that is NULL.  AU_ENOENT, AU_EINVAL. */
int au_trial_target(
    const struct au_policy *policy, const char *template, const char *only, const char **ret, struct au_err *err);
/*
 * New accounts with no other template, active, behind all who wait; pools are the target's.  AU_ETEMP while the target
 * has not resolved the template, AU_EINVAL when it cannot.  Text is in the arena.
 */
int au_trial_make(struct au_arena *arena, const struct au_policy *policy, const char *template, long long more,
    const struct au_pool_row *pools, size_t pool_count, long long now_ms, struct au_trial *ret, struct au_err *err);

#endif
