/* SPDX-License-Identifier: ISC */
/*
 * Resources in an order of their values, so that whoever asks for one value or a run of them reads no others.  What
 * every resource has is ordered by its own columns; any other attribute by rows of an index, which whoever changes a
 * resource keeps in the same transaction.  A value here is what comparing compares: folded text, or milliseconds.
 */
#ifndef STORE_RESOURCE_INDEX_H
#define STORE_RESOURCE_INDEX_H

#include "model/resource.h"
#include "store/store.h"

enum au_resource_order {
	AU_ORDER_NAME = 1, /* name_fold */
	AU_ORDER_EXTERNAL_ID,
	AU_ORDER_CREATED,  /* a number */
	AU_ORDER_MODIFIED, /* a number */
	AU_ORDER_INDEX,    /* values of an attribute */
};

struct au_resource_value {
	const char *text; /* NULL in the orders of numbers */
	long long number;
};
/* Negative when a comes first. */
int au_resource_value_compare(const struct au_resource_value *a, const struct au_resource_value *b);
/* Below and above every text: UTF-8 has no byte 0xff. */
#define AU_TEXT_LEAST ""
#define AU_TEXT_MOST "\xff"
/* What stands for a resource without a value, so that it has a place behind the others; and the end of all. */
#define AU_TEXT_NONE AU_TEXT_MOST
#define AU_TEXT_LAST "\xff\xff"

/* Values from `from` on, without `to`. */
struct au_resource_range {
	enum au_resource_order order;
	const char *attr; /* AU_ORDER_INDEX */
	struct au_resource_value from, to;
};

/* Numbers of resources. */
struct au_resource_nums {
	long long *list; /* NULL when there are none */
	size_t count, cap;
	size_t most; /* a range stops behind so many, with one more; 0 = it does not */
};
void au_resource_nums_add(struct au_resource_nums *nums, long long num);
/* Ascending, each once. */
void au_resource_nums_sort(struct au_resource_nums *nums);
void au_resource_nums_done(struct au_resource_nums *nums);

/* Append the numbers of all resources of a client and type with a value within the range, in no order; one that has
 * several of them comes several times. */
int au_store_index_range(struct au_store_tx *tx, const char *client, const char *type,
    const struct au_resource_range *range, struct au_resource_nums *nums, struct au_err *err);

/* A place between two values of an order; resources of equal value follow each other as they were created. */
struct au_resource_place {
	struct au_resource_value value;
	long long num;
};
struct au_resource_walk {
	struct au_resource_range range; /* of an order in which no resource has two values */
	bool descending;
	const struct au_resource_place *after; /* NULL = from the start */
	long long skip, limit;                 /* skip: only from the start */
};
/* Return 1 to stop early, negative to fail.  The place lives during the call. */
typedef int au_resource_place_visit(void *ctx, const struct au_resource_place *place, struct au_err *err);
/* The resources with a value within the range, in its order, read from the index alone.  However many are skipped, no
 * more than some thousand values are looked at beside those that are visited. */
int au_store_index_walk(struct au_store_tx *tx, const char *client, const char *type,
    const struct au_resource_walk *walk, au_resource_place_visit *visit, void *ctx, struct au_err *err);
/* How many they are, at about the same price. */
int au_store_index_count(struct au_store_tx *tx, const char *client, const char *type,
    const struct au_resource_range *range, long long *ret, struct au_err *err);

/* A value of an attribute.  Where a resource has one at most, values are counted and can be walked. */
struct au_index_value {
	const char *attr, *text;
	bool multi;
};
/* One value of a resource, by its client, type and number.  What is there is left, what is not there is not missed. */
int au_store_index_add(struct au_store_tx *tx, const struct au_resource *resource, const struct au_index_value *value,
    struct au_err *err);
int au_store_index_remove(struct au_store_tx *tx, const struct au_resource *resource,
    const struct au_index_value *value, struct au_err *err);

/* ---- attributes that came to be indexed when there were resources already ---- */

/* How far the index of an attribute has got: resources up to that number are in it. */
#define AU_INDEX_WHOLE (-1)
struct au_index_mark {
	const char *type, *attr;
	long long num;
};
int au_store_index_marks(
    struct au_store_tx *tx, struct au_arena *arena, struct au_index_mark **ret, size_t *ret_count, struct au_err *err);
int au_store_index_mark(struct au_store_tx *tx, const struct au_index_mark *mark, struct au_err *err);
/* Forget an attribute: its mark and all of its values. */
int au_store_index_drop(struct au_store_tx *tx, const char *type, const char *attr, struct au_err *err);

#endif
