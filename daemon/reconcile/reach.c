/* SPDX-License-Identifier: ISC */
/* From a cause to its rule, from the rule to the groups it means, from them to their people. */
#include "reconcile/reach.h"

#include "base/str.h"
#include "store/fact.h"
#include "store/resource.h"

#include <string.h>

const struct au_rule *
au_reach_rule(const struct au_policy *policy, const char *cause)
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

const char *
au_reach_source(struct au_arena *arena, const char *cause)
{
	return au_arena_strndup(arena, cause, strcspn(cause, "/"));
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

int
au_reach_people(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_rule *rule, long long limit, long long *ret, struct au_err *err)
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
