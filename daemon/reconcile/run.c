/* SPDX-License-Identifier: ISC */
/*
 * A full run: list every target, look at every key, and, when somebody waits,
 * tell when no step that could be sent is left.
 */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/fact.h"
#include "store/step.h"

static void
tell(struct au_run *run, bool complete)
{
	const struct au_engine *engine = run->engine;
	au_engine_run_done *done = run->done;

	if (!done)
		return;
	run->done = NULL;
	run->summary.complete = complete;
	run->summary.steps_queued = engine->tally.queued - run->summary.steps_queued;
	run->summary.steps_done = engine->steps_done - run->summary.steps_done;
	run->summary.steps_failed = engine->steps_failed - run->summary.steps_failed;
	done(run->ctx, &run->summary);
}

static void
run_end(struct au_run *run, bool complete)
{
	struct au_engine *engine = run->engine;
	struct au_run **link = &engine->runs;

	while (*link && *link != run)
		link = &(*link)->next;
	if (*link)
		*link = run->next;
	tell(run, complete);
	au_timer_free(run->timer);
	free(run);
}

static void
on_timeout(void *arg)
{
	struct au_run *run = arg;

	run->waits = false;
	if (run->asking)
		return; /* the answer of the store ends it */
	if (run->marked)
		run_end(run, false);
	else
		tell(run, false); /* the targets and the store have still to answer */
}

struct asking {
	struct au_run *run;
	long long dirty, held, open;
};

static int
asking_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct asking *asking = arg;
	long long queued = 0, running = 0;
	int rc = au_store_dirty_count(tx, &asking->dirty, err);

	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_HELD, &asking->held, err);
	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_QUEUED, &queued, err);
	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_RUNNING, &running, err);
	asking->open = queued + running;
	return rc;
}

/* A queue that can send nothing (paused, not ready, waiting for its next try) does not keep a run waiting. */
static bool
queue_moves(const struct au_queue *queue)
{
	return queue->working || queue->wanted || queue->observing || queue->checking ||
	       (queue->readying && queue->tries == 0);
}

static bool
engine_moves(const struct au_engine *engine)
{
	for (const struct au_run *run = engine->runs; run; run = run->next)
		if (!run->marked)
			return true;
	if (engine->recovering || engine->looking || engine->look_again || engine->sweeping || engine->tidying ||
	    engine->discarding > 0 || engine->writing || engine->marking > 0 || au_timer_is_set(engine->look_timer))
		return true;
	for (size_t i = 0; i < engine->queue_count; i++)
		if (queue_moves(engine->queues[i]))
			return true;
	return false;
}

/* Every target was asked and answered. */
static bool
all_well(const struct au_engine *engine)
{
	for (size_t i = 0; i < engine->queue_count; i++)
		if (au_queue_block(engine->queues[i]) && (!engine->queues[i]->ready || engine->queues[i]->text))
			return false;
	return true;
}

static void
asking_done(void *arg, int rc, const struct au_err *err)
{
	struct asking *asking = arg;
	struct au_run *run = asking->run;

	run->asking = false;
	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: %s", err->text);
	run->summary.steps_held = asking->held;
	run->summary.findings = asking->open;
	if (rc == 0 && run->is_full && asking->dirty == 0 && asking->open == 0 && asking->held == 0 &&
	    all_well(run->engine))
		run->engine->tally.success_ms = au_clock_wall_ms();
	if (rc < 0 || !run->waits || (asking->dirty == 0 && !engine_moves(run->engine)))
		run_end(run, rc == 0 && asking->open == 0);
	free(asking);
}

/* Called whenever something may have come to rest. */
void
au_engine_run_check(struct au_engine *engine)
{
	struct au_run *run, *next;

	for (run = engine->runs; run; run = next) {
		struct asking *asking;
		next = run->next;
		if (run->asking || engine_moves(engine))
			continue;
		run->asking = true;
		asking = au_xcalloc(1, sizeof *asking);
		asking->run = run;
		au_store_read(engine->store, AU_READ_SCAN, asking_work, asking, asking_done);
	}
}

static int
mark_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_dirty_mark_all(tx, err);
}

static void
mark_done(void *arg, int rc, const struct au_err *err)
{
	struct au_run *run = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: %s", err->text);
	run->marked = true;
	au_engine_look_soon(run->engine);
}

static void
observed(void *ctx)
{
	struct au_run *run = ctx;

	if (--run->observing == 0)
		au_store_write(run->engine->store, mark_work, run, mark_done);
}

static struct au_run *
run_new(struct au_engine *engine, long long timeout_ms, au_engine_run_done *done, void *ctx)
{
	struct au_run *run = au_xcalloc(1, sizeof *run);

	run->engine = engine;
	run->done = done;
	run->ctx = ctx;
	run->waits = timeout_ms > 0;
	run->timer = au_timer_new(engine->base, on_timeout, run);
	run->summary = (struct au_engine_summary){ .steps_queued = engine->tally.queued,
		.steps_done = engine->steps_done,
		.steps_failed = engine->steps_failed };
	run->next = engine->runs;
	engine->runs = run;
	if (timeout_ms > 0)
		au_timer_set(run->timer, timeout_ms);
	return run;
}

void
au_engine_run(struct au_engine *engine, bool observe, long long timeout_ms, au_engine_run_done *done, void *ctx)
{
	struct au_run *run = run_new(engine, timeout_ms, done, ctx);

	run->is_full = observe;
	run->observing = 1;
	au_engine_sweep_terms(engine);
	for (size_t i = 0; i < engine->queue_count; i++) {
		struct au_queue *queue = engine->queues[i];
		if (!queue->ready || au_gate_has(&queue->gate, AU_STOP_REFUSED))
			au_queue_make_ready(queue);
		if (observe && queue->ready && !queue->observing) {
			run->observing++;
			au_queue_observe(queue, observed, run);
		}
	}
	observed(run);
}

void
au_engine_follow(struct au_engine *engine, long long timeout_ms, au_engine_run_done *done, void *ctx)
{
	struct au_run *run = run_new(engine, timeout_ms, done, ctx);

	run->marked = true;
	run->follows = true;
	au_engine_run_check(engine);
}

bool
au_engine_is_told(const struct au_engine *engine)
{
	for (const struct au_run *run = engine->runs; run; run = run->next)
		if (run->done && !run->follows)
			return true;
	return false;
}

void
au_engine_runs_free(struct au_engine *engine)
{
	while (engine->runs) {
		struct au_run *run = engine->runs;
		engine->runs = run->next;
		if (run->done)
			run->done(run->ctx, &(struct au_engine_summary){ 0 });
		au_timer_free(run->timer);
		free(run);
	}
}
