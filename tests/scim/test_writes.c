/* SPDX-License-Identifier: ISC */
/* How many pages a change of one resource writes: an index that it has no business in shows as a page more. */
#include "tests/scim/serve.h"

#include "store/job.h"
#include "store/sqlite.h"

#define USERS 400 /* so that no table is a single page */
#define ROUNDS 20

/* Pages that the writer has put into the log so far; asked for on its own thread. */
static int
count_pages(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	int peak;

	(void)err;
	return sqlite3_db_status(tx->connection->db, SQLITE_DBSTATUS_CACHE_WRITE, arg, &peak, 0) == SQLITE_OK ? 0
													      : AU_EBUG;
}

static int
pages_so_far(struct serve *s)
{
	struct au_err err;
	int pages = 0;

	if (au_store_run(s->store, count_pages, &pages, &err) != 0)
		fail_msg("%s", err.text);
	return pages;
}

static const char *
make_one(struct serve *s, int i)
{
	struct answer answer = check(s, "POST", "/Users",
	    au_arena_printf(s->arena,
		"{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'userName':'user-%d@apps.example',"
		"'externalId':'E-%d','name':{'formatted':'Application Number %d','givenName':'Application',"
		"'familyName':'Number %d'},'displayName':'Application Number %d','emails':[{'value':"
		"'user-%d@apps.example','type':'work','primary':true}],'title':'%0600d'}",
		i, i, i, i, i, i, i),
	    201, NULL);

	return text_of(&answer, "id");
}

static void
patch(struct serve *s, const char *id, const char *path, const char *value)
{
	check(s, "PATCH", path_of(s, "/Users", id),
	    au_arena_printf(s->arena,
		"{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':[{'op':'replace',"
		"'path':'%s','value':%s}]}",
		path, value),
	    200, NULL);
}

/*
 * Whatever is changed: the resource, its two places in the order by time and their counts, the entry, the key that is
 * to be looked at (here it is from the creation on), the row of the audit, its place by object, and its head.
 */
static const struct {
	const char *path, *value; /* NULL: a new one each time */
	double most;
} rows[] = {
	{ "active", "false", 8.5 },
	{ "preferredLanguage", NULL, 7.5 }, /* no part of the entry */
	{ "displayName", NULL, 10.5 },      /* with two places among its values, and their counts */
	{ "userName", NULL, 12.5 },
};

static void
a_change_writes_what_it_changes(void **state)
{
	struct serve *s = *state;
	const char *ids[USERS];

	for (int i = 0; i < USERS; i++)
		ids[i] = make_one(s, i);
	for (size_t row = 0; row < AU_COUNT(rows); row++) {
		int before = pages_so_far(s);
		double pages;

		for (int i = 0; i < ROUNDS; i++)
			patch(s, ids[i * 7919 % USERS], rows[row].path,
			    rows[row].value != NULL ? rows[row].value : au_arena_printf(s->arena, "'new-%d'", i));
		pages = (pages_so_far(s) - before) / (double)ROUNDS;
		if (pages > rows[row].most)
			fail_msg("%s: %.2f pages, more than %.2f", rows[row].path, pages, rows[row].most);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_change_writes_what_it_changes, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
