/* SPDX-License-Identifier: ISC */
/* What comes back has been in other hands, so that it is held to what au_raw_read would have made. */
#include "settings/raw_json.h"

#include "base/str.h"

#include <limits.h>

static const char *const kinds[] = {
	[AU_RAW_VALUE] = "value",
	[AU_RAW_GROUP] = "group",
	[AU_RAW_LIST] = "list",
};

json_t *
au_raw_to_json(const struct au_raw *node)
{
	json_t *json = json_object(), *members = node->kind == AU_RAW_VALUE ? NULL : json_array();

	au_json_set_str(json, "name", node->name);
	au_json_set_str(json, "file", node->file);
	au_json_set_int(json, "line", node->line);
	au_json_set_str(json, "kind", kinds[node->kind]);
	if (node->value)
		json_object_set_new(json, "value", json_deep_copy(node->value));
	for (size_t i = 0; i < node->count; i++)
		json_array_append_new(members, au_raw_to_json(&node->members[i]));
	if (members)
		json_object_set_new(json, "members", members);
	return json;
}

static bool
is_scalar(const json_t *value)
{
	return json_is_string(value) || json_is_integer(value) || json_is_boolean(value);
}

static bool
is_value(const json_t *value)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(value))
		return is_scalar(value);
	json_array_foreach (value, index, item)
		if (!is_scalar(item))
			return false;
	return true;
}

static enum au_raw_kind
kind_of(const json_t *json)
{
	const char *word = au_json_get_str(json, "kind");

	for (size_t i = AU_RAW_VALUE; i < AU_COUNT(kinds); i++)
		if (au_streq(kinds[i], word))
			return (enum au_raw_kind)i;
	return 0;
}

static int
take_node(struct au_arena *arena, const json_t *json, bool in_group, struct au_raw *ret, struct au_err *err)
{
	const json_t *value = json_object_get(json, "value"), *members = json_object_get(json, "members"), *member;
	long long line = au_json_get_int(json, "line");
	const char *file = au_json_get_str(json, "file"), *name = au_json_get_str(json, "name");
	struct au_raw node = { .kind = kind_of(json), .line = (int)line };
	size_t index;

	if (!node.kind || !file || line < 0 || line > INT_MAX || (in_group && !name))
		return au_fail(err, AU_EINVAL, "node: expected 'kind', 'file' and 'line', and 'name' in a group");
	if (value ? !is_value(value) : node.kind == AU_RAW_VALUE)
		return au_fail(err, AU_EINVAL, "node: 'value': expected text, a number, a boolean, or a list of them");
	node.name = au_arena_strdup(arena, name);
	node.file = au_arena_strdup(arena, file);
	if (value)
		node.value = au_json_in_arena(arena, json_deep_copy(value));
	if (node.kind != AU_RAW_VALUE) {
		struct au_raw *list = au_arena_alloc(arena, (json_array_size(members) + 1) * sizeof *list);
		json_array_foreach (members, index, member) {
			int rc = take_node(arena, member, node.kind == AU_RAW_GROUP, &list[index], err);
			if (rc < 0)
				return rc;
		}
		node.members = list;
		node.count = json_array_size(members);
	}
	*ret = node;
	return 0;
}

int
au_raw_from_json(struct au_arena *arena, const json_t *json, const struct au_raw **ret, struct au_err *err)
{
	struct au_raw *node = au_arena_alloc(arena, sizeof *node);
	int rc = take_node(arena, json, false, node, err);

	if (rc == 0)
		*ret = node;
	return rc;
}
