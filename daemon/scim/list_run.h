/* SPDX-License-Identifier: ISC */
/* A list under way, as the files that run it share it.  For work functions. */
#ifndef SCIM_LIST_RUN_H
#define SCIM_LIST_RUN_H

#include "scim/cursor.h"
#include "scim/list.h"
#include "scim/render.h"

struct au_list {
	struct au_store_tx *tx;
	struct au_request *r;
	struct au_err *err;
	const struct au_list_view *views;
	size_t view_count;

	bool by_cursor;
	const struct au_cursor *after; /* where the page before ended; NULL = this is the first */
	size_t after_view;             /* the view of `after` */
	bool backward;                 /* `after` is where the page behind it begins, and the list is gone through
	                                * from its end */
	long long skip;                /* pages by index */
	long long limit;

	long long total;
	bool total_known; /* a page by cursor need not look at what comes after it */
	long long shown;
	bool more;                    /* something comes after the page, in the direction of the walk */
	struct au_cursor first, last; /* places on the page */
	struct au_list_held *held;    /* backward: what the page will show, from its end */
	const char *first_id;         /* what was shown first, with its version */
	long long first_version;
	struct keys *keys;     /* list_sorted.c */
	struct au_str page;
};

/* Called with a resource that may fulfil the filter; 1 stops, negative fails. */
typedef int au_list_visit(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource);
/* Every resource of a view that can fulfil its filter, in order of creation, after that number; or from the last one
 * back, before that number. */
int au_list_each(struct au_list *list, const struct au_list_view *view, long long after, au_list_visit *visit);
int au_list_each_back(struct au_list *list, const struct au_list_view *view, long long before, au_list_visit *visit);

/* Called with a document that fulfils the filter, and with what supplies the attributes that are not in it. */
typedef int au_list_match(struct au_list *list, struct au_render_subject *subject, const json_t *doc, void *ctx);
int au_list_try(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource,
    au_list_match *match, void *ctx);

/* The resource of that number; AU_ENOENT never: one that the index alone knows is none. */
int au_list_visit_num(struct au_list *list, const struct au_list_view *view, long long num, au_list_visit *visit);

/* Put a resource, or the one of that number, onto the page. */
int au_list_show(struct au_list *list, const struct au_list_view *view, const struct au_resource *resource);
int au_list_show_num(struct au_list *list, const struct au_list_view *view, long long num);
/* The same by cursor, with its place in the order (key NULL: that of creation; its text must last).  Backward, it is
 * shown by au_list_turn.  The resource may be NULL. */
int au_list_put(struct au_list *list, const struct au_list_view *view, long long num,
    const struct au_resource *resource, const struct au_sort_key *key);
/* The end of a page by cursor that was gone through backward. */
int au_list_turn(struct au_list *list);
bool au_list_is_full(const struct au_list *list);

/* How many a view's walk would visit; and the part of the page that lies in it, so many after its beginning, or after
 * the place where the page before ended. */
int au_list_walk_count(struct au_list *list, const struct au_list_view *view, long long *ret);
int au_list_walk(struct au_list *list, const struct au_list_view *view, long long skip, const struct au_cursor *after);

/* Fill the page: in order of creation, or in the order that was asked for.  AU_EINVAL with tooMany in the fault when
 * more would have to be sorted than max_sorted. */
int au_list_plain(struct au_list *list);
int au_list_sorted(struct au_list *list);

#endif
