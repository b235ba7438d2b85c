/* SPDX-License-Identifier: ISC */
/*
 * What people decide on held steps.  A step is let go when as many different
 * people have approved it as its lane asks for; one who rejects it ends it, and
 * the same wish is not proposed again until it changes or somebody reopens it.
 * All functions with a job are work of the store, decide on all of the job's
 * steps or on none, and leave audit rows.
 */
#ifndef RECONCILE_DECIDE_H
#define RECONCILE_DECIDE_H

#include "reconcile/engine.h"

/* Of which held and rejected steps a list tells; NULL = of all. */
struct au_decide_only {
	const char *target;
	const char *guard;
	const char *user;       /* as people type it, or a log-in name */
	const char *apiuser_id; /* the list's own: who that is */
};

struct au_decide_job {
	struct au_policy *policy; /* held from au_decide_init to au_decide_done */
	const long long *steps;
	size_t step_count;
	const char *actor; /* "uid:1000" */
	const char *name;  /* of that user; NULL = not known */
	const char *reason;
	struct au_decide_only only; /* au_decide_list */
	long long now_ms;
	json_t *result; /* freed by au_decide_done */
};

/* On the loop's thread; what is to be decided is filled in between. */
void au_decide_init(struct au_engine *engine, struct au_decide_job *job);
void au_decide_done(struct au_decide_job *job);

/*
 * result: {"steps": [{"id", "state", "target", "login", "op", "lane", "approvals", "needed", ...}]}, the state being
 * "held" while other people must approve it, too, or, with "moved", because more guards hold it by now than were shown;
 * "guard" then tells.  AU_ENOENT: no such step; AU_EINVAL: it is not held; AU_EEXIST: the
 * same person has approved it already.
 */
int au_decide_approve(struct au_store_tx *tx, void *job, struct au_err *err);
/* The same, "rejected"; a step that was approved and is not sent yet can be rejected, too. */
int au_decide_reject(struct au_store_tx *tx, void *job, struct au_err *err);
/* Steps that were rejected: their wishes may be proposed again.  AU_EINVAL: that is not in force. */
int au_decide_reopen(struct au_store_tx *tx, void *job, struct au_err *err);
/*
 * What waits for people, and what they rejected: {"steps": [...], "rejected": [...]}, held steps with "approvals", a
 * list of {"actor", "name", "reason", "at_ms"}, "needed", and "expires_ms" when that is limited.
 */
int au_decide_list(struct au_store_tx *tx, void *job, struct au_err *err);

#endif
