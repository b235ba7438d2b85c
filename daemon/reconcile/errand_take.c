/* SPDX-License-Identifier: ISC */
/* Taking the next step: the password that it will set is on disk, sealed, before the target hears of it. */
#include "reconcile/errand.h"

#include "base/clock.h"
#include "model/password.h"
#include "reconcile/follow.h"
#include "reconcile/last.h"
#include "reconcile/ledger.h"
#include "reconcile/own_names.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/step.h"

static bool
makes_secret(const struct errand *errand)
{
	return (errand->step.op == AU_STEP_CREATE || errand->step.op == AU_STEP_RESET_SECRET) &&
	       (errand->block->describe->caps & AU_CAP_SET_SECRET);
}

/* Without a password the step is not sent; that is its own trouble, and the next one does not wait for it. */
static int
make_secret(struct au_store_tx *tx, struct errand *errand, struct au_err *err)
{
	const char *names[AU_OWN_NAMES];

	au_own_names(errand->arena, &errand->step, &errand->account, names);
	au_secret_free(errand->secret);
	errand->secret = NULL;
	if (au_password_generate_without(
		&errand->block->describe->password, names, AU_COUNT(names), &errand->secret, &errand->result.err) < 0) {
		errand->refused = true;
		return 0;
	}
	return au_errand_seal(tx, errand, errand->secret, false, err);
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
			       : au_ledger_step_next(tx, errand->arena, errand->block, errand->most, errand->now_ms,
				     &errand->step, &errand->wake_ms, err);
}

int
au_errand_take(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct errand *errand = arg;
	int rc = take_step(tx, errand, err);

	errand->found = errand->refused = errand->again = false;
	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	rc = au_last_stop(tx, errand->arena, errand->policy, &errand->step, errand->now_ms, &errand->again, err);
	if (rc == 0 && !errand->again)
		rc = au_follow_stop(
		    tx, errand->arena, errand->policy, &errand->step, errand->now_ms, &errand->again, err);
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
