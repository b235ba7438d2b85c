/* SPDX-License-Identifier: ISC */
/* Rows of the ledgers. */
#include "store/pool.h"

#include "store/tx.h"

static void
read_pool(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_pool_row *pool = object;

	pool->target = au_arena_strdup(arena, row[0].text);
	pool->name = au_arena_strdup(arena, row[1].text);
	pool->rule = au_arena_strdup(arena, row[2].text);
	pool->limit_set = row[3].number;
	pool->reserve = row[4].number;
	pool->warn = row[5].number;
	pool->warn_percent = row[6].number;
	pool->limit_read = row[7].number;
	pool->used_read = row[8].number;
	pool->observed_ms = row[9].number;
	pool->ours = row[10].number;
	pool->reserved = row[11].number;
	pool->waiting = row[12].number;
	pool->others = row[13].number;
	pool->closed_ms = row[14].number;
	pool->read_ms = row[15].number;
	pool->told = (unsigned)row[16].number;
	pool->beyond = (int)row[17].number;
}

int
au_store_pool_define(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(POOL_DEFINE, au_text(row->target), au_text(row->name), au_text(row->rule),
		au_number(row->limit_set), au_number(row->reserve), au_number(row->warn), au_number(row->warn_percent),
		au_number(row->beyond)),
	    NULL, err);
}

int
au_store_pool_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, struct au_pool_row **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(POOL_LIST, au_text(target)), read_pool, sizeof(**ret), ret, ret_count, err);
}

int
au_store_pool_observe(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(POOL_OBSERVE, au_text(row->target), au_text(row->name), au_number(row->others),
		au_number(row->limit_read), au_number(row->used_read), au_number(row->observed_ms),
		au_number(row->read_ms)),
	    NULL, err);
}

int
au_store_pool_close(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(POOL_CLOSE, au_text(row->target), au_text(row->name), au_number(row->closed_ms),
		au_number(row->others)),
	    NULL, err);
}

int
au_store_pool_told(struct au_store_tx *tx, const struct au_pool_row *row, struct au_err *err)
{
	return au_tx_run(
	    tx, AU_QUERY(POOL_TOLD, au_text(row->target), au_text(row->name), au_number(row->told)), NULL, err);
}

int
au_store_pool_remove(struct au_store_tx *tx, const char *target, const char *name, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(SEAT_FORGET, au_text(target), au_text(name)), NULL, err);

	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(POOL_REMOVE, au_text(target), au_text(name)), NULL, err);
}

int
au_store_pool_wake(struct au_store_tx *tx, const char *target, long long *ret_ms, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(POOL_WAKE, au_text(target)), ret_ms, err);
}
