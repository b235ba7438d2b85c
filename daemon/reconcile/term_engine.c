/* SPDX-License-Identifier: ISC */
/* Looks every minute whether somebody's term, or a warning before it, has come: people may set the clock, and a full
 * run may be hours away. */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "reconcile/term.h"

#define LOOK_MS 60000

struct sweep {
	struct au_engine *engine;
	struct au_term_sweep sweep;
	bool found;
};

static void
plan_next(struct au_engine *engine)
{
	if (!engine->stopped)
		au_timer_set(engine->term_timer, LOOK_MS);
}

static void
end_sweep(struct sweep *sweep)
{
	struct au_engine *engine = sweep->engine;

	engine->sweeping = false;
	plan_next(engine);
	au_term_sweep_done(&sweep->sweep);
	free(sweep);
	au_engine_run_check(engine);
}

static int
run_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct sweep *sweep = arg;

	return au_term_sweep_run(tx, &sweep->sweep, err);
}

static void
run_done(void *arg, int rc, const struct au_err *err)
{
	struct sweep *sweep = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: terms: %s", err->text);
	else {
		au_term_sweep_tell(&sweep->sweep);
		if (sweep->sweep.marked)
			au_engine_look_soon(sweep->engine);
	}
	end_sweep(sweep);
}

static int
look_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct sweep *sweep = arg;

	return au_term_sweep_look(tx, &sweep->sweep, &sweep->found, err);
}

static void
look_done(void *arg, int rc, const struct au_err *err)
{
	struct sweep *sweep = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: terms: %s", err->text);
	if (rc == 0 && sweep->found && !sweep->engine->stopped)
		au_store_write(sweep->engine->store, run_work, sweep, run_done);
	else
		end_sweep(sweep);
}

/* The callback of engine->term_timer, also called when a full run begins. */
void
au_engine_sweep_terms(void *arg)
{
	struct au_engine *engine = arg;
	struct sweep *sweep;

	au_engine_tidy_work(engine);
	if (engine->sweeping || !engine->started)
		return;
	engine->sweeping = true;
	sweep = au_xcalloc(1, sizeof(*sweep));
	sweep->engine = engine;
	au_term_sweep_init(&sweep->sweep, engine->policy->settings, au_clock_wall_ms());
	au_store_read(engine->store, AU_READ_SCAN, look_work, sweep, look_done);
}
