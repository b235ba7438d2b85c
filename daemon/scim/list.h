/* SPDX-License-Identifier: ISC */
/* How a list finds its resources: by an index where the filter allows it. */
#ifndef SCIM_LIST_H
#define SCIM_LIST_H

#include "model/resource.h"
#include "scim/cursor.h"
#include "scim/request.h"
#include "scim/sort.h"
#include "store/resource_index.h"

/* Something by which resources are found without reading the others. */
enum au_list_key_kind {
	AU_LIST_BY_NOTHING,
	/* there is none */ AU_LIST_BY_ID,
	AU_LIST_BY_NAME,
	AU_LIST_BY_EXTERNAL_ID,
	AU_LIST_BY_MEMBER,
	AU_LIST_BY_RANGE
};
struct au_list_key {
	enum au_list_key_kind kind;
	const char *value;              /* of a look-up or a member */
	struct au_resource_range range; /* that the store has an order for: name, external id, AU_LIST_BY_RANGE */
	bool multi;                     /* a resource may have several values, so two ranges may be met by different ones */
	unsigned cost;                  /* a guess at how many it finds */
};

/* Whatever fulfils the filter is found by one of the keys. */
struct au_list_plan {
	struct au_list_key *keys;
	size_t count; /* 0: no index helps, every resource has to be tried */
	bool exact;   /* and whatever they find fulfils it */
};

/* What a query means for one resource type. */
struct au_list_view {
	const struct au_resource_type *type;
	const struct au_filter *filter; /* NULL = all */
	struct au_projection projection;
	struct au_sort sort;
	struct au_list_plan plan;
	struct au_resource_walk walk; /* through all that fulfils the filter, in the list's order; order 0: there is none */
};

/* What a cursor of this request's query is good for, and how many resources a page of it may hold. */
struct au_cursor_scope au_list_cursor_scope(const struct au_request *r);
long long au_list_page_size(const struct au_request *r);

/* Append a list of one resource, whose JSON is given. */
void au_list_put_one(struct au_str *out, const char *resource, size_t len);

/* The cheapest plan for a filter (NULL = everything, for which there is none).  On the loop thread. */
struct au_list_plan au_list_plan(struct au_request *r, const struct au_resource_type *type,
    const struct au_filter *filter);
/* Whether it has one key that gives at most one resource: au_list_candidates; else au_list_nums. */
bool au_list_is_lookup(const struct au_list_plan *plan);
/* As many as may be looked at on the loop thread, which others wait for; 0 = on a reader thread, as many as there are.
 * One value may be that of any number of resources, and only reading tells. */
size_t au_list_most(const struct au_request *r);
/* Whether one run of values in an order of the store is all that it finds. */
bool au_list_is_walk(const struct au_list_plan *plan);
/* Whether it finds at most a few resources, by one look-up each. */
bool au_list_is_point(const struct au_list_plan *plan);
/* Whether it may find any number of them, or says nothing. */
bool au_list_is_long(const struct au_list_plan *plan);

/* For work functions: the resources of a plan that is a look-up, in the arena, in order of creation. */
int au_list_candidates(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    struct au_resource **ret, size_t *ret_count, struct au_err *err);
/* The numbers of the resources of any plan, ascending; ret is empty and the caller's.  AU_ELIMIT beyond ret->most. */
int au_list_nums(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    struct au_resource_nums *ret, struct au_err *err);

#endif
