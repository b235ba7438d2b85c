/* SPDX-License-Identifier: ISC */
/* Pages that the store knows the way to: in an order of its own, where all that is asked for lies side by side. */
#include "scim/list_run.h"

#include <string.h>

struct walking {
	struct au_list *list;
	const struct au_list_view *view;
};

static struct au_sort_key
key_of(const struct au_list *list, const struct au_resource_value *value)
{
	if (value->text != NULL && strcmp(value->text, AU_TEXT_NONE) == 0)
		return (struct au_sort_key){ .present = false };
	return (struct au_sort_key){
		.present = true, .text = au_arena_strdup(list->r->arena, value->text), .number = (double)value->number
	};
}

static struct au_resource_value
value_of(const struct au_sort_key *key)
{
	return (struct au_resource_value){ key->present ? key->text : AU_TEXT_NONE, (long long)key->number };
}

static int
show_place(void *ctx, const struct au_resource_place *place, struct au_err *err)
{
	struct walking *walking = ctx;
	struct au_list *list = walking->list;
	struct au_sort_key key;

	(void)err;
	if (au_list_is_full(list)) {
		list->more = true;
		return 1;
	}
	key = key_of(list, &place->value);
	return au_list_put(list, walking->view, place->num, NULL, &key);
}

int
au_list_walk_count(struct au_list *list, const struct au_list_view *view, long long *ret)
{
	return au_store_index_count(list->tx, list->r->client, view->type->name, &view->walk.range, ret, list->err);
}

int
au_list_walk(struct au_list *list, const struct au_list_view *view, long long skip, const struct au_cursor *after)
{
	struct walking walking = { list, view };
	struct au_resource_walk walk = view->walk;
	struct au_resource_place place;

	walk.descending = view->walk.descending != list->backward;
	walk.skip = skip;
	walk.limit = list->limit - list->shown + 1; /* one that tells of a next page */
	if (after != NULL) {
		place = (struct au_resource_place){ value_of(&after->key), after->num };
		walk.after = &place;
	}
	return au_store_index_walk(list->tx, list->r->client, view->type->name, &walk, show_place, &walking, list->err);
}
