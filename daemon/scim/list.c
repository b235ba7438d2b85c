/* SPDX-License-Identifier: ISC */
/*
 * Lists and searches (RFC 7644 sections 3.4.2, 3.4.3), of one resource type or, at the root, of all.  Only the page
 * that is asked for is rendered; with a sort order the rest is kept as keys.
 */
#include "scim/list.h"

#include "base/json.h"
#include "scim/render.h"
#include "scim/route.h"
#include "store/resource.h"

#include <string.h>

struct sorted {
	struct au_sort_key key;
	const struct au_list_view *view;
	const char *id;
	long long place; /* keeps equal keys in order of creation */
};

struct list {
	struct au_store_tx *tx;
	struct au_request *r;
	struct au_list_view *views;
	size_t view_count;
	const struct au_list_view *view; /* the one under way */
	long long skip, limit, total, shown;
	bool sorting;
	struct sorted *sorted;
	size_t sorted_count, sorted_cap;
	struct au_str page;
	struct au_err *err;
};

/* ---- one resource ---- */

static int
show(struct list *list, const struct au_list_view *view, const struct au_resource *resource)
{
	if (list->shown++ > 0)
		au_str_putc(&list->page, ',');
	return au_render(list->tx, list->r, view->type, resource, &view->projection, &list->page, list->err);
}

static struct sorted *
new_sorted(struct list *list)
{
	if (list->sorted_count == list->sorted_cap) {
		list->sorted_cap = list->sorted_cap == 0 ? 64 : list->sorted_cap * 2;
		list->sorted = au_xrealloc(list->sorted, list->sorted_cap, sizeof *list->sorted);
	}
	return &list->sorted[list->sorted_count++];
}

static void
keep_key(struct list *list, struct au_render_subject *subject, const json_t *doc)
{
	const struct au_attr_path *path = &list->view->sort.path;
	AU_CLEANUP(au_json_decrefp) json_t *supplied = NULL;
	const json_t *value = au_attr_path_get(path, doc);

	if (value == NULL) {
		supplied = au_render_supply(subject, path->attr, NULL);
		value = supplied;
	}
	*new_sorted(list) = (struct sorted){ .key = au_sort_key(list->r->arena, &list->view->sort, value),
		.view = list->view,
		.id = au_arena_strdup(list->r->arena, subject->resource->id),
		.place = list->total };
}

/* A match without a sort order: counted, and shown when it is within the page. */
static int
take(struct list *list, const struct au_resource *resource)
{
	long long place = list->total++;

	return place >= list->skip && list->shown < list->limit ? show(list, list->view, resource) : 0;
}

static int
consider(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct list *list = ctx;
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *doc = json_loads(resource->doc, 0, NULL);
	struct au_render_subject source = { list->tx, list->r, list->view->type, resource, err, 0 };
	struct au_filter_subject subject = { doc, au_render_supply, &source, scratch };

	if (doc == NULL)
		return au_fail(err, AU_EBUG, "resource '%s': its document is not JSON", resource->id);
	if (list->view->filter != NULL && !au_filter_match(list->view->filter, &subject))
		return source.rc;
	if (!list->sorting)
		return source.rc != 0 ? source.rc : take(list, resource);
	keep_key(list, &source, doc);
	list->total++;
	return source.rc;
}

/* ---- one type ---- */

/* Called for rows of the page only, without a look into them. */
static int
show_unseen(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct list *list = ctx;

	(void)err;
	return show(list, list->view, resource);
}

static int
list_everything(struct list *list)
{
	const char *client = list->r->client, *type = list->view->type->name;
	long long count, skip = list->skip > list->total ? list->skip - list->total : 0;
	int rc = au_store_resource_count(list->tx, client, type, &count, list->err);

	if (rc == 0 && list->shown < list->limit && skip < count)
		rc = au_store_resource_scan(
		    list->tx, client, type, skip, list->limit - list->shown, show_unseen, list, list->err);
	list->total += rc == 0 ? count : 0;
	return rc;
}

static int
list_candidates(struct list *list)
{
	struct au_resource *found;
	size_t count;
	int rc = au_list_candidates(list->tx, list->r, list->view, &found, &count, list->err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = list->view->plan.exact && !list->sorting ? take(list, &found[i])
							      : consider(list, &found[i], list->err);
	return rc;
}

static int
list_one(struct list *list, long long num, bool unseen)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_resource resource;
	int rc = au_store_resource_at(
	    list->tx, arena, list->r->client, list->view->type->name, num, &resource, list->err);

	if (rc != 0)
		return rc;
	return unseen ? show(list, list->view, &resource) : consider(list, &resource, list->err);
}

/* With an exact plan only the page's resources are read, however many there are. */
static int
list_nums(struct list *list, const struct au_resource_nums *nums)
{
	bool exact = list->view->plan.exact && !list->sorting;
	long long skip = list->skip > list->total ? list->skip - list->total : 0;
	int rc = 0;

	for (size_t i = exact ? (size_t)skip : 0; rc == 0 && i < nums->count; i++) {
		if (exact && list->shown >= list->limit)
			break;
		rc = list_one(list, nums->list[i], exact);
	}
	list->total += exact ? (long long)nums->count : 0;
	return rc;
}

static int
list_planned(struct list *list)
{
	const struct au_list_plan *plan = &list->view->plan;
	AU_CLEANUP(au_resource_nums_done) struct au_resource_nums nums = { NULL, 0, 0 };
	int rc;

	if (au_list_is_lookup(plan))
		return list_candidates(list);
	rc = au_list_nums(list->tx, list->r, list->view, &nums, list->err);
	return rc == 0 ? list_nums(list, &nums) : rc;
}

static int
list_view(struct list *list)
{
	if (list->view->plan.count > 0)
		return list_planned(list);
	if (list->view->filter == NULL && !list->sorting)
		return list_everything(list);
	return au_store_resource_scan(
	    list->tx, list->r->client, list->view->type->name, 0, 0, consider, list, list->err);
}

/* ---- sorting ---- */

static int
compare(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;
	int cmp = au_sort_compare(&left->view->sort, &left->key, &right->key);

	return cmp != 0 ? cmp : (left->place > right->place) - (left->place < right->place);
}

static int
show_sorted(struct list *list)
{
	int rc = 0;

	if (list->sorted == NULL)
		return 0;
	qsort(list->sorted, list->sorted_count, sizeof *list->sorted, compare);
	for (long long i = list->skip; rc == 0 && i < list->total && list->shown < list->limit; i++) {
		const struct sorted *sorted = &list->sorted[i];
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_resource resource;

		rc = au_store_resource_get(
		    list->tx, arena, list->r->client, sorted->view->type->name, sorted->id, &resource, list->err);
		if (rc == 0)
			rc = show(list, sorted->view, &resource);
	}
	return rc;
}

/* ---- the answer ---- */

static void
put_answer(struct list *list)
{
	struct au_str *body = &list->r->reply.body;

	au_str_printf(body,
	    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":%lld,"
	    "\"startIndex\":%lld,\"itemsPerPage\":%lld,\"Resources\":[",
	    list->total, list->skip + 1, list->shown);
	au_str_putn(body, au_str_get(&list->page), list->page.len);
	au_str_put(body, "]}");
	list->r->reply.status = 200;
}

static int
run(struct list *list)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->view_count; i++) {
		list->view = &list->views[i];
		rc = list_view(list);
	}
	if (rc == 0 && list->sorting)
		rc = show_sorted(list);
	if (rc == 0)
		put_answer(list);
	return rc;
}

static int
list_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	long long most = au_values_num(r->settings->scim, "max_results");
	struct list list = { .tx = tx, .r = r, .views = r->views, .view_count = r->view_count, .err = err };
	int rc;

	au_request_restart(r);
	list.skip = r->query.start - 1;
	list.limit = r->query.count < 0 || r->query.count > most ? most : r->query.count;
	list.sorting = r->query.sort_by != NULL;
	rc = run(&list);
	au_str_done(&list.page);
	free(list.sorted);
	return rc;
}

/* ---- from query to views ---- */

static int
make_view(struct au_request *r, const struct au_resource_type *type, struct au_list_view *ret)
{
	struct au_filter_limits limits = AU_FILTER_LIMITS;
	const struct au_query *query = &r->query;

	limits.profile = r->profile;
	*ret = (struct au_list_view){ .type = type };
	if (query->filter != NULL &&
	    au_filter_parse(r->arena, type, &limits, query->filter, &ret->filter, &r->fault) != 0)
		return AU_EINVAL;
	if (query->sort_by != NULL && au_sort_init(type, query->sort_by, query->sort_order, &ret->sort, &r->fault) != 0)
		return AU_EINVAL;
	ret->plan = au_list_plan(r, type, ret->filter);
	au_projection_init(r->arena, type, query->mode, query->names, query->name_count, &ret->projection);
	return 0;
}

/* At the root a type has no part in the answer when it has not the attributes that are asked about, or is beyond the
 * token's scope. */
static int
make_views(struct au_request *r)
{
	const struct au_resource_type *const one[] = { r->type, NULL };
	const struct au_resource_type *const *types = r->type != NULL ? one : r->catalog->types;
	size_t count = 0;

	while (types[count] != NULL)
		count++;
	r->views = au_arena_alloc(r->arena, count * sizeof *r->views);
	for (size_t i = 0; i < count; i++)
		if (au_principal_may(&r->principal, AU_NEED_READ, types[i], &r->fault) == 0 &&
		    make_view(r, types[i], &r->views[r->view_count]) == 0)
			r->view_count++;
	return r->view_count > 0 ? 0 : AU_EINVAL;
}

/* A few rows by an index are read at once; anything else goes to a reader thread. */
static enum au_read_kind
kind_of(const struct au_request *r)
{
	for (size_t i = 0; i < r->view_count; i++)
		if (!au_list_is_point(&r->views[i].plan) ||
		    !au_render_is_short(r->views[i].type, &r->views[i].projection))
			return AU_READ_SCAN;
	return AU_READ_POINT;
}

static void
answer(struct au_request *r)
{
	if (make_views(r) != 0)
		au_request_refuse(r);
	else
		au_request_read(r, kind_of(r), list_work);
}

void
au_list_resources(struct au_request *r)
{
	if (au_request_query(r) != 0)
		au_request_refuse(r);
	else
		answer(r);
}

void
au_search_resources(struct au_request *r)
{
	if (au_request_body(r) != 0 || au_query_from_body(r->arena, r->body, r->profile, &r->query, &r->fault) != 0)
		au_request_refuse(r);
	else
		answer(r);
}
