/* SPDX-License-Identifier: ISC */
/*
 * Stopping targets and letting them go on: by a person, by a refusal, by a
 * quarantine, or because the product asked us to wait.  What is stopped is on
 * disk; steps of a stopped target stay queued.
 */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "base/when.h"
#include "reconcile/schedule.h"
#include "store/audit.h"

#define ACTOR "reconciler"
#define WAKE_MOST_MS 600000 /* the wall clock may be set meanwhile */

/* How a stop is told in the audit; a wait that the product asked for is no decision and has no row. */
static const struct stop_verbs {
	const char *begin, *end;
} verbs[AU_STOP_KINDS] = {
	[AU_STOP_PAUSED] = { "target.pause", "target.resume" },
	[AU_STOP_REFUSED] = { "target.refuse", "target.admit" },
	[AU_STOP_QUARANTINE] = { "target.quarantine", "target.release" },
};

static int
audit_stop(struct au_store_tx *tx, const struct au_stop *stop, const char *verb, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();

	if (!verb)
		return 0;
	au_json_set_str(detail, "reason", stop->reason);
	if (stop->until_ms)
		au_json_set_int(detail, "until_ms", stop->until_ms);
	return au_store_audit(tx, now_ms, stop->actor, verb, stop->target, detail, err);
}

static int
begin_stop(struct au_store_tx *tx, const struct au_stop *stop, struct au_err *err)
{
	int rc = au_store_stop_put(tx, stop, err);

	return rc < 0 ? rc : audit_stop(tx, stop, verbs[stop->kind].begin, stop->since_ms, err);
}

static int
end_stop(struct au_store_tx *tx, const struct au_stop *stop, long long now_ms, struct au_err *err)
{
	bool was = false;
	int rc = au_store_stop_remove(tx, stop->target, stop->kind, &was, err);

	return rc < 0 || !was ? rc : audit_stop(tx, stop, verbs[stop->kind].end, now_ms, err);
}

/* ---- by ourselves ------------------------------------------------------------- */

struct note {
	struct au_arena *arena;
	struct au_stop stop;
	long long now_ms;
	bool ends;
};

static int
note_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct note *note = arg;

	return note->ends ? end_stop(tx, &note->stop, note->now_ms, err) : begin_stop(tx, &note->stop, err);
}

static void
note_done(void *arg, int rc, const struct au_err *err)
{
	struct note *note = arg;

	if (rc < 0)
		au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", note->stop.target), "%s: could not be noted: %s",
		    note->stop.target, err->text);
	au_arena_free(note->arena);
}

static void
write_note(struct au_queue *queue, const struct au_stop *stop, bool ends)
{
	struct au_arena *arena = au_arena_new();
	struct note *note = au_arena_alloc(arena, sizeof *note);

	*note = (struct note){ .arena = arena, .stop = *stop, .now_ms = au_clock_wall_ms(), .ends = ends };
	note->stop.target = au_arena_strdup(arena, queue->name);
	note->stop.reason = au_arena_strdup(arena, stop->reason);
	note->stop.actor = au_arena_strdup(arena, stop->actor);
	au_store_write(queue->engine->store, note_work, note, note_done);
}

void
au_queue_stop(struct au_queue *queue, enum au_stop_kind kind, const char *reason, long long wait_ms)
{
	long long now_ms = au_clock_wall_ms();
	struct au_stop stop = { .target = queue->name,
		.kind = kind,
		.reason = reason,
		.actor = ACTOR,
		.since_ms = au_gate_has(&queue->gate, kind) ? queue->gate.stops[kind].since_ms : now_ms,
		.until_ms = wait_ms > 0 ? now_ms + wait_ms : 0 };
	char until[AU_WHEN_SIZE] = "";

	if (stop.until_ms)
		au_when_format(stop.until_ms, until);
	au_log(kind == AU_STOP_THROTTLED ? AU_LOG_NOTICE : AU_LOG_ERROR, AU_FIELDS("TARGET", queue->name),
	    "%s: %s%s%s: %s", queue->name, au_stop_name(kind), *until ? " until " : "", until, reason);
	au_gate_put(&queue->gate, &stop, now_ms, au_clock_mono_ms());
	write_note(queue, &stop, false);
}

void
au_queue_lift(struct au_queue *queue, enum au_stop_kind kind, const char *why)
{
	struct au_stop stop = { .kind = kind, .reason = why, .actor = ACTOR };

	if (!au_gate_remove(&queue->gate, kind))
		return;
	if (kind != AU_STOP_THROTTLED)
		au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", queue->name), "%s: no longer %s: %s", queue->name,
		    au_stop_name(kind), why);
	write_note(queue, &stop, true);
}

static bool
is_over(const struct au_queue *queue, enum au_stop_kind kind)
{
	return au_gate_is_over(&queue->gate, kind, au_clock_wall_ms(), au_clock_mono_ms());
}

static void
end_what_is_over(struct au_queue *queue)
{
	if (is_over(queue, AU_STOP_THROTTLED))
		au_queue_lift(queue, AU_STOP_THROTTLED, "the wait is over");
	if (is_over(queue, AU_STOP_PAUSED)) {
		au_queue_lift(queue, AU_STOP_PAUSED, "the time that was given is over");
		au_queue_make_ready(queue);
	}
	if (is_over(queue, AU_STOP_QUARANTINE)) {
		queue->gate.is_trying = true;
		au_queue_check(queue);
	}
}

/* Until when, 0 = no quiet window holds. */
static long long
quiet_until(const struct au_queue *queue, bool *ret_safe)
{
	const struct au_target_block *block = au_queue_block(queue);

	return block ? au_schedule_quiet(block->block.values, au_clock_wall_ms(), ret_safe) : 0;
}

bool
au_queue_may_send(struct au_queue *queue, bool *ret_safe, long long *ret_wait_ms)
{
	long long now_ms = au_clock_wall_ms(), until_ms, wait_ms;
	bool safe = false;

	end_what_is_over(queue);
	until_ms = quiet_until(queue, &safe);
	wait_ms = au_gate_wait_ms(&queue->gate, now_ms, au_clock_mono_ms());
	if (until_ms && (wait_ms < 0 || until_ms - now_ms < wait_ms))
		wait_ms = until_ms - now_ms;
	*ret_wait_ms = wait_ms > WAKE_MOST_MS ? WAKE_MOST_MS : wait_ms;
	*ret_safe = until_ms != 0;
	return au_gate_first(&queue->gate) == 0 && (!until_ms || safe);
}

/* ---- what an answer says of the target ------------------------------------------ */

void
au_queue_answered(struct au_queue *queue, const char *account_id, bool failed)
{
	const struct au_values *values = au_queue_block(queue)->block.values;
	struct au_health_rules rules = { .row = au_values_num(values, "failures_in_row"),
		.share = au_values_num(values, "failure_share"),
		.window_ms = au_values_num(values, "failure_window") };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *why;

	au_health_note(&queue->health, account_id, failed, au_clock_mono_ms());
	if (!failed) {
		queue->proven_ms = au_clock_wall_ms();
		if (queue->gate.is_trying) {
			au_health_forget(&queue->health);
			au_queue_lift(queue, AU_STOP_QUARANTINE, "a step was done");
		}
		return;
	}
	why = queue->gate.is_trying ? queue->gate.stops[AU_STOP_QUARANTINE].reason
				    : au_health_judge(&queue->health, &rules, au_clock_mono_ms(), arena);
	if (!why)
		return;
	why = au_arena_strdup(arena, why);
	queue->gate.is_trying = false;
	au_queue_stop(queue, AU_STOP_QUARANTINE, why, au_values_num(values, "probe_interval"));
}

/* ---- by a person ---------------------------------------------------------------- */

struct au_queue *
au_engine_queue(const struct au_engine *engine, const char *target)
{
	for (size_t i = 0; i < engine->queue_count; i++)
		if (au_streq(engine->queues[i]->name, target) && au_queue_block(engine->queues[i]))
			return engine->queues[i];
	return NULL;
}

bool
au_engine_has_target(const struct au_engine *engine, const char *target)
{
	return au_engine_queue(engine, target) != NULL;
}

int
au_engine_pause_work(struct au_store_tx *tx, void *pause_job, struct au_err *err)
{
	const struct au_engine_pause_job *job = pause_job;
	struct au_stop stop = { .target = job->target,
		.kind = AU_STOP_PAUSED,
		.reason = job->reason,
		.actor = job->actor,
		.since_ms = job->now_ms,
		.until_ms = job->until_ms };

	return begin_stop(tx, &stop, err);
}

void
au_engine_pause(struct au_engine *engine, const struct au_engine_pause_job *job)
{
	struct au_queue *queue = au_engine_queue(engine, job->target);
	struct au_stop stop = { .kind = AU_STOP_PAUSED,
		.reason = job->reason,
		.actor = job->actor,
		.since_ms = job->now_ms,
		.until_ms = job->until_ms };

	if (!queue)
		return;
	au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", queue->name), "%s: paused by %s: %s", queue->name, job->actor,
	    job->reason);
	au_gate_put(&queue->gate, &stop, au_clock_wall_ms(), au_clock_mono_ms());
	queue->ready = false;
	au_queue_kick(queue);
}

int
au_engine_resume_work(struct au_store_tx *tx, void *pause_job, struct au_err *err)
{
	const struct au_engine_pause_job *job = pause_job;
	struct au_stop stop = { .target = job->target, .reason = job->reason, .actor = job->actor };
	int rc = 0;

	for (int kind = AU_STOP_PAUSED; rc == 0 && kind < AU_STOP_KINDS; kind++) {
		stop.kind = (enum au_stop_kind)kind;
		rc = end_stop(tx, &stop, job->now_ms, err);
	}
	return rc;
}

void
au_engine_resume(struct au_engine *engine, const char *target)
{
	struct au_queue *queue = au_engine_queue(engine, target);

	if (!queue)
		return;
	for (int kind = AU_STOP_PAUSED; kind < AU_STOP_KINDS; kind++)
		au_gate_remove(&queue->gate, (enum au_stop_kind)kind);
	au_health_forget(&queue->health);
	if (engine->targets.forgive != NULL)
		engine->targets.forgive(engine->targets_ctx, queue->name);
	au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", queue->name), "%s: resumed", queue->name);
	queue->ready = false;
	queue->tries = 0;
	au_queue_make_ready(queue);
}

void
au_engine_stops_load(struct au_engine *engine, const struct au_stop *stops, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct au_queue *queue = au_engine_queue(engine, stops[i].target);
		if (queue)
			au_gate_put(&queue->gate, &stops[i], au_clock_wall_ms(), au_clock_mono_ms());
	}
}

/* ---- what is told ---------------------------------------------------------------- */

void
au_engine_tally(const struct au_engine *engine, struct au_engine_tally *ret)
{
	*ret = engine->tally;
}

size_t
au_engine_target_count(const struct au_engine *engine)
{
	return engine->queue_count;
}

/* Half open is told as the quarantine that it still is. */
static enum au_stop_kind
told_stop(const struct au_queue *queue)
{
	enum au_stop_kind kind = au_gate_first(&queue->gate);

	return kind == 0 && queue->gate.is_trying ? AU_STOP_QUARANTINE : kind;
}

static const char *
state_of(const struct au_queue *queue)
{
	enum au_stop_kind kind = told_stop(queue);

	if (kind)
		return au_stop_name(kind);
	if (!queue->ready)
		return "not ready";
	return quiet_until(queue, NULL) ? "quiet" : "ok";
}

/* So that nothing at all is sent. */
static bool
is_quiet(const struct au_queue *queue)
{
	bool safe = false;

	return quiet_until(queue, &safe) && !safe;
}

void
au_engine_target_tally(const struct au_engine *engine, size_t index, struct au_target_tally *ret)
{
	const struct au_queue *queue = engine->queues[index];

	*ret = (struct au_target_tally){ .name = queue->name,
		.state = state_of(queue),
		.paused = told_stop(queue) != 0 || is_quiet(queue),
		.done = queue->done,
		.failed = queue->failed,
		.retried = queue->retried,
		.success_ms = queue->success_ms,
		.listed_ms = queue->observed_ms,
		.open_ms = queue->open_ms };
}

void
au_queue_put_state(const struct au_queue *queue, json_t *item)
{
	enum au_stop_kind kind = told_stop(queue);
	const struct au_gate_stop *stop = &queue->gate.stops[kind];

	bool safe = false;
	long long quiet_ms = kind ? 0 : quiet_until(queue, &safe);

	json_object_set_new(item, "paused", json_boolean(kind != 0 || (quiet_ms && !safe)));
	au_json_set_str(item, "state", state_of(queue));
	if (quiet_ms)
		au_json_set_int(item, "until_ms", quiet_ms);
	au_json_set_str(item, "text",
	    kind                       ? stop->reason
	    : queue->text || !quiet_ms ? queue->text
	    : safe                     ? "a quiet window, in which safe steps only are sent"
				       : "a quiet window; steps wait");
	if (!kind)
		return;
	au_json_set_str(item, "actor", stop->actor);
	au_json_set_int(item, "since_ms", stop->since_ms);
	if (stop->until_ms)
		au_json_set_int(item, "until_ms", stop->until_ms);
}

const char *
au_queue_why_not(const struct au_queue *queue, struct au_arena *arena)
{
	enum au_stop_kind kind = au_gate_first(&queue->gate);

	if (kind)
		return au_arena_printf(
		    arena, "the target is %s: %s", au_stop_name(kind), queue->gate.stops[kind].reason);
	if (queue->ready && is_quiet(queue))
		return "a quiet window; steps wait";
	return queue->ready ? NULL
			    : au_arena_printf(arena, "the target is not ready: %s",
				  queue->text ? queue->text : "it is being looked at");
}
