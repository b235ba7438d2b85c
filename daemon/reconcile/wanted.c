/* SPDX-License-Identifier: ISC */
/*
 * Rules are tried in the order of the configuration; the templates of all that
 * hold are united.  What cannot be made yet is told, never guessed.
 */
#include "reconcile/wanted.h"

#include "base/lines.h"
#include "base/str.h"
#include "model/pool.h"
#include "model/product_rule.h"
#include "reconcile/rights.h"

#include <string.h>

/* What a rule calls a group; NULL when it cannot mean this one. */
static const char *
name_for(const struct au_rule *rule, const struct au_belongs *group)
{
	if (rule->is_grant)
		return group->group_id;
	if (rule->is_dn)
		return group->dn_norm;
	return au_grant_is(group->group_id) ? NULL : group->name_fold;
}

static const struct au_belongs *
find_group(const struct au_rule *rule, const struct au_gathered *g, size_t entry)
{
	for (size_t i = 0; i < g->group_count; i++) {
		const struct au_belongs *group = &g->groups[i];
		if (group->entry != entry)
			continue;
		if (au_streq(name_for(rule, group), rule->group_norm))
			return group;
	}
	return NULL;
}

bool
au_rule_holds(struct au_arena *arena, const struct au_rule *rule, const struct au_gathered *g, const char **ret_why)
{
	const char *why = NULL;
	const struct au_belongs *in = NULL;
	bool disabled = false, expired = false, known = false, holds = false;

	for (size_t i = 0; i < g->entry_count && !holds; i++) {
		const struct au_entry *entry = &g->entries[i];
		if (!au_streq(entry->source, rule->source))
			continue;
		known = true;
		const struct au_belongs *found = rule->group_norm ? find_group(rule, g, i) : NULL;
		if (rule->group_norm && !found)
			continue;
		in = found;
		holds = entry->active;
		disabled = !entry->active;
		expired = disabled && entry->expires_ms != 0;
	}
	if (ret_why) {
		const char *group = rule->group_norm ? rule->group : "every person";
		if (in && in->depth > 0)
			group = au_arena_printf(arena, "%s (%s)", group, au_gather_chain(arena, g, in));
		if (holds)
			why = au_arena_printf(arena, "in %s of '%s'", group, rule->source);
		else if (disabled)
			why = au_arena_printf(arena, "in %s of '%s', but %s there", group, rule->source,
			    expired ? "expired" : "disabled");
		else if (known)
			why = au_arena_printf(arena, "known to '%s', but not in %s", rule->source, group);
		else
			why = au_arena_printf(arena, "not known to '%s'", rule->source);
		*ret_why = why;
	}
	return holds;
}

struct placeholder {
	const char *name;
	const char *(*value)(struct au_arena *arena, const struct au_apiuser *user);
};

static const char *
value_user_name(struct au_arena *arena, const struct au_apiuser *user)
{
	(void)arena;
	return user->user_name;
}

static const char *
value_mail(struct au_arena *arena, const struct au_apiuser *user)
{
	(void)arena;
	return user->mail;
}

static const char *
value_local_part(struct au_arena *arena, const struct au_apiuser *user)
{
	const char *at = user->mail ? strrchr(user->mail, '@') : NULL;

	return at ? au_arena_strndup(arena, user->mail, (size_t)(at - user->mail)) : NULL;
}

static const char *
value_id(struct au_arena *arena, const struct au_apiuser *user)
{
	(void)arena;
	return user->id;
}

static const struct placeholder placeholders[] = {
	{ "userName", value_user_name },
	{ "mail", value_mail },
	{ "localPart", value_local_part },
	{ "id", value_id },
};

static int
put_placeholder(struct au_arena *arena, const char *name, size_t len, const struct au_apiuser *user, struct au_str *out,
    struct au_err *err)
{
	for (size_t i = 0; i < AU_COUNT(placeholders); i++) {
		if (strlen(placeholders[i].name) != len || strncmp(placeholders[i].name, name, len) != 0)
			continue;
		const char *value = placeholders[i].value(arena, user);
		if (au_str_empty(value))
			return au_fail(
			    err, AU_EINVAL, "login: the API user has no value for {%s}", placeholders[i].name);
		au_str_put(out, value);
		return 0;
	}
	return au_fail(err, AU_EINVAL, "login: unknown placeholder {%.*s}", (int)len, name);
}

static void
str_done(struct au_str *s)
{
	au_str_done(s);
}

int
au_wanted_login(
    struct au_arena *arena, const char *pattern, const struct au_apiuser *user, const char **ret, struct au_err *err)
{
	AU_CLEANUP(str_done) struct au_str out = AU_STR_INIT;

	while (*pattern) {
		const char *end = *pattern == '{' ? strchr(pattern, '}') : NULL;
		if (!end) {
			au_str_putc(&out, *pattern++);
			continue;
		}
		int rc = put_placeholder(arena, pattern + 1, (size_t)(end - pattern - 1), user, &out, err);
		if (rc < 0)
			return rc;
		pattern = end + 1;
	}
	*ret = au_arena_strdup(arena, au_str_get(&out));
	return 0;
}

static void
add_template(struct au_arena *arena, const struct au_policy *policy, const struct au_rule *rule, const char *why,
    struct au_wanted *wanted, struct au_str *reason)
{
	const struct au_template *template = au_policy_template(policy, rule->template);

	const char *cause = au_arena_printf(arena, "%s/%s", rule->source, rule->group);

	if (!wanted->wanted) {
		wanted->basis = cause;
		wanted->rank = rule - policy->settings->rules;
	}
	wanted->takes = au_takes_most(arena, wanted->takes, template->takes);
	wanted->bases = au_lines_union(arena, wanted->bases, cause);
	au_str_printf(
	    reason, "%srule '%s' gives '%s' (%s)", wanted->wanted ? "; " : "", rule->name, rule->template, why);
	wanted->wanted = true;
	if (!template->canonical) {
		wanted->unresolved = wanted->unresolved || !template->problem;
		if (!wanted->problem)
			wanted->problem =
			    template->problem
				? au_arena_printf(arena, "template '%s': %s", template->name, template->problem)
				: au_arena_printf(
				      arena, "template '%s' waits until its target has answered", template->name);
		return;
	}
	(void)au_rights_union(arena, wanted->rights, template->canonical, &wanted->rights, NULL);
}

/* Rules without those on the secret, which does not exist yet when a plan is made. */
static const struct au_product_rule *
plan_rules(struct au_arena *arena, const struct au_product_rule *rules)
{
	size_t count = 0, kept = 0;

	while (rules[count].id)
		count++;
	struct au_product_rule *out = au_arena_alloc(arena, (count + 1) * sizeof *out);
	for (size_t i = 0; i < count; i++)
		if (!au_streq(rules[i].field, "secret"))
			out[kept++] = rules[i];
	return out;
}

/* The second of three times that the product's rules are checked: when a plan is made. */
static void
check_product_rules(struct au_arena *arena, const struct au_target_block *target, struct au_wanted *wanted)
{
	struct au_target_account account = { .login = wanted->login,
		.label = wanted->label,
		.first_name = wanted->first_name,
		.last_name = wanted->last_name,
		.mail = wanted->mail,
		.rights = wanted->rights,
		.active = 1 };
	struct au_err err = { 0 };
	const struct au_product_rule *rules = target->describe->rules;

	if (wanted->problem || !rules)
		return;
	if (au_product_rules_check(plan_rules(arena, rules), &account, false, &err) < 0)
		wanted->problem = au_arena_strdup(arena, err.text);
}

void
au_wanted_make(struct au_arena *arena, const struct au_policy *policy, const struct au_target_block *target,
    const struct au_gathered *g, const struct au_apiuser *user, struct au_wanted *ret)
{
	AU_CLEANUP(str_done) struct au_str reason = AU_STR_INIT;
	struct au_wanted wanted = { 0 };
	struct au_err err = { 0 };

	for (size_t i = 0; i < policy->settings->rule_count; i++) {
		const struct au_rule *rule = &policy->settings->rules[i];
		const struct au_template *template = au_policy_template(policy, rule->template);
		const char *why = NULL;
		if (template && au_streq(template->target, target->block.name) && au_rule_holds(arena, rule, g, &why))
			add_template(arena, policy, rule, why, &wanted, &reason);
	}
	if (wanted.wanted) {
		wanted.reason = au_arena_strdup(arena, au_str_get(&reason));
		wanted.label = user->display_name;
		wanted.first_name = user->given_name;
		wanted.last_name = user->family_name;
		wanted.mail = user->mail;
		if (au_wanted_login(arena, au_values_str(target->block.values, "login"), user, &wanted.login, &err) < 0)
			wanted.problem = au_arena_strdup(arena, err.text);
		if (wanted.problem)
			wanted.rights = NULL;
		check_product_rules(arena, target, &wanted);
	}
	*ret = wanted;
}
