/* SPDX-License-Identifier: ISC */
/*
 * The folder of a SQLite store: made private, locked for one process, and
 * its schema brought up to date one numbered step at a time.
 */
#include "store/sqlite.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int
make_folder(const char *path, struct au_err *err)
{
	struct stat st;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return au_fail(err, AU_EIO, "store '%s': cannot make the folder: %s", path, strerror(errno));
	if (stat(path, &st) < 0)
		return au_fail(err, AU_EIO, "store '%s': %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return au_fail(err, AU_EIO, "store '%s': is not a folder", path);
	return 0;
}

/* A file of ours: others never get to read it, a link is never followed. */
static int
open_private(const char *file, int *ret_fd, struct au_err *err)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return au_fail(err, AU_EIO, "store: cannot open '%s': %s", file, strerror(errno));
	*ret_fd = fd;
	return 0;
}

static int
lock_folder(struct au_database *database, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/lock", database->folder);
	char owner[32] = "";
	int rc = open_private(file, &database->lock, err);
	if (rc < 0)
		return rc;
	if (flock(database->lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return au_fail(err, AU_EIO, "store '%s': cannot lock: %s", database->folder, strerror(errno));
		if (pread(database->lock, owner, sizeof(owner) - 1, 0) < 0)
			owner[0] = '\0';
		return au_fail(err, AU_EBUSY, "store '%s': process %.*s has it open", database->folder,
		    (int)strcspn(owner, "\n"), owner[0] ? owner : "?");
	}
	int len = snprintf(owner, sizeof(owner), "%ld\n", (long)getpid());
	if (ftruncate(database->lock, 0) < 0 || pwrite(database->lock, owner, (size_t)len, 0) != len)
		return au_fail(
		    err, AU_EIO, "store '%s': cannot write the lock file: %s", database->folder, strerror(errno));
	return 0;
}

/* SQLite gives its other files the rights of this one. */
static int
make_file(const char *file, struct au_err *err)
{
	int fd = -1;
	int rc = open_private(file, &fd, err);
	if (rc == 0)
		close(fd);
	return rc;
}

static int
read_number(struct au_connection *connection, const char *text, int *ret, struct au_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = 0;
	if (sqlite3_prepare_v2(connection->db, text, -1, &stmt, NULL) != SQLITE_OK || sqlite3_step(stmt) != SQLITE_ROW)
		rc = au_sqlite_fail(connection, err, text);
	else
		*ret = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return rc;
}

static int
migrate_step(struct au_connection *connection, const struct au_sqlite_migration *step, int version, struct au_err *err)
{
	int reached = 0;
	if (sqlite3_exec(connection->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		return au_sqlite_fail(connection, err, "begin");
	int rc = 0;
	if (sqlite3_exec(connection->db, step->text, NULL, NULL, NULL) != SQLITE_OK)
		rc = au_sqlite_fail(connection, err, step->what);
	if (rc == 0)
		rc = read_number(connection, "PRAGMA user_version", &reached, err);
	if (rc == 0 && reached != version)
		rc = au_fail(
		    err, AU_EBUG, "store: schema step '%s' leads to version %d, not %d", step->what, reached, version);
	if (rc == 0 && sqlite3_exec(connection->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		rc = au_sqlite_fail(connection, err, step->what);
	if (rc < 0 && !sqlite3_get_autocommit(connection->db))
		sqlite3_exec(connection->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static int
migrate(struct au_database *database, struct au_connection *connection, struct au_err *err)
{
	int version = 0, tables = 0;
	int rc = read_number(connection, "PRAGMA user_version", &version, err);
	if (rc == 0)
		rc = read_number(connection, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc < 0)
		return rc;
	if (version > au_sqlite_version)
		return au_fail(err, AU_EINVAL,
		    "store '%s': schema version %d is newer than this program's %d; install the newer apiuserd",
		    database->folder, version, au_sqlite_version);
	if (version < 0 || (version == 0 && tables > 0))
		return au_fail(
		    err, AU_EINVAL, "store '%s': '%s' is another program's database", database->folder, database->file);
	for (; version < au_sqlite_version && rc == 0; version++)
		rc = migrate_step(connection, &au_sqlite_migrations[version], version + 1, err);
	return rc;
}

static int
use_log(struct au_connection *connection, struct au_err *err)
{
	if (sqlite3_exec(connection->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK)
		return au_sqlite_fail(connection, err, "write-ahead log");
	return 0;
}

static int
prepare_file(struct au_database *database, struct au_err *err)
{
	struct au_connection *connection = NULL;
	int rc = make_file(database->file, err);
	if (rc == 0)
		rc = au_sqlite_connect(database, AU_ACCESS_WRITE, &connection, err);
	if (rc < 0)
		return rc;
	rc = use_log(connection, err);
	if (rc == 0)
		rc = migrate(database, connection, err);
	au_sqlite_disconnect(connection);
	return rc;
}

/* SQLite counts its memory under a lock that all connections share, at each allocation.  Nobody asks for the count. */
static void
count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int
au_sqlite_open(const char *path, struct au_database **ret, struct au_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct au_database *database = au_xcalloc(1, sizeof(*database));
	pthread_once(&once, count_no_memory);
	database->lock = -1;
	database->folder = au_xstrdup(path);
	database->file = au_xasprintf("%s/apiuserd.db", path);
	int rc = make_folder(path, err);
	if (rc == 0)
		rc = lock_folder(database, err);
	if (rc == 0)
		rc = prepare_file(database, err);
	if (rc < 0) {
		au_sqlite_close(database);
		return rc;
	}
	*ret = database;
	return 0;
}

void
au_sqlite_close(struct au_database *database)
{
	if (database->lock >= 0)
		close(database->lock);
	free(database->folder);
	free(database->file);
	free(database);
}
