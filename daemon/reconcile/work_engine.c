/* SPDX-License-Identifier: ISC */
/* Looks now and then for work orders that nobody did in time, and for claims that were forgotten. */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "reconcile/work.h"

struct tidying {
	struct au_engine *engine;
	struct au_policy *policy;
	long long now_ms;
	long long late;
};

static void
end(struct tidying *tidying)
{
	struct au_engine *engine = tidying->engine;

	engine->tidying = false;
	au_policy_free(tidying->policy);
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
	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		long long late = 0;
		rc = au_work_expire(tx, arena, &settings->targets[i], only_count, tidying->now_ms, &late, err);
		tidying->late += late;
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
	if (rc == 0 && tidying->late > 0 && !tidying->engine->stopped)
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
	au_store_read(engine->store, AU_READ_SCAN, look_work, tidying, look_done);
}
