/* SPDX-License-Identifier: ISC */
/*
 * Lists and searches (RFC 7644 sections 3.4.2, 3.4.3), of one resource type or, at the root, of all; pages by index or
 * by cursor (RFC 9865).  Only the page that is asked for is rendered.
 */
#include "scim/list.h"

#include "base/str.h"
#include "scim/index.h"
#include "scim/list_run.h"
#include "scim/route.h"
#include "store/resource.h"

#include <limits.h>
#include <string.h>

/* ---- the answer ---- */

#define OPENING "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],"
#define CLOSING "]}"

struct au_cursor_scope
au_list_cursor_scope(const struct au_request *r)
{
	return (struct au_cursor_scope){ .key = r->scim->token_key,
		.client = r->client,
		.endpoint = r->type != NULL ? r->type->endpoint : "/",
		.query = &r->query,
		.now_ms = r->now_ms,
		.timeout_ms = au_values_num(r->settings->scim, "cursor_timeout") };
}

static void
put_cursor(struct au_list *list, struct au_str *body)
{
	struct au_cursor_scope scope = au_list_cursor_scope(list->r);

	/* whoever came by a cursor has seen the other side */
	bool previous = list->backward ? list->more : list->after != NULL;
	bool next = list->backward || list->more;

	if (!list->by_cursor || list->shown == 0)
		return;
	list->first.backward = true;
	if (previous)
		au_str_printf(body, "\"previousCursor\":\"%s\",", au_cursor_text(list->r->arena, &scope, &list->first));
	if (next)
		au_str_printf(body, "\"nextCursor\":\"%s\",", au_cursor_text(list->r->arena, &scope, &list->last));
}

void
au_list_put_one(struct au_str *out, const char *resource, size_t len)
{
	static const char head[] = OPENING "\"totalResults\":1,\"startIndex\":1,\"itemsPerPage\":1,\"Resources\":[";

	au_str_room(out, sizeof head + len + sizeof CLOSING);
	au_str_putn(out, head, sizeof head - 1);
	au_str_putn(out, resource, len);
	au_str_putn(out, CLOSING, sizeof CLOSING - 1);
}

/* What a search for one resource finds, shown as GET shows it. */
static void
put_only(struct au_reply *reply, const char *id, long long version, const char *text, size_t len)
{
	au_list_put_one(&reply->body, text, len);
	reply->only = (struct au_reply_only){
		.id = id, .version = version, .at = reply->body.len - (sizeof CLOSING - 1) - len, .len = len
	};
}

static void
put_page(struct au_list *list)
{
	struct au_str *body = &list->r->reply.body;

	au_str_put(body, OPENING);
	if (list->total_known)
		au_str_printf(body, "\"totalResults\":%lld,", list->total);
	if (list->r->query.cursor == NULL)
		au_str_printf(body, "\"startIndex\":%lld,", list->skip + 1);
	put_cursor(list, body);
	au_str_printf(body, "\"itemsPerPage\":%lld,\"Resources\":[", list->shown);
	au_str_putn(body, au_str_get(&list->page), list->page.len);
	au_str_put(body, CLOSING);
}

static void
put_answer(struct au_list *list)
{
	const struct au_query *query = &list->r->query;

	if (query->cursor == NULL && query->mode == AU_PROJECT_DEFAULT && list->total == 1 && list->shown == 1)
		put_only(&list->r->reply, list->first_id, list->first_version, list->page.data, list->page.len);
	else
		put_page(list);
	list->r->reply.status = 200;
}

long long
au_list_page_size(const struct au_request *r)
{
	long long most = au_values_num(r->settings->scim, "max_results");
	long long count = r->query.count < 0 ? au_values_num(r->settings->scim, "page_size") : r->query.count;

	return count < most ? count : most;
}

size_t
au_list_most(const struct au_request *r)
{
	return r->on_loop ? 100 : 0;
}

static size_t
view_of(const struct au_request *r, const char *type)
{
	size_t i = 0;

	while (i < r->view_count && strcmp(r->views[i].type->name, type) != 0)
		i++;
	return i;
}

/* ---- what is ready ---- */

/* Whether the page is what one name leads to, as GET shows it. */
static bool
is_by_name(const struct au_request *r)
{
	const struct au_list_plan *plan = &r->views[0].plan;

	return r->on_loop && r->view_count == 1 && r->query.cursor == NULL && plan->exact && plan->count == 1 &&
	       plan->keys[0].kind == AU_LIST_BY_NAME && r->query.mode == AU_PROJECT_DEFAULT &&
	       r->query.sort_by == NULL && r->query.start == 1 && au_list_page_size(r) > 0 &&
	       au_cache_may_have(r->scim->cache);
}

/* A name may lead to a resource whose answer is ready under its id: then it is neither read nor rendered. */
static int
put_ready(struct au_store_tx *tx, struct au_request *r, bool *ret, struct au_err *err)
{
	const char *name = r->views[0].plan.keys[0].value, *text;
	struct au_resource found;
	size_t len;
	int rc = au_store_resource_named(tx, r->arena, r->client, r->views[0].type->name, name, &found, err);

	*ret = rc == 0 && au_cache_resource(r, found.id, &text, &len);
	if (*ret) {
		put_only(&r->reply, found.id, found.version, text, len);
		r->reply.status = 200;
	}
	return rc == AU_ENOENT ? 0 : rc;
}

/* ---- the work ---- */

static int
list_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	struct au_list list = { .tx = tx,
		.r = r,
		.err = err,
		.views = r->views,
		.view_count = r->view_count,
		.after = r->after,
		.after_view = r->after != NULL ? view_of(r, r->after->type) : 0,
		.skip = r->query.start - 1,
		.limit = au_list_page_size(r),
		.total_known = true };
	bool is_ready = false;
	int rc;

	au_request_restart(r);
	rc = is_by_name(r) ? put_ready(tx, r, &is_ready, err) : 0;
	if (rc != 0 || is_ready)
		return rc;
	/* without resources there is no page that a next one could follow: only the total is wanted */
	list.by_cursor = r->query.cursor != NULL && list.limit > 0;
	list.backward = list.by_cursor && r->after != NULL && r->after->backward;
	rc = r->query.sort_by != NULL ? au_list_sorted(&list) : au_list_plain(&list);
	if (rc == 0 && list.backward)
		rc = au_list_turn(&list);
	if (rc == 0)
		put_answer(&list);
	au_str_done(&list.page);
	return rc;
}

/* ---- from query to views ---- */

/* All of the sort order, when the store has it and every resource has a place there. */
static bool
sort_range(struct au_request *r, const struct au_list_view *view, struct au_resource_range *ret)
{
	const struct au_attr_path *path = &view->sort.path;
	struct au_resource_range range = { .from = { AU_TEXT_LEAST, LLONG_MIN }, .to = { AU_TEXT_LAST, LLONG_MAX } };

	if (path->attr == NULL || view->sort.foreign || path->attr->multi ||
	    !au_index_order(r->scim, view->type, path, &range.order) || range.order == AU_ORDER_EXTERNAL_ID ||
	    (range.order == AU_ORDER_NAME && (path->attr->case_exact || !path->attr->required)))
		return false;
	if (range.order == AU_ORDER_INDEX)
		range.attr = au_index_name(r->arena, path);
	*ret = range;
	return true;
}

/* What fulfils the filter must follow each other in the order that is asked for; with neither, the order of creation
 * needs no index. */
static void
find_walk(struct au_request *r, struct au_list_view *view)
{
	const struct au_resource_range *found = au_list_is_walk(&view->plan) ? &view->plan.keys->range : NULL;
	struct au_resource_range range = { .order = 0 };

	view->walk.descending = view->sort.descending;
	if (r->query.sort_by == NULL) {
		if (found != NULL)
			view->walk.range = *found;
		return;
	}
	if (!sort_range(r, view, &range))
		return;
	if (view->filter == NULL)
		view->walk.range = range;
	else if (found != NULL && found->order == range.order && au_streq(found->attr, range.attr))
		view->walk.range = *found;
}

/* At the root an attribute of another type has no value here. */
static int
find_sort(struct au_request *r, const struct au_resource_type *type, struct au_sort *ret)
{
	const struct au_query *query = &r->query;

	if (au_sort_init(type, query->sort_by, query->sort_order, ret, &r->fault) == 0)
		return 0;
	for (size_t i = 0; r->type == NULL && r->catalog->types[i] != NULL; i++)
		if (au_sort_init(r->catalog->types[i], query->sort_by, query->sort_order, ret, &r->fault) == 0) {
			ret->foreign = true;
			return 0;
		}
	return AU_EINVAL;
}

static int
make_view(struct au_request *r, const struct au_resource_type *type, struct au_list_view *ret)
{
	struct au_filter_limits limits = au_request_filter_limits(r);
	const struct au_query *query = &r->query;

	if (r->type == NULL)
		limits.others = r->catalog;
	*ret = (struct au_list_view){ .type = type };
	if (query->filter != NULL &&
	    au_filter_parse(r->arena, type, &limits, query->filter, &ret->filter, &r->fault) != 0)
		return AU_EINVAL;
	if (query->sort_by != NULL && find_sort(r, type, &ret->sort) != 0)
		return AU_EINVAL;
	ret->plan = au_list_plan(r, type, ret->filter);
	find_walk(r, ret);
	au_projection_init(r->arena, type, query->mode, query->names, query->name_count, &ret->projection);
	return 0;
}

/* At the root a type has no part in the answer when it is beyond the token's scope. */
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

/* The place to go on from.  A type that the token may not read any more has none. */
static int
read_cursor(struct au_request *r)
{
	struct au_cursor_scope scope = au_list_cursor_scope(r);
	struct au_cursor cursor;
	size_t view;

	if (r->query.cursor == NULL || *r->query.cursor == '\0')
		return 0;
	if (au_cursor_read(r->arena, &scope, r->query.cursor, &cursor, &r->fault) != 0)
		return AU_EINVAL;
	view = view_of(r, cursor.type);
	/* settings may have changed what the order of the list is */
	if (view == r->view_count ||
	    (r->query.sort_by == NULL && cursor.sorted != (r->views[view].walk.range.order != 0)))
		return au_fault_set(&r->fault, AU_FAULT_INVALID_CURSOR, "cursor: begin again");
	r->after = au_arena_alloc(r->arena, sizeof cursor);
	*r->after = cursor;
	return 0;
}

/* Whether all that fulfils the filter has to be looked at, and any number of resources may: where the store knows the
 * way through it, or nothing but the next ones is asked for, only the page is. */
static bool
is_long(const struct au_request *r, const struct au_list_view *view)
{
	bool by_order = view->walk.range.order != 0 && (r->query.sort_by == NULL || r->view_count == 1);

	if (by_order || (view->filter == NULL && r->query.sort_by == NULL))
		return false;
	return au_list_is_long(&view->plan);
}

/* A few rows by an index are read at once; anything else goes to a reader thread. */
static enum au_read_kind
kind_of(const struct au_request *r)
{
	enum au_read_kind kind = AU_READ_POINT;

	for (size_t i = 0; i < r->view_count; i++) {
		const struct au_list_view *view = &r->views[i];

		if (is_long(r, view))
			return AU_READ_LONG;
		if (!au_list_is_point(&view->plan) || !au_render_is_short(view->type, &view->projection))
			kind = AU_READ_SCAN;
	}
	return kind;
}

/* An answer that rests on one look-up can be kept; one with a cursor is not the same twice. */
static void
watch(struct au_request *r)
{
	const struct au_list_plan *plan = &r->views[0].plan;

	if (r->view_count != 1 || plan->count != 1 || r->query.cursor != NULL)
		return;
	if (plan->keys[0].kind == AU_LIST_BY_ID)
		au_cache_watch(r, AU_STAMP_ID, plan->keys[0].value);
	else if (plan->keys[0].kind == AU_LIST_BY_NAME)
		au_cache_watch(r, AU_STAMP_NAME, plan->keys[0].value);
	else if (plan->keys[0].kind == AU_LIST_BY_EXTERNAL_ID)
		au_cache_watch(r, AU_STAMP_EXTERNAL_ID, plan->keys[0].value);
}

static void
answer(struct au_request *r)
{
	if (make_views(r) != 0 || read_cursor(r) != 0) {
		au_request_refuse(r);
		return;
	}
	watch(r);
	au_request_read(r, kind_of(r), list_work);
}

void
au_list_resources(struct au_request *r)
{
	if (au_cache_answer(r))
		return;
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
