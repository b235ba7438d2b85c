/* SPDX-License-Identifier: ISC */
/* One function per kind of input says what of it a step stands on, and leaves out what moves without meaning. */
#include "reconcile/inputs.h"

#include "base/map.h"
#include "base/str.h"
#include "model/saved_plan.h"
#include "reconcile/capacity.h"
#include "reconcile/merge.h"
#include "reconcile/wanted.h"
#include "store/fact.h"

#include <string.h>

/* What all steps of the plan take of a pool, and give back to it. */
struct demand {
	long long takes, gives;
};

struct au_inputs {
	const struct au_policy *policy;
	long long now_ms;
	json_t *list;
	struct au_map *places;  /* kind and name -> the input, borrowed from list */
	struct au_map *demands; /* target and pool -> struct demand */
};

struct au_inputs *
au_inputs_new(const struct au_policy *policy, long long now_ms)
{
	struct au_inputs *inputs = au_xcalloc(1, sizeof *inputs);

	inputs->policy = policy;
	inputs->now_ms = now_ms;
	inputs->list = json_array();
	inputs->places = au_map_new();
	inputs->demands = au_map_new();
	return inputs;
}

void
au_inputs_free(struct au_inputs *inputs)
{
	if (!inputs)
		return;
	json_decref(inputs->list);
	au_map_free(inputs->places, NULL);
	au_map_free(inputs->demands, free);
	free(inputs);
}

void
au_inputs_freep(struct au_inputs **inputs)
{
	au_inputs_free(*inputs);
}

const json_t *
au_inputs_list(const struct au_inputs *inputs)
{
	return inputs->list;
}

const json_t *
au_inputs_find(const struct au_inputs *inputs, const char *kind, const char *name)
{
	AU_CLEANUP(au_freep) char *place = au_xasprintf("%s\n%s", kind, name);

	return au_map_get(inputs->places, place);
}

/* ---- pools ---- */

static const char *
pool_name(struct au_arena *arena, const char *target, const char *pool)
{
	return au_arena_printf(arena, "%s/%s", target, pool);
}

void
au_inputs_demand(struct au_inputs *inputs, const char *target, const char *takes)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_takes parsed;

	au_takes_parse(arena, takes, &parsed);
	for (size_t i = 0; i < parsed.count; i++) {
		const char *name = pool_name(arena, target, parsed.items[i].pool);
		struct demand *demand = au_map_get(inputs->demands, name);
		if (!demand) {
			demand = au_xcalloc(1, sizeof *demand);
			au_map_put(inputs->demands, name, demand);
		}
		if (parsed.items[i].units > 0)
			demand->takes += parsed.items[i].units;
		else
			demand->gives -= parsed.items[i].units;
	}
}

/* For how many of the units that the plan takes there is room, with what it gives back: more or less room than that
 * makes no difference to it. */
static json_t *
say_pool(const struct au_inputs *inputs, const struct au_pool_row *pool, const char *name)
{
	const struct demand *demand = au_map_get(inputs->demands, name);
	long long free_units = au_capacity_free(pool, inputs->now_ms), takes = demand ? demand->takes : 0;
	json_t *says = json_object();

	if (free_units != AU_CAPACITY_FREE)
		free_units += demand ? demand->gives : 0;
	au_json_set_int(says, "taken", takes);
	au_json_set_int(says, "room", free_units < takes ? (free_units > 0 ? free_units : 0) : takes);
	return says;
}

/* ---- what each kind says ---- */

static void
set_parsed(json_t *json, const char *name, const char *text)
{
	json_t *value = NULL;

	if (text && au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) == 0)
		json_object_set_new(json, name, value);
}

static json_t *
say_options(const struct au_policy *policy)
{
	json_t *says = json_object(), *options = au_values_json(policy->settings->reconcile), *order = json_array();

	json_object_del(options, "interval");
	json_object_del(options, "jitter");
	json_object_del(options, "plan_age");
	for (size_t i = 0; i < policy->order_count; i++)
		json_array_append_new(order, json_string(policy->order[i]));
	json_object_set_new(says, "options", options);
	json_object_set_new(says, "order", order);
	return says;
}

static json_t *
say_target(const struct au_target_block *target)
{
	AU_CLEANUP(au_json_decrefp) json_t *rules = au_describe_rules_to_json(target->describe->rules);
	json_t *says = json_object(), *plugin = json_object();
	char hash[AU_SAVED_PLAN_HASH];

	json_object_set_new(says, "block", au_values_json(target->block.values));
	json_object_set_new(says, "options", target->options ? json_deep_copy(target->options) : json_object());
	au_json_set_str(plugin, "name", target->describe->name);
	au_json_set_str(plugin, "version", target->describe->version);
	au_json_set_int(plugin, "caps", target->describe->caps);
	au_json_set_str(plugin, "rules", au_saved_plan_hash(rules, hash));
	json_object_set_new(says, "plugin", plugin);
	return says;
}

static json_t *
say_template(const struct au_template *template)
{
	json_t *says = json_object();

	set_parsed(says, "rights", template->rights);
	set_parsed(says, "canonical", template->canonical);
	au_json_set_str(says, "problem", template->problem);
	return says;
}

static json_t *
say_rule(const struct au_rule *rule)
{
	json_t *says = json_object();

	au_json_set_str(says, "source", rule->source);
	au_json_set_str(says, "group", rule->group);
	au_json_set_str(says, "template", rule->template);
	return says;
}

/* What the wanted account is made of; who owns it and when it was met has no part in that. */
static json_t *
say_person(struct au_arena *arena, const struct au_gathered *g)
{
	struct au_apiuser user = g->user;
	json_t *says = json_object();

	if (g->entry_count)
		au_merge(arena, g, &user);
	au_json_set_str(says, "user_name", user.user_name);
	au_json_set_str(says, "display_name", user.display_name);
	au_json_set_str(says, "given_name", user.given_name);
	au_json_set_str(says, "family_name", user.family_name);
	au_json_set_str(says, "mail", user.mail);
	au_json_set_str(says, "conflict", user.conflict);
	return says;
}

static json_t *
say_account(const struct au_gathered *g, const char *target)
{
	json_t *says = json_object();
	const struct au_account *account = NULL;

	for (size_t i = 0; i < g->account_count; i++)
		if (au_streq(g->accounts[i].target, target))
			account = &g->accounts[i];
	au_json_set_str(says, "state", au_account_state_name(account ? account->state : AU_ACCOUNT_ABSENT));
	if (!account || account->state == AU_ACCOUNT_ABSENT)
		return says;
	au_json_set_str(says, "login", account->login);
	au_json_set_str(says, "remote_id", account->remote_id);
	au_json_set_str(says, "label", account->label);
	au_json_set_str(says, "first_name", account->first_name);
	au_json_set_str(says, "last_name", account->last_name);
	au_json_set_str(says, "mail", account->mail);
	if (account->active >= 0)
		json_object_set_new(says, "active", json_boolean(account->active));
	set_parsed(says, "rights", account->rights);
	return says;
}

/* ---- the list ---- */

static json_t *
place(struct au_inputs *inputs, const char *kind, const char *name)
{
	const json_t *there = au_inputs_find(inputs, kind, name);

	return there ? json_incref(json_object_get(there, "place")) : NULL;
}

/* Take what an input says into the list; takes the reference. */
static json_t *
put(struct au_inputs *inputs, const char *kind, const char *name, json_t *says)
{
	AU_CLEANUP(au_freep) char *key = au_xasprintf("%s\n%s", kind, name);
	char hash[AU_SAVED_PLAN_HASH];
	json_t *input = json_object();

	au_json_set_int(input, "place", (long long)json_array_size(inputs->list));
	au_json_set_str(input, "kind", kind);
	au_json_set_str(input, "name", name);
	au_json_set_str(input, "hash", au_saved_plan_hash(says, hash));
	json_object_set_new(input, "says", says);
	au_map_put(inputs->places, key, input);
	json_array_append_new(inputs->list, input);
	return json_incref(json_object_get(input, "place"));
}

struct adding {
	struct au_inputs *inputs;
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_gathered *g;
	const struct au_target_block *target;
	json_t *places;
};

/* Unless it is there, make what it says; the macro keeps the making lazy. */
#define STAND_ON(a, kind, name, says)                                                                                  \
	do {                                                                                                           \
		json_t *at_ = place((a)->inputs, kind, name);                                                          \
		json_array_append_new((a)->places, at_ ? at_ : put((a)->inputs, kind, name, says));                    \
	} while (0)

static int
add_pool(struct adding *a, const char *pool, struct au_err *err)
{
	const char *name = pool_name(a->arena, a->target->block.name, pool);
	struct au_pool_row *rows = NULL;
	size_t count = 0;
	json_t *at = place(a->inputs, "pool", name);
	int rc = at ? 0 : au_store_pool_list(a->tx, a->arena, a->target->block.name, &rows, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (au_streq(rows[i].name, pool))
			at = put(a->inputs, "pool", name, say_pool(a->inputs, &rows[i], name));
	if (at)
		json_array_append_new(a->places, at);
	return rc;
}

/* What gives back needs no room. */
static int
add_pools(struct adding *a, const char *takes, struct au_err *err)
{
	struct au_takes parsed;
	int rc = 0;

	au_takes_parse(a->arena, takes, &parsed);
	for (size_t i = 0; rc == 0 && i < parsed.count; i++)
		if (parsed.items[i].units > 0)
			rc = add_pool(a, parsed.items[i].pool, err);
	return rc;
}

/* Where its readings have come to: for people, as what counts of them are the person and the memberships. */
static int
put_cookies(struct adding *a, const char *name, json_t *input, struct au_err *err)
{
	static const char *const searches[] = { "people", "groups" };
	json_t *cookies = json_object();
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AU_COUNT(searches); i++) {
		char hash[AU_SAVED_PLAN_HASH];
		const char *cookie = NULL;
		rc = au_store_cookie_get(a->tx, a->arena, name, searches[i], &cookie, err);
		if (rc < 0 || !cookie)
			continue;
		AU_CLEANUP(au_json_decrefp) json_t *text = json_string(cookie);
		au_json_set_str(cookies, searches[i], au_saved_plan_hash(text, hash));
	}
	json_object_set_new(input, "cookies", cookies);
	return rc;
}

/* A client that pushes has no readings, so that nothing needs to be complete. */
static int
add_source(struct adding *a, const char *name, struct au_err *err)
{
	struct au_source_row row = { .state = AU_SOURCE_NEW };
	json_t *at = place(a->inputs, "source", name), *says;
	int rc = 0;

	if (!at && au_settings_source(a->inputs->policy->settings, name)) {
		rc = au_store_source_verdict(a->tx, a->arena, name, &row, err);
		if (rc < 0 && rc != AU_ENOENT)
			return rc;
		rc = 0;
		says = json_object();
		au_json_set_str(says, "state", au_source_state_name(row.state));
		json_object_set_new(says, "complete", json_boolean(row.complete));
		at = put(a->inputs, "source", name, says);
		json_t *input = json_array_get(a->inputs->list, (size_t)json_integer_value(at));
		au_json_set_int(input, "read", row.complete_ms);
		rc = put_cookies(a, name, input, err);
	}
	if (at)
		json_array_append_new(a->places, at);
	return rc;
}

static int
add_rules(struct adding *a, struct au_err *err)
{
	const struct au_settings *settings = a->inputs->policy->settings;
	const char *target = a->target->block.name;
	json_t *rules = json_object(), *holds = json_object();
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_policy_template(a->inputs->policy, rule->template);
		const char *why = NULL;
		if (!template || !au_streq(template->target, target))
			continue;
		json_object_set_new(rules, rule->name, say_rule(rule));
		au_rule_holds(a->arena, rule, a->g, &why);
		au_json_set_str(holds, rule->name, why);
		STAND_ON(a, "template", template->name, say_template(template));
		rc = add_source(a, rule->source, err);
	}
	STAND_ON(a, "rules", target, json_incref(rules));
	STAND_ON(a, "membership", au_arena_printf(a->arena, "%s/%s", target, a->g->key), json_incref(holds));
	json_decref(rules);
	json_decref(holds);
	return rc;
}

int
au_inputs_add(struct au_inputs *inputs, struct au_store_tx *tx, struct au_arena *arena, const struct au_gathered *g,
    const struct au_inputs_step *step, json_t **ret, struct au_err *err)
{
	const char *target = step->target;
	struct adding a = { .inputs = inputs,
		.tx = tx,
		.arena = arena,
		.g = g,
		.target = au_settings_target(inputs->policy->settings, target),
		.places = json_array() };
	int rc = 0;

	STAND_ON(&a, "options", "reconcile", say_options(inputs->policy));
	if (a.target) {
		STAND_ON(&a, "target", target, say_target(a.target));
		rc = add_rules(&a, err);
		if (rc == 0)
			rc = add_pools(&a, step->takes, err);
	}
	STAND_ON(&a, "person", g->key, say_person(arena, g));
	STAND_ON(&a, "account", au_arena_printf(arena, "%s/%s", target, step->login), say_account(g, target));
	if (rc < 0) {
		json_decref(a.places);
		return rc;
	}
	*ret = a.places;
	return 0;
}

/* ---- why ---- */

static json_t *
because_rule(const struct au_rule *rule, const struct au_gathered *g, bool holds, const char *why)
{
	json_t *item = say_rule(rule), *entries = json_array();

	au_json_set_str(item, "rule", rule->name);
	json_object_set_new(item, "holds", json_boolean(holds));
	au_json_set_str(item, "why", why);
	for (size_t i = 0; i < g->entry_count; i++)
		if (au_streq(g->entries[i].source, rule->source))
			json_array_append_new(
			    entries, json_string(g->entries[i].dn ? g->entries[i].dn : g->entries[i].id));
	json_object_set_new(item, "entries", entries);
	return item;
}

json_t *
au_inputs_because(struct au_arena *arena, const struct au_policy *policy, const struct au_gathered *g,
    const char *target, const char *cause)
{
	const struct au_settings *settings = policy->settings;
	json_t *list = json_array();

	for (size_t i = 0; i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_policy_template(policy, rule->template);
		const char *why = NULL;
		if (!template || !au_streq(template->target, target))
			continue;
		bool holds = au_rule_holds(arena, rule, g, &why);
		/* Of rules that do not hold only the one that did: it is the cause of a removal. */
		if (holds || au_streq(cause, au_arena_printf(arena, "%s/%s", rule->source, rule->group)))
			json_array_append_new(list, because_rule(rule, g, holds, why));
	}
	return list;
}
