/* SPDX-License-Identifier: ISC */
/*
 * What people do with work orders.  All functions with a job are work of the store; what they change has its audit
 * rows.  A fulfilled order is believed as far as a person's word goes: its account is as the order wanted it, and the
 * store remembers by whose word.
 */
#ifndef RECONCILE_WORK_DO_H
#define RECONCILE_WORK_DO_H

#include "model/work.h"
#include "reconcile/engine.h"

struct au_work_job {
	struct au_policy *policy; /* held from au_work_init to au_work_done */
	const struct au_sealer *sealer;
	long long now_ms;
	long long id;
	const char *actor; /* "uid:1000" */
	const char *name;  /* of that user; NULL = not known */
	const char *text;  /* evidence of a completion, reason of anything else; NULL = nothing said */
	bool take;         /* claim what somebody else has claimed */

	/* Of a completion: what came out. */
	const char *login, *remote_id;  /* NULL = not told */
	const struct au_secret *secret; /* NULL = none */

	/* Lists. */
	const char *target;       /* NULL = all */
	enum au_work_state state; /* 0 = what is to be done */
	bool all;                 /* 0 = every state */
	long long limit;

	json_t *result;          /* freed by au_work_done */
	struct au_secret *taken; /* of au_work_secret; freed by au_work_done */
	bool failed;             /* its step has failed, which is counted, too */
	bool fulfilled;          /* its step is done, and is counted by au_work_tell */
	char *done_target;       /* whose; freed by au_work_done */
};

/* On the loop's thread; what is to be done is filled in between. */
void au_work_init(struct au_engine *engine, struct au_work_job *job);
void au_work_done(struct au_work_job *job);
/* After the commit, on the loop's thread: counters, and what follows. */
void au_work_tell(struct au_engine *engine, const struct au_work_job *job);

/* result: {"orders": [as au_work_to_json, without "text"], "attested": [as au_freshness_list]} */
int au_work_list(struct au_store_tx *tx, void *job, struct au_err *err);
/* result: as au_work_to_json; au_work_claim and the others answer so, too.  AU_ENOENT */
int au_work_show(struct au_store_tx *tx, void *job, struct au_err *err);
/* AU_EINVAL: not in a state for that; AU_EEXIST: somebody else has it. */
int au_work_claim(struct au_store_tx *tx, void *job, struct au_err *err);
int au_work_release(struct au_store_tx *tx, void *job, struct au_err *err);
/*
 * It is done.  AU_EINVAL: a value or a secret that the order asks for is missing, or one that it does not ask for is
 * there, or it is not in a state for that; AU_EPERM: somebody else has claimed it, or a second person has to say so;
 * AU_EEXIST: a newer order of the account was fulfilled meanwhile.
 */
int au_work_complete(struct au_store_tx *tx, void *job, struct au_err *err);
/* It cannot be done: the step fails, and the same is ordered again after order_retry. */
int au_work_fail(struct au_store_tx *tx, void *job, struct au_err *err);
/* It shall not be done: the step is rejected, and the same is not ordered again until somebody reopens it. */
int au_work_cancel(struct au_store_tx *tx, void *job, struct au_err *err);
/* The secret that is to be typed in the product, for whoever has claimed the order. AU_EPERM, AU_EINVAL */
int au_work_secret(struct au_store_tx *tx, void *job, struct au_err *err);

#endif
