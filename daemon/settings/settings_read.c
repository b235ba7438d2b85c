/* SPDX-License-Identifier: ISC */
/*
 * Sections are read in an order in which a name that a block uses has been
 * read before it: targets before templates, templates before rules.
 */
#include "base/text.h"
#include "model/dn.h"
#include "model/entry.h"
#include "settings/settings_block.h"
#include "settings/settings_capacity.h"
#include "settings/settings_check.h"
#include "settings/settings_scim.h"
#include "settings/settings_tighten.h"

#include <string.h>

/* A section that we do not know is most often one that we know, misspelt. */
static int
check_sections(struct au_reading *r)
{
	AU_CLEANUP(au_str_done) struct au_str known = AU_STR_INIT;

	for (const struct au_section *section = au_sections; section->name; section++)
		au_str_printf(&known, "%s%s", known.len ? ", " : "", section->name);
	for (size_t i = 0; i < r->root->count; i++) {
		const struct au_raw *raw = &r->root->members[i];
		if (!au_section_find(raw->name))
			return au_raw_fail(raw, r->err, AU_EINVAL, "section '%s' is unknown: expected one of %s",
			    raw->name, au_str_get(&known));
	}
	return 0;
}

static int
read_groups(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	const struct au_raw *raw;
	int rc = au_reading_group(r, "daemon", &s->daemon, &raw);

	if (rc == 0 && raw)
		rc = au_check_daemon(raw, s->daemon, r->err);
	if (rc == 0)
		rc = au_reading_group(r, "control", &s->control, &raw);
	if (rc == 0)
		rc = au_reading_group(r, "reconcile", &s->reconcile, &raw);
	if (rc == 0 && raw)
		rc = au_check_reconcile(raw, s->reconcile, r->err);
	if (rc == 0)
		rc = au_reading_group(r, "webhook", &s->webhook, &raw);
	if (rc == 0 && raw)
		rc = au_check_webhook(raw, s->webhook, r->err);
	if (rc == 0)
		rc = au_reading_group(r, "scim", &s->scim, &raw);
	return rc == 0 && raw ? au_check_scim(raw, s->scim, r->err) : rc;
}

static int
read_sources(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "sources", &list);

	if (rc < 0)
		return rc;
	s->sources = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->sources);
	for (size_t i = 0; i < list.count; i++) {
		struct au_block *source = &s->sources[s->source_count];
		rc = au_reading_block(r, list.section, &list.raw[i], source);
		if (rc == 0)
			rc = au_check_source(&list.raw[i], source->values, r->err);
		if (rc < 0)
			return rc;
		s->source_count++;
	}
	return 0;
}

static int
read_issuers(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "scim_issuers", &list);

	if (rc < 0)
		return rc;
	s->issuers = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->issuers);
	for (size_t i = 0; rc == 0 && i < list.count; i++) {
		struct au_block *issuer = &s->issuers[s->issuer_count];
		rc = au_reading_block(r, list.section, &list.raw[i], issuer);
		if (rc == 0)
			rc = au_check_issuer(&list.raw[i], s, issuer->values, r->err);
		s->issuer_count += rc == 0;
	}
	return rc;
}

static int
read_clients(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "scim_clients", &list);

	if (rc < 0)
		return rc;
	s->clients = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->clients);
	for (size_t i = 0; rc == 0 && i < list.count; i++) {
		struct au_block *client = &s->clients[s->client_count];
		rc = au_reading_block(r, list.section, &list.raw[i], client);
		s->client_count += rc == 0;
		if (rc == 0)
			rc = au_check_client(&list.raw[i], s, client, r->err);
	}
	return rc;
}

/* Several targets of one plugin ask it once. */
static int
describe_plugin(
    const struct au_reading *r, const struct au_raw *block, const char *plugin, const struct au_describe **ret)
{
	int rc;

	for (size_t i = 0; i < r->settings->target_count; i++) {
		const struct au_target_block *target = &r->settings->targets[i];
		if (au_streq(au_values_str(target->block.values, "plugin"), plugin)) {
			*ret = target->plugin;
			return 0;
		}
	}
	rc = r->describe(r->describe_ctx, r->settings->daemon, r->settings->arena, plugin, ret, r->err);
	return rc < 0 ? au_raw_prefix(au_raw_member(block, "plugin"), r->err, rc) : 0;
}

/* The options as they were written: the worker fills in the defaults of the plugin that it has loaded. */
static json_t *
group_json(struct au_arena *arena, const struct au_raw *group)
{
	json_t *json = au_json_in_arena(arena, json_object());

	for (size_t i = 0; group && i < group->count; i++)
		json_object_set_new(json, group->members[i].name, json_deep_copy(group->members[i].value));
	return json;
}

static int
read_target(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_target_block *ret)
{
	struct au_target_block target = { 0 };
	struct au_values *options = NULL;
	int rc = au_reading_block(r, section, raw, &target.block);

	if (rc == 0)
		rc = au_check_target(raw, target.block.values, r->err);
	if (rc == 0)
		rc = describe_plugin(r, raw, au_values_str(target.block.values, "plugin"), &target.plugin);
	if (rc == 0)
		rc = au_check_leave(raw, target.block.values, target.plugin, r->err);
	if (rc == 0)
		rc = au_reading_inner(r, section, raw, target.plugin->instance_opts, &options);
	if (rc == 0)
		rc = au_reading_tighten(r, section->nested[0], raw, &target);
	if (rc == 0)
		rc = au_reading_capacity(r, section->nested[1], raw, &target);
	if (rc < 0)
		return rc;
	target.options = group_json(r->settings->arena, au_raw_member(raw, section->inner));
	*ret = target;
	return 0;
}

static int
read_targets(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "targets", &list);

	if (rc < 0)
		return rc;
	s->targets = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->targets);
	s->targets = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->targets);
	for (size_t i = 0; i < list.count; i++) {
		rc = read_target(r, list.section, &list.raw[i], &s->targets[s->target_count]);
		if (rc < 0)
			return rc;
		s->target_count++;
	}
	return 0;
}

static int
read_templates(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "templates", &list);

	if (rc < 0)
		return rc;
	s->templates = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->templates);
	for (size_t i = 0; rc == 0 && i < list.count; i++)
		rc = au_reading_template(r, list.section, &list.raw[i], &s->templates[s->template_count++]);
	return rc;
}

/* A directory's group is a DN when it looks like one; SCIM groups have names only. */
static int
normalize_group(const struct au_reading *r, const struct au_raw *block, struct au_rule *rule)
{
	struct au_arena *arena = r->settings->arena;
	int rc;

	if (au_streq(rule->group, "*"))
		return 0;
	rule->is_dn = strchr(rule->group, '=') && au_settings_source(r->settings, rule->source);
	if (!rule->is_dn) {
		rule->group_norm = au_text_fold(arena, rule->group);
		return 0;
	}
	rc = au_dn_normalize(arena, rule->group, &rule->group_norm, r->err);
	if (rc < 0) {
		au_err_prefix(r->err, rc, "option 'group'");
		return au_raw_prefix(au_raw_member(block, "group"), r->err, rc);
	}
	return 0;
}

/* Roles and entitlements are values that a SCIM client gives to its users; a directory has groups. */
static int
take_grant(const struct au_reading *r, const struct au_raw *block, const char *option, const char *word,
    const char *value, struct au_rule *rule)
{
	struct au_arena *arena = r->settings->arena;

	if (!au_settings_client(r->settings, rule->source))
		return au_raw_fail(au_raw_member(block, option), r->err, AU_EINVAL,
		    "option '%s': source '%s' is no SCIM client, it has groups only", option, rule->source);
	rule->group = au_arena_printf(arena, "%s%s", word, value);
	rule->group_norm = au_grant_id(arena, word, value);
	rule->is_grant = true;
	return 0;
}

/* What a rule is about: one of three. */
static int
take_subject(const struct au_reading *r, const struct au_raw *raw, const struct au_values *values, struct au_rule *rule)
{
	static const struct {
		const char *option, *word;
	} subjects[] = { { "group", NULL }, { "entitlement", AU_GRANT_ENTITLEMENT }, { "role", AU_GRANT_ROLE } };
	size_t given = 0, which = 0;

	for (size_t i = 0; i < AU_COUNT(subjects); i++)
		if (au_values_str(values, subjects[i].option)) {
			given++;
			which = i;
		}
	if (given != 1)
		return au_raw_fail(given ? au_raw_member(raw, subjects[which].option) : raw, r->err, AU_EINVAL,
		    "rule '%s': expected one of 'group', 'entitlement' and 'role', found %s", rule->name,
		    given ? "several" : "none");
	if (subjects[which].word)
		return take_grant(r, raw, subjects[which].option, subjects[which].word,
		    au_values_str(values, subjects[which].option), rule);
	rule->group = au_values_str(values, "group");
	return normalize_group(r, raw, rule);
}

static int
read_rule(const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_rule *ret)
{
	const struct au_settings *s = r->settings;
	struct au_block block;
	struct au_rule rule = { 0 };
	int rc = au_reading_block(r, section, raw, &block);

	if (rc < 0)
		return rc;
	rule.name = block.name;
	rule.source = au_values_str(block.values, "source");
	rule.template = au_values_str(block.values, "template");
	if (!au_settings_source(s, rule.source) && !au_settings_client(s, rule.source))
		return au_raw_fail(au_raw_member(raw, "source"), r->err, AU_EINVAL,
		    "source '%s' is neither a source nor a SCIM client", rule.source);
	if (!au_settings_template(s, rule.template))
		return au_raw_fail(
		    au_raw_member(raw, "template"), r->err, AU_EINVAL, "template '%s' is not there", rule.template);
	rc = take_subject(r, raw, block.values, &rule);
	if (rc == 0)
		*ret = rule;
	return rc;
}

static int
read_rules(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "rules", &list);

	if (rc < 0)
		return rc;
	s->rules = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->rules);
	for (size_t i = 0; rc == 0 && i < list.count; i++)
		rc = read_rule(r, list.section, &list.raw[i], &s->rules[s->rule_count++]);
	return rc;
}

typedef int step_fn(struct au_reading *r);

static step_fn *const steps[] = { check_sections, read_groups, read_sources, read_issuers, read_clients, au_reading_scim_schemas,
	au_reading_scim_types, read_targets, read_templates, read_rules };

static int
read_file(struct au_reading *r)
{
	int rc = au_raw_read(r->settings->arena, r->settings->file, &r->root, r->err);

	for (size_t i = 0; rc == 0 && i < AU_COUNT(steps); i++)
		rc = steps[i](r);
	return rc;
}

int
au_settings_read(
    const char *file, au_describe_fn *describe, void *describe_ctx, struct au_settings **ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_settings *settings = au_arena_alloc(arena, sizeof *settings);
	struct au_reading r = { .settings = settings, .describe = describe, .describe_ctx = describe_ctx, .err = err };
	int rc;

	settings->arena = arena;
	settings->references = 1;
	settings->file = au_arena_strdup(arena, file);
	r.names = au_map_new();
	rc = read_file(&r);
	au_map_free(r.names, NULL);
	if (rc < 0)
		return rc;
	arena = NULL;
	*ret = settings;
	return 0;
}
