/* SPDX-License-Identifier: ISC */
/*
 * A changed configuration shows what it would take away before it does.  What
 * decides about a target's accounts has a digest; while that of the store is
 * another one, whatever takes something away there is held by the guard
 * 'configuration', and all else goes on.  When every API user was looked at, the
 * new digest is written; what is held by then waits for a person.
 */
#ifndef RECONCILE_CONFIGURATION_H
#define RECONCILE_CONFIGURATION_H

#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/store.h"

#define AU_CONFIGURATION_DIGEST 33

/* Of the options, templates, rules and sources by which accounts in a target are wanted.  Returns digest.  Pure. */
const char *au_configuration_digest(
    const struct au_settings *settings, const struct au_target_block *target, char *digest);

/* Hold the new steps of a plan that take something away in a target whose configuration has changed. */
int au_configuration_guard(
    struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err);

/* Store work: every API user was looked at with the policy as it is for this target. */
struct au_configuration_seen {
	struct au_policy *policy;
	const char *target;
	long long now_ms;
	bool changed;   /* result: it was another configuration */
	long long held; /* result: steps in it that wait for a person */
};
int au_configuration_seen_work(struct au_store_tx *tx, void *seen, struct au_err *err);

#endif
