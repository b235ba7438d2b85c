/* SPDX-License-Identifier: ISC */
/* A whole list of a target's accounts, and what it changes in the store. */
#ifndef RECONCILE_LISTING_H
#define RECONCILE_LISTING_H

#include "model/account.h"
#include "reconcile/census.h"
#include "reconcile/policy.h"
#include "reconcile/strangers.h"

/* Of a list that a person has brought: by whose word, and how far it goes. */
struct au_attested {
	const char *by, *actor, *name;    /* "import of 2026-01-02"; "uid:1000"; that user's name, or NULL */
	long long at_ms;                  /* how things were then; began_ms of the listing is lag_ms before it */
	long long lag_ms;                 /* for which it may be behind what was done */
	struct au_map *buried;            /* remote ids that it shows still, though deleted */
	bool partial;                     /* who is not on it may be there */
	bool believe_all;                 /* however many are not */
	long long verified, contradicted; /* result: work orders */
};

struct au_listing {
	struct au_arena *arena;
	const struct au_policy *policy; /* while it is written */
	const char *target;
	struct au_map *seen; /* remote id -> struct au_seen in the arena */
	long long began_ms;  /* when it was asked for */
	long long now_ms;    /* when it was there */
	bool paused;
	struct au_told_pools told; /* of the target's pools */
	struct au_attested *attested; /* NULL: the product has shown it */

	/* What came of it. */
	long long drifted, missing, marked; /* accounts that others changed or took away; all that are looked at anew */
	struct au_strangers strangers;
	const char *doubt; /* why missing accounts are not believed; NULL = they are */
};

/* An empty one; the target is copied. */
void au_listing_init(struct au_listing *listing, const char *target, long long began_ms, bool paused);
void au_listing_done(struct au_listing *listing);
void au_listing_add(struct au_listing *listing, const struct au_target_account *from); /* copied */
/* What the target said of its pools; copied. */
void au_listing_told(struct au_listing *listing, const struct au_pool_state *pools, size_t count);
/* What it tells of one account of ours, read from the store: values, or that it is gone; with its audit row. */
int au_listing_take(struct au_store_tx *tx, struct au_listing *listing, struct au_account *account, struct au_err *err);
/* Observed values, vanished accounts and strangers are written with their audit rows; keys that are concerned are
 * marked.  The policy knows the target. */
int au_listing_write(
    struct au_store_tx *tx, const struct au_policy *policy, struct au_listing *listing, struct au_err *err);

#endif
