/* SPDX-License-Identifier: ISC */
/* The last colon parts URN and name: URNs may hold dots, names may not hold colons. */
#include "scim/attr_path.h"

#include <string.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
au_attr_name_is(const char *text, size_t len)
{
	if (len == 0 || !(is_letter(text[0]) || text[0] == '$'))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_letter(text[i]) && !(text[i] >= '0' && text[i] <= '9') && strchr("-_$", text[i]) == NULL)
			return false;
	return true;
}

/* The bytes before the last occurrence of c, or len when there is none. */
static size_t
before_last(const char *text, size_t len, char c)
{
	for (size_t i = len; i > 0; i--)
		if (text[i - 1] == c)
			return i - 1;
	return len;
}

/* Tables of the schema that a URN names; NULL with AU_ENOENT in *ret_rc when the type has no such schema. */
static int
schema_of(const struct au_resource_type *type, const char *urn, size_t len, const struct au_schema **ret_extension,
    const struct au_attr **ret_table)
{
	const struct au_schema *extension = au_type_extension(type, urn, len);

	if (extension == NULL && !au_type_is_core(type, urn, len))
		return AU_ENOENT;
	*ret_extension = extension;
	*ret_table = extension != NULL ? extension->attrs : type->schema->attrs;
	return 0;
}

static int
find_names(const struct au_attr *table, bool with_common, const char *text, size_t len, struct au_attr_path *path)
{
	const char *dot = memchr(text, '.', len);
	size_t name_len = dot != NULL ? (size_t)(dot - text) : len;
	size_t sub_len = dot != NULL ? len - name_len - 1 : 0;

	if (!au_attr_name_is(text, name_len) || (dot != NULL && !au_attr_name_is(dot + 1, sub_len)))
		return AU_EINVAL;
	path->attr = au_attr_find(table, text, name_len);
	if (path->attr == NULL && with_common)
		path->attr = au_attr_find(au_common_attrs, text, name_len);
	if (path->attr == NULL)
		return AU_ENOENT;
	if (dot == NULL)
		return 0;
	path->sub = au_attr_find(path->attr->subs, dot + 1, sub_len);
	return path->sub != NULL ? 0 : AU_ENOENT;
}

int
au_attr_path_parse(const struct au_resource_type *type, const char *text, size_t len, struct au_attr_path *ret)
{
	struct au_attr_path path = { NULL, NULL, NULL };
	const struct au_attr *table = type->schema->attrs;
	size_t urn_len = before_last(text, len, ':');
	int rc;

	if (schema_of(type, text, len, &path.extension, &table) == 0) {
		*ret = path;
		return 0;
	}
	if (urn_len < len) {
		if ((rc = schema_of(type, text, urn_len, &path.extension, &table)) != 0)
			return rc;
		text += urn_len + 1;
		len -= urn_len + 1;
	}
	if ((rc = find_names(table, path.extension == NULL, text, len, &path)) != 0)
		return rc;
	*ret = path;
	return 0;
}

json_t *
au_attr_path_get(const struct au_attr_path *path, const json_t *resource)
{
	const json_t *container = path->extension != NULL ? json_object_get(resource, path->extension->id) : resource;

	return path->attr != NULL ? json_object_get(container, path->attr->name) : (json_t *)container;
}
