/* SPDX-License-Identifier: ISC */
/* Protecting accounts by hand: what reconcile/last.h then holds, and nobody lets go before the protection ends. */
#ifndef RECONCILE_PROTECT_H
#define RECONCILE_PROTECT_H

#include "reconcile/policy.h"
#include "store/store.h"

struct au_protect {
	const char *target, *login; /* of a configured target */
	const char *actor, *name;   /* "uid:1000", and who that is; name may be NULL */
	const char *reason;
	long long now_ms;
};

/* Whose account it is that a log-in name stands for in a target, as far as is known. */
enum au_login_owner { AU_LOGIN_UNKNOWN, AU_LOGIN_OURS, AU_LOGIN_STRANGER };
const char *au_login_owner_name(enum au_login_owner owner); /* "ours", "stranger"; NULL for an unknown one */

/*
 * Both are work in a transaction with their audit rows.  Protect: steps that are queued stay and are held when their
 * turn comes; whatever is sent already goes on.
 */
int au_protect(struct au_store_tx *tx, struct au_arena *arena, const struct au_protect *job,
    enum au_login_owner *ret_owner, struct au_err *err);
/* What the protection has held stays held until people decide.  AU_ENOENT: it is not protected by hand; the text says
 * so when the target's option does it. */
int au_unprotect(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_protect *job, struct au_err *err);
/* All of them: {"protected": [{"target", "login", "by", "name", "reason", "at_ms"}]}, those of the option without time
 * and reason, "by" being "option". */
int au_protect_list(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, json_t **ret, struct au_err *err);

#endif
