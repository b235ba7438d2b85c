/* SPDX-License-Identifier: ISC */
/*
 * The SQLite backend: connections, transactions and checkpoints.  The log is
 * written ahead and synced at each commit; the writer folds it back into the
 * database while nobody waits, so a commit costs one sync and no more.
 */
#include "store/sqlite.h"

#include "base/mem.h"

#include <assert.h>
#include <malloc.h>

/* A writer that is never idle folds the log back when it has grown by this many pages of 4 KiB. */
#define CHECKPOINT_PAGES 4096

#define CACHE_WORTH_FREEING (4 << 20)

#define WRITER_WAIT_MS 10000
#define READER_WAIT_MS 1000 /* a point read waits on the event loop */

int
au_sqlite_fail(struct au_connection *connection, struct au_err *err, const char *doing)
{
	int code = sqlite3_extended_errcode(connection->db);
	const char *text = sqlite3_errmsg(connection->db);
	switch (code & 0xff) {
	case SQLITE_CONSTRAINT:
		if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
			return au_fail(err, AU_EEXIST, "store: %s", text);
		return au_fail(err, AU_EINVAL, "store: %s", text);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return au_fail(err, AU_EBUSY, "store: %s: another program holds the database locked", doing);
	case SQLITE_READONLY:
	case SQLITE_MISUSE:
	case SQLITE_ERROR:
		return au_fail(err, AU_EBUG, "store: %s: %s", doing, text);
	default:
		connection->lost = true;
		return au_fail(err, AU_EIO, "store: %s: %s (SQLite error %d)", doing, text, code);
	}
}

static int
execute(struct au_connection *connection, const char *text, struct au_err *err)
{
	if (sqlite3_exec(connection->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return au_sqlite_fail(connection, err, text);
	return 0;
}

/* The same few words at every transaction, prepared once. */
static const char *const control_texts[AU_SQLITE_CONTROLS] = {
	[AU_SQLITE_BEGIN] = "BEGIN",
	[AU_SQLITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[AU_SQLITE_COMMIT] = "COMMIT",
	[AU_SQLITE_ROLLBACK] = "ROLLBACK",
	[AU_SQLITE_SAVE] = "SAVEPOINT work",
	[AU_SQLITE_KEEP] = "RELEASE work",
	[AU_SQLITE_UNDO] = "ROLLBACK TO work",
};

static int
control(struct au_connection *connection, enum au_sqlite_control which, struct au_err *err)
{
	sqlite3_stmt **stmt = &connection->controls[which];
	if (!*stmt && sqlite3_prepare_v3(
			  connection->db, control_texts[which], -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) != SQLITE_OK)
		return au_sqlite_fail(connection, err, control_texts[which]);
	int rc = sqlite3_step(*stmt) == SQLITE_DONE ? 0 : au_sqlite_fail(connection, err, control_texts[which]);
	sqlite3_reset(*stmt);
	return rc;
}

static int
note_log(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct au_connection *connection = ctx;
	(void)db;
	(void)name;
	connection->wal_pages = pages;
	return SQLITE_OK;
}

/* temp_store and the caches are sizes in memory; the rest is about never believing a damaged or foreign file. */
static const char common_pragmas[] = "PRAGMA foreign_keys = ON;"
				     "PRAGMA trusted_schema = OFF;"
				     "PRAGMA cell_size_check = ON;"
				     "PRAGMA temp_store = MEMORY;";
static const char writer_pragmas[] = "PRAGMA synchronous = FULL;"
				     "PRAGMA secure_delete = ON;"
				     "PRAGMA wal_autocheckpoint = 0;"
				     "PRAGMA journal_size_limit = 67108864;"
				     "PRAGMA cache_size = -32768;";
/* Not mapped: a big store's pages would count as memory of this process, once for each reader, and the kernel keeps
 * them at hand all the same. */
static const char reader_pragmas[] = "PRAGMA query_only = ON;"
				     "PRAGMA cache_size = -2048;"
				     "PRAGMA mmap_size = 0;";

static int
set_up(struct au_connection *connection, struct au_err *err)
{
	bool writes = connection->access == AU_ACCESS_WRITE;
	sqlite3_busy_timeout(connection->db, writes ? WRITER_WAIT_MS : READER_WAIT_MS);
	/* Not even a damaged statement may touch the schema or the journal mode. */
	sqlite3_db_config(connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* After a failed sync nothing may be folded back on the way out; upkeep does it while all is well. */
	sqlite3_db_config(connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	int rc = execute(connection, common_pragmas, err);
	if (rc == 0)
		rc = execute(connection, writes ? writer_pragmas : reader_pragmas, err);
	if (rc == 0 && writes)
		sqlite3_wal_hook(connection->db, note_log, connection);
	return rc;
}

void
au_sqlite_disconnect(struct au_connection *connection)
{
	if (!connection)
		return;
	au_sqlite_forget(connection);
	for (size_t i = 0; i < AU_SQLITE_CONTROLS; i++)
		sqlite3_finalize(connection->controls[i]);
	int rc = sqlite3_close(connection->db);
	assert(rc == SQLITE_OK);
	(void)rc;
	free(connection);
}

int
au_sqlite_connect(struct au_database *database, enum au_access access, struct au_connection **ret, struct au_err *err)
{
	struct au_connection *connection = au_xcalloc(1, sizeof(*connection));
	connection->access = access;
	connection->checkpoint_at = CHECKPOINT_PAGES;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
		    (access == AU_ACCESS_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	int rc = 0;
	if (sqlite3_open_v2(database->file, &connection->db, flags, NULL) != SQLITE_OK) {
		rc = connection->db ? au_sqlite_fail(connection, err, database->file)
				    : au_fail(err, AU_EIO, "store: out of memory");
	} else {
		rc = set_up(connection, err);
	}
	if (rc < 0) {
		au_sqlite_disconnect(connection);
		return rc;
	}
	*ret = connection;
	return 0;
}

static void
interrupt(struct au_connection *connection)
{
	sqlite3_interrupt(connection->db);
}

static int
begin(struct au_connection *connection, struct au_err *err)
{
	connection->lost = false;
	return control(
	    connection, connection->access == AU_ACCESS_WRITE ? AU_SQLITE_BEGIN_WRITE : AU_SQLITE_BEGIN, err);
}

static int
commit(struct au_connection *connection, struct au_err *err)
{
	return control(connection, AU_SQLITE_COMMIT, err);
}

static void
rollback(struct au_connection *connection)
{
	if (!sqlite3_get_autocommit(connection->db))
		control(connection, AU_SQLITE_ROLLBACK, NULL);
}

static int
save(struct au_connection *connection, struct au_err *err)
{
	return control(connection, AU_SQLITE_SAVE, err);
}

static int
keep(struct au_connection *connection, struct au_err *err)
{
	return control(connection, AU_SQLITE_KEEP, err);
}

static int
undo(struct au_connection *connection, struct au_err *err)
{
	int rc = control(connection, AU_SQLITE_UNDO, err);
	return rc < 0 ? rc : keep(connection, err);
}

static long long
written(const struct au_connection *connection)
{
	return sqlite3_total_changes64(connection->db);
}

static bool
is_lost(const struct au_connection *connection)
{
	return connection->lost || sqlite3_get_autocommit(connection->db);
}

/* A whole read of a directory fills the cache with pages that nobody asks for again for hours. */
static void
give_memory_back(struct au_connection *connection)
{
	int used = 0, peak = 0;
	sqlite3_db_status(connection->db, SQLITE_DBSTATUS_CACHE_USED, &used, &peak, 0);
	if (used < CACHE_WORTH_FREEING)
		return;
	sqlite3_db_release_memory(connection->db);
	malloc_trim(0);
}

static int
tidy(struct au_connection *connection, enum au_upkeep when, struct au_err *err)
{
	int in_log = 0, folded = 0;
	if (when == AU_UPKEEP_IDLE)
		give_memory_back(connection);
	if (when == AU_UPKEEP_BUSY && connection->wal_pages < connection->checkpoint_at)
		return 0;
	int mode = when == AU_UPKEEP_LAST ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
	int rc = sqlite3_wal_checkpoint_v2(connection->db, NULL, mode, &in_log, &folded);
	if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY && (rc & 0xff) != SQLITE_LOCKED)
		return au_sqlite_fail(connection, err, "checkpoint");
	/* A reader may hold some pages back; then there is no use in trying again at every commit. */
	bool whole = rc == SQLITE_OK && in_log == folded;
	connection->checkpoint_at = whole ? CHECKPOINT_PAGES : connection->wal_pages + CHECKPOINT_PAGES;
	if (whole)
		connection->wal_pages = 0;
	return 0;
}

const struct au_backend au_backend_sqlite = {
	.name = "sqlite",
	.open = au_sqlite_open,
	.close = au_sqlite_close,
	.connect = au_sqlite_connect,
	.disconnect = au_sqlite_disconnect,
	.interrupt = interrupt,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.save = save,
	.keep = keep,
	.undo = undo,
	.written = written,
	.is_lost = is_lost,
	.start = au_sqlite_start,
	.next = au_sqlite_next,
	.changes = au_sqlite_changes,
	.inserted = au_sqlite_inserted,
	.finish = au_sqlite_finish,
	.tidy = tidy,
};
