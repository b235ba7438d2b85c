/* SPDX-License-Identifier: ISC */
/* Observing a target: when it is listed, and who hears what came of it; what is made of a list is in listing.c. */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "reconcile/listing.h"
#include "reconcile/schedule.h"
#include "target/target.h"

/* A list that is under way. */
struct observing {
	struct au_queue *queue;
	struct au_policy *policy;
	struct au_listing listing;
	unsigned asked;       /* calls that have no answer yet */
	struct au_err failed; /* the list; code 0 when it is there */
	const char *untold;   /* why the target did not tell of its pools; NULL when it did */
	void (*done)(void *ctx);
	void *ctx;
};

static void
observing_free(struct observing *observing)
{
	observing->queue->observation = NULL;
	au_listing_done(&observing->listing);
	au_policy_free(observing->policy);
	free(observing);
}

/* what: of which the trouble is. */
static void
end_observing(struct observing *observing, const char *what, const char *trouble)
{
	struct au_queue *queue = observing->queue;
	const struct au_target_block *block = au_queue_block(queue);

	queue->observing = false;
	if (trouble) {
		if (!au_streq(queue->text, trouble))
			au_log(
			    AU_LOG_WARNING, AU_FIELDS("TARGET", queue->name), "%s: %s: %s", queue->name, what, trouble);
		free(queue->text);
		queue->text = au_xstrdup(trouble);
	} else {
		free(queue->text);
		queue->text = NULL;
	}
	if (block) {
		const struct au_values *all = queue->engine->policy->settings->reconcile;
		queue->observe_due = au_schedule_next(block->block.values, "observe_at", "observe_interval",
		    au_values_num(all, "jitter"), au_rand_delay(), au_clock_wall_ms());
		au_engine_arm(queue->observe_timer, queue->observe_due);
	}
	if (observing->done)
		observing->done(observing->ctx);
	au_engine_run_check(queue->engine);
	observing_free(observing);
}

static void
tell_strangers(const struct au_listing *listing)
{
	const struct au_strangers *strangers = &listing->strangers;

	if (strangers->fresh > 0)
		au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", listing->target),
		    "%s: accounts that are new there and not ours: %lld, '%s' among them; see 'apiuserctl drift "
		    "--strangers'",
		    listing->target, strangers->fresh, strangers->first);
}

static int
observing_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct observing *observing = arg;

	return au_listing_write(tx, observing->policy, &observing->listing, err);
}

static void
observing_done(void *arg, int rc, const struct au_err *err)
{
	struct observing *observing = arg;
	const struct au_listing *listing = &observing->listing;
	struct au_queue *queue = observing->queue;

	if (rc < 0) {
		end_observing(observing, "list", err->text);
		return;
	}
	queue->observed_ms = listing->now_ms;
	queue->foreign = listing->strangers.all;
	tell_strangers(listing);
	if (listing->drifted || (listing->missing && !listing->doubt))
		au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", queue->name),
		    "%s: drift: %lld accounts changed and %lld missing since the last look", queue->name,
		    listing->drifted, listing->doubt ? 0 : listing->missing);
	if (listing->marked)
		au_engine_look_soon(queue->engine);
	au_queue_kick(queue); /* others may have made room */
	au_engine_watch_pools(queue->engine);
	if (listing->doubt)
		end_observing(observing, "list", listing->doubt);
	else
		end_observing(observing, "pools", observing->untold);
}

/* Both calls were made at once, so that nothing of ours comes between what they tell. */
static void
answered(struct observing *observing)
{
	if (--observing->asked > 0)
		return;
	if (observing->failed.code != AU_OK) {
		end_observing(observing, "list", observing->failed.text);
		return;
	}
	observing->listing.now_ms = au_clock_wall_ms();
	au_store_write(observing->queue->engine->store, observing_work, observing, observing_done);
}

static void
listed(void *ctx, const struct au_call_result *result)
{
	struct observing *observing = ctx;

	observing->failed = result->err;
	for (size_t i = 0; i < result->account_count; i++)
		au_listing_add(&observing->listing, &result->accounts[i]);
	answered(observing);
}

static void
told(void *ctx, const struct au_call_result *result)
{
	struct observing *observing = ctx;

	if (result->err.code == AU_OK)
		au_listing_told(&observing->listing, result->pools, result->pool_count);
	else
		observing->untold = au_arena_strdup(observing->listing.arena, result->err.text);
	answered(observing);
}

static void
on_timer(void *arg)
{
	struct au_queue *queue = arg;

	if (au_clock_wall_ms() < queue->observe_due)
		au_engine_arm(queue->observe_timer, queue->observe_due);
	else
		au_queue_observe(queue, NULL, NULL);
}

static void
ask(struct observing *observing, bool tells_pools)
{
	const struct au_queue *queue = observing->queue;
	const struct au_engine *engine = queue->engine;
	const struct au_call list = { .op = AU_CALL_LIST }, pools = { .op = AU_CALL_POOLS };

	observing->asked = 1 + tells_pools;
	if (!tells_pools)
		au_listing_told(&observing->listing, NULL, 0);
	engine->targets.call(engine->targets_ctx, queue->name, &list, listed, observing);
	if (tells_pools)
		engine->targets.call(engine->targets_ctx, queue->name, &pools, told, observing);
}

void
au_queue_observe(struct au_queue *queue, void (*done)(void *ctx), void *ctx)
{
	struct au_engine *engine = queue->engine;
	const struct au_target_block *block = au_queue_block(queue);
	struct observing *observing;

	if (!queue->observe_timer)
		queue->observe_timer = au_timer_new(engine->base, on_timer, queue);
	if (queue->observing || !queue->ready || !block || !(block->describe->caps & AU_CAP_LIST)) {
		if (done)
			done(ctx);
		return;
	}
	au_timer_stop(queue->observe_timer);
	queue->observing = true;
	observing = au_xcalloc(1, sizeof *observing);
	observing->queue = queue;
	queue->observation = observing;
	observing->policy = au_policy_hold(engine->policy);
	observing->done = done;
	observing->ctx = ctx;
	au_listing_init(&observing->listing, queue->name, au_clock_wall_ms(), au_gate_first(&queue->gate) != 0);
	ask(observing, block->describe->caps & AU_CAP_POOLS);
}

void
au_queue_observe_free(struct au_queue *queue)
{
	if (queue->observation)
		observing_free(queue->observation);
}
