/* SPDX-License-Identifier: ISC */
/* Outcomes of asynchronous requests. */
#include "store/async.h"

#include "store/tx.h"

static void
read_row(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_async_row *async = object;
	async->txn = au_arena_strdup(arena, row[0].text);
	async->client = au_arena_strdup(arena, row[1].text);
	async->created_ms = row[2].number;
	async->expires_ms = row[3].number;
	async->operations = row[4].number;
	async->is_ended = row[5].number != 0;
	async->scope = au_arena_strdup(arena, row[6].text);
}

static void
read_outcome(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_async_outcome *outcome = object;
	outcome->operation = row[0].number;
	outcome->at_ms = row[1].number;
	outcome->text = au_arena_strdup(arena, row[2].text);
}

static int
drop_expired(struct au_store_tx *tx, long long now_ms, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(ASYNC_TOTAL_EXPIRE, au_number(now_ms)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(ASYNC_EXPIRE_OUTCOMES, au_number(now_ms)), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(ASYNC_EXPIRE, au_number(now_ms)), NULL, err);
}

/* The total is kept, since every request asks for it. */
static int
count_operations(struct au_store_tx *tx, const struct au_async_row *row, long long most, struct au_err *err)
{
	long long total = 0;
	int rc = au_tx_number(tx, AU_QUERY(ASYNC_TOTAL, au_text(row->client)), &total, err);
	if (rc < 0)
		return rc;
	if (row->operations > most - total)
		return au_fail(err, AU_ELIMIT, "client '%s': outcomes of %lld asynchronous operations are kept",
		    row->client, total);
	return au_tx_run(
	    tx, AU_QUERY(ASYNC_TOTAL_ADD, au_text(row->client), au_number(row->operations)), NULL, err);
}

int
au_store_async_open(struct au_store_tx *tx, const struct au_async_row *row, long long most, struct au_err *err)
{
	int rc = drop_expired(tx, row->created_ms, err);
	if (rc == 0)
		rc = count_operations(tx, row, most, err);
	if (rc == 0)
		rc = au_tx_run(tx,
		    AU_QUERY(ASYNC_OPEN, au_text(row->txn), au_text(row->client), au_number(row->created_ms),
			au_number(row->expires_ms), au_number(row->operations), au_number(row->is_ended),
			au_text(row->scope)),
		    NULL, err);
	return rc;
}

int
au_store_async_put(struct au_store_tx *tx, const char *txn, const struct au_async_outcome *outcome, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(ASYNC_PUT, au_text(txn), au_number(outcome->operation), au_number(outcome->at_ms),
		au_text(outcome->text)),
	    NULL, err);
}

int
au_store_async_end(struct au_store_tx *tx, const char *txn, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(ASYNC_END, au_text(txn)), NULL, err);
}

int
au_store_async_end_all(struct au_store_tx *tx, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(ASYNC_END_ALL), NULL, err);
}

int
au_store_async_get(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *txn,
    long long now_ms, struct au_async_row *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(ASYNC_GET, au_text(txn), au_text(client), au_number(now_ms)), read_row,
	    ret, "asynchronous request", txn, err);
}

int
au_store_async_outcomes(struct au_store_tx *tx, struct au_arena *arena, const char *txn, struct au_async_outcome **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(ASYNC_OUTCOMES, au_text(txn)), read_outcome, sizeof(**ret), ret, ret_count, err);
}
