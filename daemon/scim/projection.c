/* SPDX-License-Identifier: ISC */
/* Whether an attribute is returned is asked once per attribute and once per sub-attribute, by the same rule. */
#include "scim/projection.h"

#include "base/json.h"
#include "scim/document.h"

#include <string.h>

void
au_projection_split(struct au_arena *arena, const char *list, const char *const **ret_names, size_t *ret_count)
{
	size_t count = 0, cap = 1;
	const char **names;

	for (const char *c = list; *c != '\0'; c++)
		cap += *c == ',';
	names = au_arena_alloc(arena, cap * sizeof *names);
	while (*list != '\0') {
		size_t len;

		list += strspn(list, ", \t");
		len = strcspn(list, ", \t");
		if (len > 0)
			names[count++] = au_arena_strndup(arena, list, len);
		list += len;
	}
	*ret_names = names;
	*ret_count = count;
}

void
au_projection_init(struct au_arena *arena, const struct au_resource_type *type, enum au_projection_mode mode,
    const char *const *names, size_t count, struct au_projection *ret)
{
	*ret = (struct au_projection){ .mode = mode };
	if (mode == AU_PROJECT_DEFAULT)
		return;
	ret->paths = au_arena_alloc(arena, (count + 1) * sizeof *ret->paths);
	for (size_t i = 0; i < count; i++)
		if (au_attr_path_parse(type, names[i], strlen(names[i]), &ret->paths[ret->count]) == 0)
			ret->count++;
}

/* How a path stands to the attribute (or sub-attribute) in question. */
enum relation { ELSEWHERE, EXACT, ABOVE, BELOW };

static enum relation
relate(const struct au_attr_path *path, const struct au_attr_path *to)
{
	if (path->extension != to->extension)
		return ELSEWHERE;
	if (path->attr == NULL)
		return ABOVE;
	if (path->attr != to->attr)
		return ELSEWHERE;
	if (path->sub == to->sub)
		return EXACT;
	if (path->sub == NULL)
		return ABOVE;
	return to->sub == NULL ? BELOW : ELSEWHERE;
}

static bool
is_among(const struct au_attr_path *paths, size_t count, const struct au_attr_path *path, bool or_below)
{
	for (size_t i = 0; i < count; i++) {
		enum relation relation = relate(&paths[i], path);

		if (relation == EXACT || relation == ABOVE || (or_below && relation == BELOW))
			return true;
	}
	return false;
}

static bool
listed(const struct au_projection *projection, const struct au_attr_path *path, bool or_below)
{
	return is_among(projection->paths, projection->count, path, or_below);
}

static bool
written(const struct au_projection *projection, const struct au_attr_path *path)
{
	return projection->wrote_all || is_among(projection->written, projection->written_count, path, true);
}

/* Naming the whole attribute asks for its sub-attributes by default rules, not for those returned on request only. */
static bool
named(const struct au_projection *projection, const struct au_attr_path *path)
{
	for (size_t i = 0; i < projection->count; i++)
		if (relate(&projection->paths[i], path) == EXACT)
			return true;
	return false;
}

static bool
returned(const struct au_projection *projection, const struct au_attr_path *path)
{
	const struct au_attr *row = path->sub != NULL ? path->sub : path->attr;

	switch (row->returned) {
	case AU_ATTR_ALWAYS:
		return true;
	case AU_ATTR_NEVER:
		return false;
	case AU_ATTR_REQUEST:
		if (projection->mode == AU_PROJECT_ONLY)
			return named(projection, path);
		return written(projection, path) && !listed(projection, path, false);
	default:
		break;
	}
	if (projection->mode == AU_PROJECT_ONLY)
		return listed(projection, path, true);
	return projection->mode != AU_PROJECT_WITHOUT || !listed(projection, path, false);
}

bool
au_projection_wants(const struct au_projection *projection, const struct au_attr *attr)
{
	return au_projection_wants_of(projection, NULL, attr);
}

bool
au_projection_wants_of(
    const struct au_projection *projection, const struct au_schema *extension, const struct au_attr *attr)
{
	return returned(projection, &(struct au_attr_path){ extension, attr, NULL });
}

static json_t *
project_object(const struct au_projection *projection, const struct au_attr_path *path, const json_t *value)
{
	json_t *out = json_object(), *member;
	const char *key;

	json_object_foreach ((json_t *)value, key, member) {
		struct au_attr_path inner = *path;

		inner.sub = au_attr_find(path->attr->subs, key, strlen(key));
		if (inner.sub != NULL && returned(projection, &inner))
			json_object_set(out, key, member);
	}
	return out;
}

/* New reference, NULL when nothing is left. */
static json_t *
project_value(const struct au_projection *projection, const struct au_attr_path *path, json_t *value)
{
	AU_CLEANUP(au_json_decrefp) json_t *out = json_array();
	size_t i;
	json_t *element;

	if (path->attr->subs == NULL)
		return json_incref(value);
	if (!json_is_array(value))
		return project_object(projection, path, value);
	json_array_foreach (value, i, element) {
		json_t *left =
		    json_is_object(element) ? project_object(projection, path, element) : json_incref(element);

		if (json_is_object(left) && json_object_size(left) == 0)
			json_decref(left);
		else
			json_array_append_new(out, left);
	}
	/* An empty list stays when it was one: it says that there are no members. */
	return json_array_size(out) > 0 || json_array_size(value) == 0 ? json_incref(out) : NULL;
}

static void
project_attr(const struct au_projection *projection, const struct au_attr_path *path, json_t *value, json_t *out)
{
	json_t *left;

	if (path->attr == NULL || !returned(projection, path))
		return;
	left = project_value(projection, path, value);
	if (left != NULL && !(json_is_object(left) && json_object_size(left) == 0))
		json_object_set(out, path->attr->name, left);
	json_decref(left);
}

static void
project_extension(
    const struct au_projection *projection, const struct au_schema *extension, const json_t *value, json_t *out)
{
	json_t *container = json_object(), *member;
	const char *key;

	json_object_foreach ((json_t *)value, key, member)
		project_attr(projection,
		    &(struct au_attr_path){ extension, au_attr_find(extension->attrs, key, strlen(key)), NULL }, member,
		    container);
	if (json_object_size(container) > 0)
		json_object_set(out, extension->id, container);
	json_decref(container);
}

static const struct au_attr *
core_attr(const struct au_resource_type *type, const char *name)
{
	const struct au_attr *attr = au_attr_find(type->schema->attrs, name, strlen(name));

	return attr != NULL ? attr : au_attr_find(au_common_attrs, name, strlen(name));
}

json_t *
au_projection_apply(const struct au_projection *projection, const struct au_resource_type *type, const json_t *resource)
{
	json_t *out = json_object(), *value;
	const char *key;

	json_object_foreach ((json_t *)resource, key, value) {
		const struct au_schema *extension = au_type_extension(type, key, strlen(key));

		if (extension != NULL)
			project_extension(projection, extension, value, out);
		else
			project_attr(
			    projection, &(struct au_attr_path){ NULL, core_attr(type, key), NULL }, value, out);
	}
	au_document_schemas(type, out);
	return out;
}
