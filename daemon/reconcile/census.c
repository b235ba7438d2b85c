/* SPDX-License-Identifier: ISC */
/* Strangers take of the same pools: each by its rights and status, or by what the product counts. */
#include "reconcile/census.h"

#include "base/str.h"
#include "reconcile/seats.h"
#include "reconcile/strangers.h"
#include "store/pool.h"

/* What the accounts of a list take of one pool. */
struct count {
	long long ours, others;
};

static struct count *
count_all(struct au_arena *arena, const struct au_target_block *target, const struct au_map *seen)
{
	struct count *counts = au_arena_alloc(arena, target->pool_count * sizeof *counts);
	long long *units = au_arena_alloc(arena, target->pool_count * sizeof *units);
	const char *id = NULL;
	void *value = NULL;
	size_t cursor = 0;

	while (au_map_next(seen, &cursor, &id, &value)) {
		const struct au_seen *one = value;
		au_seats_of_seen(target, &one->account, units);
		for (size_t i = 0; i < target->pool_count; i++)
			*(one->is_ours ? &counts[i].ours : &counts[i].others) += units[i];
	}
	return counts;
}

static const struct au_pool_state *
find_state(const struct au_told_pools *told, const char *name)
{
	for (size_t i = 0; i < told->count; i++)
		if (au_streq(told->items[i].name, name))
			return &told->items[i];
	return NULL;
}

/*
 * The product counts what no list shows, too, as licences that another instance has taken.  While it cannot be asked,
 * what is taken elsewhere is believed to be taken still.
 */
static void
update(struct au_pool_row *pool, const struct count *count, const struct au_told_pools *told, long long now_ms)
{
	const struct au_pool_state *state = find_state(told, pool->name);
	long long others = count->others, elsewhere = 0;

	if (told->is_known) {
		pool->limit_read = state ? state->limit : -1;
		pool->used_read = state ? state->used : -1;
		pool->read_ms = state ? now_ms : 0;
		elsewhere = pool->used_read >= 0 ? pool->used_read - count->ours : 0;
	} else if (pool->used_read >= 0)
		elsewhere = pool->others;
	if (elsewhere > others)
		others = elsewhere;
	if (pool->closed_ms > 0 && others >= pool->others)
		pool->closed_ms = 0;
	pool->others = others;
	pool->observed_ms = now_ms;
}

int
au_census_write(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_map *seen, const struct au_told_pools *told, long long now_ms, struct au_err *err)
{
	struct au_pool_row *pools = NULL;
	size_t count = 0;
	int rc;

	if (target->pool_count == 0)
		return 0;
	const struct count *counts = count_all(arena, target, seen);
	rc = au_store_pool_list(tx, arena, target->block.name, &pools, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		for (size_t k = 0; rc == 0 && k < target->pool_count; k++) {
			if (!au_streq(pools[i].name, target->pools[k].row.name))
				continue;
			update(&pools[i], &counts[k], told, now_ms);
			rc = au_store_pool_observe(tx, &pools[i], err);
			if (rc == 0)
				rc = au_store_pool_close(tx, &pools[i], err);
		}
	return rc;
}
