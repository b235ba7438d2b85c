/* SPDX-License-Identifier: ISC */
/* From keys to resources.  Whatever finds more than a look-up does gathers numbers first: eight bytes a resource. */
#include "scim/list_run.h"

#include "base/json.h"
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

/* An id or name is of one resource at most. */
int
au_list_candidates(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    struct au_resource **ret, size_t *ret_count, struct au_err *err)
{
	const struct au_list_key *key = view->plan.keys;

	if (key->kind == AU_LIST_BY_ID)
		return by_id(tx, r, view->type->name, key->value, ret, ret_count, err);
	return au_store_resource_find(tx, r->arena, r->client, view->type->name, key->value, ret, ret_count, err);
}

static int
add_id(struct au_store_tx *tx, struct au_request *r, const char *type, const char *id, struct au_resource_nums *nums,
    struct au_err *err)
{
	struct au_resource found;
	int rc = au_store_resource_head(tx, r->arena, r->client, type, id, &found, err);

	if (rc == 0)
		au_resource_nums_add(nums, found.num);
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
add_key(struct au_store_tx *tx, struct au_request *r, const char *type, const struct au_list_key *key,
    struct au_resource_nums *nums, struct au_err *err)
{
	switch (key->kind) {
	case AU_LIST_BY_NOTHING:
		return 0;
	case AU_LIST_BY_NAME:
	case AU_LIST_BY_EXTERNAL_ID:
	case AU_LIST_BY_RANGE:
		return au_store_index_range(tx, r->client, type, &key->range, nums, err);
	case AU_LIST_BY_MEMBER:
		return add_groups(tx, r, type, key->value, nums, err);
	case AU_LIST_BY_ID:
		return add_id(tx, r, type, key->value, nums, err);
	}
	return au_fail(err, AU_EBUG, "list: unknown key");
}

int
au_list_nums(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    struct au_resource_nums *ret, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < view->plan.count; i++)
		rc = add_key(tx, r, view->type->name, &view->plan.keys[i], ret, err);
	if (rc == 0 && ret->most > 0 && ret->count > ret->most)
		rc = au_fail(err, AU_ELIMIT, "list: too many for the loop");
	au_resource_nums_sort(ret);
	return rc;
}

/* ---- one after the other ---- */

/* One arena per resource: a list of any length needs the memory of one. */
int
au_list_visit_num(struct au_list *list, const struct au_list_view *view, long long num, au_list_visit *visit)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_resource resource;
	int rc = au_store_resource_at(list->tx, arena, list->r->client, view->type->name, num, &resource, list->err);

	/* one that the index alone knows is none */
	if (rc == AU_ENOENT)
		return 0;
	return rc == 0 ? visit(list, view, &resource) : rc;
}

int
au_list_try(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource,
    au_list_match *match, void *ctx)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *doc = json_loads(resource->doc, 0, NULL);
	struct au_render_subject source = { list->tx, list->r, view->type, resource, list->err, 0 };
	struct au_filter_subject subject = { doc, au_render_supply, &source, scratch };
	int rc = 0;

	if (doc == NULL)
		return au_fail(list->err, AU_EBUG, "resource '%s': its document is not JSON", resource->id);
	if (view->filter == NULL || au_filter_match(view->filter, &subject))
		rc = match(list, &source, doc, ctx);
	return source.rc != 0 ? source.rc : rc;
}

/* Which of so many comes next. */
static size_t
turn(size_t i, size_t count, bool back)
{
	return back ? count - 1 - i : i;
}

static bool
is_beyond(long long num, long long edge, bool back)
{
	return back ? num < edge : num > edge;
}

static int
each_candidate(struct au_list *list, const struct au_list_view *view, long long edge, bool back, au_list_visit *visit)
{
	struct au_resource *found;
	size_t count;
	int rc = au_list_candidates(list->tx, list->r, view, &found, &count, list->err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		const struct au_resource *resource = &found[turn(i, count, back)];

		if (is_beyond(resource->num, edge, back))
			rc = visit(list, view, resource);
	}
	return rc;
}

static int
each_num(struct au_list *list, const struct au_list_view *view, long long edge, bool back, au_list_visit *visit)
{
	AU_CLEANUP(au_resource_nums_done) struct au_resource_nums nums = { .most = au_list_most(list->r) };
	int rc = au_list_nums(list->tx, list->r, view, &nums, list->err);

	for (size_t i = 0; rc == 0 && i < nums.count; i++) {
		long long num = nums.list[turn(i, nums.count, back)];

		if (is_beyond(num, edge, back))
			rc = au_list_visit_num(list, view, num, visit);
	}
	return rc;
}

struct scan {
	struct au_list *list;
	const struct au_list_view *view;
	au_list_visit *visit;
};

static int
visit_row(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct scan *scan = ctx;

	(void)err; /* the list's own */
	return scan->visit(scan->list, scan->view, resource);
}

static int
each(struct au_list *list, const struct au_list_view *view, long long edge, bool back, au_list_visit *visit)
{
	struct scan scan = { list, view, visit };
	int rc;

	if (view->plan.count == 0)
		rc = (back ? au_store_resource_walk_back : au_store_resource_walk)(
		    list->tx, list->r->client, view->type->name, edge, visit_row, &scan, list->err);
	else
		rc = (au_list_is_lookup(&view->plan) ? each_candidate : each_num)(list, view, edge, back, visit);
	return rc < 0 ? rc : 0;
}

int
au_list_each(struct au_list *list, const struct au_list_view *view, long long after, au_list_visit *visit)
{
	return each(list, view, after, false, visit);
}

int
au_list_each_back(struct au_list *list, const struct au_list_view *view, long long before, au_list_visit *visit)
{
	return each(list, view, before, true, visit);
}
