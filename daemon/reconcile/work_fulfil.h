/* SPDX-License-Identifier: ISC */
/* What follows from a person's word that an order is done: for the step, the account, its secret and its seats. */
#ifndef RECONCILE_WORK_FULFIL_H
#define RECONCILE_WORK_FULFIL_H

#include "model/account.h"
#include "model/work.h"
#include "reconcile/policy.h"
#include "store/sealed.h"

struct au_fulfilment {
	const struct au_policy *policy;
	const struct au_sealer *sealer;
	const struct au_secret *secret; /* that the product showed; NULL = none */
	const char *actor, *name;
	long long now_ms;
	bool step_done; /* result: its step was open and is done now */
};

/*
 * Store work; the order itself is not written.  An order whose step is over already says what was done nonetheless:
 * the account is taken over, and the next look puts right what is not wanted.
 */
int au_work_fulfil(
    struct au_store_tx *tx, struct au_arena *arena, struct au_fulfilment *f, struct au_work *work, struct au_err *err);

/* What the account holds once the order is done, in the arena: what is there, changed as the order wants it. */
struct au_target_account *au_work_seen(
    struct au_arena *arena, const struct au_work *work, const struct au_account *account);

#endif
