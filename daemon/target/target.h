/* SPDX-License-Identifier: ISC */
/*
 * One target instance: supervises apiuserd-target with its plugin and passes
 * calls to it, one at a time, each with a deadline after which the worker is killed.
 * It knows nothing of reconciling.
 */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include "settings/settings.h"
#include "wire/call.h"

struct au_store;
struct event_base;
struct au_target_worker;

/* Where it is kept which log-in was refused, and the key of the digest that it is known by. */
struct au_target_memory {
	struct au_store *store;
	const unsigned char *key; /* AU_TARGET_KEY bytes */
};
#define AU_TARGET_KEY 32

/* The outcome of a call; everything lives during the callback only. */
struct au_call_result {
	struct au_err err; /* code 0 when fine; AU_EUNKNOWN when the worker died or was killed during a changing call,
			      AU_ETEMP when it died during a reading one or the call never started */
	const struct au_target_account *accounts;
	size_t account_count;
	const struct au_pool_state *pools; /* POOLS */
	size_t pool_count;
	const char *text; /* RESOLVE */
	const char *order; /* with AU_EMANUAL: what a person must do, model/order_text.h as JSON; NULL = nobody said */
};
typedef void au_call_done(void *ctx, const struct au_call_result *result);

/*
 * memory is copied, its store outlives the worker; NULL: what was refused is known as long as the worker lives.  A
 * log-in that was refused, AU_EAUTH, is not tried again, whoever restarts, before a secret or an option of the instance
 * changes or a person says au_target_worker_forgive: products lock accounts after a few wrong tries, and this one is an
 * administrator's.
 */
struct au_target_worker *au_target_worker_new(struct event_base *base, const char *helper, const char *plugin_dir,
    const struct au_target_block *block, const struct au_target_memory *memory);
/* Queue a call; account, rights_in and secret in it are copied.  done is always called exactly once, never from
 * within this function. */
void au_target_worker_call(struct au_target_worker *worker, const struct au_call *call, au_call_done *done, void *ctx);
/* Secrets are read anew and the plugin is opened again before the next call. */
void au_target_worker_reopen(struct au_target_worker *worker);
/* A person says that the cause of a refusal is gone: the same, and the same log-in may be tried once more. */
void au_target_worker_forgive(struct au_target_worker *worker);
size_t au_target_worker_waiting(const struct au_target_worker *worker); /* queued and running calls */
pid_t au_target_worker_pid(const struct au_target_worker *worker);
unsigned au_target_worker_restarts(const struct au_target_worker *worker);
void au_target_worker_free(struct au_target_worker *worker); /* callbacks of waiting calls are not made */

#endif
