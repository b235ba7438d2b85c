/* SPDX-License-Identifier: ISC */
/*
 * The helpers below every typed call.  They own the cursor, so a typed call
 * is a query, a row reader and nothing else.
 */
#include "store/tx.h"

#include <string.h>

struct au_value
au_number(long long number)
{
	return (struct au_value){ .type = AU_VALUE_NUMBER, .number = number };
}

struct au_value
au_text(const char *text)
{
	return (struct au_value){ .type = text ? AU_VALUE_TEXT : AU_VALUE_NULL, .text = text };
}

struct au_value
au_blob(const void *blob, size_t len)
{
	return (struct au_value){ .type = AU_VALUE_BLOB, .blob = blob, .len = len };
}

static void
move_stamps(struct au_store_tx *tx, const struct au_query *query)
{
	enum au_stamp_of moved = au_stamp_moved_by[query->statement];
	if (moved != AU_STAMP_NOTHING)
		au_stamps_move(tx->stamps, moved, NULL, NULL, NULL);
}

int
au_tx_each(struct au_store_tx *tx, struct au_query query, au_row_visit *visit, void *ctx, struct au_err *err)
{
	struct au_cursor *cursor = NULL;
	const struct au_value *row = NULL;
	int rc = tx->backend->start(tx->connection, &query, &cursor, err);
	if (rc < 0)
		return rc;
	while ((rc = tx->backend->next(cursor, &row, err)) == 1) {
		rc = visit(row, ctx, err);
		if (rc != 0)
			break;
	}
	tx->backend->finish(cursor);
	return rc < 0 ? rc : 0;
}

/* To the end, whatever rows come; the cursor is left for its counts. */
static int
run_through(struct au_store_tx *tx, const struct au_query *query, struct au_cursor **ret, struct au_err *err)
{
	const struct au_value *row = NULL;
	int rc = tx->backend->start(tx->connection, query, ret, err);
	if (rc < 0)
		return rc;
	do
		rc = tx->backend->next(*ret, &row, err);
	while (rc == 1);
	return rc;
}

int
au_tx_run(struct au_store_tx *tx, struct au_query query, long long *ret_changes, struct au_err *err)
{
	struct au_cursor *cursor = NULL;
	int rc = run_through(tx, &query, &cursor, err);
	long long changes = rc == 0 ? tx->backend->changes(cursor) : 0;
	if (changes > 0)
		move_stamps(tx, &query);
	if (rc == 0 && ret_changes)
		*ret_changes = changes;
	tx->backend->finish(cursor);
	return rc;
}

int
au_tx_insert(struct au_store_tx *tx, struct au_query query, long long *ret_number, struct au_err *err)
{
	struct au_cursor *cursor = NULL;
	int rc = run_through(tx, &query, &cursor, err);
	if (rc == 0) {
		move_stamps(tx, &query);
		*ret_number = tx->backend->inserted(cursor);
	}
	tx->backend->finish(cursor);
	return rc;
}

int
au_tx_first(struct au_store_tx *tx, struct au_arena *arena, struct au_query query, au_row_reader *reader, void *object,
    struct au_err *err)
{
	struct au_cursor *cursor = NULL;
	const struct au_value *row = NULL;
	int rc = tx->backend->start(tx->connection, &query, &cursor, err);
	if (rc < 0)
		return rc;
	rc = tx->backend->next(cursor, &row, err);
	if (rc == 1)
		reader(row, arena, object);
	tx->backend->finish(cursor);
	return rc;
}

int
au_tx_one(struct au_store_tx *tx, struct au_arena *arena, struct au_query query, au_row_reader *reader, void *object,
    const char *what, const char *name, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, query, reader, object, err);
	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "%s '%s': not found", what, name);
}

struct gathering {
	struct au_arena *arena;
	au_row_reader *reader;
	size_t size, count, room;
	char *items;
};

static int
gather(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct gathering *g = ctx;
	(void)err;
	if (g->count == g->room) {
		g->room = g->room ? g->room * 2 : 16;
		g->items = au_xrealloc(g->items, g->room, g->size);
	}
	memset(g->items + g->count * g->size, 0, g->size);
	g->reader(row, g->arena, g->items + g->count * g->size);
	g->count++;
	return 0;
}

int
au_tx_all(struct au_store_tx *tx, struct au_arena *arena, struct au_query query, au_row_reader *reader, size_t size,
    void *ret_array, size_t *ret_count, struct au_err *err)
{
	struct gathering g = { .arena = arena, .reader = reader, .size = size };
	int rc = au_tx_each(tx, query, gather, &g, err);
	if (rc == 0) {
		void *array = au_arena_alloc(arena, g.count ? g.count * size : 1);
		if (g.count)
			memcpy(array, g.items, g.count * size);
		memcpy(ret_array, &array, sizeof(array));
		*ret_count = g.count;
	}
	free(g.items);
	return rc;
}

void
au_row_text(const struct au_value *row, struct au_arena *arena, void *object)
{
	*(const char **)object = au_arena_strdup(arena, row[0].text);
}

void
au_row_number(const struct au_value *row, struct au_arena *arena, void *object)
{
	(void)arena;
	*(long long *)object = row[0].number;
}

int
au_tx_number(struct au_store_tx *tx, struct au_query query, long long *ret, struct au_err *err)
{
	long long number = 0;
	int rc = au_tx_first(tx, NULL, query, au_row_number, &number, err);
	if (rc < 0)
		return rc;
	*ret = number;
	return 0;
}

struct au_arena *
au_tx_scratch(struct au_store_tx *tx)
{
	if (!tx->scratch)
		tx->scratch = au_arena_new();
	return tx->scratch;
}

void
au_tx_reset(struct au_store_tx *tx)
{
	au_arena_free(tx->scratch);
	tx->scratch = NULL;
}
