/* SPDX-License-Identifier: ISC */
/*
 * Judging a parcel is judging a plan: its losses are laid before the guards once
 * more, as if none of them were written yet.
 */
#include "reconcile/parcel.h"

#include "base/str.h"
#include "model/plan.h"
#include "reconcile/follow.h"
#include "reconcile/ledger.h"
#include "reconcile/look.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/parcel.h"
#include "store/step.h"

#define ACTOR "reconciler"

/* AU_ENOENT: it was closed or taken back. */
static int
find(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_parcel_row *ret, struct au_err *err)
{
	struct au_parcel_row *rows = NULL;
	size_t count = 0;
	int rc = au_store_parcel_list(tx, arena, &rows, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (rows[i].id == id) {
			*ret = rows[i];
			return 0;
		}
	return rc < 0 ? rc : au_fail(err, AU_ENOENT, "parcel %lld: is not being written", id);
}

/* ---- closing ---- */

/* Each loss twice: as the open step that the guards have to leave out, and as the new one that they judge. */
static struct au_plan *
lay_out(const struct au_step *losses, size_t count)
{
	struct au_plan *plan = au_plan_new();

	for (size_t i = 0; i < count; i++) {
		struct au_step step = losses[i];
		step.id = 0;
		au_plan_add(plan, &step);
	}
	for (size_t i = 0; i < count; i++) {
		struct au_step step = losses[i];
		if (step.state == AU_STEP_HELD)
			continue; /* the guards count what they hold like what is new */
		step.state = AU_STEP_CANCELLED;
		au_plan_add(plan, &step);
	}
	return plan;
}

struct closing {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_policy *policy;
	long long now_ms;
	struct au_parcel_row row;
	struct au_step *losses;
	size_t count;
	long long held, changed; /* by this call: steps that were queued; and others that more guards hold */
};

/* On the word of whoever the parcel is of: he does not approve it himself where that matters. */
static int
hold_step(const struct closing *c, const struct au_step *loss, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	int rc = au_store_step_update(c->tx, loss, err);

	if (rc == 0)
		rc = au_ledger_settle(c->tx, c->arena, c->policy, loss->target, loss->account_id, err);
	if (rc == 0)
		rc = au_follow_settle(c->tx, c->arena, loss->account_id, c->now_ms, err);
	if (rc < 0)
		return rc;
	detail = au_step_to_json(loss);
	au_json_set_str(detail, "plan", c->row.digest);
	return au_store_audit(c->tx, c->now_ms, c->row.actor, "step.hold", loss->account_id, detail, err);
}

/* What the guards say now and the store does not yet, up to a piece of it. */
static int
hold_judged(struct closing *c, const struct au_plan *plan, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->count && c->changed < AU_PARCEL_PIECE; i++) {
		const struct au_step *judged = &plan->steps[i];
		struct au_step *loss = &c->losses[i];
		if (judged->state == loss->state && au_streq(judged->guards, loss->guards))
			continue;
		c->held += judged->state != loss->state;
		c->changed++;
		loss->state = judged->state;
		loss->guard = judged->guard;
		loss->guards = judged->guards;
		rc = hold_step(c, loss, err);
	}
	return rc;
}

int
au_parcel_close(struct au_store_tx *tx, const struct au_policy *policy, long long id, long long now_ms,
    bool *ret_closed, long long *ret_held, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = NULL;
	struct closing c = { .tx = tx, .arena = arena, .policy = policy, .now_ms = now_ms };
	int rc = find(tx, arena, id, &c.row, err);

	if (rc == 0)
		rc = au_store_parcel_losses(tx, arena, id, &c.losses, &c.count, err);
	if (rc < 0)
		return rc;
	plan = lay_out(c.losses, c.count);
	rc = au_look_guard(tx, policy, now_ms, plan, err);
	if (rc == 0)
		rc = hold_judged(&c, plan, err);
	if (rc == 0 && c.changed < AU_PARCEL_PIECE)
		rc = au_store_parcel_end(tx, id, err);
	if (rc < 0)
		return rc;
	*ret_closed = c.changed < AU_PARCEL_PIECE;
	*ret_held = c.held;
	return 0;
}

/* ---- taking back ---- */

static int
take_back(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	int rc;

	step->state = AU_STEP_CANCELLED;
	step->finished_ms = now_ms;
	rc = au_store_step_update(tx, step, err);
	if (rc == 0)
		rc = au_ledger_settle(tx, arena, policy, step->target, step->account_id, err);
	if (rc == 0)
		rc = au_follow_settle(tx, arena, step->account_id, now_ms, err);
	if (rc == 0)
		rc = au_store_dirty_mark_apiuser(tx, arena, step->apiuser_id, err);
	if (rc < 0)
		return rc;
	detail = au_step_to_json(step);
	return au_store_audit(tx, now_ms, ACTOR, "step.cancel", step->account_id, detail, err);
}

static int
end_discarded(
    struct au_store_tx *tx, struct au_arena *arena, long long id, const char *why, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	struct au_parcel_row row;
	int rc = find(tx, arena, id, &row, err);

	if (rc == 0)
		rc = au_store_parcel_end(tx, id, err);
	if (rc < 0)
		return rc;
	au_json_set_int(detail, "parcel", id);
	au_json_set_str(detail, "actor", row.actor);
	au_json_set_int(detail, "begun_ms", row.at_ms);
	au_json_set_str(detail, "why", why);
	return au_store_audit(tx, now_ms, ACTOR, "plan.discard", row.digest ? row.digest : "look", detail, err);
}

int
au_parcel_discard(struct au_store_tx *tx, const struct au_policy *policy, long long id, const char *why,
    long long now_ms, bool *ret_gone, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_parcel_steps(tx, arena, id, AU_PARCEL_PIECE, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = take_back(tx, arena, policy, &steps[i], now_ms, err);
	if (rc == 0 && count < AU_PARCEL_PIECE)
		rc = end_discarded(tx, arena, id, why, now_ms, err);
	if (rc == 0)
		*ret_gone = count < AU_PARCEL_PIECE;
	return rc;
}

int
au_parcel_is_open(struct au_store_tx *tx, long long id, bool *ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_parcel_row row;
	int rc = id ? find(tx, arena, id, &row, err) : AU_ENOENT;

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	*ret = rc == 0;
	return 0;
}
