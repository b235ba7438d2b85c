/* SPDX-License-Identifier: ISC */
/*
 * For what steps wait that are AU_STEP_FOLLOWS: until another account of ours has let a login go.  The rows of a step
 * end with that state, whatever ends it.
 */
#ifndef STORE_STEP_WAIT_H
#define STORE_STEP_WAIT_H

#include "model/step.h"
#include "store/store.h"

struct au_step_wait {
	long long step;
	const char *account_id; /* that has the login, or is to have it */
	long long after;        /* the step by which it lets go; 0 = none is planned yet */
};

/* The step waits for the account, by that step from now on. */
int au_store_step_wait_put(struct au_store_tx *tx, const struct au_step_wait *wait, struct au_err *err);
/* It does not wait for this account any more. */
int au_store_step_wait_drop(struct au_store_tx *tx, long long step, const char *account_id, struct au_err *err);
/* For whom a step waits. */
int au_store_step_wait_of(struct au_store_tx *tx, struct au_arena *arena, long long step, struct au_step_wait **ret,
    size_t *ret_count, struct au_err *err);
/* Who waits for an account, oldest first. */
int au_store_step_wait_on(struct au_store_tx *tx, struct au_arena *arena, const char *account_id,
    struct au_step_wait **ret, size_t *ret_count, struct au_err *err);

/*
 * Whose login a create would take: accounts of its target, other than its own, that have the same one (in whatever
 * letters), are made now or may have been made, or have a create that is open and older.  A step without a number is
 * younger than all that have one.  At most `limit` ids.
 */
int au_store_step_rivals(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *create, size_t limit,
    const char ***ret_ids, size_t *ret_count, struct au_err *err);

#endif
