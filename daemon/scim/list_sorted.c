/* SPDX-License-Identifier: ISC */
/*
 * Pages in a sort order (RFC 7644 section 3.4.2.3).  Where the store has the order, a page is read from the index and
 * nothing else; otherwise each match gives a key, and no more keys are kept than lie before the end of the page.
 */
#include "base/json.h"
#include "scim/list_best.h"
#include "scim/list_run.h"

#include <limits.h>

static int
by_order(struct au_list *list, const struct au_list_view *view)
{
	int rc = au_list_walk_count(list, view, &list->total);

	if (rc != 0 || (list->after == NULL && list->skip >= list->total) || list->limit == 0)
		return rc;
	return au_list_walk(list, view, list->after != NULL ? 0 : list->skip, list->after);
}

/* ---- by keys ---- */

struct keys {
	struct au_sort sort; /* in the direction of the walk */
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
	if (list->after == NULL || au_list_place_compare(&keys->sort, &place, &keys->after) > 0)
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
		struct au_sort_key key = places[i].key;

		if (au_list_is_full(list)) {
			list->more = true;
			break;
		}
		key.text = au_arena_strdup(list->r->arena, key.text);
		rc = au_list_put(list, &list->views[places[i].view], places[i].num, NULL, &key);
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
	struct keys keys = { .sort = list->views[0].sort };
	const struct au_list_place *places;
	size_t count;
	int rc;

	keys.sort.descending = keys.sort.descending != list->backward;
	keys.best = au_list_best_new(&keys.sort, (size_t)(needed < most ? needed : most));
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

	return list->view_count == 1 && view->walk.range.order != 0 ? by_order(list, view) : by_keys(list);
}
