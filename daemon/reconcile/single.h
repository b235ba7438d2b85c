/* SPDX-License-Identifier: ISC */
/* One API user looked at now: what its accounts hold is asked for first, then it is planned as ever. */
#ifndef RECONCILE_SINGLE_H
#define RECONCILE_SINGLE_H

#include "reconcile/engine.h"

/* Order of work; the texts are copied. */
struct au_single_order {
	const char *user;   /* as people type it */
	const char *target; /* NULL = all */
	const char *actor;
	bool dry;   /* nothing is written or sent, and no source is read */
	bool fresh; /* do nothing when a source cannot be read now */
};

/*
 * done gets, once and never from within the call, {"user", "entries", "targets"} as explain tells them,
 * "sources" as reconcile/renew.h tells them, "reads": [{"target", "state", "text"}], "plan" as the dry run tells it,
 * and "since": steps with greater ids came after it.  With an error: AU_ENOENT for an unknown user or target; AU_ETEMP
 * when it was to be fresh and is not.  The caller owns what it gets.
 */
typedef void au_single_done(void *ctx, json_t *stages, const struct au_err *err);
void au_engine_single(struct au_engine *engine, const struct au_single_order *order, au_single_done *done, void *ctx);

/* Store work: how far it has come. */
struct au_single_progress {
	const char *user, *target; /* target NULL = all */
	long long since;
	struct au_arena *arena;
	json_t *steps;        /* result: of the user's accounts with greater ids, oldest first; caller decrefs */
	bool dirty;           /* the user has yet to be looked at */
	struct au_step *open; /* queued and running ones */
	size_t open_count;
};
int au_engine_single_work(struct au_store_tx *tx, void *progress, struct au_err *err);
/* On the loop thread, after the work: nothing moves any more. */
bool au_engine_single_is_over(const struct au_engine *engine, const struct au_single_progress *progress);

#endif
