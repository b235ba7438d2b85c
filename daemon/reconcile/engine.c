/* SPDX-License-Identifier: ISC */
/* Life of the engine: queues by settings, the schedule, and what a restart finds half done. */
#include "reconcile/engine.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "reconcile/errand.h"
#include "reconcile/ledger.h"
#include "reconcile/schedule.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "target/target.h"

#define WAKE_MOST_MS 600000

static void
add_queues(struct au_engine *engine)
{
	const struct au_settings *settings = engine->policy->settings;

	for (size_t i = 0; i < settings->target_count; i++) {
		const char *name = settings->targets[i].block.name;
		bool known = false;
		for (size_t k = 0; k < engine->queue_count; k++)
			known = known || au_streq(engine->queues[k]->name, name);
		if (known)
			continue;
		engine->queues = au_xrealloc(engine->queues, engine->queue_count + 1, sizeof(*engine->queues));
		engine->queues[engine->queue_count++] = au_queue_new(engine, name);
	}
}

const struct au_target_block *
au_queue_block(const struct au_queue *queue)
{
	return au_settings_target(queue->engine->policy->settings, queue->name);
}

void
au_engine_arm(struct au_timer *timer, long long due_ms)
{
	long long ms = due_ms - au_clock_wall_ms();

	au_timer_set(timer, ms > WAKE_MOST_MS ? WAKE_MOST_MS : ms);
}

static void
schedule_next(struct au_engine *engine)
{
	const struct au_values *values = engine->policy->settings->reconcile;

	engine->schedule_due = au_schedule_next(
	    values, "run_at", "interval", au_values_num(values, "jitter"), au_rand_delay(), au_clock_wall_ms());
	au_engine_arm(engine->schedule_timer, engine->schedule_due);
}

static void
on_schedule(void *arg)
{
	struct au_engine *engine = arg;

	if (au_clock_wall_ms() < engine->schedule_due) {
		au_engine_arm(engine->schedule_timer, engine->schedule_due);
		return;
	}
	au_engine_run(engine, true, 0, NULL, NULL);
	schedule_next(engine);
}

struct au_engine *
au_engine_new(struct event_base *base, struct au_store *store, const struct au_sealer *sealer,
    struct au_settings *settings, const struct au_engine_targets *targets, void *targets_ctx)
{
	struct au_engine *engine = au_xcalloc(1, sizeof *engine);

	engine->base = base;
	engine->store = store;
	engine->sealer = sealer;
	engine->targets = *targets;
	engine->targets_ctx = targets_ctx;
	engine->policy = au_policy_new(settings);
	engine->waiting = au_map_new();
	engine->oddities = au_oddities_new(base, store, engine->policy);
	engine->look_pace = AU_PACE_START;
	engine->look_timer = au_timer_new(base, au_engine_look_now, engine);
	engine->schedule_timer = au_timer_new(base, on_schedule, engine);
	engine->term_timer = au_timer_new(base, au_engine_sweep_terms, engine);
	add_queues(engine);
	return engine;
}

/* ---- what a restart finds half done ------------------------------------------- */

/* Where a person makes accounts, asking for his order has made none. */
static int
recover_absent(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_err *err)
{
	struct au_account account;
	int rc = au_store_account_get(tx, arena, account_id, &account, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	if (account.state == AU_ACCOUNT_UNKNOWN)
		account.state = AU_ACCOUNT_ABSENT;
	return au_store_account_put(tx, &account, err);
}

/* A create that was under way may have happened: its account is already UNKNOWN, so the next look plans a look-up.
 * Every other step says how it shall be and is simply sent again. */
static int
recover_step(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(policy->settings, step->target);
	bool by_hand = target != NULL && (target->describe->caps & AU_CAP_MANUAL) != 0;
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	long long now_ms = au_clock_wall_ms();
	int rc;

	if (step->op == AU_STEP_CREATE && !by_hand) {
		step->state = AU_STEP_FAILED;
		step->code = AU_EUNKNOWN;
		step->error = "the daemon ended while the call was under way";
		step->finished_ms = now_ms;
	} else {
		step->state = AU_STEP_QUEUED;
		step->next_ms = now_ms;
	}
	rc = au_store_step_update(tx, step, err);
	if (rc == 0 && step->op == AU_STEP_CREATE && by_hand)
		rc = recover_absent(tx, arena, step->account_id, err);
	if (rc < 0)
		return rc;
	detail = au_step_to_json(step);
	return au_store_audit(tx, now_ms, "reconciler", "step.recover", step->account_id, detail, err);
}

/* The policy is held, as it may be replaced while the store works. */
struct recovery {
	struct au_engine *engine;
	struct au_policy *policy;
	struct au_arena *arena;
	struct au_stop *stops;
	size_t stop_count;
};

static int
recover_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct recovery *recovery = arg;
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_ledger_define(tx, recovery->policy, err);

	if (rc == 0)
		rc = au_store_step_running(tx, recovery->arena, &steps, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = recover_step(tx, recovery->arena, recovery->policy, &steps[i], err);
	/* A refusal is found out anew. */
	if (rc == 0)
		rc = au_store_stop_forget(tx, AU_STOP_REFUSED, err);
	if (rc == 0)
		rc = au_store_stop_list(tx, recovery->arena, &recovery->stops, &recovery->stop_count, err);
	return rc < 0 ? rc : au_store_dirty_mark_all(tx, err);
}

static void
begin(struct au_engine *engine)
{
	engine->recovering = false;
	if (engine->stopped)
		return;
	engine->started = true;
	au_engine_sweep_terms(engine);
	for (size_t i = 0; i < engine->queue_count; i++) {
		au_queue_make_ready(engine->queues[i]);
		au_queue_kick(engine->queues[i]); /* a pause may be over, or end by itself */
	}
	schedule_next(engine);
	au_engine_look_soon(engine);
}

static void
recover_done(void *arg, int rc, const struct au_err *err)
{
	struct recovery *recovery = arg;
	struct au_engine *engine = recovery->engine;

	if (rc < 0) {
		engine->recovering = false;
		au_log(AU_LOG_ERROR, NULL, "reconcile: steps of the last life could not be recovered: %s", err->text);
	} else {
		au_engine_stops_load(engine, recovery->stops, recovery->stop_count);
		au_engine_discard_left(engine, begin);
	}
	au_policy_free(recovery->policy);
	au_arena_free(recovery->arena);
}

void
au_engine_use_sources(struct au_engine *engine, const struct au_engine_sources *sources, void *ctx)
{
	engine->sources = *sources;
	engine->sources_ctx = ctx;
}

void
au_engine_start(struct au_engine *engine)
{
	struct au_arena *arena = au_arena_new();
	struct recovery *recovery = au_arena_alloc(arena, sizeof *recovery);

	*recovery = (struct recovery){ .engine = engine, .policy = au_policy_hold(engine->policy), .arena = arena };
	engine->recovering = true;
	au_store_write(engine->store, recover_work, recovery, recover_done);
}

static int
define_work(struct au_store_tx *tx, void *policy, struct au_err *err)
{
	return au_ledger_define(tx, policy, err);
}

static void
define_done(void *policy, int rc, const struct au_err *err)
{
	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "reconcile: the ledgers of pools could not be set up: %s", err->text);
	au_policy_free(policy);
}

void
au_engine_settings(struct au_engine *engine, struct au_settings *settings)
{
	struct au_policy *old = engine->policy;

	engine->policy = au_policy_new(settings);
	au_oddities_policy(engine->oddities, engine->policy);
	au_policy_free(old);
	add_queues(engine);
	au_store_write(engine->store, define_work, au_policy_hold(engine->policy), define_done);
	for (size_t i = 0; i < engine->queue_count; i++) {
		engine->queues[i]->ready = engine->queues[i]->seen = false;
		engine->queues[i]->tries = 0;
		au_queue_make_ready(engine->queues[i]);
	}
	au_engine_mark_all(engine);
	schedule_next(engine);
}

void
au_engine_changed(struct au_engine *engine)
{
	au_engine_return_waiting(engine);
	au_engine_look_soon(engine);
}

void
au_engine_stop(struct au_engine *engine)
{
	engine->started = false;
	engine->stopped = true;
	au_timer_stop(engine->schedule_timer);
	au_timer_stop(engine->term_timer);
	au_timer_stop(engine->look_timer);
	au_oddities_stop(engine->oddities);
}

bool
au_engine_idle(const struct au_engine *engine)
{
	if (engine->looking || engine->recovering || engine->sweeping || engine->tidying)
		return false;
	for (size_t i = 0; i < engine->queue_count; i++)
		if (engine->queues[i]->working)
			return false;
	return true;
}

bool
au_engine_busy(const struct au_engine *engine)
{
	return engine->looking || engine->runs != NULL;
}

json_t *
au_engine_oddities_json(const struct au_engine *engine, const char *source)
{
	return au_oddities_json(engine->oddities, source);
}

json_t *
au_engine_targets_json(const struct au_engine *engine)
{
	json_t *list = json_array();

	for (size_t i = 0; i < engine->queue_count; i++) {
		const struct au_queue *queue = engine->queues[i];
		const struct au_target_block *block = au_queue_block(queue);
		json_t *item = json_object();
		au_json_set_str(item, "name", queue->name);
		au_json_set_str(item, "product", block ? block->describe->product : NULL);
		au_json_set_str(item, "plugin", block ? block->describe->name : NULL);
		json_object_set_new(item, "ready", json_boolean(queue->ready));
		json_object_set_new(item, "working", json_boolean(queue->working));
		au_queue_put_state(queue, item);
		au_json_set_int(item, "observed_ms", queue->observed_ms);
		au_json_set_int(item, "foreign", queue->foreign);
		json_array_append_new(list, item);
	}
	return list;
}

void
au_queue_free(struct au_queue *queue)
{
	au_errand_free(queue->errand);
	au_queue_observe_free(queue);
	au_timer_free(queue->timer);
	au_timer_free(queue->ready_timer);
	au_timer_free(queue->observe_timer);
	au_gate_done(&queue->gate);
	free(queue->ahead);
	free(queue->text);
	free((char *)queue->name);
	free(queue);
}

void
au_engine_free(struct au_engine *engine)
{
	if (!engine)
		return;
	au_engine_runs_free(engine);
	au_engine_applies_free(engine);
	au_engine_singles_free(engine);
	au_engine_adoptions_free(engine);
	au_engine_tryings_free(engine);
	for (size_t i = 0; i < engine->queue_count; i++)
		au_queue_free(engine->queues[i]);
	free(engine->queues);
	au_timer_free(engine->look_timer);
	au_timer_free(engine->schedule_timer);
	au_timer_free(engine->term_timer);
	au_map_free(engine->waiting, NULL);
	au_oddities_free(engine->oddities);
	au_policy_free(engine->policy);
	free(engine);
}
