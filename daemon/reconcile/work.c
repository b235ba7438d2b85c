/* SPDX-License-Identifier: ISC */
/*
 * An order that somebody may have in his hands is never changed under him: it
 * ends, says so, and a new one takes its place.
 */
#include "reconcile/work.h"

#include "base/str.h"
#include "reconcile/announce.h"
#include "reconcile/wish.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "store/work.h"

#define ACTOR "reconciler"
#define LATE_MOST 10000 /* looked at in one go */

int
au_work_write(struct au_store_tx *tx, const struct au_work *work, const char *actor, const char *verb, long long now_ms,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = au_work_to_json(work);
	int rc = au_store_work_update(tx, work, err);

	json_object_del(detail, "text"); /* it is in the order's row */
	if (rc == 0)
		rc = au_store_audit(tx, now_ms, actor, verb, work->account_id, detail, err);
	return rc < 0 ? rc : au_announce_work(tx, work, verb, now_ms, err);
}

/* What the order is about now. */
static void
fill(struct au_work *work, const struct au_target_block *target, const struct au_step *step, const char *text,
    const char *digest, long long now_ms)
{
	bool is_urgent = step->lane != AU_LANE_SAFE;

	work->step = step->id;
	work->login = step->login;
	work->op = step->op;
	work->lane = step->lane;
	work->state = AU_WORK_OPEN;
	work->revision++;
	work->digest = digest;
	work->want = step->want;
	work->text = text;
	work->reason = step->reason;
	work->changed_ms = now_ms;
	work->due_ms = now_ms + au_values_num(target->block.values, is_urgent ? "order_due_removal" : "order_due");
}

static int
add(struct au_store_tx *tx, struct au_work *work, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	int rc = au_store_work_add(tx, work, &work->id, err);

	if (rc < 0)
		return rc;
	detail = au_work_to_json(work);
	json_object_del(detail, "text");
	rc = au_store_audit(tx, now_ms, ACTOR, "work.open", work->account_id, detail, err);
	return rc < 0 ? rc : au_announce_work(tx, work, "work.open", now_ms, err);
}

static int
supersede(struct au_store_tx *tx, struct au_work *work, long long now_ms, struct au_err *err)
{
	work->state = AU_WORK_SUPERSEDED;
	work->step = 0;
	work->changed_ms = now_ms;
	work->note = "what is wanted has changed; a new order says what";
	return au_work_write(tx, work, ACTOR, "work.supersede", now_ms, err);
}

/* The order that was superseded last and nothing has taken its place yet; 0 = none. */
static int
find_replaced(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, long long *ret_id, struct au_err *err)
{
	struct au_work *newest = NULL;
	size_t count = 0;
	int rc = au_store_work_of_account(tx, arena, account_id, 1, &newest, &count, err);

	*ret_id = rc == 0 && count > 0 && newest->state == AU_WORK_SUPERSEDED ? newest->id : 0;
	return rc;
}

/* One order per account: what another step of it has asked for is asked for anew when this one is over. */
static int
put_aside(struct au_store_tx *tx, struct au_arena *arena, const struct au_work *work, const struct au_step *step,
    long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	struct au_step other;
	bool is_others = work->step != 0 && work->step != step->id;
	int rc = is_others ? au_store_step_get(tx, arena, work->step, &other, err) : AU_ENOENT;

	if (rc < 0 || other.state != AU_STEP_WITH_PERSON)
		return rc == AU_ENOENT ? 0 : rc;
	other.state = AU_STEP_CANCELLED;
	other.error = au_arena_printf(arena, "the %s of the same account goes first", au_step_op_name(step->op));
	other.finished_ms = now_ms;
	rc = au_store_step_update(tx, &other, err);
	detail = au_step_to_json(&other);
	return rc < 0 ? rc : au_store_audit(tx, now_ms, ACTOR, "step.cancel", other.account_id, detail, err);
}

int
au_work_open(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_step *step, const char *text, long long now_ms, struct au_err *err)
{
	char digest[AU_WISH_DIGEST];
	struct au_work work = { 0 };
	long long replaces = 0;
	int rc = au_store_work_open_of(tx, arena, step->account_id, &work, err);

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (rc == 0 && (rc = put_aside(tx, arena, &work, step, now_ms, err)) < 0)
		return rc;
	au_wish_digest(step->op, step->want, digest);
	if (rc == 0 && au_streq(work.digest, digest) && (work.state != AU_WORK_OPEN || au_streq(work.text, text))) {
		work.step = step->id;
		return au_store_work_update(tx, &work, err);
	}
	if (rc == 0 && au_work_next(work.state, AU_WORK_MOVE, true) == AU_WORK_OPEN) {
		fill(&work, target, step, text, digest, now_ms);
		return au_work_write(tx, &work, ACTOR, "work.rewrite", now_ms, err);
	}
	if (rc == 0 && (rc = supersede(tx, &work, now_ms, err)) < 0)
		return rc;
	if ((rc = find_replaced(tx, arena, step->account_id, &replaces, err)) < 0)
		return rc;
	work = (struct au_work){ .account_id = step->account_id,
		.apiuser_id = step->apiuser_id,
		.target = step->target,
		.created_ms = now_ms,
		.replaces = replaces };
	fill(&work, target, step, text, digest, now_ms);
	return add(tx, &work, now_ms, err);
}

int
au_work_step_gone(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *step, bool more_coming,
    long long now_ms, struct au_err *err)
{
	struct au_work work;
	int rc = au_store_work_open_of(tx, arena, step->account_id, &work, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	if (work.step != 0 && work.step != step->id)
		return 0;
	if (more_coming && work.state != AU_WORK_OPEN)
		return supersede(tx, &work, now_ms, err);
	work.step = 0;
	work.changed_ms = now_ms;
	if (more_coming)
		return au_store_work_update(tx, &work, err);
	work.state = au_work_next(work.state, AU_WORK_DROP, true);
	work.note = "nobody wants it any more";
	return au_work_write(tx, &work, ACTOR, "work.cancel", now_ms, err);
}

int
au_work_outcome(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_step *step, const char *text, long long now_ms, struct au_err *err)
{
	switch (step->state) {
	case AU_STEP_WITH_PERSON:
		return au_work_open(tx, arena, target, step, text, now_ms, err);
	case AU_STEP_DONE:
	case AU_STEP_FAILED:
	case AU_STEP_CANCELLED:
		return au_work_step_gone(tx, arena, step, false, now_ms, err);
	default:
		return 0;
	}
}

/* ---- what takes too long ----------------------------------------------------------- */

static int
mark_dirty(struct au_store_tx *tx, struct au_arena *arena, const char *apiuser_id, struct au_err *err)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_get(tx, arena, apiuser_id, &user, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	return au_store_dirty_mark(tx, user.key, err);
}

/* Its step has failed, as nobody did it; the next look decides what follows. */
static int
end_step(struct au_store_tx *tx, struct au_arena *arena, long long id, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	struct au_step step;
	int rc = au_store_step_get(tx, arena, id, &step, err);

	if (rc < 0 || step.state != AU_STEP_WITH_PERSON)
		return rc == AU_ENOENT ? 0 : rc;
	step.state = AU_STEP_FAILED;
	step.error = "nobody did what the work order says in time";
	step.finished_ms = now_ms;
	rc = au_store_step_update(tx, &step, err);
	if (rc < 0)
		return rc;
	detail = au_step_to_json(&step);
	return au_store_audit(tx, now_ms, ACTOR, "step.expire", step.account_id, detail, err);
}

static int
expire(struct au_store_tx *tx, struct au_arena *arena, struct au_work *work, long long now_ms, struct au_err *err)
{
	int rc = work->step != 0 ? end_step(tx, arena, work->step, now_ms, err) : 0;

	work->state = AU_WORK_EXPIRED;
	work->step = 0;
	work->changed_ms = now_ms;
	if (rc == 0)
		rc = au_work_write(tx, work, ACTOR, "work.expire", now_ms, err);
	return rc < 0 ? rc : mark_dirty(tx, arena, work->apiuser_id, err);
}

static int
lapse(struct au_store_tx *tx, struct au_work *work, long long now_ms, struct au_err *err)
{
	work->state = AU_WORK_OPEN;
	work->claimer = work->claimer_name = NULL;
	work->claimed_ms = 0;
	work->changed_ms = now_ms;
	return au_work_write(tx, work, ACTOR, "work.lapse", now_ms, err);
}

/* What comes of it because of its age; 0 = nothing. */
static enum au_work_event
late(const struct au_target_block *target, const struct au_work *work, long long now_ms)
{
	long long expiry_ms = au_values_num(target->block.values, "order_expiry");
	long long claim_ms = au_values_num(target->block.values, "order_claim");

	if (expiry_ms > 0 && now_ms - work->created_ms >= expiry_ms)
		return AU_WORK_EXPIRE;
	if (work->state == AU_WORK_CLAIMED && claim_ms > 0 && now_ms - work->claimed_ms >= claim_ms)
		return AU_WORK_RELEASE;
	return (enum au_work_event)0;
}

int
au_work_expire(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target, bool only_count,
    long long now_ms, long long *ret_late, struct au_err *err)
{
	struct au_work *works = NULL;
	size_t count = 0;
	int rc = au_store_work_older(tx, arena, target->block.name, now_ms, LATE_MOST, &works, &count, err);

	*ret_late = 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		enum au_work_event event = late(target, &works[i], now_ms);
		*ret_late += event != 0;
		if (event == 0 || only_count)
			continue;
		rc = event == AU_WORK_EXPIRE ? expire(tx, arena, &works[i], now_ms, err)
					     : lapse(tx, &works[i], now_ms, err);
	}
	return rc;
}
