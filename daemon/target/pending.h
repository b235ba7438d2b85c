/* SPDX-License-Identifier: ISC */
/* A call that waits or runs, with its own copy of everything, and the answer as it comes in. */
#ifndef TARGET_PENDING_H
#define TARGET_PENDING_H

#include "target/target.h"

struct au_pending {
	struct au_pending *next;
	struct au_call call;
	au_call_done *done;
	void *ctx;
	struct au_call_result result;
	/* Private. */
	struct au_arena *arena;
	struct au_secret *secret;   /* of the call */
	struct au_secret **secrets; /* of the answer's accounts */
	struct au_target_account *accounts;
	struct au_pool_state *pools;
	size_t cap, secret_count;
};

struct au_pending *au_pending_new(const struct au_call *call, au_call_done *done, void *ctx);
void au_pending_free(struct au_pending *pending); /* NULL is fine; wipes secrets */
/* One account of the answer; AU_ELIMIT beyond what the call may answer. */
int au_pending_account(struct au_pending *pending, const struct au_target_account *account, struct au_err *err);
/* One pool of the answer, likewise. */
int au_pending_pool(struct au_pending *pending, const struct au_pool_state *pool, struct au_err *err);
/* The answer's end: its error, its text, its work order (NULL = none). */
void au_pending_end(struct au_pending *pending, const struct au_err *outcome, const char *text, const json_t *order);
/* First in, first out. */
struct au_pending_queue {
	struct au_pending *first, **last; /* last points to first when it is empty */
	size_t count;
};
void au_pending_put(struct au_pending_queue *queue, struct au_pending *pending);
struct au_pending *au_pending_take(struct au_pending_queue *queue); /* NULL when it is empty */
void au_pending_drain(struct au_pending_queue *queue);              /* frees what waits in it */

#endif
