/* SPDX-License-Identifier: ISC */
/* What is SQLite's own: the plans of its statements, its files, its schema steps. */
#include "tests/store/help.h"

#include "base/str.h"
#include "store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const names[AU_STATEMENT_COUNT] = {
#define X(name) #name,
	AU_STATEMENTS(X)
#undef X
};

/* These are meant to look at every row, or at a table of a few. */
static const enum au_statement whole_table[] = {
	AU_SQL_SOURCE_LIST,
	AU_SQL_DIRTY_MARK_ENTRIES,
	AU_SQL_DIRTY_MARK_USERS,
	AU_SQL_DIRTY_OLDEST,
	AU_SQL_DIRTY_COUNT,
	AU_SQL_APIUSER_COUNT,
	AU_SQL_STEP_LIST,
	AU_SQL_AUDIT_HEAD,
	AU_SQL_AUDIT_WALK,
	AU_SQL_TOKEN_LIST,
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
		if (!au_sqlite_texts[i])
			fail_msg("%s has no text", names[i]);
		if (sqlite3_prepare_v2(f->connection->db, au_sqlite_texts[i], -1, &stmt, NULL) != SQLITE_OK)
			fail_msg("%s: %s", names[i], sqlite3_errmsg(f->connection->db));
		sqlite3_finalize(stmt);
	}
}

static void
no_statement_walks_a_whole_table_unless_meant_to(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < AU_STATEMENT_COUNT; i++) {
		const char *plan = explain(f, au_sqlite_texts[i]);
		/* What was found so far, and what a sub-query has limited, may be scanned. */
		for (const char *at = plan; (at = strstr(at, "SCAN ")); at++)
			if (!may_scan(i) && strncmp(at, "SCAN inner_group", 16) != 0 &&
			    strncmp(at, "SCAN (subquery", 14) != 0 && strncmp(at, "SCAN CONSTANT ROW", 17) != 0)
				fail_msg("%s: %s", names[i], plan);
	}
}

static const struct CMUnitTest sqlite[] = {
	cmocka_unit_test_setup_teardown(every_statement_has_a_text_that_prepares, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(no_statement_walks_a_whole_table_unless_meant_to, set_up_tx, tear_down_tx),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(sqlite);
}
