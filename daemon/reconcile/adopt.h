/* SPDX-License-Identifier: ISC */
/*
 * Adoption: a person gives an account that is not ours to one of our API users.
 * Nothing is changed by that.  What would be changed is planned and held, names
 * and mail stay as they are, until a person has looked a second time.
 */
#ifndef RECONCILE_ADOPT_H
#define RECONCILE_ADOPT_H

#include "model/apiuser.h"
#include "store/stranger.h"

struct au_adopt {
	const char *target, *login;
	const char *user;           /* as people type it; not for au_adopt_ignore and au_adopt_unignore */
	const char *actor, *reason; /* reason may be NULL for au_adopt_ignore and au_adopt_unignore */
	const struct au_stranger *stranger; /* for au_adopt: as the target shows it; NULL = as its last list did */
	long long now_ms;
};

/*
 * All are work in a transaction with their audit rows; the target is a configured one.
 *
 * Adopt: AU_ENOENT: no such stranger or API user; AU_EEXIST: the API user has an account there already, or the account
 * is ours by its id or mark; AU_EINVAL: the name is ignored, or an earlier create is not settled.
 */
int au_adopt(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err);
/* What au_adopt refuses whichever account it is, for whoever is about to ask the target. */
int au_adopt_look(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job,
    struct au_apiuser *ret_user, struct au_err *err);
/* The second look, of the API user's account in the target: its held steps go.  AU_EINVAL: nobody waits for it. */
int au_adopt_confirm(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err);
/* Approving a step of the account is a second look, too; nothing happens to one that waits for none. */
int au_adopt_approved(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, const char *actor,
    const char *reason, long long now_ms, struct au_err *err);

/* Whoever has this log-in name in the target is left alone from now on. */
int au_adopt_ignore(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err);
/* AU_ENOENT: it is not ignored. */
int au_adopt_unignore(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err);

#endif
