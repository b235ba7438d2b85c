/* SPDX-License-Identifier: ISC */
/*
 * Counts of the values of an order, so that the n-th one is found, and how many lie before a place, without a walk.
 * Each run counts neighbours, from its place up to the place of the next run; whoever adds or removes a value counts it
 * in the same transaction.
 */
#ifndef STORE_RESOURCE_RUN_H
#define STORE_RESOURCE_RUN_H

#include "store/resource_index.h"
#include "store/statement.h"
#include "store/tx.h"

/* A run with more is split into two of half as many, and two neighbours that have less than AU_RUN_LEAST between them
 * become one.  Stored: a store's migration makes runs of half as many, too. */
#define AU_RUN_MOST 1024
#define AU_RUN_LEAST 256

/* One order of the resources of a client and type. */
struct au_run_space {
	const char *client, *type;
	enum au_resource_order order;
	const char *attr; /* AU_ORDER_INDEX */
};

/* What the orders differ in; at the number of an order. */
struct au_order_row {
	enum au_statement range, count, up, down;
	const char *name; /* of a column's runs: no attribute's */
	bool numbers;
};
extern const struct au_order_row au_order_rows[];
struct au_value au_order_value(const struct au_run_space *space, const struct au_resource_value *value);
/* Before and behind everything. */
extern const struct au_resource_place au_order_first, au_order_last;

int au_run_add(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place,
    struct au_err *err);
int au_run_remove(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place,
    struct au_err *err);
/* Where a value is in the order, as columns have it: from one resource to another; NULL = none, before it and after. */
int au_run_columns(
    struct au_store_tx *tx, const struct au_resource *was, const struct au_resource *is, struct au_err *err);

int au_run_set_total(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *start,
    long long total, struct au_err *err);

/* How many values lie from one place up to another. */
int au_run_count_values(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *from,
    const struct au_resource_place *to, long long *ret, struct au_err *err);
/* Pass over so many values from a place on, going up or down: *place is then near the next one, in the transaction's
 * scratch memory, and *skip is what is left to be passed over. */
int au_run_find(struct au_store_tx *tx, const struct au_run_space *space, bool descending,
    struct au_resource_place *place, long long *skip, struct au_err *err);

#endif
