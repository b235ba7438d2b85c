/* SPDX-License-Identifier: ISC */
/* What a ticket system is told of work orders: written with the change itself, so that no change goes untold. */
#ifndef RECONCILE_ANNOUNCE_H
#define RECONCILE_ANNOUNCE_H

#include "model/work.h"
#include "store/store.h"

/*
 * Store work: the order has changed, and as what; nothing is written unless the store has a subscription to its target.
 * The document is the order as `work show` has it, without what only the daemon needs; no order holds a secret.
 */
int au_announce_work(
    struct au_store_tx *tx, const struct au_work *work, const char *type, long long now_ms, struct au_err *err);
/*
 * Store work: whatever could not be told is tried again at once; where changes were lost, each order that is not over
 * is told of once more as "work.state".  *ret_count: rows that wait now.
 */
int au_announce_again(struct au_store_tx *tx, long long now_ms, long long *ret_count, struct au_err *err);
/* Store work: what the ticket system calls the order.  Audit: work.ticket, when it is news. */
int au_announce_ticket(struct au_store_tx *tx, const char *actor, long long work, const char *ticket, long long now_ms,
    struct au_err *err);

#endif
