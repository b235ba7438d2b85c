/* SPDX-License-Identifier: ISC */
/* Recording an answer: step, account, password, pools and the audit row change together. */
#include "reconcile/errand.h"

#include "base/rand.h"
#include "base/str.h"
#include "reconcile/birth.h"
#include "reconcile/custody.h"
#include "reconcile/follow.h"
#include "reconcile/ledger.h"
#include "reconcile/quarantine.h"
#include "reconcile/strangers.h"
#include "reconcile/work.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"

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
		return au_errand_seal(tx, errand, errand->shown, true, err);
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

	if (!errand->outcome.reset_secret)
		return 0;
	rc = au_store_step_add(tx, &step, &step.id, err);
	errand->added = rc == 0;
	detail = au_step_to_json(&step);
	return rc < 0 ? rc
		      : au_store_audit(tx, errand->now_ms, "reconciler", "step.queue", step.account_id, detail, err);
}

static enum au_origin
origin_of(const struct errand *errand)
{
	unsigned caps = errand->block->describe->caps;

	return errand->shown               ? AU_ORIGIN_PRODUCT
	       : caps & AU_CAP_MAILS_SECRET ? AU_ORIGIN_MAILED
	       : caps & AU_CAP_SET_SECRET   ? AU_ORIGIN_OURS
					    : AU_ORIGIN_UNKNOWN;
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

int
au_errand_record(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct errand *errand = arg;
	const struct au_queue *queue = errand->queue;
	const struct au_values *values = errand->block->block.values;
	struct au_outcome_rules rules = { .now_ms = errand->now_ms,
		.retry_failed_ms = errand->policy->retry_failed_ms,
		.retry_base_ms = au_values_num(values, "retry_base"),
		.retry_cap_ms = au_values_num(values, "retry_cap"),
		.random = au_rand_delay(),
		.rights_later = errand->block->describe->caps & AU_CAP_BORN_ALLOWED,
		.by_hand = errand->block->describe->caps & AU_CAP_MANUAL,
		.may_reset = errand->block->describe->caps & AU_CAP_RESET_SECRET,
		.late_secret = errand->block->describe->caps & AU_CAP_LATE_SECRET };
	struct au_quarantine_rules quarantine = { .now_ms = errand->now_ms,
		.failures = au_values_num(values, "user_failures"),
		.failing_ms = au_values_num(values, "user_failing"),
		.proven_ms = errand->proven_ms };
	struct au_account before = { 0 };
	int rc = au_store_account_get(tx, errand->arena, errand->step.account_id, &errand->account, err);

	before = errand->account;
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
	au_custody_made(errand->arena, &errand->step, &before, &errand->account, origin_of(errand), errand->account.mail,
	    errand->now_ms);
	errand->open_ms =
	    au_birth_open_ms(errand->block, &errand->step, errand->history, errand->history_count, errand->now_ms);
	rc = au_quarantine_note(tx, errand->arena, &quarantine, &errand->outcome, &errand->step, &errand->account, err);
	if (rc == 0)
		rc = au_store_step_update(tx, &errand->step, err);
	if (rc == 0)
		rc = au_work_outcome(
		    tx, errand->arena, errand->block, &errand->step, errand->result.order, errand->now_ms, err);
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
	if (rc == 0)
		rc = au_follow_settle(tx, errand->arena, errand->account.id, errand->now_ms, err);
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
