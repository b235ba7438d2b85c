/* SPDX-License-Identifier: ISC */
/*
 * One step of a target's queue on its way: taken from the store (its intent is
 * on disk before the target hears of it), sent, and what came of it recorded.
 * Shared by the queue and the files of these three; whoever has it frees it.
 */
#ifndef RECONCILE_ERRAND_H
#define RECONCILE_ERRAND_H

#include "reconcile/engine_parts.h"
#include "reconcile/outcome.h"
#include "target/target.h"

/* One step from taking to recording. */
struct errand {
	struct au_queue *queue;
	struct au_policy *policy;
	struct au_arena *arena;
	const struct au_target_block *block;
	long long now_ms;
	enum au_lane most; /* no steps of lanes beyond */
	const char *ahead; /* account whose steps go first; NULL = none */
	bool found;
	bool refused; /* it cannot be sent; result says why */
	bool again;   /* it was put out of the way: take the next one */
	long long wake_ms;
	struct au_step step;
	struct au_account account;
	long long proven_ms;          /* the queue's, as the answer came */
	struct au_secret *secret;     /* new password on its way to the target */
	struct au_call_result result; /* copied */
	struct au_secret *shown;      /* password that the product showed */
	struct au_outcome outcome;
	const char *moved;       /* a fresh look found the account otherwise; how */
	struct au_step *history; /* of the account, newest first */
	size_t history_count;
	long long open_ms; /* for which it had every right after its birth; -1 = that did not end now */
	bool added;        /* a step that follows from this one was queued */
	void (*sent)(struct errand *errand);
};

/* The next one of that queue, which knows it from now on.  safe: steps that take nothing from anybody only. */
struct errand *au_errand_new(struct au_queue *queue, bool safe);
void au_errand_free(struct errand *errand); /* NULL is fine */

/* Store work, with an errand: find the step that is due, make the password that it needs, and note that it runs.
 * Sets found, refused, again and wake_ms; finding none is no error. */
int au_errand_take(struct au_store_tx *tx, void *errand, struct au_err *err);

/* Look at the account first where that is due, call the target, look whether what was deleted is gone; then done, on
 * the loop, with the answer in the errand. */
void au_errand_send(struct errand *errand, void (*done)(struct errand *errand));

/* Store work, with an errand: what the answer means for step, account, password, pools and audit. */
int au_errand_record(struct au_store_tx *tx, void *errand, struct au_err *err);

/* Keep a password of the account, sealed; ready: it may be handed over. */
int au_errand_seal(struct au_store_tx *tx, const struct errand *errand, const struct au_secret *secret, bool ready,
    struct au_err *err);

#endif
