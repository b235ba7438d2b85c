/* SPDX-License-Identifier: ISC */
/*
 * Making a target ready: log in, then let it resolve the templates that name
 * it.  Refused credentials pause the target; there is never a log-in loop.
 */
#include "reconcile/engine_parts.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "target/target.h"

#define RETRY_BASE_MS 1000

static void resolve_next(struct au_queue *queue);

static void
try_again(struct au_queue *queue, long long ms)
{
	queue->readying = false;
	au_timer_set(queue->ready_timer, ms);
	au_engine_run_check(queue->engine);
}

static void
set_text(struct au_queue *queue, const char *text)
{
	free(queue->text);
	queue->text = au_xstrdup(text);
}

static bool
is_refusal(int code)
{
	return code == AU_EAUTH || code == AU_EPERM || code == AU_EINVAL || code == AU_EBUG;
}

/* What is wrong, and what a person can do about it. */
static void
tell(const struct au_queue *queue, const struct au_err *err)
{
	const char *plugin = au_values_str(au_queue_block(queue)->block.values, "plugin");

	if (err->code == AU_EBUG)
		au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", queue->name),
		    "%s: not ready: %s; plugin '%s' is broken: install another version of it, then reload", queue->name,
		    err->text, plugin);
	else if (is_refusal(err->code))
		au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", queue->name),
		    "%s: not ready: %s; mend the configuration or the credentials, then reload", queue->name,
		    err->text);
	else
		au_log(AU_LOG_WARNING, AU_FIELDS("TARGET", queue->name), "%s: not ready: %s; trying again", queue->name,
		    err->text);
}

static void
not_ready(struct au_queue *queue, const struct au_err *err)
{
	const struct au_values *values = au_queue_block(queue)->block.values;
	long long wait_ms, said_ms = (long long)err->retry_after_s * 1000;

	queue->ready = false;
	if (!au_streq(queue->text, err->text))
		tell(queue, err);
	set_text(queue, err->text);
	if (is_refusal(err->code)) {
		au_queue_refuse(queue, err->text);
		try_again(queue, au_values_num(values, "probe_interval"));
		return;
	}
	queue->tries++;
	wait_ms = au_backoff_ms(queue->tries, RETRY_BASE_MS, au_values_num(values, "retry_cap"), au_rand_delay());
	try_again(queue, wait_ms > said_ms ? wait_ms : said_ms);
}

/* A person paused it meanwhile: it begins anew when it is resumed. */
static bool
is_called_off(struct au_queue *queue)
{
	if (!au_gate_has(&queue->gate, AU_STOP_PAUSED))
		return false;
	queue->readying = queue->ready = false;
	au_engine_run_check(queue->engine);
	return true;
}

static void
now_ready(struct au_queue *queue)
{
	struct au_engine *engine = queue->engine;

	queue->readying = false;
	queue->tries = 0;
	if (!queue->ready)
		au_log(AU_LOG_INFO, AU_FIELDS("TARGET", queue->name), "%s: ready", queue->name);
	queue->ready = true;
	set_text(queue, NULL);
	queue->proven_ms = au_clock_wall_ms();
	au_queue_lift(queue, AU_STOP_REFUSED, "the target lets us in");
	/* What was due while it was not ready has not rearmed itself. */
	if (!queue->observe_timer || !au_timer_is_set(queue->observe_timer))
		au_queue_observe(queue, NULL, NULL);
	au_engine_mark_all(engine);
	au_queue_kick(queue);
}

/* The template under resolution is the resolve_next-th of the policy. */
static void
resolved(void *ctx, const struct au_call_result *result)
{
	struct au_queue *queue = ctx;
	struct au_engine *engine = queue->engine;
	struct au_policy *old = engine->policy;
	const struct au_template *template = &old->templates[queue->resolve_next];
	bool fine = result->err.code == AU_OK && result->text;

	if (is_called_off(queue))
		return;
	if (!fine && result->err.code != AU_EINVAL) {
		not_ready(queue, &result->err);
		return;
	}
	if (!fine)
		au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", queue->name),
		    "template '%s': %s; mend the template and reload", template->name, result->err.text);
	engine->policy =
	    au_policy_resolve(old, template->name, fine ? result->text : NULL, fine ? NULL : result->err.text);
	au_policy_free(old);
	queue->resolve_next++;
	resolve_next(queue);
}

static void
resolve_next(struct au_queue *queue)
{
	struct au_engine *engine = queue->engine;
	const struct au_policy *policy = engine->policy;

	while (queue->resolve_next < policy->template_count &&
	       !au_streq(policy->templates[queue->resolve_next].target, queue->name))
		queue->resolve_next++;
	if (queue->resolve_next >= policy->template_count) {
		now_ready(queue);
		return;
	}
	struct au_call call = { .op = AU_CALL_RESOLVE, .rights_in = policy->templates[queue->resolve_next].rights };
	engine->targets.call(engine->targets_ctx, queue->name, &call, resolved, queue);
}

static void
probed(void *ctx, const struct au_call_result *result)
{
	struct au_queue *queue = ctx;

	if (is_called_off(queue))
		return;
	if (result->err.code != AU_OK) {
		not_ready(queue, &result->err);
		return;
	}
	queue->resolve_next = 0;
	resolve_next(queue);
}

static void
on_timer(void *arg)
{
	au_queue_make_ready(arg);
}

void
au_queue_make_ready(struct au_queue *queue)
{
	struct au_engine *engine = queue->engine;
	struct au_call call = { .op = AU_CALL_PROBE };

	if (!queue->ready_timer)
		queue->ready_timer = au_timer_new(engine->base, on_timer, queue);
	/* Before the start it is not known yet what is paused. */
	if (!engine->started || queue->readying || !au_queue_block(queue) || au_gate_has(&queue->gate, AU_STOP_PAUSED))
		return;
	au_timer_stop(queue->ready_timer);
	queue->readying = true;
	engine->targets.call(engine->targets_ctx, queue->name, &call, probed, queue);
}

void
au_queue_refuse(struct au_queue *queue, const char *why)
{
	const struct au_target_block *block = au_queue_block(queue);

	if (au_gate_has(&queue->gate, AU_STOP_REFUSED) && au_streq(queue->gate.stops[AU_STOP_REFUSED].reason, why))
		return;
	au_queue_stop(queue, AU_STOP_REFUSED, why, 0);
	if (block && !queue->readying)
		try_again(queue, au_values_num(block->block.values, "probe_interval"));
}

static void
checked(void *ctx, const struct au_call_result *result)
{
	struct au_queue *queue = ctx;

	queue->checking = false;
	if (!au_queue_block(queue))
		return;
	if (result->err.code != AU_OK) {
		not_ready(queue, &result->err);
		return;
	}
	queue->proven_ms = au_clock_wall_ms();
	au_queue_kick(queue);
}

void
au_queue_check(struct au_queue *queue)
{
	struct au_engine *engine = queue->engine;
	struct au_call call = { .op = AU_CALL_PROBE };

	/* One that is not ready is probed anyhow. */
	if (queue->checking || queue->readying || !queue->ready || !au_queue_block(queue))
		return;
	queue->checking = true;
	engine->targets.call(engine->targets_ctx, queue->name, &call, checked, queue);
}
