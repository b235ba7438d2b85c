/* SPDX-License-Identifier: ISC */
/* A product may know a right by a number that a template knows by a name, so both spellings of a template are asked. */
#include "reconcile/explain_right.h"

#include "base/json.h"
#include "base/str.h"
#include "reconcile/rights.h"

#include <stdio.h>
#include <string.h>

static bool
is_empty(const json_t *value)
{
	return json_is_null(value) || json_is_false(value) || (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_string(value) && *json_string_value(value) == '\0');
}

static bool
value_is(const json_t *value, const char *name)
{
	char number[32];

	if (json_is_string(value))
		return au_streq(json_string_value(value), name);
	snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
	return json_is_integer(value) && au_streq(number, name);
}

static bool
holds(const json_t *value, const char *name)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)value, index, item)
		if (value_is(item, name))
			return true;
	return value_is(value, name);
}

static bool
object_has(const json_t *object, const char *name)
{
	const char *member;
	json_t *value;

	json_object_foreach ((json_t *)object, member, value) {
		size_t len = strlen(member);
		if (au_streq(member, name) && !is_empty(value))
			return true;
		if (holds(value, name) ||
		    (strncmp(name, member, len) == 0 && name[len] == '.' && holds(value, name + len + 1)))
			return true;
	}
	return false;
}

bool
au_right_is_in(const char *rights, const char *name)
{
	AU_CLEANUP(au_json_decrefp) json_t *object = NULL;

	return rights && au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &object, NULL) == 0 &&
	       object_has(object, name);
}

bool
au_right_is_given(const struct au_template *template, const char *name)
{
	return au_right_is_in(template->rights, name) || au_right_is_in(template->canonical, name);
}

static bool
has_all(const char *given, const char *rights)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *together = NULL;

	/* With what the template gives put in, nothing changes. */
	return au_rights_union(arena, rights, given, &together, NULL) == 0 && au_rights_satisfied(together, rights);
}

bool
au_right_is_there(
    const struct au_template *templates, size_t count, const char *target, const char *rights, const char *name)
{
	if (!rights)
		return false;
	for (size_t i = 0; i < count; i++)
		if (au_streq(templates[i].target, target) && templates[i].canonical &&
		    au_right_is_given(&templates[i], name) && has_all(templates[i].canonical, rights))
			return true;
	return au_right_is_in(rights, name);
}
