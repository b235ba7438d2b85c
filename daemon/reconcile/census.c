/* SPDX-License-Identifier: ISC */
/* Strangers take of the same pools: each by its rights and status, as the product's rows say. */
#include "reconcile/census.h"

#include "base/str.h"
#include "reconcile/seats.h"
#include "reconcile/strangers.h"
#include "store/pool.h"

static long long *
count_strangers(struct au_arena *arena, const struct au_target_block *target, const struct au_map *seen)
{
	long long *sums = au_arena_alloc(arena, target->pool_count * sizeof *sums);
	long long *units = au_arena_alloc(arena, target->pool_count * sizeof *units);
	const char *id = NULL;
	void *value = NULL;
	size_t cursor = 0;

	while (au_map_next(seen, &cursor, &id, &value)) {
		const struct au_seen *one = value;
		if (one->is_ours)
			continue;
		au_seats_of_seen(target, &one->account, units);
		for (size_t i = 0; i < target->pool_count; i++)
			sums[i] += units[i];
	}
	return sums;
}

static void
update(struct au_pool_row *pool, long long others, long long now_ms)
{
	long long beyond = pool->used_read - pool->ours;

	/* The product counts what no list shows, too, as licences that another instance has taken. */
	if (pool->used_read >= 0 && beyond > others)
		others = beyond;
	if (pool->closed_ms > 0 && others >= pool->others)
		pool->closed_ms = 0;
	pool->others = others;
	pool->observed_ms = now_ms;
}

int
au_census_write(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_map *seen, long long now_ms, struct au_err *err)
{
	struct au_pool_row *pools = NULL;
	size_t count = 0;
	int rc;

	if (target->pool_count == 0)
		return 0;
	const long long *others = count_strangers(arena, target, seen);
	rc = au_store_pool_list(tx, arena, target->block.name, &pools, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		for (size_t k = 0; rc == 0 && k < target->pool_count; k++) {
			if (!au_streq(pools[i].name, target->pools[k].row.name))
				continue;
			update(&pools[i], others[k], now_ms);
			rc = au_store_pool_observe(tx, &pools[i], err);
			if (rc == 0)
				rc = au_store_pool_close(tx, &pools[i], err);
		}
	return rc;
}
