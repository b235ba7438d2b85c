/* SPDX-License-Identifier: ISC */
/*
 * Values are compared as the JSON that they print, so that a new type of row
 * needs nothing here.  Lists of blocks are seen through one small interface.
 */
#include "settings/diff.h"

#include "base/json.h"
#include "settings/rows.h"

const char *
au_change_name(enum au_change change)
{
	static const char *const names[] = { "unchanged", "changed", "restarted", "added", "removed" };

	return names[change];
}

static enum au_change
larger(enum au_change a, enum au_change b)
{
	return a > b ? a : b;
}

static enum au_change
diff_json(const struct au_opt *rows, const json_t *old, const json_t *new)
{
	enum au_change change = AU_CHANGE_NONE;

	for (const struct au_opt *row = rows; row->name; row++) {
		const json_t *before = json_object_get(old, row->name), *after = json_object_get(new, row->name);
		if (before == after || (before && after && json_equal(before, after)))
			continue;
		change = larger(change, row->flags & AU_RELOAD ? AU_CHANGE_LIVE : AU_CHANGE_RESTART);
	}
	return change;
}

enum au_change
au_diff_values(const struct au_opt *rows, const struct au_values *old, const struct au_values *new)
{
	AU_CLEANUP(au_json_decrefp) json_t *before = au_values_json(old);
	AU_CLEANUP(au_json_decrefp) json_t *after = au_values_json(new);

	return diff_json(rows, before, after);
}

/* The worker has been told the old ones. */
static bool
own_rules_equal(const struct au_own_rules *old, const struct au_own_rules *new)
{
	AU_CLEANUP(au_json_decrefp) json_t *before = au_own_rules_to_json(old);
	AU_CLEANUP(au_json_decrefp) json_t *after = au_own_rules_to_json(new);

	return json_equal(before, after);
}

static bool
same_pools(const struct au_target_block *old, const struct au_target_block *new)
{
	bool same = old->pool_count == new->pool_count;

	for (size_t i = 0; same && i < new->pool_count; i++) {
		const struct au_pool_spec *a = &old->pools[i], *b = &new->pools[i];
		same = au_streq(a->row.name, b->row.name) && a->row.flags == b->row.flags && a->limit == b->limit &&
		       a->reserve == b->reserve && a->warn == b->warn && a->warn_percent == b->warn_percent;
	}
	return same;
}

enum au_change
au_diff_target(const struct au_target_block *old, const struct au_target_block *new)
{
	enum au_change change = au_diff_values(au_target_rows, old->block.values, new->block.values);

	if (!au_streq(old->describe->version, new->describe->version))
		return AU_CHANGE_RESTART;
	if (!own_rules_equal(old->own, new->own))
		return AU_CHANGE_RESTART;
	if (!same_pools(old, new))
		change = larger(change, AU_CHANGE_LIVE);
	return larger(change, diff_json(new->describe->instance_opts, old->options, new->options));
}

/* One list section of a settings object. */
struct list {
	const char *section;
	size_t (*count)(const struct au_settings *settings);
	const char *(*name)(const struct au_settings *settings, size_t index);
	enum au_change (*diff)(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j);
};

static size_t
source_count(const struct au_settings *settings)
{
	return settings->source_count;
}

static const char *
source_name(const struct au_settings *settings, size_t index)
{
	return settings->sources[index].name;
}

static enum au_change
source_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	return au_diff_values(au_source_rows, old->sources[i].values, new->sources[j].values);
}

static size_t
issuer_count(const struct au_settings *settings)
{
	return settings->issuer_count;
}

static const char *
issuer_name(const struct au_settings *settings, size_t index)
{
	return settings->issuers[index].name;
}

static enum au_change
issuer_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	return au_diff_values(au_issuer_rows, old->issuers[i].values, new->issuers[j].values);
}

static size_t
client_count(const struct au_settings *settings)
{
	return settings->client_count;
}

static const char *
client_name(const struct au_settings *settings, size_t index)
{
	return settings->clients[index].name;
}

static enum au_change
client_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	return au_diff_values(au_client_rows, old->clients[i].values, new->clients[j].values);
}

static size_t
schema_count(const struct au_settings *settings)
{
	return settings->scim_schema_count;
}

static const char *
schema_name(const struct au_settings *settings, size_t index)
{
	return settings->scim_schemas[index].block.name;
}

/* Attributes are one value of their schema: their order is shown to clients too. */
static enum au_change
attributes_diff(
    const struct au_scim_attribute *old, size_t old_count, const struct au_scim_attribute *new, size_t new_count)
{
	enum au_change change = AU_CHANGE_NONE;

	if (old_count != new_count)
		return AU_CHANGE_LIVE;
	for (size_t i = 0; i < new_count; i++) {
		bool is_same =
		    au_diff_values(au_attribute_rows, old[i].block.values, new[i].block.values) == AU_CHANGE_NONE;
		change = larger(change, is_same ? AU_CHANGE_NONE : AU_CHANGE_LIVE);
		change = larger(change, attributes_diff(old[i].subs, old[i].sub_count, new[i].subs, new[i].sub_count));
	}
	return change;
}

static enum au_change
schema_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	const struct au_scim_schema *a = &old->scim_schemas[i], *b = &new->scim_schemas[j];

	return larger(au_diff_values(au_schema_rows, a->block.values, b->block.values),
	    attributes_diff(a->attributes, a->attribute_count, b->attributes, b->attribute_count));
}

static size_t
type_count(const struct au_settings *settings)
{
	return settings->scim_type_count;
}

static const char *
type_name(const struct au_settings *settings, size_t index)
{
	return settings->scim_types[index].name;
}

static enum au_change
type_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	return au_diff_values(au_resource_type_rows, old->scim_types[i].values, new->scim_types[j].values);
}

static size_t
target_count(const struct au_settings *settings)
{
	return settings->target_count;
}

static const char *
target_name(const struct au_settings *settings, size_t index)
{
	return settings->targets[index].block.name;
}

static enum au_change
target_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	return au_diff_target(&old->targets[i], &new->targets[j]);
}

static size_t
template_count(const struct au_settings *settings)
{
	return settings->template_count;
}

static const char *
template_name(const struct au_settings *settings, size_t index)
{
	return settings->templates[index].name;
}

static enum au_change
template_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	const struct au_template *a = &old->templates[i], *b = &new->templates[j];

	bool is_same = au_streq(a->target, b->target) && au_streq(a->rights, b->rights) &&
		       au_streq(a->takes, b->takes) && au_streq(a->description, b->description);

	return is_same ? AU_CHANGE_NONE : AU_CHANGE_LIVE;
}

static size_t
rule_count(const struct au_settings *settings)
{
	return settings->rule_count;
}

static const char *
rule_name(const struct au_settings *settings, size_t index)
{
	return settings->rules[index].name;
}

static enum au_change
rule_diff(const struct au_settings *old, size_t i, const struct au_settings *new, size_t j)
{
	const struct au_rule *a = &old->rules[i], *b = &new->rules[j];
	bool is_same = au_streq(a->source, b->source) && au_streq(a->group, b->group) && a->is_grant == b->is_grant &&
		       au_streq(a->template, b->template);

	return is_same ? AU_CHANGE_NONE : AU_CHANGE_LIVE;
}

static const struct list lists[] = {
	{ "sources", source_count, source_name, source_diff },
	{ "scim_issuers", issuer_count, issuer_name, issuer_diff },
	{ "scim_clients", client_count, client_name, client_diff },
	{ "scim_schemas", schema_count, schema_name, schema_diff },
	{ "scim_resource_types", type_count, type_name, type_diff },
	{ "targets", target_count, target_name, target_diff },
	{ "templates", template_count, template_name, template_diff },
	{ "rules", rule_count, rule_name, rule_diff },
};

/* Index of a name; the count when there is none. */
static size_t
find(const struct list *list, const struct au_settings *settings, const char *name)
{
	size_t i = 0;

	while (i < list->count(settings) && !au_streq(list->name(settings, i), name))
		i++;
	return i;
}

/* Whether the blocks that both have follow each other in the same order. */
static bool
same_order(const struct list *list, const struct au_settings *old, const struct au_settings *new)
{
	size_t last = 0;

	for (size_t j = 0; j < list->count(new); j++) {
		size_t i = find(list, old, list->name(new, j));
		if (i == list->count(old))
			continue;
		if (i < last)
			return false;
		last = i;
	}
	return true;
}

static void
diff_list(
    const struct list *list, const struct au_settings *old, const struct au_settings *new, au_diff_fn *fn, void *ctx)
{
	if (!same_order(list, old, new))
		fn(ctx, list->section, NULL, AU_CHANGE_LIVE);
	for (size_t j = 0; j < list->count(new); j++) {
		const char *name = list->name(new, j);
		size_t i = find(list, old, name);
		enum au_change change = i < list->count(old) ? list->diff(old, i, new, j) : AU_CHANGE_ADDED;
		if (change != AU_CHANGE_NONE)
			fn(ctx, list->section, name, change);
	}
	for (size_t i = 0; i < list->count(old); i++) {
		const char *name = list->name(old, i);
		if (find(list, new, name) == list->count(new))
			fn(ctx, list->section, name, AU_CHANGE_REMOVED);
	}
}

void
au_settings_diff(const struct au_settings *old, const struct au_settings *new, au_diff_fn *fn, void *ctx)
{
	const struct {
		const char *section;
		const struct au_opt *rows;
		const struct au_values *old, *new;
	} groups[] = {
		{ "daemon", au_daemon_rows, old->daemon, new->daemon },
		{ "control", au_control_rows, old->control, new->control },
		{ "reconcile", au_reconcile_rows, old->reconcile, new->reconcile },
		{ "webhook", au_webhook_rows, old->webhook, new->webhook },
		{ "scim", au_scim_rows, old->scim, new->scim },
	};

	for (size_t i = 0; i < AU_COUNT(groups); i++) {
		enum au_change change = au_diff_values(groups[i].rows, groups[i].old, groups[i].new);
		if (change != AU_CHANGE_NONE)
			fn(ctx, groups[i].section, NULL, change);
	}
	for (size_t i = 0; i < AU_COUNT(lists); i++)
		diff_list(&lists[i], old, new, fn, ctx);
}
