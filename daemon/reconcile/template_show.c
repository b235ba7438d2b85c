/* SPDX-License-Identifier: ISC */
/* A template in force: its rights with what the plugin adds, what they are held to, what they take, who has them. */
#include "reconcile/template.h"

#include "base/str.h"
#include "model/describe.h"
#include "reconcile/capacity.h"
#include "reconcile/policy.h"
#include "reconcile/reach.h"
#include "reconcile/seats.h"
#include "store/pool.h"

#include <limits.h>
#include <string.h>

#define ON_RIGHT "rights."

static json_t *
parse(const char *text)
{
	return text ? json_loads(text, 0, NULL) : NULL;
}

int
au_template_given_by(
    struct au_store_tx *tx, const struct au_policy *policy, const char *template, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *list = json_array();

	for (size_t i = 0; i < policy->settings->rule_count; i++) {
		const struct au_rule *rule = &policy->settings->rules[i];
		long long people = 0;
		json_t *item;
		if (!au_streq(rule->template, template))
			continue;
		int rc = au_reach_people(tx, arena, policy, rule, LLONG_MAX, &people, err);
		if (rc < 0)
			return rc;
		item = json_object();
		au_json_set_str(item, "rule", rule->name);
		au_json_set_str(item, "source", rule->source);
		au_json_set_str(item, "group", rule->group);
		au_json_set_int(item, "people", people);
		json_array_append_new(list, item);
	}
	*ret = json_incref(list);
	return 0;
}

/* Names of the rights that are as they would be if nobody had written them. */
static json_t *
defaults_of(const struct au_opt *rows, const json_t *rights)
{
	struct au_values *values = au_values_new(rows);
	AU_CLEANUP(au_json_decrefp) json_t *unwritten = au_values_json(values);
	json_t *names = json_array(), *value;
	const char *name;

	json_object_foreach ((json_t *)rights, name, value)
		if (json_equal(value, json_object_get(unwritten, name)))
			json_array_append_new(names, json_string(name));
	au_values_free(values);
	return names;
}

/* Those that speak of a right; the others are about every account of the product. */
static void
put_rules(const struct au_product_rule *rules, json_t *list)
{
	AU_CLEANUP(au_json_decrefp) json_t *all = rules ? au_describe_rules_to_json(rules) : NULL;
	json_t *rule;
	size_t index;

	json_array_foreach (all, index, rule) {
		const char *field = au_json_get_str(rule, "field");
		json_t *item;
		if (!field || strncmp(field, ON_RIGHT, strlen(ON_RIGHT)) != 0)
			continue;
		item = json_object();
		au_json_set_str(item, "id", au_json_get_str(rule, "id"));
		au_json_set_str(item, "field", field);
		au_json_set_str(item, "text", au_json_get_str(rule, "text"));
		au_json_set_str(item, "evidence", au_json_get_str(rule, "evidence"));
		json_array_append_new(list, item);
	}
}

static const struct au_pool_row *
row_of(const struct au_pool_row *rows, size_t count, const char *pool)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(rows[i].name, pool))
			return &rows[i];
	return NULL;
}

/* What an account takes with this template alone, and how much of it is left. */
static int
put_takes(struct au_store_tx *tx, const struct au_template_show_job *job, const struct au_template *template,
    const struct au_target_block *target, json_t *list, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *rights = template->canonical ? template->canonical : template->rights;
	struct au_takes takes = { 0 };
	struct au_pool_row *rows = NULL;
	size_t count = 0;
	int rc = au_store_pool_list(tx, arena, target->block.name, &rows, &count, err);

	au_seats_of_new(arena, target, rights, template->takes, &takes);
	for (size_t i = 0; rc == 0 && i < target->pool_count; i++) {
		const char *pool = target->pools[i].row.name;
		const struct au_pool_row *row = row_of(rows, count, pool);
		long long units = au_takes_of(&takes, pool);
		long long left = row ? au_capacity_free(row, job->plan.now_ms) : AU_CAPACITY_FREE;
		json_t *item;
		if (units <= 0)
			continue;
		item = json_object();
		au_json_set_str(item, "pool", pool);
		au_json_set_str(item, "text", target->pools[i].row.text);
		au_json_set_int(item, "units", units);
		if (left != AU_CAPACITY_FREE)
			au_json_set_int(item, "free", left);
		json_array_append_new(list, item);
	}
	return rc;
}

int
au_template_show_work(struct au_store_tx *tx, void *show_job, struct au_err *err)
{
	struct au_template_show_job *job = show_job;
	const struct au_policy *policy = job->plan.policy;
	const struct au_template *template = au_policy_template(policy, job->name);
	AU_CLEANUP(au_json_decrefp) json_t *result = json_object();
	json_t *rights, *rules = json_array(), *takes = json_array(), *given_by = NULL;

	json_object_set_new(result, "rules", rules);
	json_object_set_new(result, "takes", takes);
	if (!template)
		return au_fail(err, AU_ENOENT, "template '%s': not configured", job->name);
	const struct au_target_block *target = au_settings_target(policy->settings, template->target);
	au_json_set_str(result, "template", template->name);
	au_json_set_str(result, "target", template->target);
	au_json_set_str(result, "plugin", target->describe->name);
	au_json_set_str(result, "product", target->describe->product);
	au_json_set_str(result, "description", template->description);
	rights = parse(template->rights);
	json_object_set_new(result, "defaults", defaults_of(target->describe->rights_opts, rights));
	json_object_set_new(result, "rights", rights);
	if (template->canonical)
		json_object_set_new(result, "resolved", parse(template->canonical));
	au_json_set_str(result, "problem", template->problem);
	put_rules(target->describe->rules, rules);
	put_rules(target->own->words, rules);
	int rc = put_takes(tx, job, template, target, takes, err);
	if (rc == 0)
		rc = au_template_given_by(tx, policy, template->name, &given_by, err);
	if (rc < 0)
		return rc;
	json_object_set_new(result, "given_by", given_by);
	json_decref(job->result);
	job->result = json_incref(result);
	return 0;
}
