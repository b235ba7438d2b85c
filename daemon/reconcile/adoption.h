/* SPDX-License-Identifier: ISC */
/*
 * Adoption from the question to the deed: the account is looked up in its target,
 * what would become of it is planned, and then it is adopted, or, in a dry run,
 * nothing is.
 */
#ifndef RECONCILE_ADOPTION_H
#define RECONCILE_ADOPTION_H

#include "reconcile/engine.h"
#include "store/stranger.h"

/* The texts are copied. */
struct au_adoption_order {
	const char *target, *login;
	const char *user;           /* as people type it */
	const char *id;             /* the product's key that was shown before: another one is refused; NULL = any */
	const char *actor, *reason; /* reason may be NULL in a dry run */
	bool dry;                   /* nothing is written */
};

/* All of it is lent for the time of the call. */
struct au_adoption_shown {
	const struct au_stranger *account;
	const char *user;   /* the API user's key */
	const char *unseen; /* why the account is only as the last list showed it; NULL = it is as of now */
	long long seen_ms;  /* when it was like that */
	json_t *plan;       /* as the dry run of a plan tells it: what is held until the second look */
	json_t *frozen;     /* array of steps of the same kind, which come by the second look alone: names and mail */
};

/*
 * done is called once, never from within the call; shown is NULL with an error: those of au_adopt, and AU_ENOENT for
 * a target that is not configured or an account that is not there; AU_ETEMP and what else the target says when it
 * cannot be asked for an account that no list has kept; AU_EINVAL for the log-in that the plugin itself uses.
 */
typedef void au_adoption_done(void *ctx, const struct au_adoption_shown *shown, const struct au_err *err);
void au_engine_adopt(
    struct au_engine *engine, const struct au_adoption_order *order, au_adoption_done *done, void *ctx);

#endif
