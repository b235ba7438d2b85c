/* SPDX-License-Identifier: ISC */
/*
 * Pages when no order is asked for: that of creation, or where one run of values is all that fulfils the filter,
 * theirs. By index, the total demands a look at whatever else may fulfil it, though only the page's resources are read
 * when an index says it all.  By cursor, nothing behind the page is looked at.
 */
#include "scim/list_run.h"
#include "store/resource.h"

#include <limits.h>

/* What fulfils the filter: on the page or not, but counted. */
static int
take(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource)
{
	long long place = list->total++;

	if (list->by_cursor)
		return au_list_put(list, view, resource->num, resource, NULL);
	return place >= list->skip && !au_list_is_full(list) ? au_list_show(list, view, resource) : 0;
}

static int
take_match(struct au_list *list, struct au_render_subject *subject, const json_t *doc, void *ctx)
{
	(void)doc;
	return take(list, ctx, subject->resource);
}

static int
offer(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource)
{
	if (list->by_cursor && au_list_is_full(list)) {
		list->more = true;
		return 1;
	}
	if (view->filter == NULL || view->plan.exact)
		return take(list, view, resource);
	return au_list_try(list, view, resource, take_match, (void *)view);
}

/* ---- by index ---- */

static long long
still_to_skip(const struct au_list *list)
{
	return list->skip > list->total ? list->skip - list->total : 0;
}

struct page {
	struct au_list *list;
	const struct au_list_view *view;
};

static int
show_row(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct page *page = ctx;

	(void)err;
	return au_list_show(page->list, page->view, resource);
}

/* The store knows where the page begins. */
static int
page_of_all(struct au_list *list, const struct au_list_view *view)
{
	struct page page = { list, view };
	long long count = 0, skip = still_to_skip(list);
	int rc = au_store_resource_count(list->tx, list->r->client, view->type->name, &count, list->err);

	if (rc == 0 && !au_list_is_full(list) && skip < count)
		rc = au_store_resource_scan(list->tx, list->r->client, view->type->name, skip,
		    list->limit - list->shown, show_row, &page, list->err);
	list->total += count;
	return rc;
}

static int
page_of_walk(struct au_list *list, const struct au_list_view *view)
{
	long long count = 0, skip = still_to_skip(list);
	int rc = au_list_walk_count(list, view, &count);

	list->total += count;
	return rc != 0 || au_list_is_full(list) || skip >= count ? rc : au_list_walk(list, view, skip, NULL);
}

static int
page_of_nums(struct au_list *list, const struct au_list_view *view)
{
	AU_CLEANUP(au_resource_nums_done) struct au_resource_nums nums = { .most = au_list_most(list->r) };
	int rc = au_list_nums(list->tx, list->r, view, &nums, list->err);

	for (size_t i = (size_t)still_to_skip(list); rc == 0 && i < nums.count && !au_list_is_full(list); i++)
		rc = au_list_show_num(list, view, nums.list[i]);
	list->total += rc == 0 ? (long long)nums.count : 0;
	return rc;
}

static int
by_index(struct au_list *list, const struct au_list_view *view)
{
	if (view->filter == NULL)
		return page_of_all(list, view);
	if (view->walk.range.order != 0)
		return page_of_walk(list, view);
	if (view->plan.exact && !au_list_is_lookup(&view->plan))
		return page_of_nums(list, view);
	return au_list_each(list, view, 0, offer);
}

/* ---- by cursor ---- */

/* The total of a type, when it costs no look at its resources. */
static int
add_total(struct au_list *list, const struct au_list_view *view, long long *total)
{
	long long count = 0;
	int rc = 0;

	if (view->filter == NULL)
		rc = au_store_resource_count(list->tx, list->r->client, view->type->name, &count, list->err);
	else if (view->walk.range.order != 0)
		rc = au_list_walk_count(list, view, &count);
	else
		list->total_known = false;
	*total += count;
	return rc;
}

static int
go_on(struct au_list *list, const struct au_list_view *view, const struct au_cursor *after)
{
	if (view->walk.range.order != 0)
		return au_list_walk(list, view, 0, after);
	if (list->backward)
		return au_list_each_back(list, view, after != NULL ? after->num : LLONG_MAX, offer);
	return au_list_each(list, view, after != NULL ? after->num : 0, offer);
}

/* From view to view, as long as there is one that way. */
static int
go_through(struct au_list *list)
{
	size_t first = list->after != NULL ? list->after_view : 0;
	size_t count = list->backward ? first + 1 : list->view_count - first;
	int rc = 0;

	for (size_t i = 0; rc == 0 && !list->more && i < count; i++)
		rc = go_on(list, &list->views[list->backward ? first - i : first + i], i == 0 ? list->after : NULL);
	return rc;
}

static int
by_cursor(struct au_list *list)
{
	long long total = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->view_count; i++)
		rc = add_total(list, &list->views[i], &total);
	if (rc == 0)
		rc = go_through(list);
	list->total = total;
	return rc;
}

int
au_list_plain(struct au_list *list)
{
	int rc = 0;

	if (list->by_cursor)
		return by_cursor(list);
	for (size_t i = 0; rc == 0 && i < list->view_count; i++)
		rc = by_index(list, &list->views[i]);
	return rc;
}
