/* SPDX-License-Identifier: ISC */
/* What is SQLite's own: the plans of its statements, its files, its schema steps. */
#include "tests/store/help.h"

#include "base/io.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/sealed.h"
#include "store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[AU_STATEMENT_COUNT] = {
#define X(name) #name,
	AU_STATEMENTS(X)
#undef X
};

/* These are meant to look at every row, or at a table of a few. */
static const enum au_statement whole_table[] = {
	AU_SQL_SOURCE_LIST, AU_SQL_DIRTY_MARK_ENTRIES, AU_SQL_DIRTY_MARK_USERS, AU_SQL_DIRTY_OLDEST, AU_SQL_DIRTY_COUNT,
	AU_SQL_APIUSER_COUNT, AU_SQL_STEP_LIST, AU_SQL_AUDIT_HEAD, AU_SQL_AUDIT_WALK, AU_SQL_TOKEN_LIST,
	AU_SQL_AUDIT_START, AU_SQL_AUDIT_OLD, /* one row; the oldest, up to a limit */
	AU_SQL_STOP_LIST, AU_SQL_PLAN_DONE_FORGET, AU_SQL_PROVIDER_LIST, AU_SQL_IGNORED_LIST, AU_SQL_PROTECTION_LIST,
	AU_SQL_INDEX_MARKS, AU_SQL_INDEX_DROP, AU_SQL_LOSS_HOLDERS,
	AU_SQL_LOSS_OTHER_HOLDERS,               /* a right has a few values */
	AU_SQL_RUNS_DROP, AU_SQL_READING_LATEST, /* each search has a few */
	AU_SQL_ASYNC_END_ALL,                    /* of a partial index: those that are open */
	AU_SQL_ASYNC_TOTAL_EXPIRE,               /* of what it has found expired */
	AU_SQL_PARCEL_LIST,                      /* those that are being written */
	AU_SQL_POOL_LIST,                        /* each target has a few */
	AU_SQL_STOP_FORGET,                      /* a target has a few at most */
	AU_SQL_RESOURCE_TOTAL,                   /* a row for each client and type */
	AU_SQL_APIUSER_CONFLICTS,                /* of a partial index: those that have one */
	AU_SQL_SUBSCRIPTION_END, AU_SQL_SUBSCRIPTION_FORGIVE, /* a row for each target */
	AU_SQL_DELIVERY_FILL, AU_SQL_DELIVERY_RETRY, AU_SQL_DELIVERY_COUNT, AU_SQL_DELIVERY_NEXT, /* of what waits */
	AU_SQL_WORK_DUE, AU_SQL_WORK_LIST,       /* shown to people, up to a limit */
	AU_SQL_WORK_OLDER, AU_SQL_WORK_COUNTS,   /* of a partial index: those that are open */
	AU_SQL_APIUSER_ENDS,                     /* of a partial index: those whose owner has left */
};

static bool
may_scan(size_t statement)
{
	for (size_t i = 0; i < AU_COUNT(whole_table); i++)
		if (whole_table[i] == (enum au_statement)statement)
			return true;
	return false;
}

/* The steps of a plan, joined. */
static const char *
explain(struct fixture *f, const char *text)
{
	AU_CLEANUP(au_freep) char *query = au_xasprintf("EXPLAIN QUERY PLAN %s", text);
	sqlite3_stmt *stmt = NULL;
	const char *plan = "";
	if (sqlite3_prepare_v2(f->connection->db, query, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(f->connection->db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		plan = au_arena_printf(f->arena, "%s; %s", plan, (const char *)sqlite3_column_text(stmt, 3));
	sqlite3_finalize(stmt);
	return plan;
}

static void
every_statement_has_a_text_that_prepares(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < AU_STATEMENT_COUNT; i++) {
		sqlite3_stmt *stmt = NULL;
		if (!au_sqlite_text((enum au_statement)i))
			fail_msg("%s has no text", names[i]);
		if (sqlite3_prepare_v2(f->connection->db, au_sqlite_text((enum au_statement)i), -1, &stmt, NULL) !=
		    SQLITE_OK)
			fail_msg("%s: %s", names[i], sqlite3_errmsg(f->connection->db));
		sqlite3_finalize(stmt);
	}
}

/* What is read from these tables is kept elsewhere for as long as its stamp holds. */
static const struct stamped {
	const char *table;
	enum au_stamp_of stamp;
} stamped[] = {
	{ "member", AU_STAMP_GROUPS },
	{ "apiuser", AU_STAMP_ACCOUNTS },
	{ "account", AU_STAMP_ACCOUNTS },
	{ "step", AU_STAMP_ACCOUNTS },
	{ "target", AU_STAMP_ACCOUNTS },
	{ "token", AU_STAMP_TOKENS },
};

static int
note_written(void *ctx, int action, const char *table, const char *column, const char *db, const char *trigger)
{
	enum au_stamp_of *stamp = ctx;
	(void)column;
	(void)db;
	(void)trigger;
	if (action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE)
		return SQLITE_OK;
	for (size_t i = 0; i < AU_COUNT(stamped); i++)
		if (strcmp(stamped[i].table, table) == 0)
			*stamp = stamped[i].stamp;
	return SQLITE_OK;
}

static void
every_statement_that_writes_moves_the_stamp_of_its_table(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < AU_STATEMENT_COUNT; i++) {
		enum au_stamp_of wanted = AU_STAMP_NOTHING;
		sqlite3_stmt *stmt = NULL;
		sqlite3_set_authorizer(f->connection->db, note_written, &wanted);
		assert_int_equal(
		    sqlite3_prepare_v2(f->connection->db, au_sqlite_text((enum au_statement)i), -1, &stmt, NULL),
		    SQLITE_OK);
		sqlite3_finalize(stmt);
		/* that a token was used makes none good or bad */
		if (i == AU_SQL_TOKEN_USED)
			wanted = AU_STAMP_NOTHING;
		if (au_stamp_moved_by[i] != (unsigned char)wanted)
			fail_msg("%s moves stamp %d, not %d", names[i], (int)au_stamp_moved_by[i], (int)wanted);
	}
	sqlite3_set_authorizer(f->connection->db, NULL, NULL);
}

static void
no_statement_walks_a_whole_table_unless_meant_to(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < AU_STATEMENT_COUNT; i++) {
		const char *plan = explain(f, au_sqlite_text((enum au_statement)i));
		/* What was found so far, and what a sub-query has limited, may be scanned. */
		for (const char *at = plan; (at = strstr(at, "SCAN ")); at++)
			if (!may_scan(i) && strncmp(at, "SCAN inner_group", 16) != 0 &&
			    strncmp(at, "SCAN held", 9) != 0 && strncmp(at, "SCAN (subquery", 14) != 0 &&
			    strncmp(at, "SCAN CONSTANT ROW", 17) != 0)
				fail_msg("%s: %s", names[i], plan);
	}
}

static void
orders_are_read_from_indexes_alone(void **state)
{
	struct fixture *f = *state;
	for (size_t i = AU_SQL_RANGE_NAME; i <= AU_SQL_DOWN_INDEX; i++) {
		const char *plan = explain(f, au_sqlite_text((enum au_statement)i));
		if ((strstr(plan, "COVERING INDEX") == NULL && strstr(plan, "PRIMARY KEY") == NULL) ||
		    strstr(plan, "TEMP B-TREE") != NULL)
			fail_msg("%s: %s", names[i], plan);
	}
}

/* ---- a folder without an open store ---- */

static void
run_sql(struct fixture *f, const char *text)
{
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/apiuserd.db", f->path);
	sqlite3 *db = NULL;
	char *error = NULL;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", text, error);
	sqlite3_close(db);
}

static int
try_open(struct fixture *f)
{
	struct au_database *database = NULL;
	int rc = f->backend->open(f->path, &database, &f->err);
	if (rc == 0)
		f->backend->close(database);
	return rc;
}

static void
newer_schema_is_refused_and_left_alone(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(try_open(f), 0);
	run_sql(f, "PRAGMA user_version = 999");
	assert_int_equal(try_open(f), AU_EINVAL);
	assert_non_null(strstr(f->err.text, "newer"));
	assert_non_null(strstr(f->err.text, "999"));
	run_sql(f, au_arena_printf(f->arena, "PRAGMA user_version = %d", au_sqlite_version));
	assert_int_equal(try_open(f), 0);
}

static void
database_of_another_program_is_refused(void **state)
{
	struct fixture *f = *state;
	run_sql(f, "CREATE TABLE theirs (x)");
	assert_int_equal(try_open(f), AU_EINVAL);
	assert_non_null(strstr(f->err.text, "another program"));
}

static void
file_that_is_no_database_is_refused(void **state)
{
	struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/apiuserd.db", f->path);
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	for (int i = 0; i < 1000; i++)
		fputs("not a database\n", out);
	fclose(out);
	assert_int_equal(try_open(f), AU_EIO);
}

static void
path_that_is_no_folder_is_refused(void **state)
{
	struct fixture *f = *state;
	struct au_database *database = NULL;
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/file", f->path);
	AU_CLEANUP(au_freep) char *deep = au_xasprintf("%s/no/such/folder", f->path);
	fclose(fopen(file, "w"));
	assert_int_equal(f->backend->open(file, &database, &f->err), AU_EIO);
	assert_int_equal(f->backend->open(deep, &database, &f->err), AU_EIO);
	assert_null(database);
}

static void
link_in_place_of_the_database_is_not_followed(void **state)
{
	struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/apiuserd.db", f->path);
	AU_CLEANUP(au_freep) char *elsewhere = au_xasprintf("%s/elsewhere", f->path);
	assert_int_equal(symlink(elsewhere, file), 0);
	assert_int_equal(try_open(f), AU_EIO);
	assert_int_equal(access(elsewhere, F_OK), -1);
}

static void
files_are_private_whatever_the_umask(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	mode_t before = umask(0);
	char *old = f->path;
	f->path = au_xasprintf("%s/store", old);
	struct au_store *store = open_store(f, NULL, NULL);
	umask(before);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	for (const char *const *name =
		 (const char *const[]){ "apiuserd.db", "apiuserd.db-wal", "apiuserd.db-shm", "lock", NULL };
	     *name; name++) {
		AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/%s", f->path, *name);
		assert_int_equal(stat(file, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	au_store_close(store);
	free(f->path);
	f->path = old;
}

static void
refused_opener_learns_who_has_the_store(void **state)
{
	struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *expected = au_xasprintf("process %ld has it open", (long)getpid());
	struct au_store *store = open_store(f, NULL, NULL);
	assert_int_equal(try_open(f), AU_EBUSY);
	assert_non_null(strstr(f->err.text, expected));
	au_store_close(store);
}

/* ---- what is set on a connection ---- */

static int
number_of(sqlite3 *db, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int number = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

static void
writer_is_durable_and_careful(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db = f->connection->db;
	int on = 0;
	assert_int_equal(number_of(db, "PRAGMA synchronous"), 2);
	assert_int_equal(number_of(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number_of(db, "PRAGMA secure_delete"), 1);
	assert_int_equal(number_of(db, "PRAGMA trusted_schema"), 0);
	assert_int_equal(number_of(db, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(number_of(db, "PRAGMA temp_store"), 2);
	assert_int_equal(number_of(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	assert_int_equal(sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, -1, &on), SQLITE_OK);
	assert_int_equal(on, 1);
	assert_int_equal(number_of(db, "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict"
				       " AND name NOT LIKE 'sqlite_%' AND schema = 'main'"),
	    0);
}

/* ---- secrets and tampering, with hands in the file ---- */

static int
make_account(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_apiuser user = { .id = "u1", .key = "k" };
	struct au_account account = { .id = "a1", .apiuser_id = "u1", .target = "room", .login = "svc" };
	struct au_sealed_row row = { "a1", arg, strlen(arg), true, 1 };
	int rc = au_store_apiuser_put(tx, &user, err);
	if (rc == 0)
		rc = au_store_account_put(tx, &account, err);
	return rc < 0 ? rc : au_store_sealed_put(tx, &row, err);
}

static int
take_secret(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_sealed_remove(tx, "a1", err);
}

static bool
is_in_file(struct fixture *f, const char *name, const char *text)
{
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/%s", f->path, name);
	AU_CLEANUP(au_freep) char *data = NULL;
	size_t len = 0;
	if (access(file, F_OK) < 0)
		return false;
	assert_ok(f, au_io_read(file, 1 << 24, &data, &len, &f->err));
	return memmem(data, len, text, strlen(text)) != NULL;
}

static void
taken_secret_leaves_no_trace_in_the_files(void **state)
{
	struct fixture *f = *state;
	char canary[] = "sealed-canary-5d1e5d1e5d1e5d1e";
	struct au_store *store = open_store(f, NULL, NULL);
	assert_ok(f, au_store_run(store, make_account, canary, &f->err));
	au_store_close(store);
	assert_true(is_in_file(f, "apiuserd.db", canary));
	store = open_store(f, NULL, NULL);
	assert_ok(f, au_store_run(store, take_secret, NULL, &f->err));
	au_store_close(store);
	assert_false(is_in_file(f, "apiuserd.db", canary));
	assert_false(is_in_file(f, "apiuserd.db-wal", canary));
}

static int
write_audit(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	json_t *detail = json_pack("{s:i}", "n", 1);
	int rc = 0;
	(void)arg;
	for (int i = 1; i <= 6 && rc == 0; i++)
		rc = au_store_audit(tx, i, "uid:0", "client.add", "okta", detail, err);
	json_decref(detail);
	return rc;
}

static int
verify_audit(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_audit_verdict verdict = { 0 };
	int rc = au_store_audit_verify(tx, NULL, 0, &verdict, err);
	*(long long *)arg = verdict.rows;
	return rc;
}

static void
every_tampering_with_the_audit_chain_is_noticed(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *text, *back, *named;
	} rows[] = {
		{ "UPDATE audit SET detail = '{\"n\":2}' WHERE seq = 3",
		    "UPDATE audit SET detail = '{\"n\":1}' WHERE seq = 3", "row 3" },
		{ "UPDATE audit SET detail = NULL WHERE seq = 3", "UPDATE audit SET detail = '{\"n\":1}' WHERE seq = 3",
		    "row 3" },
		{ "UPDATE audit SET at_ms = 9 WHERE seq = 1", "UPDATE audit SET at_ms = 1 WHERE seq = 1", "row 1" },
		{ "UPDATE audit SET actor = 'uid:', verb = '0client.add' WHERE seq = 2",
		    "UPDATE audit SET actor = 'uid:0', verb = 'client.add' WHERE seq = 2", "row 2" },
		{ "UPDATE audit SET object = NULL WHERE seq = 6", "UPDATE audit SET object = 'okta' WHERE seq = 6",
		    "row 6" },
		{ "UPDATE audit SET seq = 7 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 7", "row 4" },
		{ "UPDATE audit SET seq = 0 WHERE seq = 1", "UPDATE audit SET seq = 1 WHERE seq = 0", "row 1" },
		{ "CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 6; DELETE FROM audit WHERE seq = 6",
		    "INSERT INTO audit SELECT * FROM kept; DROP TABLE kept", "row 6" },
		{ "CREATE TABLE kept AS SELECT * FROM audit_head; DELETE FROM audit_head",
		    "INSERT INTO audit_head SELECT * FROM kept; DROP TABLE kept", "head" },
		{ "CREATE TABLE kept AS SELECT * FROM audit; DELETE FROM audit",
		    "INSERT INTO audit SELECT * FROM kept;"
		    " DROP TABLE kept",
		    "row 6" },
		{ "UPDATE audit_head SET seal = zeroblob(32)", NULL, "row 6" },
	};
	long long count = 0;
	struct au_store *store = open_store(f, NULL, NULL);
	assert_ok(f, au_store_run(store, write_audit, NULL, &f->err));
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_ok(f, au_store_run(store, verify_audit, &count, &f->err));
		assert_int_equal(count, 6);
		run_sql(f, rows[i].text);
		assert_int_equal(au_store_run(store, verify_audit, &count, &f->err), AU_EINVAL);
		if (!strstr(f->err.text, rows[i].named))
			fail_msg("%s: %s", rows[i].text, f->err.text);
		if (rows[i].back)
			run_sql(f, rows[i].back);
	}
	au_store_close(store);
}

/* ---- upkeep ---- */

static int
put_value(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_meta_put(tx, arg, "value", err);
}

static void
log_is_folded_back_while_nobody_writes(void **state)
{
	struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/apiuserd.db", f->path);
	struct au_store *store = open_store(f, NULL, NULL);
	char name[] = "a name that nothing else bears";
	assert_ok(f, au_store_run(store, put_value, name, &f->err));
	for (int tries = 0; tries < 600 && !is_in_file(f, "apiuserd.db", name); tries++)
		usleep(50000);
	assert_true(is_in_file(f, "apiuserd.db", name));
	au_store_close(store);
}

#define SQLITE_TX_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
#define SQLITE_FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_folder, tear_down_folder)
static const struct CMUnitTest sqlite[] = {
	SQLITE_TX_TEST(every_statement_has_a_text_that_prepares),
	SQLITE_TX_TEST(every_statement_that_writes_moves_the_stamp_of_its_table),
	SQLITE_TX_TEST(no_statement_walks_a_whole_table_unless_meant_to),
	SQLITE_TX_TEST(orders_are_read_from_indexes_alone),
	SQLITE_TX_TEST(writer_is_durable_and_careful),
	SQLITE_FOLDER_TEST(newer_schema_is_refused_and_left_alone),
	SQLITE_FOLDER_TEST(database_of_another_program_is_refused),
	SQLITE_FOLDER_TEST(file_that_is_no_database_is_refused),
	SQLITE_FOLDER_TEST(path_that_is_no_folder_is_refused),
	SQLITE_FOLDER_TEST(link_in_place_of_the_database_is_not_followed),
	SQLITE_FOLDER_TEST(files_are_private_whatever_the_umask),
	SQLITE_FOLDER_TEST(refused_opener_learns_who_has_the_store),
	SQLITE_FOLDER_TEST(taken_secret_leaves_no_trace_in_the_files),
	SQLITE_FOLDER_TEST(every_tampering_with_the_audit_chain_is_noticed),
	SQLITE_FOLDER_TEST(log_is_folded_back_while_nobody_writes),
};

int
main(void)
{
	return run_for_one_backend("sqlite", "sqlite", sqlite, AU_COUNT(sqlite));
}
