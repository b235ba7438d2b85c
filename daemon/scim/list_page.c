/* SPDX-License-Identifier: ISC */
/*
 * What a page shows.  Towards the end of a list it is rendered as it comes; the page before a place is found from its
 * end, so what will be on it is held until its beginning is known.
 */
#include "scim/list_run.h"

struct au_list_held {
	struct au_list_held *next; /* on the page */
	const struct au_list_view *view;
	struct au_cursor place;
};

bool
au_list_is_full(const struct au_list *list)
{
	return list->shown >= list->limit;
}

int
au_list_show(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource)
{
	if (list->shown++ > 0) {
		au_str_putc(&list->page, ',');
	} else {
		list->first_id = au_arena_strdup(list->r->arena, resource->id);
		list->first_version = resource->version;
	}
	return au_render(list->tx, list->r, view->type, resource, &view->projection, &list->page, list->err);
}

int
au_list_show_num(struct au_list *list, const struct au_list_view *view, long long num)
{
	return au_list_visit_num(list, view, num, au_list_show);
}

static void
hold(struct au_list *list, const struct au_list_view *view, const struct au_cursor *place)
{
	struct au_list_held *held = au_arena_alloc(list->r->arena, sizeof *held);

	*held = (struct au_list_held){ list->held, view, *place };
	list->held = held;
	list->shown++;
}

static void
note_place(struct au_list *list, const struct au_cursor *place)
{
	if (list->first.type == NULL)
		list->first = *place;
	list->last = *place;
}

int
au_list_put(struct au_list *list, const struct au_list_view *view, long long num, const struct au_resource *resource,
    const struct au_sort_key *key)
{
	struct au_cursor place = { .type = view->type->name, .num = num, .sorted = key != NULL };

	if (key != NULL)
		place.key = *key;
	if (list->backward) {
		hold(list, view, &place);
		return 0;
	}
	note_place(list, &place);
	return resource != NULL ? au_list_show(list, view, resource) : au_list_show_num(list, view, num);
}

int
au_list_turn(struct au_list *list)
{
	int rc = 0;

	list->shown = 0;
	for (const struct au_list_held *held = list->held; rc == 0 && held != NULL; held = held->next) {
		note_place(list, &held->place);
		rc = au_list_show_num(list, held->view, held->place.num);
	}
	return rc;
}
