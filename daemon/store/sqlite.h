/* SPDX-License-Identifier: ISC */
/* Shared by the files of the SQLite backend only. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/backend.h"

#include <sqlite3.h>

struct au_database {
	char *folder, *file;
	int lock; /* holds the folder's flock while open */
};

enum au_sqlite_control {
	AU_SQLITE_BEGIN,
	AU_SQLITE_BEGIN_WRITE,
	AU_SQLITE_COMMIT,
	AU_SQLITE_ROLLBACK,
	AU_SQLITE_SAVE,
	AU_SQLITE_KEEP,
	AU_SQLITE_UNDO,
	AU_SQLITE_CONTROLS
};

struct au_connection {
	sqlite3 *db;
	enum au_access access;
	bool lost;         /* the open transaction cannot be committed any more */
	int wal_pages;     /* in the log since the last complete checkpoint */
	int checkpoint_at; /* pages at which a busy writer checkpoints */
	sqlite3_stmt *controls[AU_SQLITE_CONTROLS];
	struct au_cursor *cursors[AU_STATEMENT_COUNT];
};

/* One text per statement. */
const char *au_sqlite_text(enum au_statement statement);
extern const char *const au_sqlite_plan_texts[AU_STATEMENT_COUNT];  /* some of them; the others are NULL */
extern const char *const au_sqlite_audit_texts[AU_STATEMENT_COUNT]; /* likewise */

/* Schema steps in order; the row at index N leads to version N + 1. */
struct au_sqlite_migration {
	const char *what;
	const char *text;
};
extern const struct au_sqlite_migration au_sqlite_migrations[];
extern const int au_sqlite_version; /* what this program writes */

/* Fill err from what SQLite says about db; marks the connection as lost when its transaction is. */
int au_sqlite_fail(struct au_connection *connection, struct au_err *err, const char *doing);

/* Folder, lock and schema. */
int au_sqlite_open(const char *path, struct au_database **ret, struct au_err *err);
void au_sqlite_close(struct au_database *database);
int au_sqlite_connect(
    struct au_database *database, enum au_access access, struct au_connection **ret, struct au_err *err);
void au_sqlite_disconnect(struct au_connection *connection);

int au_sqlite_start(
    struct au_connection *connection, const struct au_query *query, struct au_cursor **ret, struct au_err *err);
int au_sqlite_next(struct au_cursor *cursor, const struct au_value **ret_row, struct au_err *err);
long long au_sqlite_changes(const struct au_cursor *cursor);
long long au_sqlite_inserted(const struct au_cursor *cursor);
void au_sqlite_finish(struct au_cursor *cursor);
void au_sqlite_forget(struct au_connection *connection); /* finalizes every kept statement */

#endif
