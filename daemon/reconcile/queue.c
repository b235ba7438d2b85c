/* SPDX-License-Identifier: ISC */
/*
 * One target's queue: take the next due step (intent on disk), send it, record
 * what came of it, again.  One at a time, so that no target slows the others.
 */
#include "reconcile/errand.h"

#include "base/clock.h"
#include "base/log.h"

static void take_next(struct au_queue *queue);

static void
tell(const struct errand *errand)
{
	const struct au_step *step = &errand->step;
	const char *const *fields = AU_FIELDS("TARGET", errand->queue->name, "ACCOUNT", errand->account.id);

	if (step->state == AU_STEP_DONE || step->state == AU_STEP_WITH_PERSON)
		au_log(AU_LOG_INFO, fields, "%s: %s '%s' %s", errand->queue->name, au_step_op_name(step->op),
		    step->login, step->state == AU_STEP_DONE ? "done" : "is for a person, by a work order");
	else if (step->state == AU_STEP_CANCELLED)
		au_log(AU_LOG_NOTICE, fields, "%s: %s '%s' is decided anew: %s", errand->queue->name,
		    au_step_op_name(step->op), step->login, step->error);
	else
		au_log(AU_LOG_WARNING, fields, "%s: %s '%s' %s: %s", errand->queue->name, au_step_op_name(step->op),
		    step->login, step->state == AU_STEP_FAILED ? "failed" : "will be tried again", step->error);
}

/* Once the audit row is on disk. */
static void
count_outcome(struct au_queue *queue, const struct errand *errand)
{
	queue->engine->tally.queued += errand->added;
	queue->open_ms += errand->open_ms > 0 ? errand->open_ms : 0;
	switch (errand->step.state) {
	case AU_STEP_DONE:
		queue->done++;
		queue->engine->steps_done++;
		queue->success_ms = errand->now_ms;
		break;
	case AU_STEP_FAILED:
		queue->failed++;
		queue->engine->steps_failed++;
		break;
	case AU_STEP_CANCELLED:
		queue->engine->tally.cancelled++;
		break;
	case AU_STEP_HELD:
		queue->engine->tally.held++;
		break;
	case AU_STEP_FOLLOWS:
		break;
	default:
		queue->retried += errand->step.state != AU_STEP_WITH_PERSON; /* counted when he says that it is done */
	}
}

/* What the answer says of the target itself. */
static void
judge_target(const struct errand *errand)
{
	struct au_queue *queue = errand->queue;
	const struct au_outcome *outcome = &errand->outcome;

	if (!au_queue_block(queue))
		return;
	if (outcome->throttle_ms)
		au_queue_stop(queue, AU_STOP_THROTTLED, errand->step.error, outcome->throttle_ms);
	if (outcome->pause)
		au_queue_refuse(queue, outcome->pause);
	if (outcome->sign != AU_SIGN_NONE)
		au_queue_answered(queue, errand->account.id, outcome->sign == AU_SIGN_ILL);
	if (outcome->sign == AU_SIGN_ILL)
		au_queue_check(queue);
}

static void
record_done(void *arg, int rc, const struct au_err *err)
{
	struct errand *errand = arg;
	struct au_queue *queue = errand->queue;
	struct au_engine *engine = queue->engine;

	queue->working = false;
	if (rc < 0)
		au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", queue->name),
		    "%s: the outcome of a step could not be recorded: %s", queue->name, err->text);
	else {
		tell(errand);
		count_outcome(queue, errand);
		judge_target(errand);
		if (errand->outcome.full)
			au_queue_observe(queue, NULL, NULL);
		au_engine_look_soon(engine);
	}
	au_errand_free(errand);
	/* With a store that fails the daemon ends anyhow; anything else is this step's own trouble. */
	if (rc != AU_EIO)
		take_next(queue);
}

static void
record(struct errand *errand)
{
	au_store_write(errand->queue->engine->store, au_errand_record, errand, record_done);
}

static void
take_done(void *arg, int rc, const struct au_err *err)
{
	struct errand *errand = arg;
	struct au_queue *queue = errand->queue;

	if (rc == 0 && errand->found) {
		if (errand->refused)
			record(errand);
		else
			au_errand_send(errand, record);
		return;
	}
	if (rc == 0 && errand->again) {
		count_outcome(queue, errand);
		queue->wanted = true;
	}
	queue->working = false;
	if (rc < 0) {
		au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", queue->name), "%s: no step could be taken: %s", queue->name,
		    err->text);
		au_engine_arm(queue->timer, au_clock_wall_ms() + 1000);
	} else if (errand->wake_ms)
		au_engine_arm(queue->timer, errand->wake_ms);
	au_errand_free(errand);
	if (queue->wanted)
		take_next(queue);
	else
		au_engine_run_check(queue->engine);
}

static void
take_next(struct au_queue *queue)
{
	long long wait_ms;
	bool safe = false; /* safe steps only */

	if (queue->working) {
		queue->wanted = true;
		return;
	}
	queue->wanted = false;
	if (!queue->engine->started || !au_queue_block(queue)) {
		au_engine_run_check(queue->engine);
		return;
	}
	if (!au_queue_may_send(queue, &safe, &wait_ms) || !queue->ready || queue->checking) {
		if (wait_ms >= 0)
			au_engine_arm(queue->timer, au_clock_wall_ms() + wait_ms);
		au_engine_run_check(queue->engine);
		return;
	}
	queue->working = true;
	au_store_write(queue->engine->store, au_errand_take, au_errand_new(queue, safe), take_done);
}

static void
on_timer(void *arg)
{
	take_next(arg);
}

void
au_queue_kick(struct au_queue *queue)
{
	take_next(queue);
}

struct au_queue *
au_queue_new(struct au_engine *engine, const char *name)
{
	struct au_queue *queue = au_xcalloc(1, sizeof *queue);

	queue->engine = engine;
	queue->name = au_xstrdup(name);
	queue->timer = au_timer_new(engine->base, on_timer, queue);
	return queue;
}
