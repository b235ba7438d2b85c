/* SPDX-License-Identifier: ISC */
/*
 * Identity providers look resources up by a handful of attributes before every change; these never read a whole
 * type.  A key only narrows and the filter still decides, unless the key is all that it says.
 */
#include "base/str.h"
#include "base/text.h"
#include "scim/list.h"
#include "store/fact.h"
#include "store/resource.h"

#include <string.h>

/* Which key a single test gives; 0 = none. */
static enum au_list_key_kind
key_of(const struct au_list_view *view, const struct au_filter *test)
{
	const struct au_attr *attr = test->path.attr;

	if (test->path.extension != NULL || attr == NULL)
		return 0;
	if (attr->in_rows && attr->mutability != AU_ATTR_READ_ONLY && au_filter_value_wanted(test) != NULL)
		return AU_LIST_BY_MEMBER;
	if (test->op != AU_FILTER_EQ || !json_is_string(test->value))
		return 0;
	if (strcmp(attr->name, view->type->name_attr) == 0)
		return AU_LIST_BY_NAME;
	if (strcmp(attr->name, "id") == 0)
		return AU_LIST_BY_ID;
	return strcmp(attr->name, "externalId") == 0 ? AU_LIST_BY_EXTERNAL_ID : 0;
}

bool
au_list_key(const struct au_list_view *view, struct au_list_key *ret)
{
	const struct au_filter *test = view->filter;
	bool several;

	if (test == NULL)
		return false;
	several = test->op == AU_FILTER_AND;
	ret->kind = 0;
	for (test = several ? test->first : test; test != NULL; test = several ? test->next : NULL) {
		enum au_list_key_kind kind = key_of(view, test);

		/* the kinds stand in order of how few they find */
		if (kind == 0 || (ret->kind != 0 && ret->kind <= kind))
			continue;
		ret->kind = kind;
		ret->value = kind == AU_LIST_BY_MEMBER ? au_filter_value_wanted(test) : json_string_value(test->value);
	}
	/* a test on members may ask for more than their value */
	ret->exact = !several && ret->kind != AU_LIST_BY_MEMBER;
	return ret->kind != 0;
}

static int
by_id(struct au_store_tx *tx, struct au_request *r, const char *type, const char *id, struct au_resource **ret,
    size_t *ret_count, struct au_err *err)
{
	struct au_resource *resource = au_arena_alloc(r->arena, sizeof *resource);
	int rc = au_store_resource_get(tx, r->arena, r->client, type, id, resource, err);

	*ret = resource;
	*ret_count = rc == 0;
	return rc == AU_ENOENT ? 0 : rc;
}

static int
by_member(struct au_store_tx *tx, struct au_request *r, const char *type, const char *member, struct au_resource **ret,
    size_t *ret_count, struct au_err *err)
{
	struct au_entry *groups;
	size_t count;
	int rc = au_store_member_groups(tx, r->arena, r->client, member, &groups, &count, err);

	if (rc != 0)
		return rc;
	*ret = au_arena_alloc(r->arena, (count + 1) * sizeof **ret);
	*ret_count = 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = au_store_resource_get(tx, r->arena, r->client, type, groups[i].id, &(*ret)[*ret_count], err);
		*ret_count += rc == 0;
		if (rc == AU_ENOENT)
			rc = 0;
	}
	return rc;
}

int
au_list_candidates(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    const struct au_list_key *key, struct au_resource **ret, size_t *ret_count, struct au_err *err)
{
	const char *type = view->type->name;

	switch (key->kind) {
	case AU_LIST_BY_ID:
		return by_id(tx, r, type, key->value, ret, ret_count, err);
	case AU_LIST_BY_NAME:
		return au_store_resource_find(tx, r->arena, r->client, type, AU_RESOURCE_BY_NAME,
		    au_text_fold(r->arena, key->value), ret, ret_count, err);
	case AU_LIST_BY_EXTERNAL_ID:
		return au_store_resource_find(
		    tx, r->arena, r->client, type, AU_RESOURCE_BY_EXTERNAL_ID, key->value, ret, ret_count, err);
	case AU_LIST_BY_MEMBER:
		return by_member(tx, r, type, key->value, ret, ret_count, err);
	}
	return au_fail(err, AU_EBUG, "list: unknown key");
}
