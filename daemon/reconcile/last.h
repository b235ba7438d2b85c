/* SPDX-License-Identifier: ISC */
/*
 * Guards that look at a single account, whatever else is lost: the login that
 * the daemon itself uses, accounts that are protected, the last administrator,
 * the last active account of an application.  What they hold takes a person,
 * however few it is; a protected account not even people let go.
 */
#ifndef RECONCILE_LAST_H
#define RECONCILE_LAST_H

#include "base/map.h"
#include "model/plan.h"
#include "reconcile/policy.h"
#include "store/store.h"

/* What stands for one step. */
struct au_last_case {
	struct au_store_tx *tx;
	const struct au_policy *policy;
	struct au_plan *plan;
	const struct au_step *step;
	const struct au_map *going; /* account id -> its new loss in the plan */
	struct au_map *stays;       /* what is asked for -> how many stay, as long long in the plan's arena */
};

struct au_last_guard {
	const char *name;
	/* *ret_why, in the plan's arena, says what would stop; it stays NULL when nothing does.  Errors are the
	 * store's. */
	int (*check)(const struct au_last_case *c, const char **ret_why, struct au_err *err);
};
extern const struct au_last_guard au_last_guards[]; /* ends with a NULL name */

/* Hold every new loss in the plan that one of them covers; what is held already gets its reason, too. */
int au_last_judge(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err);
/*
 * Judge a held step again before it is let go.  *ret_moved tells that more guards hold it than when it was shown;
 * its guard and guards are then the new ones, in the arena.
 */
int au_last_again(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    bool *ret_moved, struct au_err *err);

/* Why the account of a step is protected, in the arena; NULL when it is not, or when nothing is taken from it. */
int au_last_protects(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_step *step, const char **ret_why, struct au_err *err);
/* A queued step that is about to be sent: hold it, with its audit row, when its account was protected meanwhile. */
int au_last_stop(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    long long now_ms, bool *ret_stopped, struct au_err *err);

/* Whether the log-in is the one that the plugin itself uses there, by its options with AU_OWN_LOGIN. */
bool au_last_is_own_login(struct au_arena *arena, const struct au_target_block *target, const char *login);

#endif
