/* SPDX-License-Identifier: ISC */
/* From keys to resources.  Whatever finds more than a look-up does gathers numbers first: eight bytes a resource. */
#include "scim/list.h"
#include "store/fact.h"
#include "store/resource.h"

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
candidates(struct au_store_tx *tx, struct au_request *r, const char *type, const struct au_list_key *key,
    struct au_resource **ret, size_t *ret_count, struct au_err *err)
{
	switch (key->kind) {
	case AU_LIST_BY_ID:
		return by_id(tx, r, type, key->value, ret, ret_count, err);
	case AU_LIST_BY_NAME:
		return au_store_resource_find(
		    tx, r->arena, r->client, type, AU_RESOURCE_BY_NAME, key->value, ret, ret_count, err);
	case AU_LIST_BY_EXTERNAL_ID:
		return au_store_resource_find(
		    tx, r->arena, r->client, type, AU_RESOURCE_BY_EXTERNAL_ID, key->value, ret, ret_count, err);
	default:
		return au_fail(err, AU_EBUG, "list: unknown key");
	}
}

int
au_list_candidates(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    struct au_resource **ret, size_t *ret_count, struct au_err *err)
{
	return candidates(tx, r, view->type->name, view->plan.keys, ret, ret_count, err);
}

static int
add_id(struct au_store_tx *tx, struct au_request *r, const char *type, const char *id, struct au_resource_nums *nums,
    struct au_err *err)
{
	long long num;
	int rc = au_store_resource_num(tx, r->client, type, id, &num, err);

	if (rc == 0)
		au_resource_nums_add(nums, num);
	return rc == AU_ENOENT ? 0 : rc;
}

static int
add_groups(struct au_store_tx *tx, struct au_request *r, const char *type, const char *member,
    struct au_resource_nums *nums, struct au_err *err)
{
	struct au_entry *groups;
	size_t count;
	int rc = au_store_member_groups(tx, r->arena, r->client, member, &groups, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_id(tx, r, type, groups[i].id, nums, err);
	return rc;
}

static int
add_candidates(struct au_store_tx *tx, struct au_request *r, const char *type, const struct au_list_key *key,
    struct au_resource_nums *nums, struct au_err *err)
{
	struct au_resource *found;
	size_t count;
	int rc = candidates(tx, r, type, key, &found, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		au_resource_nums_add(nums, found[i].num);
	return rc;
}

static int
add_key(struct au_store_tx *tx, struct au_request *r, const char *type, const struct au_list_key *key,
    struct au_resource_nums *nums, struct au_err *err)
{
	switch (key->kind) {
	case AU_LIST_BY_RANGE:
		return au_store_index_range(tx, r->client, type, &key->range, nums, err);
	case AU_LIST_BY_MEMBER:
		return add_groups(tx, r, type, key->value, nums, err);
	case AU_LIST_BY_ID:
		return add_id(tx, r, type, key->value, nums, err);
	default:
		return add_candidates(tx, r, type, key, nums, err);
	}
}

int
au_list_nums(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    struct au_resource_nums *ret, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < view->plan.count; i++)
		rc = add_key(tx, r, view->type->name, &view->plan.keys[i], ret, err);
	au_resource_nums_sort(ret);
	return rc;
}
