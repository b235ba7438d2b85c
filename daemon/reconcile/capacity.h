/* SPDX-License-Identifier: ISC */
/*
 * The capacity planner: who comes in when there is only so much of what accounts take up.  Pure; the ledgers that it
 * decides on are kept by reconcile/ledger.h.
 *
 * Who waits is let in by the order of the rules, then by age.  Nobody is overtaken in a pool that he waits for; in
 * other pools he holds up nobody.
 */
#ifndef RECONCILE_CAPACITY_H
#define RECONCILE_CAPACITY_H

#include "model/pool.h"
#include "model/step.h"
#include "store/pool.h"

#include <limits.h>

#define AU_CAPACITY_FREE LLONG_MAX /* no limit is known */

/* The limit that counts: the smaller of what is configured and what the target told; -1 when neither is there. */
long long au_capacity_limit(const struct au_pool_row *pool);
/* Units that are left of the limit, 0 while the product says that it is full; AU_CAPACITY_FREE without a limit. */
long long au_capacity_left(const struct au_pool_row *pool, long long now_ms);
/* Units for those who come in now: what is left, or AU_CAPACITY_FREE where the limit is a commitment. */
long long au_capacity_free(const struct au_pool_row *pool, long long now_ms);
/* Of so many more units, those that go beyond a commitment; 0 where the limit is none. */
long long au_capacity_billed(const struct au_pool_row *pool, long long more);
/* Whether people should be told: little is left, and not because nothing is taken. */
bool au_capacity_is_low(const struct au_pool_row *pool, long long now_ms);
/* What the target and the configuration disagree about, or how more is taken than there is; NULL when all is well. */
const char *au_capacity_trouble(struct au_arena *arena, const struct au_pool_row *pool);
/* That we use less than the target has, by our own choice; NULL when we do not. */
const char *au_capacity_note(struct au_arena *arena, const struct au_pool_row *pool);
/* "waits for 1 of 10 'slots'". */
const char *au_capacity_text(struct au_arena *arena, const struct au_pool_row *pool, long long units);

/* One pool while it is being decided who comes in. */
struct au_room {
	const struct au_pool_row *pool;
	long long free;
	bool blocked; /* somebody earlier waits for it */
};
/* Rooms of the pools, in the arena. */
struct au_room *au_capacity_rooms(
    struct au_arena *arena, const struct au_pool_row *pools, size_t count, long long now_ms);
/*
 * Let one more in, if there is room in all pools that it takes from: its units are gone from the rooms then, and the
 * answer is NULL.  Otherwise the answer is the first pool that it waits for, and all in which there is too little are
 * blocked for who comes later.  A pool without a room has no limit.
 */
const struct au_pool_row *au_capacity_try(struct au_room *rooms, size_t count, const struct au_takes *takes);
/* Whether anybody who waits could still be let in. */
bool au_capacity_hopeful(const struct au_room *rooms, size_t count);
/* Units that are given back before the rooms are used: the plan does so first. */
void au_capacity_give_back(struct au_room *rooms, size_t count, const struct au_takes *takes);

/* Of two steps that take, which comes first (as for qsort): by rank, age, number. */
int au_capacity_order(const struct au_step *a, const struct au_step *b);

#endif
