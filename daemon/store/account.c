/* SPDX-License-Identifier: ISC */
/* Accounts, and what is known of the targets that hold them. */
#include "store/account.h"

#include "store/sealed.h"
#include "store/trouble.h"
#include "store/seat.h"
#include "store/tx.h"

static void
read_account(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_account *account = object;
	account->id = au_arena_strdup(arena, row[0].text);
	account->apiuser_id = au_arena_strdup(arena, row[1].text);
	account->target = au_arena_strdup(arena, row[2].text);
	account->login = au_arena_strdup(arena, row[3].text);
	account->state = (enum au_account_state)row[4].number;
	account->remote_id = au_arena_strdup(arena, row[5].text);
	account->remote_version = au_arena_strdup(arena, row[6].text);
	account->rights = au_arena_strdup(arena, row[7].text);
	account->label = au_arena_strdup(arena, row[8].text);
	account->first_name = au_arena_strdup(arena, row[9].text);
	account->last_name = au_arena_strdup(arena, row[10].text);
	account->mail = au_arena_strdup(arena, row[11].text);
	account->active = (int)row[12].number;
	account->observed_ms = row[13].number;
	account->disabled_ms = row[14].number;
	account->problem = au_arena_strdup(arena, row[15].text);
	account->problem_for = au_arena_strdup(arena, row[16].text);
	account->retry_ms = row[17].number;
	account->created_ms = row[18].number;
	account->basis = au_arena_strdup(arena, row[19].text);
	account->settled = au_arena_strdup(arena, row[20].text);
	account->drift_ms = row[21].number;
	account->left_ms = row[22].number;
	account->adoption = (enum au_adoption)row[23].number;
	account->bases = au_arena_strdup(arena, row[24].text);
	account->takes = au_arena_strdup(arena, row[25].text);
	account->refused = au_arena_strdup(arena, row[26].text);
	account->unmarked_ms = row[27].number;
	account->secret_ms = row[28].number;
	account->custody = (struct au_custody){ .origin = (enum au_origin)row[29].number,
		.place = au_arena_strdup(arena, row[30].text),
		.since_ms = row[31].number,
		.confirmed_ms = row[32].number,
		.confirmed_by = au_arena_strdup(arena, row[33].text),
		.wanted_ms = row[34].number,
		.wanted_why = au_arena_strdup(arena, row[35].text),
		.former = au_arena_strdup(arena, row[36].text) };
}

int
au_store_account_put(struct au_store_tx *tx, const struct au_account *account, struct au_err *err)
{
	int rc = au_tx_run(tx,
	    AU_QUERY(ACCOUNT_PUT, au_text(account->id), au_text(account->apiuser_id), au_text(account->target),
		au_text(account->login), au_number(account->state), au_text(account->remote_id),
		au_text(account->remote_version), au_text(account->rights), au_text(account->label),
		au_text(account->first_name), au_text(account->last_name), au_text(account->mail),
		au_number(account->active), au_number(account->observed_ms), au_number(account->disabled_ms),
		au_text(account->problem), au_text(account->problem_for), au_number(account->retry_ms),
		au_number(account->created_ms), au_text(account->basis), au_text(account->settled),
		au_number(account->drift_ms), au_number(account->left_ms), au_number(account->adoption),
		au_text(account->bases), au_text(account->takes), au_text(account->refused),
		au_number(account->unmarked_ms), au_number(account->secret_ms),
		au_number(account->custody.origin), au_text(account->custody.place),
		au_number(account->custody.since_ms), au_number(account->custody.confirmed_ms),
		au_text(account->custody.confirmed_by), au_number(account->custody.wanted_ms),
		au_text(account->custody.wanted_why), au_text(account->custody.former)),
	    NULL, err);
	if (rc == AU_EEXIST)
		return au_fail(err, AU_EEXIST, "account '%s': its API user has another one in target '%s'", account->id,
		    account->target);
	return rc;
}

int
au_store_account_remove(struct au_store_tx *tx, const char *id, struct au_err *err)
{
	int rc = au_store_sealed_remove(tx, id, err);

	if (rc == 0)
		rc = au_store_trouble_remove(tx, id, err);
	if (rc == 0)
		rc = au_store_seat_clear(tx, id, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(EVIDENCE_REMOVE, au_text(id)), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(ACCOUNT_REMOVE, au_text(id)), NULL, err);
}

int
au_store_account_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_account *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(ACCOUNT_GET, au_text(id)), read_account, ret, "account", id, err);
}

int
au_store_account_of(struct au_store_tx *tx, struct au_arena *arena, const char *apiuser_id, const char *target,
    struct au_account *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(ACCOUNT_OF, au_text(apiuser_id), au_text(target)), read_account, ret,
	    "account of API user", apiuser_id, err);
}

int
au_store_account_by_remote(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *remote_id,
    struct au_account *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(ACCOUNT_BY_REMOTE, au_text(target), au_text(remote_id)), read_account, ret,
	    "account with the target's id", remote_id, err);
}

int
au_store_account_by_apiuser(struct au_store_tx *tx, struct au_arena *arena, const char *apiuser_id,
    struct au_account **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(ACCOUNT_BY_APIUSER, au_text(apiuser_id)), read_account, sizeof(**ret), ret,
	    ret_count, err);
}

int
au_store_account_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *after,
    size_t limit, struct au_account **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(ACCOUNT_LIST, au_text(target), au_text(after), au_number((long long)limit)), read_account,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_account_drifted(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *after,
    size_t limit, struct au_account **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(ACCOUNT_DRIFTED, au_text(target), au_text(after), au_number((long long)limit)), read_account,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_account_drift_count(struct au_store_tx *tx, const char *target, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(ACCOUNT_DRIFT_COUNT, au_text(target)), ret, err);
}

int
au_store_account_named(
    struct au_store_tx *tx, const char *target, const char *login, bool *ret, struct au_err *err)
{
	long long count = 0;
	int rc = au_tx_number(tx, AU_QUERY(ACCOUNT_NAMED, au_text(target), au_text(login)), &count, err);

	if (rc == 0)
		*ret = count > 0;
	return rc;
}

int
au_store_account_conflicts(struct au_store_tx *tx, struct au_arena *arena, const char *target, size_t limit,
    struct au_account **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(ACCOUNT_CONFLICTS, au_text(target), au_number((long long)limit)),
	    read_account, sizeof(**ret), ret, ret_count, err);
}

static void
read_standing(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_account_standing *standing = object;

	standing->target = au_arena_strdup(arena, row[0].text);
	standing->login = au_arena_strdup(arena, row[1].text);
	standing->state = (enum au_account_state)row[2].number;
	standing->active = (int)row[3].number;
	standing->problem = au_arena_strdup(arena, row[4].text);
	standing->op = (enum au_step_op)row[6].number;
	standing->step_state = (enum au_step_state)row[7].number;
	standing->step_error = au_arena_strdup(arena, row[8].text);
	standing->changed_ms = row[9].number != 0 ? row[9].number : row[5].number;
	standing->step_guard = au_arena_strdup(arena, row[10].text);
}

int
au_store_account_of_entry(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *entry_id,
    struct au_account_standing **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(ACCOUNT_OF_ENTRY, au_text(source), au_text(entry_id)), read_standing,
	    sizeof(**ret), ret, ret_count, err);
}

static void
read_counts(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_account_counts *counts = object;
	(void)arena;
	counts->all = row[0].number;
	counts->present = row[1].number;
	counts->active = row[2].number;
	counts->problems = row[3].number;
	counts->conflicts = row[4].number;
}

int
au_store_account_counts(struct au_store_tx *tx, const char *target, struct au_account_counts *ret, struct au_err *err)
{
	struct au_account_counts counts = { 0 };
	int rc = au_tx_first(tx, NULL, AU_QUERY(ACCOUNT_COUNTS, au_text(target)), read_counts, &counts, err);
	if (rc < 0)
		return rc;
	*ret = counts;
	return 0;
}

static void
read_target(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_target_row *target = object;
	target->name = au_arena_strdup(arena, row[0].text);
	target->paused = row[1].number != 0;
	target->text = au_arena_strdup(arena, row[2].text);
	target->observed_ms = row[3].number;
	target->foreign = row[4].number;
	target->foreign_active = row[5].number;
	target->ignored = row[6].number;
}

int
au_store_target_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_target_row *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(TARGET_GET, au_text(name)), read_target, ret, "target", name, err);
}

int
au_store_target_put(struct au_store_tx *tx, const struct au_target_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(TARGET_PUT, au_text(row->name), au_number(row->paused), au_text(row->text),
		au_number(row->observed_ms), au_number(row->foreign), au_number(row->foreign_active),
		au_number(row->ignored)),
	    NULL, err);
}
