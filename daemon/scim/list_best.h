/* SPDX-License-Identifier: ISC */
/* The first few of many in a sort order, in the memory of a few. */
#ifndef SCIM_LIST_BEST_H
#define SCIM_LIST_BEST_H

#include "scim/sort.h"

/* One resource: by equal keys the type counts, then the order of creation; descending turns all of it around. */
struct au_list_place {
	struct au_sort_key key;
	size_t view; /* of the list */
	long long num;
};
int au_list_place_compare(const struct au_sort *sort, const struct au_list_place *a, const struct au_list_place *b);

struct au_list_best;

/* Keeps the first `keep` of those that are added. */
struct au_list_best *au_list_best_new(const struct au_sort *sort, size_t keep);
void au_list_best_free(struct au_list_best *best); /* NULL is fine */
/* The place's text is copied. */
void au_list_best_add(struct au_list_best *best, const struct au_list_place *place);
/* In order; valid until the next add. */
const struct au_list_place *au_list_best_sorted(struct au_list_best *best, size_t *ret_count);

#endif
