/* SPDX-License-Identifier: ISC */
/* sortBy (RFC 7644 section 3.4.2.3): a key taken from each resource, and their order. */
#ifndef SCIM_SORT_H
#define SCIM_SORT_H

#include "base/mem.h"
#include "scim/attr_path.h"
#include "scim/fault.h"

struct au_sort {
	struct au_attr_path path;
	bool descending;
	bool foreign; /* of another resource type: no resource has a value */
};

struct au_sort_key {
	bool present;
	const char *text; /* NULL for numbers, dates and booleans */
	double number;
};

/* invalidValue: not an attribute that can be sorted by; an order other than ascending or descending (NULL = ascending).
 */
int au_sort_init(const struct au_resource_type *type, const char *by, const char *order, struct au_sort *ret,
    struct au_fault *fault);
/* value: what au_attr_path_get gives for sort->path.attr; of several values the primary one, else the first. */
struct au_sort_key au_sort_key(struct au_arena *arena, const struct au_sort *sort, const json_t *value);
/* Negative when a comes first.  Missing values come last ascending and first descending. */
int au_sort_compare(const struct au_sort *sort, const struct au_sort_key *a, const struct au_sort_key *b);

#endif
