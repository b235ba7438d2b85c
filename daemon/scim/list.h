/* SPDX-License-Identifier: ISC */
/* How a list finds its resources: by an index where the filter allows it. */
#ifndef SCIM_LIST_H
#define SCIM_LIST_H

#include "model/resource.h"
#include "scim/request.h"
#include "scim/sort.h"

/* What a query means for one resource type. */
struct au_list_view {
	const struct au_resource_type *type;
	const struct au_filter *filter; /* NULL = all */
	struct au_projection projection;
	struct au_sort sort;
};

/* Something that every match must equal and that has an index. */
enum au_list_key_kind { AU_LIST_BY_ID = 1, AU_LIST_BY_NAME, AU_LIST_BY_EXTERNAL_ID, AU_LIST_BY_MEMBER };
struct au_list_key {
	enum au_list_key_kind kind;
	const char *value;
	bool exact; /* the filter says nothing else: whatever is found by the key fulfils it */
};

/* The best key that a filter demands; false when it has to be tried on every resource. */
bool au_list_key(const struct au_list_view *view, struct au_list_key *ret);
/* The resources of that key, in the arena.  For work functions. */
int au_list_candidates(struct au_store_tx *tx, struct au_request *r, const struct au_list_view *view,
    const struct au_list_key *key, struct au_resource **ret, size_t *ret_count, struct au_err *err);

#endif
