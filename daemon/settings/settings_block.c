/* SPDX-License-Identifier: ISC */
/* All blocks are read alike: values by their rows, then what must be there, then the name, then the secrets. */
#include "settings/settings_block.h"

#include "settings/settings_check.h"

static void
defer_values_free(void *values)
{
	au_values_free(values);
}

static struct au_values *
values_in_arena(struct au_arena *arena, const struct au_opt *rows)
{
	struct au_values *values = au_values_new(rows);

	au_arena_defer(arena, defer_values_free, values);
	return values;
}

static int
set_value(const struct au_raw *member, struct au_values *values, struct au_err *err)
{
	int rc;

	if (!member->value)
		return au_raw_fail(member, err, AU_EINVAL, "option '%s': expected a value, found %s", member->name,
		    au_raw_type(member));
	rc = au_values_set(values, member->name, member->value, err);
	return rc < 0 ? au_raw_prefix(member, err, rc) : 0;
}

/* Members that are groups or lists of their own. */
static bool
is_apart(const struct au_section *section, const char *name)
{
	if (section == NULL)
		return false;
	for (size_t i = 0; section->nested && section->nested[i]; i++)
		if (au_streq(name, section->nested[i]->name))
			return true;
	return au_streq(name, section->inner);
}

/* section: what else may stand in the group; NULL = nothing. */
static int
set_values(const struct au_raw *group, const struct au_opt *rows, const struct au_section *section,
    struct au_values *values, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < group->count; i++)
		if (!is_apart(section, group->members[i].name))
			rc = set_value(&group->members[i], values, err);
	if (rc < 0)
		return rc;
	rc = au_values_check(values, err);
	if (rc < 0)
		return au_raw_prefix(group, err, rc);
	return au_check_secrets(group, rows, values, err);
}

int
au_reading_group(const struct au_reading *r, const char *name, struct au_values **ret, const struct au_raw **ret_raw)
{
	const struct au_section *section = au_section_find(name);
	const struct au_raw *raw = au_raw_member(r->root, name);
	struct au_values *values = values_in_arena(r->settings->arena, section->rows);
	int rc = 0;

	if (raw && raw->kind != AU_RAW_GROUP)
		return au_raw_fail(raw, r->err, AU_EINVAL, "section '%s': expected a group in braces, found %s", name,
		    au_raw_type(raw));
	if (raw)
		rc = set_values(raw, section->rows, NULL, values, r->err);
	if (rc < 0)
		return rc;
	*ret = values;
	*ret_raw = raw;
	return 0;
}

int
au_reading_list(const struct au_reading *r, const char *name, struct au_blocks *ret)
{
	const struct au_raw *raw = au_raw_member(r->root, name);

	if (raw && raw->kind != AU_RAW_LIST)
		return au_raw_fail(raw, r->err, AU_EINVAL, "section '%s': expected a list of groups, found %s", name,
		    au_raw_type(raw));
	*ret = (struct au_blocks){ .section = au_section_find(name) };
	if (raw) {
		ret->raw = raw->members;
		ret->count = raw->count;
	}
	return 0;
}

static int
take_name(const struct au_reading *r, const struct au_section *section, const struct au_raw *block, const char *name)
{
	const struct au_raw *at = au_raw_member(block, "name");
	const char *key = au_arena_printf(r->settings->arena, "%s %s", section->space, name);
	const char *earlier = au_map_get(r->names, key);

	if (earlier)
		return au_raw_fail(at, r->err, AU_EINVAL, "name '%s' is used already at %s", name, earlier);
	au_map_put(r->names, key, au_arena_printf(r->settings->arena, "%s:%d", at->file, at->line));
	return 0;
}

int
au_reading_values(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_values **ret)
{
	struct au_values *values = values_in_arena(r->settings->arena, section->rows);
	int rc;

	if (raw->kind != AU_RAW_GROUP)
		return au_raw_fail(raw, r->err, AU_EINVAL, "section '%s': expected groups in braces, found %s",
		    section->name, au_raw_type(raw));
	rc = set_values(raw, section->rows, section, values, r->err);
	if (rc == 0)
		*ret = values;
	return rc;
}

int
au_reading_block(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_block *ret)
{
	struct au_values *values = NULL;
	const char *name;
	int rc = au_reading_values(r, section, raw, &values);

	if (rc < 0)
		return rc;
	name = au_values_str(values, "name");
	rc = au_check_name(raw, name, r->err);
	if (rc == 0)
		rc = take_name(r, section, raw, name);
	if (rc == 0)
		*ret = (struct au_block){ .name = name, .values = values, .file = raw->file, .line = raw->line };
	return rc;
}

int
au_reading_inner(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    const struct au_opt *rows, struct au_values **ret)
{
	const struct au_raw nothing = { .kind = AU_RAW_GROUP, .file = block->file, .line = block->line };
	const struct au_raw *given = au_raw_member(block, section->inner), *raw = given ? given : &nothing;
	struct au_values *values = values_in_arena(r->settings->arena, rows);
	int rc;

	if (raw->kind != AU_RAW_GROUP)
		return au_raw_fail(raw, r->err, AU_EINVAL, "option '%s': expected a group in braces, found %s",
		    section->inner, au_raw_type(raw));
	rc = set_values(raw, rows, NULL, values, r->err);
	if (rc == 0)
		*ret = values;
	return rc;
}
