/* SPDX-License-Identifier: ISC */
/* Prepared statements and nothing between them and the caller. */
#include "tests/bench/floor_table.h"

#include "tests/bench/floor_server.h"
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
check(struct floor_table *table, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return;
	fprintf(stderr, "benchmark: sqlite: %s\n", sqlite3_errmsg(table->db));
	exit(1);
}

static sqlite3_stmt *
prepare(struct floor_table *table, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	check(table, sqlite3_prepare_v3(table->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
	return statement;
}

static void
step(struct floor_table *table, sqlite3_stmt *statement)
{
	check(table, sqlite3_step(statement));
	check(table, sqlite3_reset(statement));
}

static void
fill(struct floor_table *table, size_t users)
{
	char id[FLOOR_ID_SIZE], name[64], document[4096];

	floor_table_begin(table);
	for (size_t i = 0; i < users; i++) {
		floor_id(i, id);
		snprintf(name, sizeof(name), "user-%zu@apps.example", i);
		floor_document(i, document, sizeof(document));
		floor_table_insert(table, id, name, id, document);
	}
	floor_table_commit(table);
}

static size_t
count_documents(struct floor_table *table)
{
	sqlite3_stmt *count = prepare(table, "SELECT count(*) FROM document");
	size_t number = sqlite3_step(count) == SQLITE_ROW ? (size_t)sqlite3_column_int64(count, 0) : 0;

	sqlite3_finalize(count);
	return number;
}

void
floor_table_open(struct floor_table *table, const char *folder, const char *name, size_t users)
{
	char path[4096];

	memset(table, 0, sizeof(*table));
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	check(table, sqlite3_open(path, &table->db));
	check(table, sqlite3_exec(table->db,
			 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;"
			 "CREATE TABLE IF NOT EXISTS document(id TEXT PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, "
			 "external_id TEXT UNIQUE,"
			 " body TEXT NOT NULL) WITHOUT ROWID",
			 NULL, NULL, NULL));
	table->begin = prepare(table, "BEGIN IMMEDIATE");
	table->commit = prepare(table, "COMMIT");
	table->insert = prepare(table, "INSERT INTO document VALUES (?1, ?2, ?3, ?4)");
	table->by_id = prepare(table, "SELECT body FROM document WHERE id = ?1");
	table->by_name = prepare(table, "SELECT body FROM document WHERE name = ?1");
	table->update = prepare(table, "UPDATE document SET body = ?2 WHERE id = ?1");
	table->count = count_documents(table);
	if (table->count == 0)
		fill(table, users);
}

void
floor_table_begin(struct floor_table *table)
{
	if (!table->in_transaction)
		step(table, table->begin);
	table->in_transaction = true;
}

void
floor_table_commit(struct floor_table *table)
{
	step(table, table->commit);
	table->in_transaction = false;
}

void
floor_table_insert(
    struct floor_table *table, const char *id, const char *name, const char *external_id, const char *document)
{
	sqlite3_bind_text(table->insert, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_text(table->insert, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(table->insert, 3, external_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(table->insert, 4, document, -1, SQLITE_STATIC);
	step(table, table->insert);
}

void
floor_table_update(struct floor_table *table, const char *id, const char *document)
{
	sqlite3_bind_text(table->update, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_text(table->update, 2, document, -1, SQLITE_STATIC);
	step(table, table->update);
}

bool
floor_table_find(sqlite3_stmt *statement, const char *key, void (*seen)(void *, const char *, size_t), void *context)
{
	bool found;

	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	found = sqlite3_step(statement) == SQLITE_ROW;
	if (found)
		seen(context, (const char *)sqlite3_column_text(statement, 0),
		    (size_t)sqlite3_column_bytes(statement, 0));
	sqlite3_reset(statement);
	return found;
}

void
floor_sqlite(const char *folder, size_t rows, double seconds, struct measure_row *row)
{
	static unsigned file;
	struct floor_table table;
	char id[FLOOR_ID_SIZE], name[64], document[4096];
	double start, end, *latencies = measure_alloc(sizeof(double) * 200000);
	size_t number = 0, commits = 0;

	snprintf(name, sizeof(name), "bare-%u.db", file++);
	floor_table_open(&table, folder, name, 0);
	start = measure_now();
	for (end = start; end - start < seconds && commits < 200000; commits++) {
		double begun = measure_now();

		floor_table_begin(&table);
		for (size_t i = 0; i < rows; i++, number++) {
			floor_id(number, id);
			floor_document(number, document, sizeof(document));
			floor_table_insert(&table, id, id, id, document);
		}
		floor_table_commit(&table);
		end = measure_now();
		latencies[commits] = end - begun;
	}
	measure_add(row, (double)number / (end - start), 1000 * measure_quantile(latencies, commits, 0.5),
	    1000 * measure_quantile(latencies, commits, 0.99));
	free(latencies);
	sqlite3_close_v2(table.db);
}
