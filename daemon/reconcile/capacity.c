/* SPDX-License-Identifier: ISC */
/* Rooms are the ledger's free units while the line of those who wait is gone through, first come first served. */
#include "reconcile/capacity.h"

#include "base/str.h"

long long
au_capacity_limit(const struct au_pool_row *pool)
{
	if (pool->limit_set < 0 || pool->limit_read < 0)
		return pool->limit_set < 0 ? pool->limit_read : pool->limit_set;
	return pool->limit_set < pool->limit_read ? pool->limit_set : pool->limit_read;
}

static long long
taken(const struct au_pool_row *pool)
{
	return pool->ours + pool->reserved + pool->others;
}

long long
au_capacity_left(const struct au_pool_row *pool, long long now_ms)
{
	long long limit = au_capacity_limit(pool), left = limit - pool->reserve - taken(pool);

	if (pool->closed_ms > now_ms)
		return 0;
	if (limit < 0)
		return AU_CAPACITY_FREE;
	return left > 0 ? left : 0;
}

long long
au_capacity_free(const struct au_pool_row *pool, long long now_ms)
{
	if (pool->beyond != AU_BEYOND_WAIT && pool->closed_ms <= now_ms)
		return AU_CAPACITY_FREE;
	return au_capacity_left(pool, now_ms);
}

long long
au_capacity_billed(const struct au_pool_row *pool, long long more)
{
	long long limit = au_capacity_limit(pool), left = limit - taken(pool);

	if (pool->beyond == AU_BEYOND_WAIT || limit < 0 || more <= left)
		return 0;
	return left > 0 ? more - left : more;
}

bool
au_capacity_is_low(const struct au_pool_row *pool, long long now_ms)
{
	long long limit = au_capacity_limit(pool), left = au_capacity_left(pool, now_ms);

	if (left == 0 && pool->waiting > 0)
		return true;
	if (limit < 0 || taken(pool) == 0)
		return false;
	return left <= pool->warn || left * 100 <= limit * pool->warn_percent;
}

const char *
au_capacity_trouble(struct au_arena *arena, const struct au_pool_row *pool)
{
	long long limit = au_capacity_limit(pool);
	const char *less = "", *more = "";

	if (pool->limit_set >= 0 && pool->limit_read >= 0 && pool->limit_set > pool->limit_read)
		less = au_arena_printf(arena,
		    "; the configuration or the product's rules say %lld, but the target itself has %lld: %lld counts",
		    pool->limit_set, pool->limit_read, pool->limit_read);
	if (limit >= 0 && taken(pool) > limit && pool->beyond != AU_BEYOND_WAIT)
		more = au_arena_printf(arena,
		    "; %lld are taken (%lld by others) of the %lld that are committed: %lld are billed beyond that",
		    taken(pool), pool->others, limit, taken(pool) - limit);
	else if (limit >= 0 && taken(pool) > limit)
		more = au_arena_printf(arena, "; %lld are taken (%lld by others), but there are only %lld", taken(pool),
		    pool->others, limit);
	if (!*less && !*more)
		return NULL;
	return au_arena_printf(arena, "pool '%s': %s%s", pool->name, *less ? less + 2 : more + 2, *less ? more : "");
}

const char *
au_capacity_note(struct au_arena *arena, const struct au_pool_row *pool)
{
	if (pool->limit_set < 0 || pool->limit_read < 0 || pool->limit_set >= pool->limit_read)
		return NULL;
	return au_arena_printf(arena,
	    "pool '%s': the target itself has %lld, the configuration or the product's rules let us use %lld of them",
	    pool->name, pool->limit_read, pool->limit_set);
}

const char *
au_capacity_text(struct au_arena *arena, const struct au_pool_row *pool, long long units)
{
	long long limit = au_capacity_limit(pool);

	if (limit < 0)
		return au_arena_printf(
		    arena, "waits for %lld of '%s', of which the target says that none is left", units, pool->name);
	return au_arena_printf(arena, "waits for %lld of %lld '%s'", units, limit, pool->name);
}

struct au_room *
au_capacity_rooms(struct au_arena *arena, const struct au_pool_row *pools, size_t count, long long now_ms)
{
	struct au_room *rooms = au_arena_alloc(arena, (count + 1) * sizeof *rooms);

	for (size_t i = 0; i < count; i++)
		rooms[i] = (struct au_room){ .pool = &pools[i], .free = au_capacity_free(&pools[i], now_ms) };
	return rooms;
}

const struct au_pool_row *
au_capacity_try(struct au_room *rooms, size_t count, const struct au_takes *takes)
{
	const struct au_pool_row *waits = NULL;

	for (size_t i = 0; i < count; i++) {
		long long units = au_takes_of(takes, rooms[i].pool->name);
		if (units <= 0 || (!rooms[i].blocked && units <= rooms[i].free))
			continue;
		rooms[i].blocked = true;
		if (!waits)
			waits = rooms[i].pool;
	}
	for (size_t i = 0; !waits && i < count; i++) {
		long long units = au_takes_of(takes, rooms[i].pool->name);
		if (units > 0 && rooms[i].free != AU_CAPACITY_FREE)
			rooms[i].free -= units;
	}
	return waits;
}

bool
au_capacity_hopeful(const struct au_room *rooms, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rooms[i].pool->waiting > 0 && rooms[i].free > 0 && !rooms[i].blocked)
			return true;
	return false;
}

void
au_capacity_give_back(struct au_room *rooms, size_t count, const struct au_takes *takes)
{
	for (size_t i = 0; i < count; i++) {
		long long units = au_takes_of(takes, rooms[i].pool->name);
		if (units < 0 && rooms[i].free != AU_CAPACITY_FREE)
			rooms[i].free -= units;
	}
}

static int
compare(long long a, long long b)
{
	return a < b ? -1 : a > b;
}

int
au_capacity_order(const struct au_step *a, const struct au_step *b)
{
	int order = compare(a->rank, b->rank);

	if (order == 0)
		order = compare(a->created_ms, b->created_ms);
	return order != 0 ? order : compare(a->id, b->id);
}
