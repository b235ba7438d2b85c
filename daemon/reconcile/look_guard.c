/* SPDX-License-Identifier: ISC */
/*
 * Counting for the guard: per target, and per group that had given the
 * accounts.  All new removals of a plan are judged together.
 */
#include "reconcile/guard.h"
#include "reconcile/look.h"

#include "base/str.h"
#include "base/text.h"
#include "store/account.h"
#include "store/fact.h"
#include "store/resource.h"
#include "store/step.h"

#include <string.h>

static bool
is_new_removal(const struct au_step *step)
{
	return !step->id && step->state == AU_STEP_QUEUED &&
	       (step->op == AU_STEP_DISABLE || step->op == AU_STEP_DELETE);
}

static bool
concerns(const struct au_step *step, const char *target, const char *cause)
{
	return is_new_removal(step) && au_streq(step->target, target) && (!cause || au_streq(step->cause, cause));
}

static void
hold(struct au_plan *plan, const char *target, const char *cause, const char *why)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		struct au_step *step = &plan->steps[i];
		if (concerns(step, target, cause)) {
			step->state = AU_STEP_HELD;
			step->guard = why;
		}
	}
}

static const struct au_rule *
rule_of_cause(const struct au_policy *policy, const char *cause)
{
	for (size_t i = 0; i < policy->settings->rule_count; i++) {
		const struct au_rule *rule = &policy->settings->rules[i];
		size_t len = strlen(rule->source);
		if (strncmp(cause, rule->source, len) == 0 && cause[len] == '/' &&
		    au_streq(cause + len + 1, rule->group))
			return rule;
	}
	return NULL;
}

/* Ids of the groups that the rule means; none when there is none of that name. */
static int
find_groups(struct au_store_tx *tx, struct au_arena *arena, const struct au_rule *rule, const char ***ret,
    size_t *ret_count, struct au_err *err)
{
	struct au_entry group;
	struct au_resource *pushed;
	size_t count = 0;
	int rc;

	*ret = au_arena_alloc(arena, sizeof(**ret));
	*ret_count = 0;
	if (rule->is_grant)
		(*ret)[(*ret_count)++] = rule->group_norm;
	if (rule->is_grant)
		return 0;
	/* A client's group names are unique and have an index. */
	rc = rule->is_dn
		 ? 0
		 : au_store_resource_find(tx, arena, rule->source, "Group", rule->group_norm, &pushed, &count, err);
	if (rc == 0 && count > 0)
		(*ret)[(*ret_count)++] = pushed[0].id;
	if (rc < 0 || count > 0)
		return rc;
	if (!rule->is_dn)
		return au_store_entry_groups_named(tx, arena, rule->source, rule->group_norm, ret, ret_count, err);
	rc = au_store_entry_by_dn(tx, arena, rule->source, rule->group_norm, &group, err);
	if (rc == 0)
		(*ret)[(*ret_count)++] = group.id;
	return rc == AU_ENOENT ? 0 : rc;
}

/* People whom the rule reaches now, counted no further than limit; a group that is gone has none. */
static int
people_now(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const struct au_rule *rule,
    long long limit, long long *ret, struct au_err *err)
{
	const char **groups;
	size_t count;
	long long people;

	*ret = 0;
	if (!rule->group_norm)
		return au_store_entry_count(tx, rule->source, AU_ENTRY_PERSON, ret, err);
	int rc = find_groups(tx, arena, rule, &groups, &count, err);
	for (size_t i = 0; rc == 0 && i < count && *ret < limit; i++) {
		rc = au_store_member_people(tx, rule->source, groups[i], policy->nested_depth, limit, &people, err);
		if (rc == 0)
			*ret += people;
	}
	return rc;
}

/* With so many people left in a group any number of them makes no difference to the guard. */
static long long
enough_people(const struct au_policy *policy, const struct au_guard_counts *counts)
{
	return policy->guard_percent > 0 ? (counts->removed + counts->planned + 1) * 100 / policy->guard_percent + 1
					 : 1;
}

static long long
count_planned(const struct au_plan *plan, const char *target, const char *cause)
{
	long long planned = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		planned += concerns(&plan->steps[i], target, cause);
	return planned;
}

static int
judge(struct au_store_tx *tx, const struct au_policy *policy, long long now_ms, struct au_plan *plan,
    const char *target, const char *cause, struct au_err *err)
{
	struct au_guard_counts counts = { .planned = count_planned(plan, target, cause) };
	struct au_account_counts accounts = { 0 };
	const struct au_rule *rule = cause ? rule_of_cause(policy, cause) : NULL;
	const char *why;
	int rc = au_store_step_removals(tx, target, cause, now_ms - policy->guard_window_ms, &counts.removed, err);

	if (rc == 0 && !cause) {
		rc = au_store_account_counts(tx, target, &accounts, err);
		counts.active = accounts.active;
	} else if (rc == 0 && rule) {
		rc = people_now(tx, plan->arena, policy, rule, enough_people(policy, &counts), &counts.active, err);
		/* a client takes a role or an entitlement from each person by itself, so the last one is nothing
		 * special */
		counts.emptied = counts.active == 0 && !rule->is_grant;
		counts.active += counts.planned;
	}
	if (rc < 0)
		return rc;
	if (cause && !rule)
		return 0; /* the rule itself is gone from the configuration: the target's own limit judges */
	const char *what = cause ? au_arena_printf(plan->arena, "group '%s'", cause)
				 : au_arena_printf(plan->arena, "target '%s'", target);
	why = au_guard_check(
	    plan->arena, &counts, policy->guard_count, policy->guard_percent, policy->guard_window_ms, what);
	if (why)
		hold(plan, target, cause, why);
	return 0;
}

int
au_look_guard(
    struct au_store_tx *tx, const struct au_policy *policy, long long now_ms, struct au_plan *plan, struct au_err *err)
{
	/* Groups first: what a group's guard holds does not count against the target. */
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < plan->step_count; i++) {
			const struct au_step *step = &plan->steps[i];
			const char *cause = pass == 0 ? step->cause : NULL;
			bool first = true;
			if (!is_new_removal(step) || (pass == 0 && !cause))
				continue;
			for (size_t k = 0; k < i && first; k++)
				first = !concerns(&plan->steps[k], step->target, cause);
			if (!first)
				continue;
			int rc = judge(tx, policy, now_ms, plan, step->target, cause, err);
			if (rc < 0)
				return rc;
		}
	return 0;
}
