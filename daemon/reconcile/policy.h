/* SPDX-License-Identifier: ISC */
/*
 * What the pure functions need to know of the configuration: the settings,
 * held, and the templates as their targets resolved them.  A policy never
 * changes once it is shared with a store thread; a change makes a new one.
 */
#ifndef RECONCILE_POLICY_H
#define RECONCILE_POLICY_H

#include "reconcile/brake.h"
#include "settings/settings.h"

struct au_policy {
	unsigned references; /* loop thread only */
	struct au_settings *settings;
	struct au_arena *arena;
	struct au_template *templates; /* as in settings, with canonical and problem */
	size_t template_count;
	const char **digests; /* by target: of what decides there, see configuration.h */
	const char **order; /* sources, then SCIM clients: earlier wins a merge */
	size_t order_count;
	long long grace_ms, retry_failed_ms;
	struct au_brake brake;   /* by the options of reconcile */
	struct au_brake *brakes; /* by target, as in settings */
	long long nesting_interval_ms; /* between two looks at how all groups lie */
	long long nested_depth; /* groups that may lie between a member and a rule's group */
};

/* Takes a hold of settings; templates start unresolved. */
struct au_policy *au_policy_new(struct au_settings *settings);
/* A copy in which one template's resolution is replaced; old keeps its references. */
struct au_policy *au_policy_resolve(
    const struct au_policy *old, const char *template, const char *canonical, const char *problem);
/* A policy of other settings, with what old knows of the templates; one of them is resolved as given. */
struct au_policy *au_policy_change(
    const struct au_policy *old, struct au_settings *settings, const char *template, const char *canonical);
struct au_policy *au_policy_hold(struct au_policy *policy);
void au_policy_free(struct au_policy *policy); /* drops one hold; NULL is fine */

const struct au_template *au_policy_template(const struct au_policy *policy, const char *name);
/* How guards brake in a target; NULL, or one that is not configured: as reconcile says. */
const struct au_brake *au_policy_brake(const struct au_policy *policy, const char *target);
/* Place of a source in the order; order_count when it is not configured (any more). */
size_t au_policy_rank(const struct au_policy *policy, const char *source);

#endif
