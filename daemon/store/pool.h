/* SPDX-License-Identifier: ISC */
/* The ledgers: for each pool of a target what there is, who has it, and who waits for it. */
#ifndef STORE_POOL_H
#define STORE_POOL_H

#include "store/store.h"

#define AU_POOL_TOLD_LOW 1u     /* little is left */
#define AU_POOL_TOLD_TROUBLE 2u /* more is taken than there is, or what was configured is not there */

struct au_pool_row {
	const char *target, *name;

	/* By the configuration and the plugin. */
	const char *rule;    /* how it is counted; when that changes, everybody is counted anew */
	long long limit_set; /* -1 = none is known */
	long long reserve, warn, warn_percent;
	int beyond; /* enum au_beyond */

	/* By what the target told last. */
	long long limit_read, used_read; /* -1 = it did not say */
	long long read_ms;               /* when it was asked for these two; 0 = never */
	long long observed_ms;           /* when its accounts were listed; 0 = never */
	long long others;                /* taken by accounts that are not ours */

	/* Sums over the seats (store/seat.h). */
	long long ours, reserved, waiting;

	long long closed_ms; /* the product said that it is full: nobody is let in before this; 0 = it did not */
	unsigned told;       /* AU_POOL_TOLD_*: what people have been told of, and still is so */
};

/* The configured part of a row; the rest stays, or is zero when the row is new. */
int au_store_pool_define(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err);
/* Of a target (NULL = all), in order of target and name. */
int au_store_pool_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, struct au_pool_row **ret,
    size_t *ret_count, struct au_err *err);
/* What the target told: others, limit_read, used_read, observed_ms, read_ms. */
int au_store_pool_observe(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err);
/* closed_ms and others. */
int au_store_pool_close(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err);
/* told. */
int au_store_pool_told(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err);
/* With the seats in it. */
int au_store_pool_remove(struct au_store_tx *tx, const char *target, const char *name, struct au_err *err);
/* When the first closed pool of a target for which somebody waits opens; 0 = there is none. */
int au_store_pool_wake(struct au_store_tx *tx, const char *target, long long *ret_ms, struct au_err *err);

#endif
