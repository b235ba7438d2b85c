/* SPDX-License-Identifier: ISC */
/* Looks now and then for work orders that nobody did in time, claims that were forgotten, and words that grow old. */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "reconcile/freshness.h"
#include "reconcile/work.h"

struct news {
	const char *target, *text;
};

struct tidying {
	struct au_engine *engine;
	struct au_policy *policy;
	long long now_ms;
	long long late;
	struct au_arena *arena; /* of the news */
	struct news *news;      /* by target */
	size_t news_count;
};

static void
end(struct tidying *tidying)
{
	struct au_engine *engine = tidying->engine;

	engine->tidying = false;
	au_policy_free(tidying->policy);
	au_arena_free(tidying->arena);
	free(tidying);
	au_engine_run_check(engine);
}

static int
walk(struct au_store_tx *tx, struct tidying *tidying, bool only_count, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_settings *settings = tidying->policy->settings;
	int rc = 0;

	tidying->late = 0;
	tidying->news_count = 0;
	tidying->news = au_arena_alloc(tidying->arena, (settings->target_count + 1) * sizeof(*tidying->news));
	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		const struct au_target_block *target = &settings->targets[i];
		struct news *news = &tidying->news[tidying->news_count];
		long long late = 0;
		rc = au_work_expire(tx, arena, target, only_count, tidying->now_ms, &late, err);
		tidying->late += late;
		if (rc == 0)
			rc = au_freshness_news(
			    tx, tidying->arena, target, only_count, tidying->now_ms, &news->text, err);
		news->target = target->block.name;
		tidying->news_count += rc == 0 && news->text != NULL;
	}
	return rc;
}

static int
look_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return walk(tx, arg, true, err);
}

static int
tidy_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return walk(tx, arg, false, err);
}

static void
tidy_done(void *arg, int rc, const struct au_err *err)
{
	struct tidying *tidying = arg;

	for (size_t i = 0; rc == 0 && i < tidying->news_count; i++)
		au_log(AU_LOG_WARNING, AU_FIELDS("TARGET", tidying->news[i].target), "%s: %s", tidying->news[i].target,
		    tidying->news[i].text);
	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "work orders: %s", err->text);
	else if (tidying->late > 0) {
		au_log(AU_LOG_NOTICE, NULL, "work orders: %lld took too long: they expired, or are free again",
		    tidying->late);
		au_engine_look_soon(tidying->engine);
	}
	end(tidying);
}

static void
look_done(void *arg, int rc, const struct au_err *err)
{
	struct tidying *tidying = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "work orders: %s", err->text);
	if (rc == 0 && tidying->late + (long long)tidying->news_count > 0 && !tidying->engine->stopped)
		au_store_write(tidying->engine->store, tidy_work, tidying, tidy_done);
	else
		end(tidying);
}

void
au_engine_tidy_work(struct au_engine *engine)
{
	struct tidying *tidying;

	if (engine->tidying || !engine->started || engine->stopped)
		return;
	engine->tidying = true;
	tidying = au_xcalloc(1, sizeof(*tidying));
	tidying->engine = engine;
	tidying->policy = au_policy_hold(engine->policy);
	tidying->now_ms = au_clock_wall_ms();
	tidying->arena = au_arena_new();
	au_store_read(engine->store, AU_READ_SCAN, look_work, tidying, look_done);
}
