/* SPDX-License-Identifier: ISC */
/*
 * What is to be told to a ticket system: one row for each change of a work order, written in the transaction of the
 * change and kept until somebody has taken it.  Rows of one order are given in their order.
 */
#ifndef STORE_DELIVERY_H
#define STORE_DELIVERY_H

#include "store/store.h"

struct au_delivery {
	long long id;     /* rises; given by the store */
	const char *uuid; /* by which the other side knows one that it has had already */
	long long work;
	const char *target;
	const char *type; /* "work.open": the verb of the audit */
	const char *data; /* JSON object */
	long long created_ms;
	long long since_ms; /* tried since then */
	long long tries, next_ms;
	long long given_up_ms; /* 0 = it is tried still */
	const char *problem;   /* of the last try; NULL = none */
};

/* The targets whose orders are told of, and how many rows may wait; with none, nothing is told. */
int au_store_subscription_set(
    struct au_store_tx *tx, const char *const *targets, size_t count, long long most, struct au_err *err);
int au_store_subscription_has(struct au_store_tx *tx, const char *target, bool *ret, struct au_err *err);

/* id and what is known of tries are not read.  When too many wait it is counted as lost instead. */
int au_store_delivery_add(struct au_store_tx *tx, const struct au_delivery *delivery, struct au_err *err);
/* The next one that is due: 1 and it, or 0. */
int au_store_delivery_next(
    struct au_store_tx *tx, struct au_arena *arena, long long now_ms, struct au_delivery *ret, struct au_err *err);
int au_store_delivery_remove(struct au_store_tx *tx, long long id, struct au_err *err); /* it was taken */
/* Tries, next_ms, given_up_ms and problem. */
int au_store_delivery_update(struct au_store_tx *tx, const struct au_delivery *delivery, struct au_err *err);
/* All are due at once, those that were given up as well; lost ones are forgotten. */
int au_store_delivery_retry(struct au_store_tx *tx, long long now_ms, struct au_err *err);

struct au_delivery_counts {
	long long waiting, given_up;
	long long oldest_ms; /* of those that wait or were given up; 0 = none */
	long long lost;      /* changes for which there was no room */
	const char *problem; /* of the oldest one that has one */
};
int au_store_delivery_count(
    struct au_store_tx *tx, struct au_arena *arena, struct au_delivery_counts *ret, struct au_err *err);

#endif
