/* SPDX-License-Identifier: ISC */
/*
 * A failure that may have been the target's counts only when the target has
 * worked since the one before: an outage, however long, quarantines nobody.
 */
#include "reconcile/quarantine.h"

#include "base/str.h"
#include "base/when.h"
#include "reconcile/engine.h"
#include "reconcile/wish.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"

#define ACTOR "reconciler"
#define LEAST_FAILURES 3 /* however long it is failing */

bool
au_quarantine_count(
    const struct au_quarantine_rules *rules, enum au_blame blame, const char *reason, struct au_trouble *trouble)
{
	bool is_proven = blame == AU_BLAME_OBJECT || rules->proven_ms >= trouble->last_ms;
	long long failing_ms;

	if (trouble->failures == 0)
		trouble->first_ms = rules->now_ms;
	if (trouble->failures == 0 || is_proven)
		trouble->failures++;
	trouble->last_ms = rules->now_ms;
	trouble->reason = reason;
	failing_ms = rules->now_ms - trouble->first_ms;
	return (rules->failures > 0 && trouble->failures >= rules->failures) ||
	       (rules->failing_ms > 0 && trouble->failures >= LEAST_FAILURES && failing_ms >= rules->failing_ms);
}

static int
audit_end(struct au_store_tx *tx, const char *account_id, const char *actor, const char *verb, const char *reason,
    long long failures, long long now_ms, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();

	au_json_set_str(detail, "reason", reason);
	if (failures > 0)
		au_json_set_int(detail, "failures", failures);
	return au_store_audit(tx, now_ms, actor, verb, account_id, detail, err);
}

static int
begin(struct au_store_tx *tx, struct au_arena *arena, struct au_trouble *trouble, struct au_step *step,
    struct au_account *account, long long now_ms, struct au_err *err)
{
	trouble->since_ms = now_ms;
	trouble->premise = NULL;
	step->state = AU_STEP_FAILED;
	step->finished_ms = now_ms;
	account->problem = au_quarantine_text(arena, trouble);
	account->problem_for = NULL;
	account->retry_ms = 0;
	return audit_end(tx, account->id, ACTOR, "account.quarantine", trouble->reason, trouble->failures, now_ms, err);
}

int
au_quarantine_note(struct au_store_tx *tx, struct au_arena *arena, const struct au_quarantine_rules *rules,
    const struct au_outcome *outcome, struct au_step *step, struct au_account *account, struct au_err *err)
{
	struct au_trouble trouble = { .account_id = account->id };
	int rc;

	/* That a look-up works does not say that what it was made for does. */
	if (step->state == AU_STEP_DONE && step->op != AU_STEP_LOOKUP)
		return au_store_trouble_remove(tx, account->id, err);
	if (outcome->blame == AU_BLAME_NOBODY)
		return 0;
	rc = au_store_trouble_get(tx, arena, account->id, &trouble, err);
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	rc = 0;
	if (au_quarantine_count(rules, outcome->blame, step->error, &trouble) && trouble.since_ms == 0)
		rc = begin(tx, arena, &trouble, step, account, rules->now_ms, err);
	return rc < 0 ? rc : au_store_trouble_put(tx, &trouble, err);
}

static void
put_account(json_t *json, const struct au_account *account)
{
	au_json_set_int(json, "state", account->state);
	au_json_set_str(json, "remote_id", account->remote_id);
	au_json_set_str(json, "held_rights", account->rights);
	au_json_set_str(json, "held_label", account->label);
	au_json_set_str(json, "held_first_name", account->first_name);
	au_json_set_str(json, "held_last_name", account->last_name);
	au_json_set_str(json, "held_mail", account->mail);
	au_json_set_int(json, "active", account->active);
}

const char *
au_quarantine_premise(const struct au_target_block *target, const struct au_wanted *wanted,
    const struct au_account *account, char *digest)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();

	json_object_set_new(json, "wanted", json_boolean(wanted->wanted));
	au_json_set_str(json, "login", wanted->login);
	au_json_set_str(json, "label", wanted->label);
	au_json_set_str(json, "first_name", wanted->first_name);
	au_json_set_str(json, "last_name", wanted->last_name);
	au_json_set_str(json, "mail", wanted->mail);
	au_json_set_str(json, "rights", wanted->rights);
	put_account(json, account);
	if (target->options)
		json_object_set(json, "options", (json_t *)(uintptr_t)target->options);
	AU_CLEANUP(au_freep) char *text = au_json_canonical(json);
	return au_wish_digest(0, text, digest);
}

const char *
au_quarantine_text(struct au_arena *arena, const struct au_trouble *trouble)
{
	char since[AU_WHEN_SIZE];

	return au_arena_printf(arena, "quarantined since %s after %lld failures: %s",
	    au_when_format(trouble->since_ms, since), trouble->failures, trouble->reason ? trouble->reason : "?");
}

int
au_quarantine_end(struct au_store_tx *tx, const char *account_id, const char *actor, const char *reason,
    long long now_ms, struct au_err *err)
{
	int rc = au_store_trouble_remove(tx, account_id, err);

	return rc < 0 ? rc : audit_end(tx, account_id, actor, "account.release", reason, 0, now_ms, err);
}

int
au_engine_release_work(struct au_store_tx *tx, void *release_job, struct au_err *err)
{
	const struct au_engine_release_job *job = release_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_apiuser user;
	struct au_account account;
	struct au_trouble trouble;
	int rc = au_store_apiuser_search(tx, arena, job->user, &user, err);

	if (rc < 0)
		return rc;
	rc = au_store_account_of(tx, arena, user.id, job->target, &account, err);
	if (rc == 0)
		rc = au_store_trouble_get(tx, arena, account.id, &trouble, err);
	if (rc == AU_ENOENT || (rc == 0 && trouble.since_ms == 0))
		return au_fail(err, AU_ENOENT, "'%s' is not quarantined in '%s'", job->user, job->target);
	if (rc == 0)
		rc = au_quarantine_end(tx, account.id, job->actor, job->reason, job->now_ms, err);
	account.problem = NULL;
	if (rc == 0)
		rc = au_store_account_put(tx, &account, err);
	return rc < 0 ? rc : au_store_dirty_mark(tx, user.key, err);
}
