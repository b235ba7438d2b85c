/* SPDX-License-Identifier: ISC */
/*
 * One target's queue: take the next due step (intent on disk), send it, record
 * what came of it, again.  One at a time, so that no target slows the others.
 */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "model/password.h"
#include "reconcile/birth.h"
#include "reconcile/fresh.h"
#include "reconcile/last.h"
#include "reconcile/ledger.h"
#include "reconcile/outcome.h"
#include "reconcile/quarantine.h"
#include "reconcile/strangers.h"
#include "reconcile/wish.h"
#include "reconcile/work.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"

#include <string.h>

/* One step from taking to recording. */
struct errand {
	struct au_queue *queue;
	struct au_policy *policy;
	struct au_arena *arena;
	const struct au_target_block *block;
	long long now_ms;
	enum au_lane most; /* no steps of lanes beyond */
	const char *ahead; /* account whose steps go first; NULL = none */
	bool found;
	bool refused; /* it cannot be sent; result says why */
	bool again;   /* it was put out of the way: take the next one */
	long long wake_ms;
	struct au_step step;
	struct au_account account;
	long long proven_ms;          /* the queue's, as the answer came */
	struct au_secret *secret;     /* new password on its way to the target */
	struct au_call_result result; /* copied */
	struct au_secret *shown;      /* password that the product showed */
	struct au_outcome outcome;
	const char *moved; /* a fresh look found the account otherwise; how */
	struct au_step *history; /* of the account, newest first */
	size_t history_count;
	long long open_ms; /* for which it had every right after its birth; -1 = that did not end now */
	bool added; /* a step that follows from this one was queued */
};

static void take_next(struct au_queue *queue);

void
au_errand_free(struct errand *errand)
{
	if (!errand)
		return;
	if (errand->queue->errand == errand)
		errand->queue->errand = NULL;
	au_policy_free(errand->policy);
	au_secret_free(errand->secret);
	au_secret_free(errand->shown);
	au_arena_free(errand->arena);
	free(errand);
}

/* ---- taking ------------------------------------------------------------------ */

static bool
makes_secret(const struct errand *errand)
{
	return (errand->step.op == AU_STEP_CREATE || errand->step.op == AU_STEP_RESET_SECRET) &&
	       (errand->block->describe->caps & AU_CAP_SET_SECRET);
}

/* The sealed password is on disk before the target hears of it. */
static int
seal(
    struct au_store_tx *tx, const struct errand *errand, const struct au_secret *secret, bool ready, struct au_err *err)
{
	unsigned char *sealed = NULL;
	size_t len = 0;
	int rc;

	au_seal(errand->queue->engine->sealer, errand->account.id, secret, &sealed, &len);
	struct au_sealed_row row = { .account_id = errand->account.id,
		.sealed = sealed,
		.len = len,
		.ready = ready,
		.created_ms = errand->now_ms };
	rc = au_store_sealed_put(tx, &row, err);
	free(sealed);
	return rc;
}

/* Without a password the step is not sent; that is its own trouble, and the next one does not wait for it. */
static int
make_secret(struct au_store_tx *tx, struct errand *errand, struct au_err *err)
{
	au_secret_free(errand->secret);
	errand->secret = NULL;
	if (au_password_generate(&errand->block->describe->password, &errand->secret, &errand->result.err) < 0) {
		errand->refused = true;
		return 0;
	}
	return seal(tx, errand, errand->secret, false, err);
}

/* Nothing is left that the step is about. */
static int
give_up(struct au_store_tx *tx, struct errand *errand, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	int rc;

	errand->step.state = AU_STEP_FAILED;
	errand->step.code = AU_ENOENT;
	errand->step.error = "its account is not known any more";
	errand->step.finished_ms = errand->now_ms;
	rc = au_store_step_update(tx, &errand->step, err);
	errand->again = rc == 0;
	detail = au_step_to_json(&errand->step);
	return rc < 0 ? rc
		      : au_store_audit(
			    tx, errand->now_ms, "reconciler", "step.fail", errand->step.account_id, detail, err);
}

/* Somebody waits for one account: its steps go first. */
static int
take_step(struct au_store_tx *tx, struct errand *errand, struct au_err *err)
{
	int rc = errand->ahead ? au_store_step_next_of(
				     tx, errand->arena, errand->ahead, errand->most, errand->now_ms, &errand->step, err)
			       : AU_ENOENT;

	return rc != AU_ENOENT ? rc
			       : au_ledger_step_next(tx, errand->arena, errand->block, errand->most,
				     errand->now_ms, &errand->step, &errand->wake_ms, err);
}

static int
take_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct errand *errand = arg;
	int rc = take_step(tx, errand, err);

	errand->found = errand->refused = errand->again = false;
	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	rc = au_last_stop(tx, errand->arena, errand->policy, &errand->step, errand->now_ms, &errand->again, err);
	if (rc < 0 || errand->again)
		return rc;
	rc = au_store_account_get(tx, errand->arena, errand->step.account_id, &errand->account, err);
	if (rc == AU_ENOENT)
		return give_up(tx, errand, err);
	if (rc == 0 && makes_secret(errand))
		rc = make_secret(tx, errand, err);
	if (rc < 0)
		return rc;
	errand->step.state = AU_STEP_RUNNING;
	errand->step.tries++;
	rc = au_store_step_update(tx, &errand->step, err);
	if (rc == 0 && errand->step.op == AU_STEP_CREATE) {
		errand->account.state = AU_ACCOUNT_UNKNOWN;
		errand->account.settled = NULL;
		rc = au_store_account_put(tx, &errand->account, err);
	}
	errand->found = rc == 0;
	return rc;
}

/* ---- recording --------------------------------------------------------------- */

static int
load_history(struct au_store_tx *tx, struct errand *errand, unsigned *ret_creates, struct au_err *err)
{
	int rc = au_store_step_of_account(
	    tx, errand->arena, errand->account.id, 50, &errand->history, &errand->history_count, err);

	*ret_creates = 0;
	for (size_t i = 0; rc == 0 && i < errand->history_count; i++)
		if (errand->history[i].op == AU_STEP_CREATE)
			*ret_creates += errand->history[i].tries;
	return rc;
}

static int
write_sealed(struct au_store_tx *tx, const struct errand *errand, struct au_err *err)
{
	struct au_sealed_row row;
	int rc;

	if (errand->shown)
		return seal(tx, errand, errand->shown, true, err);
	if (errand->outcome.sealed == AU_SEALED_KEEP)
		return 0;
	if (errand->outcome.sealed == AU_SEALED_ERASE)
		rc = au_store_sealed_remove(tx, errand->account.id, err);
	else {
		rc = au_store_sealed_get(tx, errand->arena, errand->account.id, &row, err);
		if (rc == 0) {
			row.ready = true;
			rc = au_store_sealed_put(tx, &row, err);
		}
	}
	return rc == AU_ENOENT ? 0 : rc;
}

static int
add_reset(struct au_store_tx *tx, struct errand *errand, struct au_err *err)
{
	struct au_step step = { .account_id = errand->account.id,
		.apiuser_id = errand->account.apiuser_id,
		.target = errand->account.target,
		.login = errand->account.login,
		.op = AU_STEP_RESET_SECRET,
		.lane = AU_LANE_SAFE,
		.state = AU_STEP_QUEUED,
		.want = "{}",
		.reason = "after an unclear create it is not known which password the product kept",
		.next_ms = errand->now_ms,
		.created_ms = errand->now_ms };
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	int rc;

	if (!errand->outcome.reset_secret || !(errand->block->describe->caps & AU_CAP_RESET_SECRET))
		return 0;
	rc = au_store_step_add(tx, &step, &step.id, err);
	errand->added = rc == 0;
	detail = au_step_to_json(&step);
	return rc < 0 ? rc
		      : au_store_audit(tx, errand->now_ms, "reconciler", "step.queue", step.account_id, detail, err);
}

static const char *
audit_verb(const struct au_step *step)
{
	return step->state == AU_STEP_WITH_PERSON ? "step.person"
	       : step->state == AU_STEP_DONE      ? "step.done"
	       : step->state == AU_STEP_FAILED    ? "step.fail"
	       : step->state == AU_STEP_CANCELLED ? "step.cancel"
						  : "step.retry";
}

static int
record_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct errand *errand = arg;
	const struct au_queue *queue = errand->queue;
	const struct au_values *values = errand->block->block.values;
	struct au_outcome_rules rules = { .now_ms = errand->now_ms,
		.retry_failed_ms = errand->policy->retry_failed_ms,
		.retry_base_ms = au_values_num(values, "retry_base"),
		.retry_cap_ms = au_values_num(values, "retry_cap"),
		.random = au_rand_delay(),
		.rights_later = errand->block->describe->caps & AU_CAP_BORN_ALLOWED };
	struct au_quarantine_rules quarantine = { .now_ms = errand->now_ms,
		.failures = au_values_num(values, "user_failures"),
		.failing_ms = au_values_num(values, "user_failing"),
		.proven_ms = errand->proven_ms };
	int rc = au_store_account_get(tx, errand->arena, errand->step.account_id, &errand->account, err);

	if (rc == 0)
		rc = load_history(tx, errand, &rules.creates, err);
	if (rc < 0)
		return rc;
	if (errand->moved)
		au_outcome_moved(errand->arena, &rules, &errand->result.accounts[0], errand->moved, &errand->step,
		    &errand->account, &errand->outcome);
	else
		au_outcome_apply(
		    errand->arena, &rules, &errand->result, &errand->step, &errand->account, &errand->outcome);
	errand->open_ms =
	    au_birth_open_ms(errand->block, &errand->step, errand->history, errand->history_count, errand->now_ms);
	rc = au_quarantine_note(tx, errand->arena, &quarantine, &errand->outcome, &errand->step, &errand->account, err);
	if (rc == 0)
		rc = au_store_step_update(tx, &errand->step, err);
	if (rc == 0)
		rc = au_work_outcome(tx, errand->arena, errand->block, &errand->step, errand->result.order,
		    errand->now_ms, err);
	if (rc == 0)
		rc = au_store_account_put(tx, &errand->account, err);
	if (rc == 0)
		rc = write_sealed(tx, errand, err);
	if (rc == 0 && errand->account.state == AU_ACCOUNT_CONFLICT && errand->result.account_count > 0)
		rc = au_strangers_note(tx, queue->name, &errand->result.accounts[0], errand->now_ms, err);
	if (rc == 0)
		rc = add_reset(tx, errand, err);
	if (rc == 0)
		rc = au_ledger_outcome(tx, errand->arena, errand->policy, &errand->step,
		    errand->outcome.full ? errand->now_ms + rules.retry_cap_ms : 0, errand->now_ms, err);
	if (rc == 0) {
		AU_CLEANUP(au_json_decrefp) json_t *detail = au_step_to_json(&errand->step);
		if (errand->open_ms >= 0)
			au_json_set_int(detail, "open_rights_ms", errand->open_ms);
		const char *actor = au_arena_printf(errand->arena, "target:%s", queue->name);
		rc = au_store_audit(
		    tx, errand->now_ms, actor, audit_verb(&errand->step), errand->account.id, detail, err);
	}
	return rc < 0 ? rc : au_store_dirty_mark_apiuser(tx, errand->arena, errand->account.apiuser_id, err);
}

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

/* ---- sending ----------------------------------------------------------------- */

static void
copy_result(struct errand *errand, const struct au_call_result *result)
{
	errand->result.err = result->err;
	errand->result.order = au_arena_strdup(errand->arena, result->order);
	errand->result.account_count = result->account_count > 0;
	if (!result->account_count)
		return;
	errand->result.accounts = au_seen_copy(errand->arena, &result->accounts[0]);
	if (result->accounts[0].secret)
		errand->shown = au_secret_from_text(result->accounts[0].secret);
}

static void
record(struct errand *errand, const struct au_call_result *result)
{
	copy_result(errand, result);
	errand->now_ms = au_clock_wall_ms();
	errand->proven_ms = errand->queue->proven_ms;
	au_store_write(errand->queue->engine->store, record_work, errand, record_done);
}

static void
look_at(struct errand *errand, au_engine_done *done)
{
	const struct au_engine *engine = errand->queue->engine;
	const struct au_account *account = &errand->account;
	struct au_call call = { .op = AU_CALL_GET,
		.account = { .id = account->remote_id, .login = account->login, .mark = account->id, .active = -1 } };

	engine->targets.call(engine->targets_ctx, errand->queue->name, &call, done, errand);
}

/* The account is ours until it is seen to be gone: a half-done removal must not leave a log-in that nobody manages. */
static void
looked_after(void *ctx, const struct au_call_result *result)
{
	struct au_call_result outcome = { 0 };

	if (result->err.code == AU_OK && result->account_count > 0)
		au_fail(&outcome.err, AU_EPROTO, "the product said that it was deleted, and shows it still");
	else if (result->err.code != AU_ENOENT && result->err.code != AU_ENOSUP)
		outcome.err = result->err;
	record(ctx, &outcome);
}

static void
call_done(void *ctx, const struct au_call_result *result)
{
	struct errand *errand = ctx;

	if (errand->step.op == AU_STEP_DELETE && result->err.code == AU_OK)
		look_at(errand, looked_after);
	else
		record(errand, result);
}

static void
send_step(struct errand *errand)
{
	struct au_engine *engine = errand->queue->engine;
	json_t *want = NULL;
	struct au_call call = { .op = au_wish_call(errand->step.op) };

	if (errand->step.want)
		(void)au_json_parse(errand->step.want, strlen(errand->step.want), AU_JSON_DEPTH, &want, NULL);
	au_json_in_arena(errand->arena, want ? want : (want = json_object()));
	au_wish_account(want, &call.account);
	const json_t *rights = json_object_get(want, "rights");
	if (rights) {
		AU_CLEANUP(au_freep) char *text = au_json_canonical(rights);
		call.account.rights = au_arena_strdup(errand->arena, text);
	}
	call.account.id = errand->account.remote_id;
	if (!call.account.login)
		call.account.login = errand->account.login;
	call.account.mark = errand->account.id;
	call.known = au_wish_known(&errand->account);
	call.account.secret = au_secret_text(errand->secret);
	engine->targets.call(engine->targets_ctx, errand->queue->name, &call, call_done, errand);
	au_secret_free(errand->secret);
	errand->secret = NULL;
}

/* Nothing was changed by looking, so no outcome of it is unclear. */
static void
looked(void *ctx, const struct au_call_result *result)
{
	struct errand *errand = ctx;
	struct au_call_result seen = *result;

	if (seen.err.code == AU_OK && seen.account_count > 0)
		errand->moved = au_fresh_moved(errand->arena, &errand->account, &seen.accounts[0]);
	else if (seen.err.code == AU_EUNKNOWN)
		seen.err.code = AU_ETEMP;
	if (seen.err.code == AU_OK && !errand->moved)
		send_step(errand);
	else
		record(errand, &seen);
}

/* The third of three times that a step is checked: against what the target holds right before the call. */
static void
look_first(struct errand *errand)
{
	if (au_fresh_is_due(errand->step.op, &errand->account) &&
	    (errand->block->describe->caps & AU_CAP_MANUAL) == 0 &&
	    au_values_bool(errand->block->block.values, "look_first"))
		look_at(errand, looked);
	else
		send_step(errand);
}

static void
take_done(void *arg, int rc, const struct au_err *err)
{
	struct errand *errand = arg;
	struct au_queue *queue = errand->queue;

	if (rc == 0 && errand->found) {
		if (errand->refused)
			au_store_write(queue->engine->store, record_work, errand, record_done);
		else
			look_first(errand);
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
	struct errand *errand;
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
	errand = au_xcalloc(1, sizeof *errand);
	errand->queue = queue;
	queue->errand = errand;
	errand->policy = au_policy_hold(queue->engine->policy);
	errand->arena = au_arena_new();
	errand->block = au_settings_target(errand->policy->settings, queue->name);
	errand->now_ms = au_clock_wall_ms();
	errand->most = safe ? AU_LANE_SAFE : AU_LANE_DESTRUCTIVE;
	if (queue->ahead && au_clock_mono_ms() < queue->ahead_mono)
		errand->ahead = au_arena_strdup(errand->arena, queue->ahead);
	au_store_write(queue->engine->store, take_work, errand, take_done);
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
