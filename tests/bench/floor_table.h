/* SPDX-License-Identifier: ISC */
/* The table of the floors: documents with three unique keys in SQLite, WAL with synchronous=FULL. */
#ifndef BENCH_FLOOR_TABLE_H
#define BENCH_FLOOR_TABLE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct floor_table {
	sqlite3 *db;
	sqlite3_stmt *insert, *by_id, *by_name, *update, *begin, *commit;
	bool in_transaction;
	size_t count; /* of documents when it was opened */
};

/* The table in folder/name; a fresh one gets `users` documents. */
void floor_table_open(struct floor_table *table, const char *folder, const char *name, size_t users);
void floor_table_begin(struct floor_table *table); /* nothing when a transaction is open */
void floor_table_commit(struct floor_table *table);
void floor_table_insert(
    struct floor_table *table, const char *id, const char *name, const char *external_id, const char *document);
void floor_table_update(struct floor_table *table, const char *id, const char *document);
/* Find by id or name; calls seen(context, text, length) or returns false. */
bool floor_table_find(
    sqlite3_stmt *statement, const char *key, void (*seen)(void *, const char *, size_t), void *context);

#endif
