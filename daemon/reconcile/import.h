/* SPDX-License-Identifier: ISC */
/*
 * A list of a product's accounts that a person has brought, as he attests it: for products that nobody can ask.  It
 * goes the way of a list that the product gives itself, but says how things were at some moment, and by whose word.
 */
#ifndef RECONCILE_IMPORT_H
#define RECONCILE_IMPORT_H

#include "reconcile/engine.h"

struct au_import_job {
	struct au_policy *policy; /* held from au_import_init to au_import_done */
	long long now_ms;
	const char *target;
	const char *csv; /* base/csv.h; the first row names the columns */
	const char *actor, *name;
	long long at_ms;  /* how things were then; 0 = now */
	bool partial;     /* it shows some accounts only: who is not on it may be there */
	bool believe_all; /* a person has looked: the list is believed although much is missing */
	json_t *result;   /* freed by au_import_done */
	bool marked;      /* something is to be looked at anew */
};

/* On the loop's thread. */
void au_import_init(struct au_engine *engine, struct au_import_job *job);
void au_import_done(struct au_import_job *job);
/* After the commit. */
void au_import_tell(struct au_engine *engine, const struct au_import_job *job);

/*
 * Store work: all of the list, or nothing of it.  result: {"target", "rows", "ours", "changed", "missing", "strangers",
 * "verified", "contradicted", "buried", "at_ms", "partial"}; buried: rows of accounts whose deletion is newer than
 * export_lag.  AU_ENOENT: no such target; AU_ENOSUP: the product can be asked itself; AU_EINVAL, AU_ELIMIT name the
 * line of what is wrong; AU_EPERM: so many accounts are missing that a person must say that it is meant.
 * Audit: target.import, and what follows from it.
 */
int au_import_work(struct au_store_tx *tx, void *job, struct au_err *err);

#endif
