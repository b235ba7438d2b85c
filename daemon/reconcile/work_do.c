/* SPDX-License-Identifier: ISC */
/* One function per verb; all of them go by the table of model/work.c. */
#include "reconcile/work_do.h"

#include "base/clock.h"
#include "base/str.h"
#include "model/order_text.h"
#include "reconcile/engine_parts.h"
#include "reconcile/follow.h"
#include "reconcile/freshness.h"
#include "reconcile/ledger.h"
#include "reconcile/refusal.h"
#include "reconcile/wish.h"
#include "reconcile/work.h"
#include "reconcile/work_fulfil.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "store/work.h"

#include <string.h>

void
au_work_init(struct au_engine *engine, struct au_work_job *job)
{
	*job = (struct au_work_job){
		.policy = au_policy_hold(engine->policy), .sealer = engine->sealer, .now_ms = au_clock_wall_ms()
	};
}

void
au_work_done(struct au_work_job *job)
{
	au_policy_free(job->policy);
	json_decref(job->result);
	au_secret_free(job->taken);
	free(job->done_target);
	*job = (struct au_work_job){ 0 };
}

void
au_work_tell(struct au_engine *engine, const struct au_work_job *job)
{
	struct au_queue *queue = job->done_target != NULL ? au_engine_queue(engine, job->done_target) : NULL;

	engine->steps_done += job->fulfilled;
	engine->steps_failed += job->failed;
	if (queue != NULL && job->failed)
		queue->failed++;
	if (queue != NULL && job->fulfilled) {
		queue->done++;
		queue->success_ms = job->now_ms;
		au_queue_observe(queue, NULL, NULL); /* a product that can be asked shows whether it is so */
	}
	au_engine_look_soon(engine);
	au_engine_kick(engine);
}

/* ---- what the verbs share ---------------------------------------------------------- */

struct doing {
	struct au_store_tx *tx;
	struct au_arena *arena;
	struct au_work_job *job;
	struct au_work work;
	bool was_claimed;
};

typedef int do_verb(struct doing *d, struct au_err *err);

static int
do_one(struct au_store_tx *tx, struct au_work_job *job, do_verb *verb, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct doing d = { .tx = tx, .arena = arena, .job = job };
	int rc = au_store_work_get(tx, arena, job->id, &d.work, err);

	d.was_claimed = rc == 0 && d.work.claimer != NULL;
	if (rc == 0)
		rc = verb(&d, err);
	if (rc < 0)
		return rc;
	json_decref(job->result);
	job->result = au_work_to_json(&d.work);
	return 0;
}

static int
move(struct doing *d, enum au_work_event event, const char *what, struct au_err *err)
{
	enum au_work_state to = au_work_next(d->work.state, event, d->was_claimed);

	if (to == 0)
		return au_fail(err, AU_EINVAL, "work order %lld is %s and cannot be %s: %s", d->work.id,
		    au_work_state_name(d->work.state), what, au_work_word(d->arena, &d->work));
	d->work.state = to;
	d->work.changed_ms = d->job->now_ms;
	return 0;
}

static bool
is_mine(const struct doing *d)
{
	return au_streq(d->work.claimer, d->job->actor);
}

static int
only_claimer(const struct doing *d, struct au_err *err)
{
	if (d->work.claimer == NULL || is_mine(d))
		return 0;
	return au_fail(err, AU_EPERM,
	    "work order %lld is claimed by %s; he has to release it, or somebody takes it over with 'work claim %lld "
	    "--take'",
	    d->work.id, d->work.claimer_name ? d->work.claimer_name : d->work.claimer, d->work.id);
}

static int
write(struct doing *d, const char *verb, struct au_err *err)
{
	return au_work_write(d->tx, &d->work, d->job->actor, verb, d->job->now_ms, err);
}

static const char *
said(const struct doing *d, const char *what)
{
	return au_arena_printf(d->arena, "%s by %s%s%s", what, d->job->name ? d->job->name : d->job->actor,
	    d->job->text ? ": " : "", d->job->text ? d->job->text : "");
}

/* ---- claim, release ------------------------------------------------------------------ */

static int
claim(struct doing *d, struct au_err *err)
{
	if (d->work.state == AU_WORK_CLAIMED && is_mine(d))
		return 0; /* said twice */
	if (d->work.state == AU_WORK_OPEN && d->work.step == 0)
		return au_fail(err, AU_EBUSY,
		    "work order %lld: its text is being made anew, as what is wanted has changed", d->work.id);
	if (d->work.state == AU_WORK_CLAIMED && !d->job->take)
		return au_fail(err, AU_EEXIST, "work order %lld is claimed by %s; --take takes it over", d->work.id,
		    d->work.claimer_name ? d->work.claimer_name : d->work.claimer);
	if (d->work.state != AU_WORK_CLAIMED && move(d, AU_WORK_CLAIM, "claimed", err) < 0)
		return AU_EINVAL;
	d->work.claimer = d->job->actor;
	d->work.claimer_name = d->job->name;
	d->work.claimed_ms = d->work.changed_ms = d->job->now_ms;
	return write(d, "work.claim", err);
}

int
au_work_claim(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, claim, err);
}

static int
release(struct doing *d, struct au_err *err)
{
	int rc = move(d, AU_WORK_RELEASE, "released", err);

	if (rc < 0)
		return rc;
	d->work.claimer = d->work.claimer_name = d->work.doer = d->work.doer_name = NULL;
	d->work.claimed_ms = d->work.done_ms = 0;
	d->work.result = NULL;
	return write(d, "work.release", err);
}

int
au_work_release(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, release, err);
}

/* The work may run twice. */
static void
note_target(struct doing *d)
{
	free(d->job->done_target);
	d->job->done_target = au_xstrdup(d->work.target);
}

/* ---- complete ------------------------------------------------------------------------ */

static int
check_asked(const json_t *text, const char *member, const char *value, const char *option, struct au_err *err)
{
	const char *word = member;
	bool asks = au_order_text_asks(text, member, &word);

	if (asks && au_str_empty(value))
		return au_fail(err, AU_EINVAL, "the order asks for '%s': give it with --%s", word, option);
	if (!asks && value != NULL)
		return au_fail(err, AU_EINVAL, "the order does not ask for a value of --%s", option);
	return 0;
}

static int
check_result(const struct doing *d, const json_t *text, struct au_err *err)
{
	enum au_order_secret kind = au_order_text_secret(text);
	int rc = check_asked(text, "login", d->job->login, "login", err);

	if (rc == 0)
		rc = check_asked(text, "id", d->job->remote_id, "id", err);
	if (rc < 0)
		return rc;
	if (kind == AU_ORDER_SECRET_SHOWN && d->job->secret == NULL)
		return au_fail(err, AU_EINVAL, "the product shows '%s' once: type it at the prompt or give --secret-fd",
		    au_json_get_str(text, "secret_label"));
	if (kind != AU_ORDER_SECRET_SHOWN && d->job->secret != NULL)
		return au_fail(err, AU_EINVAL, "no secret comes out of this order");
	return 0;
}

static const char *
result_text(const struct doing *d)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;

	au_json_set_str(json, "login", d->job->login);
	au_json_set_str(json, "id", d->job->remote_id);
	if (json_object_size(json) == 0)
		return NULL;
	text = au_json_canonical(json);
	return au_arena_strdup(d->arena, text);
}

static bool
takes_two(const struct doing *d)
{
	const struct au_target_block *target = au_settings_target(d->job->policy->settings, d->work.target);

	return (d->work.op == AU_STEP_DELETE || d->work.op == AU_STEP_RETIRE) && target != NULL && au_values_bool(target->block.values, "order_two");
}

/* A newer word on the same account makes an older one that comes late worthless. */
static int
check_newest(const struct doing *d, struct au_err *err)
{
	struct au_work *works = NULL;
	size_t count = 0;
	int rc = au_store_work_of_account(d->tx, d->arena, d->work.account_id, 100, &works, &count, err);

	for (size_t i = 0; rc == 0 && i < count && works[i].id > d->work.id; i++)
		if (works[i].state == AU_WORK_FULFILLED || works[i].state == AU_WORK_VERIFIED)
			return au_fail(err, AU_EEXIST,
			    "work order %lld of the same account was fulfilled after this one", works[i].id);
	return rc;
}

static int
confirm(struct doing *d, struct au_err *err)
{
	if (au_streq(d->work.doer, d->job->actor))
		return au_fail(err, AU_EPERM, "work order %lld: another person than %s must confirm it", d->work.id,
		    d->work.doer_name ? d->work.doer_name : d->work.doer);
	d->work.second = d->job->actor;
	d->work.second_name = d->job->name;
	return 0;
}

static void
report(struct doing *d)
{
	d->work.doer = d->job->actor;
	d->work.doer_name = d->job->name;
	d->work.done_ms = d->job->now_ms;
	d->work.evidence = d->job->text;
	d->work.result = result_text(d);
	if (d->work.claimer == NULL) {
		d->work.claimer = d->job->actor;
		d->work.claimer_name = d->job->name;
		d->work.claimed_ms = d->job->now_ms;
	}
}

static int
fulfil(struct doing *d, struct au_err *err)
{
	struct au_fulfilment f = { .policy = d->job->policy,
		.sealer = d->job->sealer,
		.secret = d->job->secret,
		.actor = d->job->actor,
		.name = d->job->name,
		.now_ms = d->job->now_ms };
	int rc = check_newest(d, err);

	if (rc == 0)
		rc = au_work_fulfil(d->tx, d->arena, &f, &d->work, err);
	if (rc < 0)
		return rc;
	d->job->fulfilled = f.step_done;
	note_target(d);
	d->work.step = 0;
	d->work.note = NULL;
	return write(d, "work.complete", err);
}

static int
complete(struct doing *d, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *text = NULL;
	bool confirms = d->work.state == AU_WORK_REPORTED, first = takes_two(d) && !confirms;
	int rc;

	if (d->work.state == AU_WORK_OPEN && d->work.step == 0)
		return au_fail(err, AU_EBUSY,
		    "work order %lld: what is wanted has changed, and its text is being made anew", d->work.id);
	if (au_json_parse(d->work.text, strlen(d->work.text), AU_JSON_DEPTH, &text, err) < 0)
		return AU_EIO;
	rc = confirms ? confirm(d, err) : only_claimer(d, err);
	if (rc == 0 && !confirms)
		rc = check_result(d, text, err);
	if (rc == 0)
		rc = move(d, first ? AU_WORK_REPORT : AU_WORK_COMPLETE, "completed", err);
	if (rc < 0)
		return rc;
	if (!confirms)
		report(d);
	return first ? write(d, "work.report", err) : fulfil(d, err);
}

int
au_work_complete(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, complete, err);
}

/* ---- fail, cancel ---------------------------------------------------------------------- */

static int
end_step(struct doing *d, enum au_step_state state, const char *verb, struct au_step *step, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	int rc = d->work.step != 0 ? au_store_step_get(d->tx, d->arena, d->work.step, step, err) : AU_ENOENT;

	if (rc < 0 || step->state != AU_STEP_WITH_PERSON)
		return rc < 0 && rc != AU_ENOENT ? rc : 0;
	step->state = state;
	d->job->failed = state == AU_STEP_FAILED;
	note_target(d);
	step->error = d->work.note;
	step->finished_ms = d->job->now_ms;
	rc = au_store_step_update(d->tx, step, err);
	if (rc < 0)
		return rc;
	detail = au_step_to_json(step);
	rc = au_store_audit(d->tx, d->job->now_ms, d->job->actor, verb, step->account_id, detail, err);
	if (rc == 0)
		rc = au_ledger_settle(d->tx, d->arena, d->job->policy, step->target, step->account_id, err);
	return rc < 0 ? rc : au_follow_settle(d->tx, d->arena, step->account_id, d->job->now_ms, err);
}

static int
mark_dirty(struct doing *d, struct au_err *err)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_get(d->tx, d->arena, d->work.apiuser_id, &user, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	return au_store_dirty_mark(d->tx, user.key, err);
}

/* The account knows what became of its wish. */
static int
tell_account(struct doing *d, const struct au_step *step, bool rejected, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(d->job->policy->settings, d->work.target);
	char digest[AU_WISH_DIGEST];
	struct au_account account;
	int rc = au_store_account_get(d->tx, d->arena, d->work.account_id, &account, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	if (rejected && step->id != 0)
		account.refused = au_refusal_add(d->arena, &account, step);
	else {
		account.problem = d->work.note;
		account.problem_for = au_arena_strdup(d->arena, au_wish_digest(d->work.op, d->work.want, digest));
		account.retry_ms =
		    d->job->now_ms + (target != NULL ? au_values_num(target->block.values, "order_retry") : 0);
	}
	return au_store_account_put(d->tx, &account, err);
}

static int
give_up(struct doing *d, bool rejected, struct au_err *err)
{
	struct au_step step = { 0 };
	int rc;

	if (au_str_empty(d->job->text))
		return au_fail(err, AU_EINVAL, "reason: expected a text that says why");
	rc = only_claimer(d, err);
	if (rc == 0)
		rc = move(d, rejected ? AU_WORK_DECLINE : AU_WORK_FAIL, rejected ? "cancelled" : "failed", err);
	if (rc < 0)
		return rc;
	d->work.note = said(d, rejected ? "cancelled" : "could not be done, says");
	if (!rejected)
		d->work.note = au_arena_printf(d->arena, "it could not be done, says %s: %s",
		    d->job->name ? d->job->name : d->job->actor, d->job->text);
	rc = end_step(
	    d, rejected ? AU_STEP_REJECTED : AU_STEP_FAILED, rejected ? "step.reject" : "step.fail", &step, err);
	if (rc == 0)
		rc = tell_account(d, &step, rejected, err);
	d->work.step = 0;
	if (rc == 0)
		rc = write(d, rejected ? "work.cancel" : "work.fail", err);
	return rc < 0 ? rc : mark_dirty(d, err);
}

static int
fail(struct doing *d, struct au_err *err)
{
	return give_up(d, false, err);
}

int
au_work_fail(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, fail, err);
}

static int
cancel(struct doing *d, struct au_err *err)
{
	return give_up(d, true, err);
}

int
au_work_cancel(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, cancel, err);
}

/* ---- the secret that is typed in --------------------------------------------------------- */

static int
secret(struct doing *d, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *text = NULL, *detail = NULL;
	struct au_sealed_row row;
	int rc;

	if (au_json_parse(d->work.text, strlen(d->work.text), AU_JSON_DEPTH, &text, err) < 0)
		return AU_EIO;
	if (au_order_text_secret(text) != AU_ORDER_SECRET_TYPED)
		return au_fail(err, AU_EINVAL, "work order %lld has no secret that is to be typed in", d->work.id);
	if (d->work.state != AU_WORK_CLAIMED || !is_mine(d))
		return au_fail(err, AU_EPERM, "work order %lld: only who has claimed it gets its secret", d->work.id);
	rc = au_store_sealed_get(d->tx, d->arena, d->work.account_id, &row, err);
	if (rc < 0)
		return rc;
	au_secret_free(d->job->taken);
	d->job->taken = NULL;
	rc = au_unseal(d->job->sealer, d->work.account_id, row.sealed, row.len, &d->job->taken, err);
	detail = au_work_to_json(&d->work);
	json_object_del(detail, "text");
	return rc < 0 ? rc
		      : au_store_audit(
			    d->tx, d->job->now_ms, d->job->actor, "work.secret", d->work.account_id, detail, err);
}

int
au_work_secret(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, secret, err);
}

/* ---- looking ------------------------------------------------------------------------------ */

static int
show(struct doing *d, struct au_err *err)
{
	(void)d;
	(void)err;
	return 0;
}

int
au_work_show(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return do_one(tx, job, show, err);
}

int
au_work_list(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_work_job *job = arg;
	struct au_work *works = NULL;
	size_t count = 0, limit = (size_t)job->limit;
	json_t *list = json_array(), *attested = NULL;
	int rc = job->state == 0 && !job->all
		     ? au_store_work_due(tx, arena, job->target, limit, &works, &count, err)
		     : au_store_work_list(tx, arena, job->target, job->state, limit, &works, &count, err);

	json_decref(job->result);
	job->result = json_object();
	json_object_set_new(job->result, "orders", list);
	if (rc == 0)
		rc = au_freshness_list(tx, arena, job->policy->settings, job->target, job->now_ms, &attested, err);
	json_object_set_new(job->result, "attested", attested);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		json_t *item = au_work_to_json(&works[i]);
		json_t *text = json_object_get(item, "text");
		au_json_set_str(item, "title", au_json_get_str(text, "title"));
		json_object_del(item, "text");
		if (works[i].due_ms < job->now_ms && au_work_is_open(works[i].state))
			json_object_set_new(item, "overdue", json_true());
		json_array_append_new(list, item);
	}
	return rc;
}
