/* SPDX-License-Identifier: ISC */
/*
 * Statements of SQLite.  Each connection keeps what it has prepared once; a
 * statement that is wanted again while it still runs (a visitor inside a
 * scan) gets a second copy, which goes away when it ends.
 */
#include "store/sqlite.h"

#include "base/mem.h"

#include <assert.h>

struct au_cursor {
	struct au_connection *connection;
	sqlite3_stmt *stmt;
	bool is_kept, is_busy;
	long long changes, inserted;
	int columns;
	struct au_value row[];
};

/* NULL when SQLite refuses; it knows why. */
static struct au_cursor *
prepare(struct au_connection *connection, enum au_statement statement)
{
	sqlite3_stmt *stmt = NULL;
	const char *text = au_sqlite_text(statement);
	if (sqlite3_prepare_v3(connection->db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
		return NULL;
	int columns = sqlite3_column_count(stmt);
	struct au_cursor *cursor = au_xcalloc(1, sizeof(*cursor) + (size_t)columns * sizeof(struct au_value));
	cursor->connection = connection;
	cursor->stmt = stmt;
	cursor->columns = columns;
	return cursor;
}

static int
bind(sqlite3_stmt *stmt, int at, const struct au_value *value)
{
	switch (value->type) {
	case AU_VALUE_NUMBER:
		return sqlite3_bind_int64(stmt, at, value->number);
	case AU_VALUE_TEXT:
		return sqlite3_bind_text(stmt, at, value->text, -1, SQLITE_STATIC);
	case AU_VALUE_BLOB:
		/* A null pointer would bind a null. */
		return sqlite3_bind_blob64(stmt, at, value->len ? value->blob : "", value->len, SQLITE_STATIC);
	case AU_VALUE_NULL:
		return sqlite3_bind_null(stmt, at);
	}
	return SQLITE_MISUSE;
}

/* The kept copy when it is free, else one that ends with this use. */
static struct au_cursor *
obtain(struct au_connection *connection, enum au_statement statement)
{
	struct au_cursor *kept = connection->cursors[statement];
	if (kept && !kept->is_busy)
		return kept;
	struct au_cursor *cursor = prepare(connection, statement);
	if (cursor && !kept) {
		cursor->is_kept = true;
		connection->cursors[statement] = cursor;
	}
	return cursor;
}

int
au_sqlite_start(
    struct au_connection *connection, const struct au_query *query, struct au_cursor **ret, struct au_err *err)
{
	struct au_cursor *cursor = obtain(connection, query->statement);
	if (!cursor)
		return au_sqlite_fail(connection, err, "prepare");
	assert((size_t)sqlite3_bind_parameter_count(cursor->stmt) == query->count);
	cursor->is_busy = true;
	cursor->changes = 0;
	for (size_t i = 0; i < query->count; i++) {
		if (bind(cursor->stmt, (int)i + 1, &query->values[i]) == SQLITE_OK)
			continue;
		int rc = au_sqlite_fail(connection, err, "bind");
		au_sqlite_finish(cursor);
		return rc;
	}
	*ret = cursor;
	return 0;
}

static struct au_value
column(sqlite3_stmt *stmt, int at)
{
	switch (sqlite3_column_type(stmt, at)) {
	case SQLITE_INTEGER:
		return (struct au_value){ .type = AU_VALUE_NUMBER, .number = sqlite3_column_int64(stmt, at) };
	case SQLITE_TEXT:
		return (struct au_value){ .type = AU_VALUE_TEXT, .text = (const char *)sqlite3_column_text(stmt, at) };
	case SQLITE_BLOB:
		return (struct au_value){ .type = AU_VALUE_BLOB,
			.blob = sqlite3_column_blob(stmt, at),
			.len = (size_t)sqlite3_column_bytes(stmt, at) };
	default:
		return (struct au_value){ .type = AU_VALUE_NULL };
	}
}

int
au_sqlite_next(struct au_cursor *cursor, const struct au_value **ret_row, struct au_err *err)
{
	switch (sqlite3_step(cursor->stmt)) {
	case SQLITE_ROW:
		for (int i = 0; i < cursor->columns; i++)
			cursor->row[i] = column(cursor->stmt, i);
		*ret_row = cursor->row;
		return 1;
	case SQLITE_DONE:
		cursor->changes = sqlite3_changes64(cursor->connection->db);
		cursor->inserted = sqlite3_last_insert_rowid(cursor->connection->db);
		return 0;
	default:
		return au_sqlite_fail(cursor->connection, err, "statement");
	}
}

long long
au_sqlite_changes(const struct au_cursor *cursor)
{
	return cursor->changes;
}

long long
au_sqlite_inserted(const struct au_cursor *cursor)
{
	return cursor->inserted;
}

static void
discard(struct au_cursor *cursor)
{
	sqlite3_finalize(cursor->stmt);
	free(cursor);
}

void
au_sqlite_finish(struct au_cursor *cursor)
{
	if (!cursor)
		return;
	if (!cursor->is_kept) {
		discard(cursor);
		return;
	}
	sqlite3_reset(cursor->stmt);
	sqlite3_clear_bindings(cursor->stmt); /* they point at the caller's memory */
	cursor->is_busy = false;
}

void
au_sqlite_forget(struct au_connection *connection)
{
	for (size_t i = 0; i < AU_STATEMENT_COUNT; i++) {
		if (connection->cursors[i])
			discard(connection->cursors[i]);
		connection->cursors[i] = NULL;
	}
}
