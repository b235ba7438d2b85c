/* SPDX-License-Identifier: ISC */
/*
 * A person's word goes the way of a product's answer: the same outcome, the
 * same ledger, the same audit; only the evidence is another one.
 */
#include "reconcile/work_fulfil.h"

#include "base/str.h"
#include "reconcile/custody.h"
#include "reconcile/follow.h"
#include "reconcile/ledger.h"
#include "reconcile/outcome.h"
#include "reconcile/wish.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/evidence.h"
#include "store/fact.h"
#include "store/step.h"

#include <string.h>

static json_t *
parse(struct au_arena *arena, const char *text)
{
	json_t *json = NULL;

	if (text == NULL || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL) < 0)
		json = json_object();
	return au_json_in_arena(arena, json);
}

static const char *
rights_of(struct au_arena *arena, const json_t *want)
{
	const json_t *rights = json_object_get(want, "rights");
	AU_CLEANUP(au_freep) char *text = rights != NULL ? au_json_canonical(rights) : NULL;

	return au_arena_strdup(arena, text);
}

struct au_target_account *
au_work_seen(struct au_arena *arena, const struct au_work *work, const struct au_account *account)
{
	const json_t *want = parse(arena, work->want), *result = parse(arena, work->result);
	struct au_target_account *seen = au_arena_alloc(arena, sizeof(*seen));
	bool is_there = account->state == AU_ACCOUNT_PRESENT;
	const char *login = au_json_get_str(result, "login"), *id = au_json_get_str(result, "id");
	struct au_target_account wish;

	au_wish_account(want, &wish);
	*seen = (struct au_target_account){ .mark = account->id, .active = is_there ? account->active : 1 };
	seen->login = login ? login : is_there ? account->login : wish.login ? wish.login : work->login;
	/* Products without an API know their users by name. */
	seen->id = id ? id : is_there && account->remote_id ? account->remote_id : seen->login;
	seen->label = wish.label ? wish.label : is_there ? account->label : NULL;
	seen->first_name = wish.first_name ? wish.first_name : is_there ? account->first_name : NULL;
	seen->last_name = wish.last_name ? wish.last_name : is_there ? account->last_name : NULL;
	seen->mail = wish.mail ? wish.mail : is_there ? account->mail : NULL;
	seen->version = is_there ? account->remote_version : NULL;
	if (wish.active >= 0)
		seen->active = wish.active;
	seen->rights = rights_of(arena, want);
	if (seen->rights == NULL && is_there)
		seen->rights = account->rights;
	return seen;
}

static int
write_secret(struct au_store_tx *tx, struct au_arena *arena, const struct au_fulfilment *f,
    const struct au_account *account, enum au_sealed_fate fate, struct au_err *err)
{
	struct au_sealed_row row = { .account_id = account->id, .ready = true, .created_ms = f->now_ms };
	unsigned char *sealed = NULL;
	int rc;

	if (f->secret != NULL) {
		au_seal(f->sealer, account->id, f->secret, &sealed, &row.len);
		row.sealed = sealed;
		rc = au_store_sealed_put(tx, &row, err);
		free(sealed);
		return rc;
	}
	if (fate == AU_SEALED_ERASE)
		rc = au_store_sealed_remove(tx, account->id, err);
	else {
		rc = au_store_sealed_get(tx, arena, account->id, &row, err);
		row.ready = true;
		if (rc == 0 && fate == AU_SEALED_READY)
			rc = au_store_sealed_put(tx, &row, err);
	}
	return rc == AU_ENOENT ? 0 : rc;
}

/* What the order has deleted, by the product's key; NULL when it has deleted nothing. */
static const char *
gone_id(struct au_arena *arena, const struct au_work *work, const struct au_account *before)
{
	struct au_target_account former;

	if (work->op == AU_STEP_DELETE)
		return before->remote_id;
	if (work->op != AU_STEP_RETIRE)
		return NULL;
	au_custody_former(arena, work->want, &former);
	return former.id;
}

/* Where the credential comes from that the order has led to, by the order's own words. */
static void
keep_custody(struct au_arena *arena, const struct au_fulfilment *f, const struct au_work *work,
    const struct au_step *step, const struct au_account *before, struct au_account *account)
{
	const json_t *text = parse(arena, work->text);
	const char *secret = au_json_get_str(text, "secret");
	enum au_origin origin = au_streq(secret, "shown")    ? AU_ORIGIN_PRODUCT
				: au_streq(secret, "mailed") ? AU_ORIGIN_MAILED
				: au_streq(secret, "typed")  ? AU_ORIGIN_OURS
							     : AU_ORIGIN_UNKNOWN;

	au_custody_made(arena, step, before, account, origin, au_json_get_str(text, "secret_to"), f->now_ms);
}

/* By which a list shows whether it is gone. */
static const char *
id_text(struct au_arena *arena, const char *id)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;

	au_json_set_str(json, "id", id);
	text = au_json_canonical(json);
	return au_arena_strdup(arena, text);
}

/* The step's, or what it would be for one that is over. */
static int
load_step(struct au_store_tx *tx, struct au_arena *arena, const struct au_work *work, struct au_step *ret,
    bool *ret_open, struct au_err *err)
{
	int rc = work->step != 0 ? au_store_step_get(tx, arena, work->step, ret, err) : AU_ENOENT;

	*ret_open = rc == 0 && ret->state == AU_STEP_WITH_PERSON;
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	if (!*ret_open)
		*ret = (struct au_step){ .account_id = work->account_id,
			.apiuser_id = work->apiuser_id,
			.target = work->target,
			.login = work->login,
			.op = work->op,
			.lane = work->lane,
			.want = work->want };
	return 0;
}

static int
write_step(struct au_store_tx *tx, const struct au_fulfilment *f, const struct au_step *step, long long work,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = au_step_to_json(step);
	int rc = au_store_step_update(tx, step, err);

	au_json_set_int(detail, "work", work);
	return rc < 0 ? rc : au_store_audit(tx, f->now_ms, f->actor, "step.done", step->account_id, detail, err);
}

static int
write_word(struct au_store_tx *tx, struct au_arena *arena, const struct au_fulfilment *f, const struct au_work *work,
    const struct au_account *before, const struct au_account *account, struct au_err *err)
{
	struct au_evidence_row row = { .account_id = account->id,
		.kind = AU_EVIDENCE_OPERATOR,
		.at_ms = f->now_ms,
		.actor = f->actor,
		.name = f->name,
		.work = work->id };
	int rc = au_store_evidence_put(tx, &row, err);

	if (rc == 0 && gone_id(arena, work, before) != NULL)
		rc = au_store_tombstone_put(
		    tx, work->target, gone_id(arena, work, before), before->login, f->now_ms, err);
	return rc;
}

static int
mark_dirty(struct au_store_tx *tx, struct au_arena *arena, const char *apiuser_id, struct au_err *err)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_get(tx, arena, apiuser_id, &user, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	return au_store_dirty_mark(tx, user.key, err);
}

int
au_work_fulfil(
    struct au_store_tx *tx, struct au_arena *arena, struct au_fulfilment *f, struct au_work *work, struct au_err *err)
{
	struct au_outcome_rules rules = {
		.now_ms = f->now_ms, .retry_failed_ms = f->policy->retry_failed_ms, .creates = 1
	};
	struct au_call_result result = { .err = { .code = AU_OK } };
	struct au_outcome outcome;
	struct au_account account, before;
	struct au_step step;
	bool is_open = false;
	int rc = au_store_account_get(tx, arena, work->account_id, &account, err);

	if (rc == 0)
		rc = load_step(tx, arena, work, &step, &is_open, err);
	if (rc < 0)
		return rc;
	before = account;
	if (work->op == AU_STEP_DELETE || work->op == AU_STEP_RETIRE)
		work->result = id_text(arena, gone_id(arena, work, &before));
	else {
		result.accounts = au_work_seen(arena, work, &account);
		result.account_count = 1;
	}
	au_outcome_apply(arena, &rules, &result, &step, &account, &outcome);
	keep_custody(arena, f, work, &step, &before, &account);
	rc = is_open ? write_step(tx, f, &step, work->id, err) : 0;
	if (rc == 0)
		rc = au_store_account_put(tx, &account, err);
	if (rc == 0)
		rc = write_secret(tx, arena, f, &account, outcome.sealed, err);
	if (rc == 0)
		rc = write_word(tx, arena, f, work, &before, &account, err);
	if (rc == 0)
		rc = au_ledger_outcome(tx, arena, f->policy, &step, 0, f->now_ms, err);
	if (rc == 0)
		rc = au_follow_settle(tx, arena, account.id, f->now_ms, err);
	if (rc < 0)
		return rc;
	f->step_done = is_open;
	return mark_dirty(tx, arena, work->apiuser_id, err);
}
