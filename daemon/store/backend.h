/* SPDX-License-Identifier: ISC */
/*
 * What the store needs from a database, and nothing more.  A backend is one
 * constant table of these calls; it alone knows SQL and the database's types.
 *
 * A connection is used by one thread at a time.  Every call that can fail
 * fills err: AU_EEXIST for a value that must be unique, AU_EINVAL for another
 * constraint, AU_EBUSY when a lock was not to be had, AU_EBUG for a write on
 * a reading connection, AU_EIO for the rest.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "base/err.h"
#include "store/statement.h"

#include <stdbool.h>
#include <stddef.h>

enum au_value_type { AU_VALUE_NULL = 0, AU_VALUE_NUMBER, AU_VALUE_TEXT, AU_VALUE_BLOB };

/* A bound value or a column.  Members that do not belong to the type are 0 or NULL. */
struct au_value {
	enum au_value_type type;
	long long number;
	const char *text; /* NUL-terminated */
	const void *blob;
	size_t len; /* of blob */
};

/* A statement with its values, which must live until its cursor is finished. */
struct au_query {
	enum au_statement statement;
	const struct au_value *values;
	size_t count;
};

struct au_database;   /* an opened folder: its lock, its schema */
struct au_connection; /* one thread's way into it */
struct au_cursor;     /* a statement under way */

/* A writer that has more to do at once; one that nobody waits for; one that is the last and about to go. */
enum au_upkeep { AU_UPKEEP_BUSY = 1, AU_UPKEEP_IDLE = 2, AU_UPKEEP_LAST = 3 };

enum au_access { AU_ACCESS_READ = 1, AU_ACCESS_WRITE = 2 };

struct au_backend {
	const char *name;

	/* Takes the folder for this process and brings the schema up to date.  AU_EIO; AU_EBUSY when another process
	 * has it; AU_EINVAL when its schema is newer or not ours. */
	int (*open)(const char *path, struct au_database **ret, struct au_err *err);
	void (*close)(struct au_database *database); /* after every disconnect */

	int (*connect)(
	    struct au_database *database, enum au_access access, struct au_connection **ret, struct au_err *err);
	void (*disconnect)(struct au_connection *connection); /* NULL is fine */
	/* From another thread: what runs on the connection fails soon. */
	void (*interrupt)(struct au_connection *connection);

	/* The access decides what begin takes: a writer's begin holds the right to write until commit. */
	int (*begin)(struct au_connection *connection, struct au_err *err);
	int (*commit)(struct au_connection *connection, struct au_err *err);
	void (*rollback)(struct au_connection *connection); /* fine when nothing is open */
	/* One level inside a transaction: save, then either keep or undo. */
	int (*save)(struct au_connection *connection, struct au_err *err);
	int (*keep)(struct au_connection *connection, struct au_err *err);
	int (*undo)(struct au_connection *connection, struct au_err *err);
	/* Rows that were written so far, undone or not: a higher number means that there were some between. */
	long long (*written)(const struct au_connection *connection);
	/* Whether the open transaction can no longer be committed whole (disk full, failed read or write). */
	bool (*is_lost)(const struct au_connection *connection);

	int (*start)(
	    struct au_connection *connection, const struct au_query *query, struct au_cursor **ret, struct au_err *err);
	/* 1 with *ret_row, whose columns live until the next call on this cursor; 0 at the end. */
	int (*next)(struct au_cursor *cursor, const struct au_value **ret_row, struct au_err *err);
	long long (*changes)(const struct au_cursor *cursor);  /* rows that the ended statement changed */
	long long (*inserted)(const struct au_cursor *cursor); /* number that it gave to the row it inserted */
	void (*finish)(struct au_cursor *cursor);              /* NULL is fine */

	/* Upkeep between transactions of a writer.  AU_EIO. */
	int (*tidy)(struct au_connection *connection, enum au_upkeep when, struct au_err *err);
};

extern const struct au_backend au_backend_sqlite;
/* NULL when there is no such backend. */
const struct au_backend *au_backend_find(const char *name);
/* All of them, for tests: NULL past the end. */
const struct au_backend *au_backend_at(size_t index);

#endif
