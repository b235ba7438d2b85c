/* SPDX-License-Identifier: ISC */
/* Metrics of the ledgers: a figure per function, a sample per pool. */
#include "control/metrics.h"

#include "reconcile/capacity.h"

static void
put_pools(const struct au_metric_page *page, const char *metric,
    bool (*value)(const struct au_pool_row *pool, long long now_ms, long long *ret))
{
	for (size_t i = 0; i < page->overview->pool_count; i++) {
		const struct au_pool_row *pool = &page->overview->pools[i];
		long long number = 0;

		if (value(pool, page->now_ms, &number))
			au_metric_labelled(page, metric, "target", pool->target, "pool", pool->name, number);
	}
}

static bool
pool_limit(const struct au_pool_row *pool, long long now_ms, long long *ret)
{
	(void)now_ms;
	*ret = au_capacity_limit(pool);
	return *ret >= 0;
}

static bool
pool_used(const struct au_pool_row *pool, long long now_ms, long long *ret)
{
	(void)now_ms;
	*ret = pool->ours + pool->others;
	return true;
}

static bool
pool_reserved(const struct au_pool_row *pool, long long now_ms, long long *ret)
{
	(void)now_ms;
	*ret = pool->reserved;
	return true;
}

static bool
pool_free(const struct au_pool_row *pool, long long now_ms, long long *ret)
{
	*ret = au_capacity_left(pool, now_ms);
	return *ret != AU_CAPACITY_FREE;
}

static bool
pool_waiting(const struct au_pool_row *pool, long long now_ms, long long *ret)
{
	(void)now_ms;
	*ret = pool->waiting;
	return true;
}

static bool
pool_low(const struct au_pool_row *pool, long long now_ms, long long *ret)
{
	*ret = au_capacity_is_low(pool, now_ms);
	return true;
}

void
au_metric_pool_limit(const struct au_metric_page *page, const char *metric)
{
	put_pools(page, metric, pool_limit);
}

void
au_metric_pool_used(const struct au_metric_page *page, const char *metric)
{
	put_pools(page, metric, pool_used);
}

void
au_metric_pool_reserved(const struct au_metric_page *page, const char *metric)
{
	put_pools(page, metric, pool_reserved);
}

void
au_metric_pool_free(const struct au_metric_page *page, const char *metric)
{
	put_pools(page, metric, pool_free);
}

void
au_metric_pool_waiting(const struct au_metric_page *page, const char *metric)
{
	put_pools(page, metric, pool_waiting);
}

void
au_metric_pool_low(const struct au_metric_page *page, const char *metric)
{
	put_pools(page, metric, pool_low);
}
