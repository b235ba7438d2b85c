/* SPDX-License-Identifier: ISC */
/* The account's row is the mark of ownership: adoption writes it, and that is all that it does. */
#include "reconcile/adopt.h"

#include "base/rand.h"
#include "base/str.h"
#include "reconcile/compare.h"
#include "reconcile/ignores.h"
#include "reconcile/ledger.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/sealed.h"
#include "store/step.h"

static int
audit(struct au_store_tx *tx, const struct au_adopt *job, const char *verb, const char *object,
    const struct au_apiuser *user, const char *remote_id, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();

	au_json_set_str(detail, "target", job->target);
	au_json_set_str(detail, "login", job->login);
	au_json_set_str(detail, "remote_id", remote_id);
	au_json_set_str(detail, "user", user != NULL ? user->key : NULL);
	au_json_set_str(detail, "reason", job->reason);
	return au_store_audit(tx, job->now_ms, job->actor, verb, object, detail, err);
}

static int
refuse_ignored(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err)
{
	struct au_ignores ignores;
	int rc = au_ignores_load(tx, arena, &ignores, err);

	if (rc == 0 && au_ignores_find(&ignores, job->target, job->login) != NULL)
		return au_fail(err, AU_EINVAL, "target '%s': '%s' is ignored: take it back with 'unignore' first",
		    job->target, job->login);
	return rc;
}

int
au_adopt_look(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_apiuser *ret_user,
    struct au_err *err)
{
	int rc = refuse_ignored(tx, arena, job, err);

	return rc < 0 ? rc : au_store_apiuser_search(tx, arena, job->user, ret_user, err);
}

/* The row that the account is to have: an old one of the same API user, which came to nothing, or a new one. */
static int
take_row(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, const struct au_apiuser *user,
    struct au_account *ret, struct au_err *err)
{
	struct au_account account = { .apiuser_id = user->id, .target = job->target, .created_ms = job->now_ms };
	int rc = au_store_account_of(tx, arena, user->id, job->target, &account, err);

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (rc == AU_ENOENT) {
		char id[AU_UUID_SIZE];
		account.id = au_arena_strdup(arena, au_uuid_new(id));
	} else if (account.state == AU_ACCOUNT_PRESENT)
		return au_fail(err, AU_EEXIST, "API user '%s': has account '%s' in target '%s' already", user->key,
		    account.login, job->target);
	else if (account.state == AU_ACCOUNT_UNKNOWN)
		return au_fail(err, AU_EINVAL,
		    "API user '%s': what came of an earlier create in target '%s' is not known yet", user->key,
		    job->target);
	*ret = account;
	return 0;
}

/* As it is there; nothing is known of its secret, and nothing was ever fulfilled. */
static void
fill_row(const struct au_adopt *job, const struct au_stranger *stranger, struct au_account *account)
{
	account->login = stranger->login;
	account->state = AU_ACCOUNT_PRESENT;
	account->remote_id = stranger->remote_id;
	account->remote_version = NULL;
	account->rights = stranger->rights;
	account->label = stranger->label;
	account->first_name = stranger->first_name;
	account->last_name = stranger->last_name;
	account->mail = stranger->mail;
	account->active = stranger->active;
	account->observed_ms = job->now_ms;
	account->unmarked_ms = account->disabled_ms = account->left_ms = account->drift_ms = account->retry_ms = 0;
	account->problem = account->problem_for = account->settled = NULL;
	account->adoption = AU_ADOPTION_NEW;
}

/* It does not count among the others until the next list any more; whether the last one counted somebody who was not
 * kept is not known, and who counts twice for a while takes nothing from anybody. */
static int
move_over(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job,
    const struct au_stranger *stranger, struct au_err *err)
{
	struct au_target_row row;
	bool was_kept = false;
	int rc = au_store_stranger_remove(tx, job->target, stranger->remote_id, &was_kept, err);

	if (rc < 0 || !was_kept)
		return rc;
	rc = au_store_target_get(tx, arena, job->target, &row, err);
	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	row.foreign -= row.foreign > 0;
	row.foreign_active -= row.foreign_active > 0 && stranger->active != 0;
	return au_store_target_put(tx, &row, err);
}

/* What is ours already is nobody's to give away: by its id, or by its mark, as a create whose answer was lost left it.
 */
static int
refuse_ours(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job,
    const struct au_stranger *stranger, struct au_err *err)
{
	struct au_account account;
	struct au_apiuser user;
	int rc = au_store_account_by_remote(tx, arena, job->target, stranger->remote_id, &account, err);

	if (rc == AU_ENOENT && stranger->mark != NULL)
		rc = au_store_account_get(tx, arena, stranger->mark, &account, err);
	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	if (account.state == AU_ACCOUNT_CONFLICT)
		return 0; /* it was, before others took it */
	rc = au_store_apiuser_get(tx, arena, account.apiuser_id, &user, err);
	return rc < 0 ? rc
		      : au_fail(err, AU_EEXIST, "target '%s': account '%s' is ours already, of API user '%s'",
			    job->target, stranger->login, user.key);
}

int
au_adopt(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err)
{
	struct au_stranger stranger = { 0 };
	struct au_apiuser user = { 0 };
	struct au_account account = { 0 };
	int rc = au_adopt_look(tx, arena, job, &user, err);

	if (job->stranger != NULL)
		stranger = *job->stranger;
	else if (rc == 0)
		rc = au_store_stranger_named(tx, arena, job->target, job->login, &stranger, err);
	if (rc == 0)
		rc = refuse_ours(tx, arena, job, &stranger, err);
	if (rc == 0)
		rc = take_row(tx, arena, job, &user, &account, err);
	if (rc < 0)
		return rc;
	fill_row(job, &stranger, &account);
	rc = au_store_account_put(tx, &account, err);
	if (rc == 0)
		rc = au_store_sealed_remove(tx, account.id, err);
	if (rc == 0)
		rc = move_over(tx, arena, job, &stranger, err);
	if (rc == 0)
		rc = audit(tx, job, "account.adopt", account.id, &user, stranger.remote_id, err);
	return rc < 0 ? rc : au_store_dirty_mark(tx, user.key, err);
}

/* ---- the second look ---- */

static int
release_steps(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, long long now_ms, struct au_err *err)
{
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_open(tx, arena, account_id, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (steps[i].state != AU_STEP_HELD || !au_streq(steps[i].guards, AU_ADOPTION_GUARD))
			continue;
		steps[i].state = AU_STEP_QUEUED;
		steps[i].guard = steps[i].guards = NULL;
		steps[i].next_ms = now_ms;
		rc = au_ledger_release(tx, arena, &steps[i], err);
	}
	return rc;
}

static int
confirm(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_account *account,
    const struct au_apiuser *user, struct au_err *err)
{
	int rc;

	account->adoption = AU_ADOPTION_CONFIRMED;
	rc = au_store_account_put(tx, account, err);
	if (rc == 0)
		rc = release_steps(tx, arena, account->id, job->now_ms, err);
	if (rc == 0)
		rc = audit(tx, job, "account.confirm", account->id, user, account->remote_id, err);
	return rc < 0 ? rc : au_store_dirty_mark(tx, user->key, err);
}

int
au_adopt_confirm(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err)
{
	struct au_apiuser user = { 0 };
	struct au_account account = { 0 };
	int rc = au_store_apiuser_search(tx, arena, job->user, &user, err);

	if (rc == 0)
		rc = au_store_account_of(tx, arena, user.id, job->target, &account, err);
	if (rc == AU_ENOENT)
		return au_fail(err, AU_ENOENT, "API user '%s': has no account in target '%s'", job->user, job->target);
	if (rc < 0)
		return rc;
	if (account.adoption != AU_ADOPTION_NEW)
		return au_fail(err, AU_EINVAL, "API user '%s': its account in target '%s' %s", user.key, job->target,
		    account.adoption == AU_ADOPTION_NONE ? "was not adopted" : "is confirmed already");
	return confirm(tx, arena, job, &account, &user, err);
}

int
au_adopt_approved(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, const char *actor,
    const char *reason, long long now_ms, struct au_err *err)
{
	struct au_account account;
	struct au_apiuser user;
	int rc = au_store_account_get(tx, arena, account_id, &account, err);

	if (rc < 0 || account.adoption != AU_ADOPTION_NEW)
		return rc == AU_ENOENT ? 0 : rc;
	rc = au_store_apiuser_get(tx, arena, account.apiuser_id, &user, err);
	if (rc < 0)
		return rc;
	struct au_adopt job = { .target = account.target,
		.login = account.login,
		.user = user.key,
		.actor = actor,
		.reason = reason,
		.now_ms = now_ms };
	return confirm(tx, arena, &job, &account, &user, err);
}

/* ---- what is left alone ---- */

/* Steps of such accounts are cancelled, or planned again, when they are looked at: and whose those are is only known
 * by looking. */
static int
ignore_changed(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, const char *verb, struct au_err *err)
{
	int rc = audit(tx, job, verb, au_arena_printf(arena, "%s/%s", job->target, job->login), NULL, NULL, err);

	return rc < 0 ? rc : au_store_dirty_mark_all(tx, err);
}

int
au_adopt_ignore(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err)
{
	struct au_ignored row = { .target = job->target,
		.login = job->login,
		.reason = job->reason,
		.actor = job->actor,
		.at_ms = job->now_ms };
	struct au_stranger stranger;
	int rc = au_store_ignored_put(tx, &row, err);

	if (rc == 0)
		rc = au_store_stranger_named(tx, arena, job->target, job->login, &stranger, err);
	if (rc == 0)
		rc = au_store_stranger_remove(tx, job->target, stranger.remote_id, NULL, err);
	if (rc < 0 && rc != AU_ENOENT && rc != AU_EEXIST) /* the next list sorts out who is who */
		return rc;
	return ignore_changed(tx, arena, job, "stranger.ignore", err);
}

int
au_adopt_unignore(struct au_store_tx *tx, struct au_arena *arena, const struct au_adopt *job, struct au_err *err)
{
	int rc = au_store_ignored_remove(tx, job->target, job->login, err);

	return rc < 0 ? rc : ignore_changed(tx, arena, job, "stranger.unignore", err);
}
