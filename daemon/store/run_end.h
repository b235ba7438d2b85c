/* SPDX-License-Identifier: ISC */
/*
 * The last runs of the orders by time, as the writer knows them: that is where each change puts its resource, so the
 * count is kept in memory and written once for all changes of a transaction.  Whoever ends a transaction of a writer
 * settles them before, or forgets them when the transaction is rolled back.
 */
#ifndef STORE_RUN_END_H
#define STORE_RUN_END_H

#include "store/resource_run.h"

#define AU_RUN_ENDS 8 /* of so many orders at a time */

struct au_run_end {
	char *client, *type; /* NULL: none */
	enum au_resource_order order;
	long long number, num; /* where it begins */
	long long total;
	bool is_moved; /* the stored total is another one */
};

struct au_run_ends {
	struct au_run_end list[AU_RUN_ENDS];
	size_t next; /* to be used for another order */
};

/* The last run of that order if it is known; NULL. */
struct au_run_end *au_run_end_of(struct au_store_tx *tx, const struct au_run_space *space);
/* From now on it is. */
int au_run_end_know(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *start,
    long long total, struct au_err *err);
bool au_run_end_has(const struct au_run_end *end, const struct au_resource_place *place);

/* Write the totals that have moved. */
int au_run_ends_settle(struct au_store_tx *tx, struct au_err *err);
void au_run_ends_forget(struct au_run_ends *ends);

#endif
