/* SPDX-License-Identifier: ISC */
/*
 * Pages in a sort order (RFC 7644 section 3.4.2.3).  Where the store has the order, a page is read from the index and
 * nothing else; otherwise each match gives a key, and no more keys are kept than lie before the end of the page.
 * Resources without a value are in no index: a page that shows some is made the second way.
 */
#include "base/json.h"
#include "scim/list_best.h"
#include "scim/list_run.h"
#include "store/resource.h"

#include <limits.h>

/* ---- by the store's order ---- */

struct walking {
	struct au_list *list;
	const struct au_list_view *view;
};

static struct au_sort_key
key_of(const struct au_list *list, const struct au_resource_value *value)
{
	return (struct au_sort_key){
		.present = true, .text = au_arena_strdup(list->r->arena, value->text), .number = (double)value->number
	};
}

static int
show_place(void *ctx, const struct au_resource_place *place, struct au_err *err)
{
	struct walking *walking = ctx;
	struct au_list *list = walking->list;

	(void)err;
	if (au_list_is_full(list)) {
		list->more = true;
		return 1;
	}
	list->last.key = key_of(list, &place->value);
	return au_list_show_num(list, walking->view, place->num);
}

static bool
is_date(const struct au_list_view *view)
{
	return view->walk.order == AU_ORDER_CREATED || view->walk.order == AU_ORDER_MODIFIED;
}

/* Whether every resource is in the order: dates are, and what the schema requires. */
static bool
has_all(const struct au_list_view *view)
{
	return is_date(view) || (view->sort.path.sub == NULL && view->sort.path.attr->required);
}

/* Where the page lies among the resources that have a value: 1 when it holds no others, and *walk is set. */
static int
place_walk(struct au_list *list, const struct au_list_view *view, struct au_resource_place *after,
    struct au_resource_walk *walk)
{
	const char *client = list->r->client, *type = view->type->name;
	long long present = list->total, missing;
	int rc = 0;

	*walk = view->walk;
	if (!has_all(view))
		rc = au_store_index_count(list->tx, client, type, walk->attr, &present, list->err);
	if (rc != 0)
		return rc;
	missing = list->total - present;
	walk->limit = list->limit + 1;
	if (list->after != NULL) {
		*after = (struct au_resource_place){ { list->after->key.text, (long long)list->after->key.number },
			list->after->num };
		walk->after = after;
		return list->after->key.present && (missing == 0 || walk->descending);
	}
	walk->skip = walk->descending ? list->skip - missing : list->skip;
	if (missing == 0 || list->limit == 0)
		return 1;
	return walk->descending ? walk->skip >= 0 : list->skip < present - list->limit;
}

static int
by_order(struct au_list *list, const struct au_list_view *view, bool *ret_done)
{
	struct walking walking = { list, view };
	struct au_resource_place after;
	struct au_resource_walk walk;
	int rc = au_store_resource_count(list->tx, list->r->client, view->type->name, &list->total, list->err);

	if (rc == 0)
		rc = place_walk(list, view, &after, &walk);
	*ret_done = rc == 1;
	if (rc != 1)
		return rc;
	list->last.sorted = true;
	return au_store_index_walk(list->tx, list->r->client, view->type->name, &walk, show_place, &walking, list->err);
}

/* ---- by keys ---- */

struct keys {
	struct au_list_best *best;
	struct au_list_place after; /* when the list goes on after it */
};

static int
keep_key(struct au_list *list, struct au_render_subject *subject, const json_t *doc, void *ctx)
{
	struct keys *keys = list->keys;
	const struct au_list_view *view = ctx;
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *supplied = NULL;
	const json_t *value = view->sort.foreign ? NULL : au_attr_path_get(&view->sort.path, doc);
	struct au_list_place place = { .view = (size_t)(view - list->views), .num = subject->resource->num };

	if (value == NULL && !view->sort.foreign) {
		supplied = au_render_supply(subject, view->sort.path.attr, NULL);
		value = supplied;
	}
	place.key = au_sort_key(scratch, &view->sort, value);
	list->total++;
	if (list->after == NULL || au_list_place_compare(&view->sort, &place, &keys->after) > 0)
		au_list_best_add(keys->best, &place);
	return 0;
}

static int
try_key(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource)
{
	return au_list_try(list, view, resource, keep_key, (void *)view);
}

static int
gather(struct au_list *list)
{
	int rc = 0;

	list->total = 0;
	for (size_t i = 0; rc == 0 && i < list->view_count; i++)
		rc = au_list_each(list, &list->views[i], 0, try_key);
	return rc;
}

static int
show_sorted(struct au_list *list, const struct au_list_place *places, size_t count)
{
	int rc = 0;

	for (size_t i = (size_t)list->skip; rc == 0 && i < count; i++) {
		if (au_list_is_full(list)) {
			list->more = true;
			break;
		}
		list->last.key = places[i].key;
		list->last.key.text = au_arena_strdup(list->r->arena, places[i].key.text);
		rc = au_list_show_num(list, &list->views[places[i].view], places[i].num);
	}
	return rc;
}

/* As many as come before the end of the page, and one that tells of a next page. */
static long long
keys_needed(const struct au_list *list)
{
	return list->skip < LLONG_MAX - list->limit - 1 ? list->skip + list->limit + 1 : LLONG_MAX;
}

static int
by_keys(struct au_list *list)
{
	long long most = au_values_num(list->r->settings->scim, "max_sorted"), needed = keys_needed(list);
	struct keys keys = { .best = au_list_best_new(&list->views[0].sort, (size_t)(needed < most ? needed : most)) };
	const struct au_list_place *places;
	size_t count;
	int rc;

	if (list->after != NULL)
		keys.after = (struct au_list_place){ list->after->key, list->after_view, list->after->num };
	list->keys = &keys;
	rc = gather(list);
	if (rc == 0 && needed > most && list->total > most)
		rc = au_fault_set(&list->r->fault, AU_FAULT_TOO_MANY,
		    "more than %lld resources would have to be sorted for this page: ask for an earlier one, filter, "
		    "or use a cursor",
		    most);
	places = au_list_best_sorted(keys.best, &count);
	list->last.sorted = true;
	if (rc == 0)
		rc = show_sorted(list, places, count);
	au_list_best_free(keys.best);
	list->keys = NULL;
	return rc;
}

int
au_list_sorted(struct au_list *list)
{
	const struct au_list_view *view = list->views;
	bool done = false;
	int rc = 0;

	if (list->view_count == 1 && view->filter == NULL && view->walk.order != 0)
		rc = by_order(list, view, &done);
	return rc != 0 || done ? rc : by_keys(list);
}
