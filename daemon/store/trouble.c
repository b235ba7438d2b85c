/* SPDX-License-Identifier: ISC */
/* Failures are counted where they are recorded, so that a restart forgets none. */
#include "store/trouble.h"

#include "store/tx.h"

static void
read_trouble(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_trouble *trouble = object;

	trouble->account_id = au_arena_strdup(arena, row[0].text);
	trouble->failures = row[1].number;
	trouble->first_ms = row[2].number;
	trouble->last_ms = row[3].number;
	trouble->since_ms = row[4].number;
	trouble->reason = au_arena_strdup(arena, row[5].text);
	trouble->premise = au_arena_strdup(arena, row[6].text);
}

int
au_store_trouble_put(struct au_store_tx *tx, const struct au_trouble *trouble, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(TROUBLE_PUT, au_text(trouble->account_id), au_number(trouble->failures),
		au_number(trouble->first_ms), au_number(trouble->last_ms), au_number(trouble->since_ms),
		au_text(trouble->reason), au_text(trouble->premise)),
	    NULL, err);
}

int
au_store_trouble_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_trouble *ret, struct au_err *err)
{
	return au_tx_one(
	    tx, arena, AU_QUERY(TROUBLE_GET, au_text(account_id)), read_trouble, ret, "trouble of", account_id, err);
}

int
au_store_trouble_remove(struct au_store_tx *tx, const char *account_id, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(TROUBLE_REMOVE, au_text(account_id)), NULL, err);
}

static void
read_quarantined(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_quarantined *one = object;

	one->apiuser_id = au_arena_strdup(arena, row[0].text);
	one->user_name = au_arena_strdup(arena, row[1].text);
	one->key = au_arena_strdup(arena, row[2].text);
	one->target = au_arena_strdup(arena, row[3].text);
	one->login = au_arena_strdup(arena, row[4].text);
	one->failures = row[5].number;
	one->since_ms = row[6].number;
	one->reason = au_arena_strdup(arena, row[7].text);
}

int
au_store_quarantined_list(struct au_store_tx *tx, struct au_arena *arena, size_t limit, struct au_quarantined **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(QUARANTINED_LIST, au_number((long long)limit)), read_quarantined,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_quarantined_count(struct au_store_tx *tx, const char *target, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(QUARANTINED_COUNT, au_text(target)), ret, err);
}
