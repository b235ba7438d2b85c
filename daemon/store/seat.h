/* SPDX-License-Identifier: ISC */
/* Seats: what one account takes of one pool.  The sums in the ledger (store/pool.h) move with them. */
#ifndef STORE_SEAT_H
#define STORE_SEAT_H

#include "model/step.h"
#include "store/store.h"

struct au_seat {
	const char *pool, *target;
	long long held;     /* as the target has it */
	long long reserved; /* for steps that are let in and have no outcome yet */
	long long waiting;  /* what steps wait for */
};

/* Of an account, by pool. */
int au_store_seat_of(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_seat **ret,
    size_t *ret_count, struct au_err *err);
/*
 * Exactly these are the account's from now on; those that are alike are not written.  A pool that has no ledger takes
 * seats, too, and has no sum.
 */
int au_store_seat_set(
    struct au_store_tx *tx, const char *account_id, const struct au_seat *seats, size_t count, struct au_err *err);
/* The account takes nothing any more. */
int au_store_seat_clear(struct au_store_tx *tx, const char *account_id, struct au_err *err);

/* Who gives units of a pool back next. */
struct au_seat_leaving {
	const char *login;
	enum au_step_op op; /* by this step; 0: by the end of its grace time */
	enum au_step_state state;
	long long disabled_ms; /* without op: since when it is disabled */
};
/* AU_ENOENT when nobody is on the way out. */
int au_store_seat_leaving(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *pool,
    struct au_seat_leaving *ret, struct au_err *err);

#endif
