/* SPDX-License-Identifier: ISC */
/*
 * Says once when little is left of a pool, before nothing is, and once when a pool is in trouble.  What was said is in
 * the store, so that a restart says nothing twice.
 */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "reconcile/capacity.h"

struct watching {
	struct au_engine *engine;
	struct au_arena *arena;
	long long now_ms;
	const struct au_pool_row *pools;
	size_t count;
	unsigned *news; /* of each pool: what has changed of `told` */
};

static unsigned
what_is_so(struct au_arena *arena, const struct au_pool_row *pool, long long now_ms)
{
	return (au_capacity_is_low(pool, now_ms) ? AU_POOL_TOLD_LOW : 0) |
	       (au_capacity_trouble(arena, pool) ? AU_POOL_TOLD_TROUBLE : 0);
}

static int
watch_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct watching *w = arg;
	struct au_pool_row *pools = NULL;
	int rc = au_store_pool_list(tx, w->arena, NULL, &pools, &w->count, err);

	w->pools = pools;
	w->news = au_arena_alloc(w->arena, (w->count + 1) * sizeof *w->news);
	for (size_t i = 0; rc == 0 && i < w->count; i++) {
		unsigned is_so = what_is_so(w->arena, &pools[i], w->now_ms);
		w->news[i] = is_so ^ pools[i].told;
		pools[i].told = is_so;
		if (w->news[i])
			rc = au_store_pool_told(tx, &pools[i], err);
	}
	return rc;
}

static void
tell_left(const struct watching *w, const struct au_pool_row *pool)
{
	const char *const *fields = AU_FIELDS("TARGET", pool->target, "POOL", pool->name);
	long long left = au_capacity_left(pool, w->now_ms), limit = au_capacity_limit(pool);

	if (!(pool->told & AU_POOL_TOLD_LOW))
		au_log(AU_LOG_NOTICE, fields, "%s: there is enough of '%s' again", pool->target, pool->name);
	else if (limit < 0)
		au_log(AU_LOG_WARNING, fields,
		    "%s: the target says that nothing is left of '%s'; see 'apiuserctl capacity'", pool->target,
		    pool->name);
	else
		au_log(AU_LOG_WARNING, fields,
		    "%s: %lld of %lld '%s' are left, %lld are waited for; see 'apiuserctl capacity'", pool->target,
		    left, limit, pool->name, pool->waiting);
}

static void
tell(const struct watching *w, size_t i)
{
	const struct au_pool_row *pool = &w->pools[i];
	const char *trouble = au_capacity_trouble(w->arena, pool);

	if (w->news[i] & AU_POOL_TOLD_LOW)
		tell_left(w, pool);
	if (w->news[i] & AU_POOL_TOLD_TROUBLE && trouble)
		au_log(AU_LOG_WARNING, AU_FIELDS("TARGET", pool->target, "POOL", pool->name), "%s: %s", pool->target,
		    trouble);
}

static void
watch_done(void *arg, int rc, const struct au_err *err)
{
	struct watching *w = arg;
	struct au_engine *engine = w->engine;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: the pools could not be looked at: %s", err->text);
	else
		for (size_t i = 0; i < w->count; i++)
			tell(w, i);
	au_arena_free(w->arena);
	free(w);
	engine->watching = false;
	if (engine->watch_again)
		au_engine_watch_pools(engine);
}

static bool
has_pools(const struct au_settings *settings)
{
	for (size_t i = 0; i < settings->target_count; i++)
		if (settings->targets[i].pool_count)
			return true;
	return false;
}

void
au_engine_watch_pools(struct au_engine *engine)
{
	struct watching *w;

	engine->watch_again = engine->watching;
	if (engine->watching || engine->stopped || !has_pools(engine->policy->settings))
		return;
	engine->watching = true;
	w = au_xcalloc(1, sizeof *w);
	w->engine = engine;
	w->arena = au_arena_new();
	w->now_ms = au_clock_wall_ms();
	au_store_write(engine->store, watch_work, w, watch_done);
}
