/* SPDX-License-Identifier: ISC */
/* One row per parcel that is being written; its steps are read by step.c, which knows their columns. */
#include "store/parcel.h"

#include "store/tx.h"

int
au_store_parcel_add(struct au_store_tx *tx, const struct au_parcel_row *parcel, long long *ret_id, struct au_err *err)
{
	return au_tx_insert(tx,
	    AU_QUERY(PARCEL_ADD, au_text(parcel->digest), au_text(parcel->actor), au_number(parcel->at_ms)), ret_id,
	    err);
}

static void
read_parcel(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_parcel_row *parcel = object;

	parcel->id = row[0].number;
	parcel->digest = au_arena_strdup(arena, row[1].text);
	parcel->actor = au_arena_strdup(arena, row[2].text);
	parcel->at_ms = row[3].number;
}

int
au_store_parcel_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_parcel_row **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(PARCEL_LIST), read_parcel, sizeof(**ret), ret, ret_count, err);
}

int
au_store_parcel_end(struct au_store_tx *tx, long long id, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(tx, AU_QUERY(PARCEL_END, au_number(id)), &changes, err);

	if (rc < 0)
		return rc;
	return changes > 0 ? 0 : au_fail(err, AU_ENOENT, "parcel %lld: not found", id);
}
