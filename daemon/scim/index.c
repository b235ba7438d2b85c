/* SPDX-License-Identifier: ISC */
/* A document's values are sorted, so that two documents are compared in one pass however many they hold. */
#include "scim/index.h"

#include "base/json.h"
#include "base/text.h"
#include "scim/index_rows.h"

#include <string.h>

/* ---- which attributes ---- */

static const struct au_attr *
row_of(const struct au_attr_path *path)
{
	return path->sub != NULL ? path->sub : path->attr;
}

/* The columns that every resource has. */
static enum au_resource_order
column_of(const struct au_resource_type *type, const struct au_attr_path *path)
{
	const char *name = path->attr->name;

	if (path->extension != NULL)
		return 0;
	if (path->sub == NULL && au_streq(name, type->name_attr))
		return AU_ORDER_NAME;
	if (path->sub == NULL && strcmp(name, "externalId") == 0)
		return AU_ORDER_EXTERNAL_ID;
	if (path->sub == NULL || strcmp(name, "meta") != 0)
		return 0;
	if (strcmp(path->sub->name, "created") == 0)
		return AU_ORDER_CREATED;
	return strcmp(path->sub->name, "lastModified") == 0 ? AU_ORDER_MODIFIED : 0;
}

/* Texts of the document itself; anything else has no rows. */
static bool
has_rows(const struct au_resource_type *type, const struct au_attr_path *path)
{
	const struct au_attr *row = row_of(path);

	return row->indexed && (row->type == AU_ATTR_STRING || row->type == AU_ATTR_REFERENCE) &&
	       !path->attr->in_rows && row->returned != AU_ATTR_NEVER && strcmp(path->attr->name, "id") != 0 &&
	       column_of(type, path) == 0;
}

bool
au_index_order(const struct au_scim *scim, const struct au_resource_type *type, const struct au_attr_path *path,
    enum au_resource_order *ret)
{
	enum au_resource_order order = column_of(type, path);

	if (order == 0 && has_rows(type, path) && au_index_is_whole(scim, type, path))
		order = AU_ORDER_INDEX;
	if (order == 0)
		return false;
	*ret = order;
	return true;
}

const char *
au_index_name(struct au_arena *arena, const struct au_attr_path *path)
{
	const char *urn = path->extension != NULL ? path->extension->id : "";

	/* configuration may change its mind about letter case, or about how many values: that makes another index */
	return au_arena_printf(arena, "%s%s%s%s%s%s%s", urn, *urn != '\0' ? ":" : "", path->attr->name,
	    path->sub != NULL ? "." : "", path->sub != NULL ? path->sub->name : "", row_of(path)->case_exact ? "=" : "",
	    path->attr->multi ? "" : "!");
}

static void
visit_table(const struct au_resource_type *type, const struct au_schema *extension, const struct au_attr *table,
    au_index_visit *visit, void *ctx)
{
	for (const struct au_attr *attr = table; attr->name != NULL; attr++) {
		struct au_attr_path path = { extension, attr, NULL };

		if (has_rows(type, &path))
			visit(ctx, type, &path);
		for (path.sub = attr->subs; path.sub != NULL && path.sub->name != NULL; path.sub++)
			if (has_rows(type, &path))
				visit(ctx, type, &path);
	}
}

void
au_index_each(const struct au_resource_type *type, au_index_visit *visit, void *ctx)
{
	visit_table(type, NULL, au_common_attrs, visit, ctx);
	visit_table(type, NULL, type->schema->attrs, visit, ctx);
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++)
		visit_table(type, extension->schema, extension->schema->attrs, visit, ctx);
}

/* ---- a document's values ---- */

struct values {
	struct au_arena *arena;
	const json_t *doc;
	struct au_index_value *list;
	size_t count, cap;
};

static void
add(struct values *values, const struct au_index_value *value)
{
	if (values->count == values->cap) {
		values->cap = values->cap == 0 ? 16 : values->cap * 2;
		values->list = au_xrealloc(values->list, values->cap, sizeof *values->list);
	}
	values->list[values->count++] = *value;
}

static const char *
text_of(struct values *values, const struct au_attr_path *path, const json_t *value)
{
	const char *text = json_string_value(path->sub != NULL ? json_object_get(value, path->sub->name) : value);

	return text == NULL || row_of(path)->case_exact ? text : au_text_fold(values->arena, text);
}

/* One of several values is added when it is there; a single one has a place in any case. */
static void
add_path(void *ctx, const struct au_resource_type *type, const struct au_attr_path *path)
{
	struct values *values = ctx;
	const json_t *value = au_attr_path_get(path, values->doc), *element;
	struct au_index_value it = { .attr = au_index_name(values->arena, path), .multi = path->attr->multi };
	size_t i;

	(void)type;
	if (!it.multi) {
		it.text = text_of(values, path, value);
		if (it.text == NULL)
			it.text = AU_TEXT_NONE;
		add(values, &it);
	}
	json_array_foreach ((json_t *)value, i, element)
		if ((it.text = text_of(values, path, element)) != NULL)
			add(values, &it);
}

static int
compare(const void *a, const void *b)
{
	const struct au_index_value *left = a, *right = b;
	int cmp = strcmp(left->attr, right->attr);

	return cmp != 0 ? cmp : strcmp(left->text, right->text);
}

/* Sorted, each once. */
static void
values_of(struct values *values, const struct au_resource_type *type)
{
	size_t kept = 0;

	if (values->doc != NULL)
		au_index_each(type, add_path, values);
	if (values->count == 0)
		return;
	qsort(values->list, values->count, sizeof *values->list, compare);
	for (size_t i = 1; i < values->count; i++)
		if (compare(&values->list[i], &values->list[kept]) != 0)
			values->list[++kept] = values->list[i];
	values->count = kept + 1;
}

/* ---- keeping ---- */

static int
merge(struct au_store_tx *tx, const struct au_resource *resource, const struct values *was, const struct values *is,
    struct au_err *err)
{
	size_t i = 0, j = 0;
	int rc = 0;

	while (rc == 0 && (i < was->count || j < is->count)) {
		int cmp;

		if (i == was->count)
			cmp = 1;
		else
			cmp = j == is->count ? -1 : compare(&was->list[i], &is->list[j]);
		if (cmp < 0)
			rc = au_store_index_remove(tx, resource, &was->list[i], err);
		else if (cmp > 0)
			rc = au_store_index_add(tx, resource, &is->list[j], err);
		i += cmp <= 0;
		j += cmp >= 0;
	}
	return rc;
}

int
au_index_put(struct au_store_tx *tx, struct au_arena *arena, const struct au_resource_type *type,
    const struct au_resource *resource, const json_t *was, const json_t *is, struct au_err *err)
{
	struct values old = { .arena = arena, .doc = was }, new = { .arena = arena, .doc = is };
	int rc;

	values_of(&old, type);
	values_of(&new, type);
	rc = merge(tx, resource, &old, &new, err);
	free(old.list);
	free(new.list);
	return rc;
}
