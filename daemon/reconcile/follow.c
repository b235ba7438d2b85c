/* SPDX-License-Identifier: ISC */
/* Rows and states are compared before they are written, so that looking again writes nothing. */
#include "reconcile/follow.h"

#include "base/str.h"
#include "reconcile/ledger.h"
#include "store/audit.h"
#include "store/step.h"
#include "store/step_wait.h"

#define RIVALS_MOST 100
#define ACTOR "reconciler"
#define STORED_TEXT "its login belongs to another account still" /* to whom is told when people ask */

const struct au_step *
au_follow_freeing(const struct au_step *open, size_t count)
{
	static const enum au_step_op ops[] = { AU_STEP_DELETE, AU_STEP_LOOKUP, AU_STEP_CREATE, AU_STEP_DISABLE };

	for (size_t i = 0; i < AU_COUNT(ops); i++)
		for (size_t k = 0; k < count; k++)
			if (open[k].op == ops[i])
				return &open[k];
	return NULL;
}

static bool
is_among(const char *const *ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(ids[i], id))
			return true;
	return false;
}

static int
put_row(struct au_store_tx *tx, struct au_arena *arena, long long step, const char *account_id, struct au_err *err)
{
	const struct au_step *freeing;
	struct au_step *open = NULL;
	size_t count = 0;
	int rc = au_store_step_open(tx, arena, account_id, &open, &count, err);

	if (rc < 0)
		return rc;
	freeing = au_follow_freeing(open, count);
	const struct au_step_wait wait = {
		.step = step, .account_id = account_id, .after = freeing != NULL ? freeing->id : 0
	};
	return au_store_step_wait_put(tx, &wait, err);
}

static int
write_rows(struct au_store_tx *tx, struct au_arena *arena, long long step, const char *const *rivals, size_t count,
    struct au_err *err)
{
	struct au_step_wait *rows = NULL;
	size_t row_count = 0;
	int rc = au_store_step_wait_of(tx, arena, step, &rows, &row_count, err);

	for (size_t i = 0; rc == 0 && i < row_count; i++)
		if (!is_among(rivals, count, rows[i].account_id))
			rc = au_store_step_wait_drop(tx, step, rows[i].account_id, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = put_row(tx, arena, step, rivals[i], err);
	return rc;
}

static int
audit_step(struct au_store_tx *tx, const struct au_step *step, const char *verb, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = au_step_to_json(step);

	return au_store_audit(tx, now_ms, ACTOR, verb, step->account_id, detail, err);
}

static int
begin(struct au_store_tx *tx, struct au_step *step, long long now_ms, struct au_err *err)
{
	int rc;

	step->state = AU_STEP_FOLLOWS;
	step->guard = STORED_TEXT;
	step->waits = NULL;
	rc = au_store_step_update(tx, step, err);
	if (rc == 0)
		rc = au_store_step_claim(tx, step, err);
	return rc < 0 ? rc : audit_step(tx, step, "step.follow", now_ms, err);
}

static int
end(struct au_store_tx *tx, struct au_arena *arena, struct au_step *step, long long now_ms, struct au_err *err)
{
	int rc;

	step->state = AU_STEP_QUEUED;
	step->guard = NULL;
	step->next_ms = now_ms;
	rc = au_ledger_release(tx, arena, step, err);
	if (rc < 0)
		return rc;
	return audit_step(tx, step, step->state == AU_STEP_WAITING ? "step.wait" : "step.admit", now_ms, err);
}

int
au_follow_judge(
    struct au_store_tx *tx, struct au_arena *arena, struct au_step *step, long long now_ms, struct au_err *err)
{
	bool follows = step->state == AU_STEP_FOLLOWS;
	const char **rivals = NULL;
	size_t count = 0;
	int rc;

	if (step->op != AU_STEP_CREATE || (!follows && step->state != AU_STEP_QUEUED && step->state != AU_STEP_WAITING))
		return 0;
	rc = au_store_step_rivals(tx, arena, step, RIVALS_MOST, &rivals, &count, err);
	if (rc == 0 && follows && count == 0)
		return end(tx, arena, step, now_ms, err);
	if (rc == 0 && !follows && count > 0)
		rc = begin(tx, step, now_ms, err);
	return rc < 0 || count == 0 ? rc : write_rows(tx, arena, step->id, rivals, count, err);
}

int
au_follow_settle(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, long long now_ms, struct au_err *err)
{
	struct au_step_wait *rows = NULL;
	size_t count = 0;
	int rc = au_store_step_wait_on(tx, arena, account_id, &rows, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct au_step step;
		rc = au_store_step_get(tx, arena, rows[i].step, &step, err);
		if (rc == 0)
			rc = au_follow_judge(tx, arena, &step, now_ms, err);
	}
	return rc;
}

int
au_follow_stop(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    long long now_ms, bool *ret_follows, struct au_err *err)
{
	int rc = au_follow_judge(tx, arena, step, now_ms, err);
	bool follows = rc == 0 && step->state == AU_STEP_FOLLOWS;

	if (follows)
		rc = au_ledger_settle(tx, arena, policy, step->target, step->account_id, err);
	if (rc == 0)
		*ret_follows = follows;
	return rc;
}
