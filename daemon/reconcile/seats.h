/* SPDX-License-Identifier: ISC */
/* What an account takes of its target's pools, and what its steps will take or give back.  Pure. */
#ifndef RECONCILE_SEATS_H
#define RECONCILE_SEATS_H

#include "model/account.h"
#include "reconcile/wanted.h"
#include "store/seat.h"

struct au_seat_facts {
	const struct au_target_block *target;
	const struct au_account *account;
	const struct au_step *open; /* its open steps */
	size_t open_count;
	const char *last_create; /* what the newest create takes; needed of an account of unknown fate only */
	/* What its create took, of which its rights were not set yet: kept until they are.  NULL = nothing. */
	const char *promised;
	bool newborn; /* made inactive, to be activated when its rights are right: it has been let in already */
};
/*
 * The seats of an account: held by what the target has, reserved for steps that are in the queue or under way, waiting.
 * What a create of unknown fate would take stays reserved, and what one took for rights that are still to be set; but
 * whoever waits for a pool anew has nothing kept in it, as he would wait for himself.  ret has room for the target's
 * pools; the number of seats is returned, those of nothing are left out.
 */
size_t au_seats_count(struct au_arena *arena, const struct au_seat_facts *facts, struct au_seat *ret);

/*
 * Say of planned steps of one account, in their order, what each takes (takes, rank).  A create takes what the account
 * will take when it is active, as far as it is wanted so, even where it is born inactive.  Text is in the arena.
 */
void au_seats_claim(struct au_arena *arena, const struct au_target_block *target, const struct au_account *account,
    const struct au_wanted *wanted, struct au_step *steps, size_t count);

/* The part of what a step takes that its templates have stated: pools that the plugin does not count by itself. */
const char *au_seats_stated(struct au_arena *arena, const struct au_target_block *target, const char *takes);

/* What a new account with these rights takes when it is active; takes: what its templates state (NULL: nothing). */
void au_seats_of_new(struct au_arena *arena, const struct au_target_block *target, const char *rights,
    const char *takes, struct au_takes *ret);

/* What an account takes as the target lists it, for each of the target's pools. */
void au_seats_of_seen(const struct au_target_block *target, const struct au_target_account *seen, long long *units);

#endif
