/* SPDX-License-Identifier: ISC */
/*
 * Custody of credentials: what a step that made one leaves behind, what has been open for too long, and what people say
 * about it.  One that the product mailed, and one of an account that came in another's place, is open until somebody
 * confirms that it is in use; only then does the account before it go.
 */
#ifndef RECONCILE_CUSTODY_H
#define RECONCILE_CUSTODY_H

#include "base/json.h"
#include "model/account.h"
#include "model/step.h"
#include "reconcile/policy.h"
#include "store/store.h"

/*
 * A step has its outcome: when it made a credential, the account has its custody anew; when it made another account, the
 * one before is kept.  before: as the account was.  place is copied to the arena where it was mailed.
 */
void au_custody_made(struct au_arena *arena, const struct au_step *step, const struct au_account *before,
    struct au_account *account, enum au_origin origin, const char *place, long long now_ms);
/*
 * An account that leaves before a person has given it its credential: nothing would ask for that when it comes back, so
 * from now on another one is wanted.  The account itself when there is nothing of the kind, else a copy in the arena.
 */
const struct au_account *au_custody_unfinished(struct au_arena *arena, const struct au_account *account,
    const struct au_step *open, size_t open_count, bool wanted, long long now_ms);
/* The account before, from its text (custody.former); all NULL when the text is none.  Text is in the arena. */
void au_custody_former(struct au_arena *arena, const char *text, struct au_target_account *ret);
/* That nobody has confirmed it within custody_confirm of the target, in the arena; NULL when that is not so. */
const char *au_custody_finding(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms);

/* What a person says of one account. */
struct au_custody_job {
	const char *user, *target;
	const char *actor, *name; /* "uid:1000", and how that is called (NULL = not known) */
	const char *reason;
	long long now_ms;
};
/* It has arrived and is in use.  AU_ENOENT: no such account; AU_EINVAL: there is nothing to confirm. */
int au_custody_confirm(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_custody_job *job, struct au_err *err);
/* Another one is wanted.  AU_EINVAL: the product has no way to it; AU_EEXIST: the one before is not gone yet. */
int au_custody_renew(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_custody_job *job, struct au_err *err);
/* {"custody": [...]} of all accounts that are there, or of one target (else NULL).  Caller owns *ret. */
int au_custody_list(struct au_store_tx *tx, const struct au_policy *policy, const char *target, long long now_ms,
    json_t **ret, struct au_err *err);

#endif
