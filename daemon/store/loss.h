/* SPDX-License-Identifier: ISC */
/*
 * Losses: steps that take something away (lane restrict or destructive), as
 * the guards count them.  What was held, rejected, cancelled or failed is none.
 */
#ifndef STORE_LOSS_H
#define STORE_LOSS_H

#include "model/step.h"
#include "store/store.h"

enum au_loss_scope {
	AU_LOSS_GROUP = 1, /* of a target and a cause, "SOURCE/GROUP" */
	AU_LOSS_SOURCE,    /* of a source, in whatever target */
	AU_LOSS_TARGET,
};

struct au_loss_place {
	enum au_loss_scope scope;
	const char *target; /* NULL for AU_LOSS_SOURCE */
	const char *name;   /* the cause or the source; NULL for AU_LOSS_TARGET */
};

/* Accounts, each once however often it came and went. */
struct au_loss_counts {
	long long open; /* queued or running: the account still is as it was */
	long long done;
	long long held; /* by the guard that asks */
	long long gone; /* of those that are done: what is not there again (deletions) or not active again */
};

/* By steps of one kind in a place: those under way, those done since since_ms, those that the guard of that name holds.
 * Errors are the store's. */
int au_store_loss_count(struct au_store_tx *tx, const struct au_loss_place *place, enum au_step_op op,
    long long since_ms, const char *guard, struct au_loss_counts *ret, struct au_err *err);
/* Whether an account has had a loss of that kind since since_ms, so that another one is nothing new. */
int au_store_loss_again(struct au_store_tx *tx, const char *account_id, enum au_step_op op, long long since_ms,
    bool *ret, struct au_err *err);
/* Accounts that are there, of a target or source, counted no further than most; with is_active only active ones. */
int au_store_loss_accounts(struct au_store_tx *tx, const struct au_loss_place *place, bool is_active, long long most,
    long long *ret, struct au_err *err);
/* Up to most accounts of an application in a target that are active, without a problem, and about to be neither disabled
 * nor deleted: their ids. */
int au_store_loss_stand_ins(struct au_store_tx *tx, struct au_arena *arena, const char *application, const char *target,
    size_t most, const char ***ret, size_t *ret_count, struct au_err *err);

/* Some values of a right in a target. */
struct au_loss_value {
	const char *target;
	const char *right;  /* its name; no quotes in it */
	const char *values; /* JSON array of texts; numbers and booleans as JSON writes them */
};

/* Up to most accounts of ours with one of these values that are active, without a problem, and keep it by the steps that
 * are under way: their ids. */
int au_store_loss_holders(struct au_store_tx *tx, struct au_arena *arena, const struct au_loss_value *value, size_t most,
    const char ***ret, size_t *ret_count, struct au_err *err);
/* How many active accounts with one of them are not ours, but for a log-in name (NULL = none), counted no further than
 * most; strangers beyond those that are kept are not known. */
int au_store_loss_other_holders(struct au_store_tx *tx, struct au_arena *arena, const struct au_loss_value *value,
    const char *but_login, size_t most, long long *ret, struct au_err *err);

#endif
