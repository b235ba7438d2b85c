/* SPDX-License-Identifier: ISC */
/* One row for each account that is known by somebody's word; a newer word replaces it. */
#include "store/evidence.h"

#include "store/tx.h"

int
au_store_evidence_put(struct au_store_tx *tx, const struct au_evidence_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(EVIDENCE_PUT, au_text(row->account_id), au_number(row->kind), au_number(row->at_ms),
		au_text(row->actor), au_number(row->work), au_text(row->name)),
	    NULL, err);
}

static void
read_evidence(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_evidence_row *evidence = object;

	evidence->account_id = au_arena_strdup(arena, row[0].text);
	evidence->kind = (enum au_evidence_kind)row[1].number;
	evidence->at_ms = row[2].number;
	evidence->actor = au_arena_strdup(arena, row[3].text);
	evidence->work = row[4].number;
	evidence->name = au_arena_strdup(arena, row[5].text);
}

int
au_store_evidence_get(struct au_store_tx *tx, struct au_arena *arena, const char *account_id,
    struct au_evidence_row *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(EVIDENCE_GET, au_text(account_id)), read_evidence, ret,
	    "evidence of account", account_id, err);
}

static void
read_age(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_evidence_age *age = object;

	(void)arena;
	*age = (struct au_evidence_age){
		.accounts = row[0].number, .stale = row[1].number, .soon = row[2].number, .oldest_ms = row[3].number
	};
}

int
au_store_evidence_age(struct au_store_tx *tx, const char *target, long long stale_ms, long long soon_ms,
    struct au_evidence_age *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, au_tx_scratch(tx),
	    AU_QUERY(EVIDENCE_AGE, au_text(target), au_number(stale_ms), au_number(soon_ms)), read_age, ret, err);

	return rc < 0 ? rc : 0;
}

int
au_store_tombstone_put(struct au_store_tx *tx, const char *target, const char *remote_id, const char *login,
    long long at_ms, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(TOMBSTONE_PUT, au_text(target), au_text(remote_id), au_text(login), au_number(at_ms)), NULL, err);
}

int
au_store_tombstone_get(
    struct au_store_tx *tx, const char *target, const char *remote_id, long long *ret_at_ms, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(TOMBSTONE_GET, au_text(target), au_text(remote_id)), ret_at_ms, err);
}

int
au_store_tombstone_expire(struct au_store_tx *tx, const char *target, long long before_ms, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(TOMBSTONE_EXPIRE, au_text(target), au_number(before_ms)), NULL, err);
}
