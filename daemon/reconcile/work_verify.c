/* SPDX-License-Identifier: ISC */
/*
 * Only the newest order of an account can be compared with what is there; those
 * before it are proven with it.
 */
#include "reconcile/work_verify.h"

#include "base/str.h"
#include "reconcile/rights.h"
#include "reconcile/strangers.h"
#include "reconcile/wish.h"
#include "reconcile/work.h"
#include "store/account.h"
#include "store/work.h"

#include <string.h>

#define LOOKED_AT 10000

enum finding { SAYS_NOTHING, SAYS_YES, SAYS_NO };

static json_t *
parse(struct au_arena *arena, const char *text)
{
	json_t *json = NULL;

	if (text == NULL || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL) < 0)
		json = json_object();
	return au_json_in_arena(arena, json);
}

static enum finding
holds(struct au_arena *arena, const struct au_work *work, const struct au_target_account *seen)
{
	const json_t *want = parse(arena, work->want), *rights = json_object_get(want, "rights");
	AU_CLEANUP(au_freep) char *text = rights != NULL ? au_json_canonical(rights) : NULL;
	struct au_target_account wish;

	au_wish_account(want, &wish);
	if (wish.active >= 0 && seen->active >= 0 && wish.active != seen->active)
		return SAYS_NO;
	if (text != NULL && seen->rights != NULL && !au_rights_satisfied(text, seen->rights))
		return SAYS_NO;
	if (wish.mail != NULL && seen->mail != NULL && !au_streq(wish.mail, seen->mail))
		return SAYS_NO;
	return SAYS_YES;
}

static bool
deletes(const struct au_work *work)
{
	return work->op == AU_STEP_DELETE || work->op == AU_STEP_RETIRE;
}

static enum finding
look(struct au_arena *arena, const struct au_work_proof *proof, const struct au_work *work, const char *remote_id)
{
	const struct au_seen *seen = remote_id != NULL ? au_map_get(proof->seen, remote_id) : NULL;
	enum finding finding;

	if (work->done_ms > proof->as_of_ms || work->op == AU_STEP_RESET_SECRET)
		return SAYS_NOTHING; /* no list shows a password */
	if (deletes(work) && proof->buried != NULL && remote_id != NULL &&
	    au_map_get(proof->buried, remote_id) != NULL)
		return SAYS_NOTHING; /* too old to know */
	if (deletes(work))
		finding = seen != NULL ? SAYS_NO : proof->whole ? SAYS_YES : SAYS_NOTHING;
	else if (seen == NULL)
		finding = proof->whole ? SAYS_NO : SAYS_NOTHING;
	else
		finding = holds(arena, work, &seen->account);
	return finding == SAYS_NO && proof->as_of_ms < work->done_ms + proof->lag_ms ? SAYS_NOTHING : finding;
}

static int
prove(struct au_store_tx *tx, struct au_arena *arena, struct au_work_proof *proof, struct au_work *work,
    enum finding finding, struct au_err *err)
{
	struct au_evidence_row row = { .account_id = work->account_id,
		.kind = proof->kind,
		.at_ms = proof->as_of_ms,
		.actor = proof->actor,
		.name = proof->name,
		.work = work->id };
	int rc;

	work->changed_ms = proof->now_ms;
	if (finding == SAYS_NO) {
		work->state = au_work_next(work->state, AU_WORK_CONTRADICT, true);
		work->note = au_arena_printf(arena, "reported as done, but %s shows otherwise", proof->by);
		proof->contradicted++;
		return au_work_write(tx, work, proof->actor, "work.contradict", proof->now_ms, err);
	}
	work->state = au_work_next(work->state, AU_WORK_VERIFY, true);
	work->verified_by = proof->by;
	work->verified_ms = proof->as_of_ms;
	proof->verified++;
	rc = au_work_write(tx, work, proof->actor, "work.verify", proof->now_ms, err);
	return rc < 0 ? rc : au_store_evidence_put(tx, &row, err);
}

/* What the product calls the account; a deleted one is known by what its order kept. */
static int
remote_id(
    struct au_store_tx *tx, struct au_arena *arena, const struct au_work *work, const char **ret, struct au_err *err)
{
	struct au_account account;
	int rc;

	*ret = NULL;
	if (deletes(work)) {
		*ret = au_json_get_str(parse(arena, work->result), "id");
		return 0;
	}
	rc = au_store_account_get(tx, arena, work->account_id, &account, err);
	if (rc == 0)
		*ret = account.remote_id;
	return rc == AU_ENOENT ? 0 : rc;
}

int
au_work_verify(struct au_store_tx *tx, struct au_arena *arena, struct au_work_proof *proof, struct au_err *err)
{
	struct au_map *proven = au_map_new_borrowing(); /* account -> its newest order */
	struct au_work *works = NULL;
	size_t count = 0;
	int rc = au_store_work_list(
	    tx, arena, proof->target, AU_WORK_FULFILLED, LOOKED_AT, &works, &count, err); /* newest first */

	proof->verified = proof->contradicted = 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		enum finding finding = SAYS_NOTHING;
		const char *id = NULL;
		const struct au_work *newest = au_map_get(proven, works[i].account_id);
		if (newest != NULL) {
			if (newest->state == AU_WORK_VERIFIED)
				rc = prove(tx, arena, proof, &works[i], SAYS_YES, err);
			continue;
		}
		au_map_put(proven, works[i].account_id, &works[i]);
		rc = remote_id(tx, arena, &works[i], &id, err);
		if (rc == 0)
			finding = look(arena, proof, &works[i], id);
		if (finding != SAYS_NOTHING)
			rc = prove(tx, arena, proof, &works[i], finding, err);
	}
	au_map_free(proven, NULL);
	return rc;
}
