/* SPDX-License-Identifier: ISC */
/*
 * What is too much for one transaction is written as a parcel (store/parcel.h), piece by piece, and nothing of it is
 * sent before the guards have judged all of it together: closing it is what lets it go, in the transaction of that
 * judgement.  One that was not closed, because the daemon ended or something moved, is taken back.
 */
#ifndef RECONCILE_PARCEL_H
#define RECONCILE_PARCEL_H

#include "reconcile/policy.h"
#include "store/store.h"

#define AU_PARCEL_PIECE 200 /* steps that are held or taken back in one transaction */

/*
 * Store work: hold what the guards hold of the whole.  *ret_closed: nothing more is to be held, and its steps may be
 * sent from this commit on; otherwise it is to be called again, as that was enough for one transaction.  *ret_held
 * counts what was held by this call.
 */
int au_parcel_close(struct au_store_tx *tx, const struct au_policy *policy, long long id, long long now_ms,
    bool *ret_closed, long long *ret_held, struct au_err *err);
/*
 * Store work: take back what is open of it, with audit rows, and have its API users looked at again.  *ret_gone: all of
 * it was, and the parcel is no more; otherwise to be called again.  `why` goes to the audit.
 */
int au_parcel_discard(struct au_store_tx *tx, const struct au_policy *policy, long long id, const char *why,
    long long now_ms, bool *ret_gone, struct au_err *err);

/* Whether a step belongs to a parcel that is still being written, so that nobody decides on it yet. */
int au_parcel_is_open(struct au_store_tx *tx, long long id, bool *ret, struct au_err *err);

#endif
