/* SPDX-License-Identifier: ISC */
/* A changed configuration is a copy of the other one's table with its own list of templates; the rest is shared. */
#include "settings/settings_template.h"

#include "model/product_rule.h"
#include "settings/settings_block.h"
#include "settings/settings_capacity.h"

#include <string.h>

/* The first of three times that rules are checked: a template that can never be accepted. */
static int
check_rights(
    const struct au_reading *r, const struct au_raw *block, const struct au_target_block *target, const char *rights)
{
	struct au_target_account account = { .rights = rights, .active = -1 };
	const struct au_product_rule *lists[] = { target->describe->rules, target->own->words };
	const struct au_raw *at = au_raw_member(block, "rights");
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AU_COUNT(lists); i++)
		if (lists[i])
			rc = au_product_rules_check(lists[i], &account, true, r->err);
	return rc < 0 ? au_raw_prefix(at ? at : block, r->err, rc) : 0;
}

static const char *
rights_text(struct au_arena *arena, const struct au_values *rights)
{
	json_t *json = au_json_in_arena(arena, au_values_json(rights));
	AU_CLEANUP(au_freep) char *text = au_json_canonical(json);

	return au_arena_strdup(arena, text);
}

int
au_reading_template(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_template *ret)
{
	const struct au_target_block *target;
	struct au_values *rights = NULL;
	const char *target_name, *text, *takes = NULL;
	struct au_block block;
	int rc = au_reading_block(r, section, raw, &block);

	if (rc < 0)
		return rc;
	target_name = au_values_str(block.values, "target");
	target = au_settings_target(r->settings, target_name);
	if (!target)
		return au_raw_fail(
		    au_raw_member(raw, "target"), r->err, AU_EINVAL, "target '%s' is not there", target_name);
	rc = au_reading_inner(r, section, raw, target->describe->rights_opts, &rights);
	if (rc < 0)
		return rc;
	text = rights_text(r->settings->arena, rights);
	rc = check_rights(r, raw, target, text);
	if (rc == 0)
		rc = au_reading_takes(r, raw, block.values, target, &takes);
	if (rc == 0)
		*ret = (struct au_template){ .name = block.name,
			.target = target->block.name,
			.description = au_values_str(block.values, "description"),
			.takes = takes,
			.rights = text };
	return rc;
}

/* ---- one in the place of another ----------------------------------------------- */

static void
let_go(void *settings)
{
	au_settings_free(settings);
}

/* The list with room for one more, and where the block's template belongs in it. */
static struct au_template *
place_for(struct au_settings *settings, const struct au_raw *block)
{
	const struct au_raw *name = au_raw_member(block, "name");
	const char *text = name ? json_string_value(name->value) : NULL;
	struct au_template *list = au_arena_alloc(settings->arena, (settings->template_count + 2) * sizeof *list);
	size_t at = 0;

	memcpy(list, settings->templates, settings->template_count * sizeof *list);
	settings->templates = list;
	while (at < settings->template_count && !au_streq(list[at].name, text))
		at++;
	return &list[at];
}

static struct au_settings *
copy_of(struct au_settings *settings)
{
	struct au_arena *arena = au_arena_new();
	struct au_settings *copy = au_arena_alloc(arena, sizeof *copy);

	*copy = *settings;
	copy->arena = arena;
	copy->references = 1;
	au_arena_defer(arena, let_go, au_settings_hold(settings));
	return copy;
}

int
au_settings_with_template(
    struct au_settings *settings, const struct au_raw *block, struct au_settings **ret, struct au_err *err)
{
	struct au_settings *changed = copy_of(settings);
	struct au_reading r = { .settings = changed, .names = au_map_new(), .err = err };
	struct au_template *place = place_for(changed, block);
	int rc = au_reading_template(&r, au_section_find("templates"), block, place);

	au_map_free(r.names, NULL);
	if (rc < 0) {
		au_settings_free(changed);
		return rc;
	}
	if (place == changed->templates + changed->template_count)
		changed->template_count++;
	*ret = changed;
	return 0;
}

int
au_template_find(const struct au_raw *root, const char *name, const struct au_raw **ret, struct au_err *err)
{
	const struct au_raw *list = au_raw_member(root, "templates");

	for (size_t i = 0; list && i < list->count; i++) {
		const struct au_raw *at = au_raw_member(&list->members[i], "name");
		if (at && au_streq(json_string_value(at->value), name)) {
			*ret = &list->members[i];
			return 0;
		}
	}
	return au_fail(err, AU_ENOENT, "template '%s': '%s' has none of that name", name, root->file);
}

/* ---- which line ---------------------------------------------------------------- */

static bool
quotes(const char *text, const char *word)
{
	size_t len = word ? strlen(word) : 0;

	for (const char *at = text; len > 0 && (at = strstr(at, word)) != NULL; at++)
		if (at > text && at[-1] == '\'' && at[len] == '\'')
			return true;
	return false;
}

static bool
quotes_value(const char *text, const struct au_raw *right)
{
	const json_t *item;
	size_t index;

	if (json_is_string(right->value))
		return quotes(text, json_string_value(right->value));
	json_array_foreach (right->value, index, item)
		if (quotes(text, json_string_value(item)))
			return true;
	return false;
}

const struct au_raw *
au_template_line(const struct au_raw *block, const char *text)
{
	const struct au_raw *rights = au_raw_member(block, "rights");

	for (size_t i = 0; rights && i < rights->count; i++)
		if (quotes_value(text, &rights->members[i]))
			return &rights->members[i];
	for (size_t i = 0; rights && i < rights->count; i++)
		if (strstr(text, rights->members[i].name))
			return &rights->members[i];
	return rights ? rights : block;
}
