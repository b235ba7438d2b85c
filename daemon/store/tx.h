/* SPDX-License-Identifier: ISC */
/*
 * How the typed calls speak to whatever backend is there: a query is a
 * statement's number with its values, a row is an array of values.
 */
#ifndef STORE_TX_H
#define STORE_TX_H

#include "base/mem.h"
#include "store/backend.h"
#include "store/stamps.h"
#include "store/store.h"

struct au_audit_end;
struct au_run_ends;

struct au_store_tx {
	const struct au_backend *backend;
	struct au_connection *connection;
	const unsigned char *audit_key; /* 32 bytes; NULL when the store was opened without */
	struct au_stamps *stamps;       /* NULL: a reader, or nobody takes any */
	struct au_audit_end *audit_end; /* NULL: a reader */
	struct au_run_ends *run_ends;   /* likewise */
	struct au_arena *scratch;       /* lives as long as the work; made by au_tx_scratch */
};

struct au_value au_number(long long number);
struct au_value au_text(const char *text); /* NULL gives a null */
struct au_value au_blob(const void *blob, size_t len);

/* AU_QUERY(COOKIE_GET, au_text(source), au_text(search)) */
#define AU_QUERY(name, ...)                                                                                            \
	((struct au_query){ AU_SQL_##name, (const struct au_value[]){ __VA_ARGS__ },                                   \
	    sizeof((const struct au_value[]){ __VA_ARGS__ }) / sizeof(struct au_value) })

/* Run to the end; *ret_changes (may be NULL) is the number of rows changed. */
int au_tx_run(struct au_store_tx *tx, struct au_query query, long long *ret_changes, struct au_err *err);
/* Insert one row into a table that numbers its rows; *ret_number is its number. */
int au_tx_insert(struct au_store_tx *tx, struct au_query query, long long *ret_number, struct au_err *err);

/* Fills one object from a row; text is copied into the arena. */
typedef void au_row_reader(const struct au_value *row, struct au_arena *arena, void *object);
/* The first row, if any: 1 and object filled, or 0. */
int au_tx_first(struct au_store_tx *tx, struct au_arena *arena, struct au_query query, au_row_reader *reader,
    void *object, struct au_err *err);
/* The same, but no row is AU_ENOENT: "WHAT 'name': not found". */
int au_tx_one(struct au_store_tx *tx, struct au_arena *arena, struct au_query query, au_row_reader *reader,
    void *object, const char *what, const char *name, struct au_err *err);
/* Every row as an array of objects of that size, in the arena. */
int au_tx_all(struct au_store_tx *tx, struct au_arena *arena, struct au_query query, au_row_reader *reader, size_t size,
    void *ret_array, size_t *ret_count, struct au_err *err);
/* A single number; 0 when there is no row or it is null. */
int au_tx_number(struct au_store_tx *tx, struct au_query query, long long *ret, struct au_err *err);
/* Called for every row; a return other than 0 ends the walk, a negative one fails it. */
typedef int au_row_visit(const struct au_value *row, void *ctx, struct au_err *err);
int au_tx_each(struct au_store_tx *tx, struct au_query query, au_row_visit *visit, void *ctx, struct au_err *err);

/* Memory for the time of this work. */
struct au_arena *au_tx_scratch(struct au_store_tx *tx);
/* Before each work: nothing of the last one stays. */
void au_tx_reset(struct au_store_tx *tx);

/* Readers for a row of one column: object is a const char ** or a long long *. */
void au_row_text(const struct au_value *row, struct au_arena *arena, void *object);
void au_row_number(const struct au_value *row, struct au_arena *arena, void *object);

#endif
