/* SPDX-License-Identifier: ISC */
/*
 * An approval is bound to the digest of what was shown: operation, wish, what
 * was there, and the guards that hold it.  When one of these moves, it is worth
 * nothing any more.
 */
#include "reconcile/decide.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/text.h"
#include "reconcile/adopt.h"
#include "reconcile/engine_parts.h"
#include "reconcile/follow.h"
#include "reconcile/guard.h"
#include "reconcile/last.h"
#include "reconcile/ledger.h"
#include "reconcile/parcel.h"
#include "reconcile/refusal.h"
#include "reconcile/wish.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/approval.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"

#include <string.h>

#define LISTED 10000
#define ROWS 1000 /* of the audit, for one account since it was held */

void
au_decide_init(struct au_engine *engine, struct au_decide_job *job)
{
	*job = (struct au_decide_job){ .policy = au_policy_hold(engine->policy), .now_ms = au_clock_wall_ms() };
}

void
au_decide_done(struct au_decide_job *job)
{
	au_policy_free(job->policy);
	json_decref(job->result);
	*job = (struct au_decide_job){ 0 };
}

/* ---- what the decisions share ---- */

struct deciding {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_decide_job *job;
	struct au_step step;
	json_t *shown; /* of the step, in the result */
};

typedef int decide_step(struct deciding *d, struct au_err *err);

static int
decide_all(struct au_store_tx *tx, struct au_decide_job *job, decide_step *decide, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *list = json_array();
	int rc = 0;

	json_decref(job->result);
	job->result = json_object();
	json_object_set_new(job->result, "steps", list);
	for (size_t i = 0; rc == 0 && i < job->step_count; i++) {
		struct deciding d = { .tx = tx, .arena = arena, .job = job, .shown = json_object() };
		json_array_append_new(list, d.shown);
		rc = au_store_step_get(tx, arena, job->steps[i], &d.step, err);
		if (rc == 0)
			rc = decide(&d, err);
		if (rc < 0)
			return rc;
		au_json_set_int(d.shown, "id", d.step.id);
		au_json_set_str(d.shown, "state", au_step_state_name(d.step.state));
		au_json_set_str(d.shown, "op", au_step_op_name(d.step.op));
		au_json_set_str(d.shown, "lane", au_lane_name(d.step.lane));
		au_json_set_str(d.shown, "target", d.step.target);
		au_json_set_str(d.shown, "login", d.step.login);
	}
	return rc;
}

static int
audit(struct deciding *d, const char *verb, json_t *detail, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *owned = detail;

	au_json_set_int(owned, "step", d->step.id);
	au_json_set_str(owned, "op", au_step_op_name(d->step.op));
	au_json_set_str(owned, "guard", d->step.guard);
	au_json_set_str(owned, "name", d->job->name);
	au_json_set_str(owned, "reason", d->job->reason);
	return au_store_audit(d->tx, d->job->now_ms, d->job->actor, verb, d->step.account_id, owned, err);
}

/* The next look shall see the API user anew. */
static int
mark_dirty(struct deciding *d, struct au_err *err)
{
	return au_store_dirty_mark_apiuser(d->tx, d->arena, d->step.apiuser_id, err);
}

static const char *
digest_of(struct au_arena *arena, const struct au_step *step, char digest[AU_WISH_DIGEST])
{
	return au_wish_digest(step->op,
	    au_arena_printf(arena, "%s\n%s\n%s", step->want ? step->want : "", step->was ? step->was : "",
		step->guards ? step->guards : ""),
	    digest);
}

/* ---- approve ---- */

static int
refuse_protected(struct deciding *d, struct au_err *err)
{
	const char *why;
	int rc = au_last_protects(d->tx, d->arena, d->job->policy, &d->step, &why, err);

	if (rc < 0 || !why)
		return rc;
	return au_fail(err, AU_EINVAL, "step %lld: %s; end that first", d->step.id, why);
}

/* Who asked for the step, as its first audit row tells; NULL when nobody did but the daemon itself. */
static int
find_asker(struct deciding *d, const char **ret, struct au_err *err)
{
	struct au_audit *rows = NULL;
	size_t count = 0;
	struct au_audit_filter filter = { .object = d->step.account_id };
	int rc = au_store_audit_list(d->tx, d->arena, &filter, ROWS, &rows, &count, err);

	*ret = NULL;
	for (size_t i = 0; rc == 0 && i < count && !*ret; i++) {
		AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
		if (!au_streq(rows[i].verb, "step.hold") || !rows[i].detail ||
		    au_json_parse(rows[i].detail, strlen(rows[i].detail), AU_JSON_DEPTH, &detail, NULL) < 0)
			continue;
		if (au_json_get_int(detail, "id") == d->step.id)
			*ret = rows[i].actor;
	}
	return rc;
}

static int
refuse_own(struct deciding *d, struct au_err *err)
{
	const char *asker = NULL;
	int rc = 0;

	if (!au_policy_brake(d->job->policy, d->step.target)->approve_own)
		rc = find_asker(d, &asker, err);
	if (rc < 0 || !au_streq(asker, d->job->actor))
		return rc;
	return au_fail(err, AU_EINVAL,
	    "step %lld: it was asked for by whoever approves it now; somebody else has to (approve_own)", d->step.id);
}

/* It would stop more than whoever approves was shown. */
static int
hold_anew(struct deciding *d, struct au_err *err)
{
	int rc = au_store_step_update(d->tx, &d->step, err);

	json_object_set_new(d->shown, "moved", json_true());
	au_json_set_str(d->shown, "guard", d->step.guard);
	return rc < 0 ? rc : audit(d, "step.rejudge", json_object(), err);
}

/* What its plan as a whole would do is not known before all of it is written. */
static int
refuse_unfinished(struct deciding *d, struct au_err *err)
{
	bool is_open = false;
	int rc = au_parcel_is_open(d->tx, d->step.parcel, &is_open, err);

	if (rc < 0 || !is_open)
		return rc;
	return au_fail(
	    err, AU_EBUSY, "step %lld: the plan that it belongs to is still being written; try again soon", d->step.id);
}

static int
approve_step(struct deciding *d, struct au_err *err)
{
	const struct au_decide_job *job = d->job;
	long long needed = au_policy_brake(job->policy, d->step.target)->approvals[d->step.lane], approvals = 0;
	char digest[AU_WISH_DIGEST];
	json_t *detail;
	bool moved = false;
	int rc;

	if (d->step.state != AU_STEP_HELD)
		return au_fail(
		    err, AU_EINVAL, "step %lld is %s, not held", d->step.id, au_step_state_name(d->step.state));
	rc = refuse_unfinished(d, err);
	if (rc == 0)
		rc = refuse_protected(d, err);
	if (rc == 0)
		rc = refuse_own(d, err);
	if (rc == 0)
		rc = au_last_again(d->tx, d->arena, job->policy, &d->step, &moved, err);
	if (rc < 0 || moved)
		return rc < 0 ? rc : hold_anew(d, err);
	struct au_approval approval = { .step = d->step.id,
		.actor = job->actor,
		.name = job->name,
		.reason = job->reason,
		.digest = digest_of(d->arena, &d->step, digest),
		.at_ms = job->now_ms };
	rc = au_store_approval_add(d->tx, &approval, err);
	if (rc == 0)
		rc = au_store_approval_count(d->tx, d->step.id, digest, &approvals, err);
	if (rc < 0)
		return rc;
	au_json_set_int(d->shown, "approvals", approvals);
	au_json_set_int(d->shown, "needed", needed);
	detail = json_object();
	au_json_set_int(detail, "approvals", approvals);
	au_json_set_int(detail, "needed", needed);
	rc = audit(d, "step.approve", detail, err);
	if (rc < 0 || approvals < needed)
		return rc;
	d->step.state = AU_STEP_QUEUED;
	d->step.guard = d->step.guards = NULL;
	d->step.next_ms = job->now_ms;
	rc = au_ledger_release(d->tx, d->arena, &d->step, err);
	if (rc == 0)
		rc = au_adopt_approved(d->tx, d->arena, d->step.account_id, job->actor, job->reason, job->now_ms, err);
	return rc;
}

int
au_decide_approve(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return decide_all(tx, job, approve_step, err);
}

/* ---- reject ---- */

static int
remember(struct deciding *d, struct au_err *err)
{
	struct au_account account;
	int rc = au_store_account_get(d->tx, d->arena, d->step.account_id, &account, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	account.refused = au_refusal_add(d->arena, &account, &d->step);
	return au_store_account_put(d->tx, &account, err);
}

/* Whether it waits for people, or for its turn after they let it go. */
static int
may_reject(struct deciding *d, struct au_err *err)
{
	struct au_approval *approvals;
	size_t count = 0;
	int rc = au_store_approval_list(d->tx, d->arena, d->step.id, &approvals, &count, err);

	if (rc < 0)
		return rc;
	if (d->step.state == AU_STEP_HELD || (d->step.state == AU_STEP_QUEUED && count > 0))
		return 0;
	return au_fail(err, AU_EINVAL, "step %lld is %s, not held", d->step.id, au_step_state_name(d->step.state));
}

static int
reject_step(struct deciding *d, struct au_err *err)
{
	const struct au_decide_job *job = d->job;
	int rc = may_reject(d, err);

	if (rc == 0)
		rc = audit(d, "step.reject", json_object(), err);
	if (rc == 0)
		rc = remember(d, err);
	if (rc < 0)
		return rc;
	d->step.state = AU_STEP_REJECTED;
	d->step.finished_ms = job->now_ms;
	d->step.error = au_arena_printf(d->arena, "rejected by %s%s%s%s: %s", job->actor, job->name ? " (" : "",
	    job->name ? job->name : "", job->name ? ")" : "", job->reason);
	rc = au_store_step_update(d->tx, &d->step, err);
	if (rc == 0)
		rc = au_ledger_settle(d->tx, d->arena, job->policy, d->step.target, d->step.account_id, err);
	if (rc == 0)
		rc = au_follow_settle(d->tx, d->arena, d->step.account_id, job->now_ms, err);
	return rc < 0 ? rc : mark_dirty(d, err);
}

int
au_decide_reject(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return decide_all(tx, job, reject_step, err);
}

/* ---- reopen ---- */

static int
reopen_step(struct deciding *d, struct au_err *err)
{
	struct au_account account;
	bool found = false;
	int rc = au_store_account_get(d->tx, d->arena, d->step.account_id, &account, err);

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (rc == 0)
		account.refused = au_refusal_without(d->arena, &account, d->step.id, &found);
	if (!found)
		return au_fail(err, AU_EINVAL, "step %lld is %s, and no rejection of it is in force", d->step.id,
		    au_step_state_name(d->step.state));
	json_object_set_new(d->shown, "reopened", json_true());
	rc = au_store_account_put(d->tx, &account, err);
	if (rc == 0)
		rc = audit(d, "step.reopen", json_object(), err);
	return rc < 0 ? rc : mark_dirty(d, err);
}

int
au_decide_reopen(struct au_store_tx *tx, void *job, struct au_err *err)
{
	return decide_all(tx, job, reopen_step, err);
}

/* ---- list ---- */

static json_t *
approval_json(const struct au_approval *approval)
{
	json_t *json = json_object();

	au_json_set_str(json, "actor", approval->actor);
	au_json_set_str(json, "name", approval->name);
	au_json_set_str(json, "reason", approval->reason);
	au_json_set_int(json, "at_ms", approval->at_ms);
	return json;
}

/* Approvals of what it was before something moved are left out. */
static int
show_held(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const struct au_step *step,
    json_t *list, struct au_err *err)
{
	const struct au_brake *brake = au_policy_brake(policy, step->target);
	json_t *json = au_step_to_json(step), *shown = json_array();
	struct au_approval *approvals = NULL;
	char digest[AU_WISH_DIGEST];
	size_t count = 0;
	int rc = au_store_approval_list(tx, arena, step->id, &approvals, &count, err);

	digest_of(arena, step, digest);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (au_streq(approvals[i].digest, digest))
			json_array_append_new(shown, approval_json(&approvals[i]));
	json_object_set_new(json, "approvals", shown);
	au_json_set_int(json, "needed", brake->approvals[step->lane]);
	if (brake->held_expiry_ms > 0)
		au_json_set_int(json, "expires_ms", step->created_ms + brake->held_expiry_ms);
	json_array_append_new(list, json);
	return rc;
}

/* The log-in name is told by a step itself; any other name of an API user has to be looked up. */
static int
find_user(struct au_store_tx *tx, struct au_arena *arena, struct au_decide_only *only, struct au_err *err)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_search(tx, arena, only->user, &user, err);

	only->apiuser_id = rc == 0 ? user.id : NULL;
	return rc == AU_ENOENT || rc == AU_EEXIST ? 0 : rc;
}

static bool
is_listed(struct au_arena *arena, const struct au_decide_only *only, const struct au_step *step)
{
	if (only->target && !au_streq(only->target, step->target))
		return false;
	if (only->guard && !au_guard_is_among(step->guards, only->guard))
		return false;
	return !only->user || au_streq(only->apiuser_id, step->apiuser_id) ||
	       (step->login && au_streq(au_text_fold(arena, step->login), au_text_fold(arena, only->user)));
}

/* A step that was rejected ends; what is shown is in force as long as its account remembers it. */
static int
list_rejected(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_decide_only *only, json_t *list, struct au_err *err)
{
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_refused(tx, arena, LISTED, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (is_listed(arena, only, &steps[i]))
			json_array_append_new(list, au_step_to_json(&steps[i]));
	return rc;
}

int
au_decide_list(struct au_store_tx *tx, void *list_job, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_decide_job *job = list_job;
	json_t *held = json_array(), *rejected = json_array();
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, arena, AU_STEP_HELD, LISTED, &steps, &count, err);

	json_decref(job->result);
	job->result = json_object();
	json_object_set_new(job->result, "steps", held);
	json_object_set_new(job->result, "rejected", rejected);
	if (rc == 0 && job->only.user)
		rc = find_user(tx, arena, &job->only, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (is_listed(arena, &job->only, &steps[i]))
			rc = show_held(tx, arena, job->policy, &steps[i], held, err);
	return rc < 0 ? rc : list_rejected(tx, arena, &job->only, rejected, err);
}
