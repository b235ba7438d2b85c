/* SPDX-License-Identifier: ISC */
/* What a page of a list costs in a big store, counted in steps of SQLite's virtual machine: no page reads everything.
 */
#include "tests/scim/serve.h"

#include "scim/index.h"
#include "store/job.h"
#include "store/resource.h"
#include "store/sqlite.h"

#include <poll.h>
#include <stdatomic.h>

#define MANY 20000
#define STEPS 100

static atomic_llong steps;

static int
count_steps(void *ctx)
{
	(void)ctx;
	atomic_fetch_add(&steps, STEPS);
	return 0;
}

static void
watch(struct serve *s)
{
	for (size_t i = 0; i < AU_STORE_READERS; i++)
		sqlite3_progress_handler(s->store->readers[i]->db, STEPS, count_steps, NULL);
	sqlite3_progress_handler(s->store->point->db, STEPS, count_steps, NULL);
}

static int
fill(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	int rc = 0;

	(void)arg;
	for (int i = 0; rc == 0 && i < MANY; i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp)
		json_t *doc = json_pack("{so, ss, ss, ss, s[{ss, ss}]}", "schemas",
		    json_pack("[s]", "urn:ietf:params:scim:schemas:core:2.0:User"), "id",
		    au_arena_printf(arena, "id-%05d", i), "userName", au_arena_printf(arena, "user-%05d", i),
		    "displayName", au_arena_printf(arena, "Name %05d", MANY - i), "emails", "value",
		    au_arena_printf(arena, "m%d@x.example", i), "type", "work");
		AU_CLEANUP(au_freep) char *text = au_json_text(doc);
		struct au_resource resource = { .id = au_json_get_str(doc, "id"),
			.client = "okta",
			.type = "User",
			.name_fold = au_json_get_str(doc, "userName"),
			.external_id = au_arena_printf(arena, "E-%05d", i),
			.doc = text,
			.version = 1,
			.created_ms = 1000 * i,
			.modified_ms = 1000 * i };

		rc = au_store_resource_insert(tx, &resource, err);
		if (rc == 0)
			rc = au_index_put(tx, arena, &au_type_user, &resource, NULL, doc, err);
	}
	return rc;
}

#define DEEP 24000
/* A page of five resources shows in some hundred steps; a row that is passed over in an index costs up to eight. */
static const struct {
	const char *query;
	long long most;
	const char *want;
} rows[] = {
	{ "", 2000, "{'totalResults':20000}" },
	{ "?startIndex=19001", 8000, "{'totalResults':20000,'startIndex':19001,'itemsPerPage':5}" },
	{ "?cursor", 2000, "{'totalResults':20000,'itemsPerPage':5}" },
	{ "?filter=userName+eq+%22user-07000%22", 1000, "{'totalResults':1}" },
	{ "?filter=externalId+eq+%22E-07000%22", 1000, "{'totalResults':1}" },
	{ "?filter=emails+eq+%22M7000@x.example%22", 1000, "{'totalResults':1}" },
	{ "?filter=emails[type+eq+%22work%22+and+value+eq+%22M7000@x.example%22]", 1000, "{'totalResults':1}" },
	{ "?filter=displayName+sw+%22name%200712%22", 2000, "{'totalResults':10}" },
	{ "?filter=displayName+sw+%22name%200712%22+and+title+pr", 2000, "{'totalResults':0}" },
	{ "?filter=meta.lastModified+gt+%221970-01-01T05:33:00Z%22", 2000, "{'totalResults':19}" },
	{ "?filter=userName+eq+%22user-07000%22+or+emails+eq+%22m8@x.example%22", 1500, "{'totalResults':2}" },
	/* however deep: what is passed over is counted, but for a few runs of a thousand values at most */
	{ "?filter=userName+sw+%22user%22&startIndex=19001", DEEP,
	    "{'totalResults':20000,'Resources':[{'userName':'user-19000'},{},{},{},{}]}" },
	{ "?filter=userName+pr&startIndex=19001", DEEP, "{'totalResults':20000,'itemsPerPage':5}" },
	{ "?filter=meta.lastModified+gt+%221970-01-01T00:00:00Z%22&startIndex=19001", DEEP,
	    "{'totalResults':19999,'Resources':[{'userName':'user-19001'},{},{},{},{}]}" },
	{ "?filter=meta.lastModified+gt+%221970-01-01T00:00:00Z%22&sortBy=meta.lastModified&sortOrder=descending", DEEP,
	    "{'totalResults':19999,'Resources':[{'userName':'user-19999'},{},{},{},{}]}" },
	{ "?sortBy=userName&startIndex=19001", DEEP,
	    "{'totalResults':20000,'Resources':[{'userName':'user-19000'},{},{},{},{}]}" },
	{ "?sortBy=userName&sortOrder=descending&startIndex=10001", DEEP,
	    "{'totalResults':20000,'Resources':[{'userName':'user-09999'},{},{},{},{}]}" },
	{ "?sortBy=meta.created&startIndex=10001", DEEP,
	    "{'totalResults':20000,'Resources':[{'userName':'user-10000'},{},{},{},{}]}" },
	{ "?sortBy=displayName&sortOrder=descending", 2000,
	    "{'totalResults':20000,'Resources':[{'userName':'user-00000'},{},{},{},{}]}" },
	/* nobody has a value */
	{ "?sortBy=name.familyName&startIndex=15001", DEEP,
	    "{'totalResults':20000,'Resources':[{'userName':'user-15000'},{},{},{},{}]}" },
	{ "?cursor&filter=userName+sw+%22user%22", DEEP, "{'totalResults':20000,'itemsPerPage':5}" },
	/* by cursor, a filter without an index stops where the page is full */
	{ "?cursor&filter=userName+co+%22user%22", 2000, "{'itemsPerPage':5}" },
	{ "?cursor&filter=userName+co+%227%22&count=5", 3000, "{'itemsPerPage':5}" },
	{ "?cursor&sortBy=userName", 3000, "{'totalResults':20000,'itemsPerPage':5}" },
};

static long long
cost_of(struct serve *s, const char *query, const char *want)
{
	atomic_store(&steps, 0);
	check(s, "GET", au_arena_printf(s->arena, "/Users%s", query), NULL, 200, want);
	return atomic_load(&steps);
}

static void
no_page_reads_the_whole_table(void **state)
{
	struct serve *s = *state;
	struct au_err err;
	const char *first = make_user(s, "first"); /* behind what marks the index as whole */

	check(s, "DELETE", path_of(s, "/Users", first), NULL, 204, NULL);
	if (au_store_run(s->store, fill, NULL, &err) != 0)
		fail_msg("%s", err.text);
	watch(s);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		long long cost = cost_of(s, rows[i].query, rows[i].want);

		if (cost > rows[i].most)
			fail_msg("%s: %lld steps, more than %lld", rows[i].query, cost, rows[i].most);
	}
	/* the count itself works: this one has to read all */
	assert_true(cost_of(s, "?filter=title+pr&count=0", "{'totalResults':0}") > 10LL * MANY);
}

/* One value of as many resources as a client likes is no reason to keep the others waiting. */
static int
same_values(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	int rc = 0;

	(void)arg;
	for (int i = 0; rc == 0 && i < 150; i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_resource resource = { .id = au_arena_printf(arena, "same-%d", i),
			.client = "okta",
			.type = "User",
			.name_fold = au_arena_printf(arena, "same-%d", i),
			.external_id = "same",
			.doc = au_arena_printf(arena,
			    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"id\":\"same-%d\","
			    "\"externalId\":\"same\",\"userName\":\"same-%d\"}",
			    i, i),
			.version = 1 };

		rc = au_store_resource_insert(tx, &resource, err);
	}
	return rc;
}

static void
what_many_share_is_read_by_another_thread(void **state)
{
	struct serve *s = *state;
	unsigned long long few, many;
	struct au_err err;

	if (au_store_run(s->store, same_values, NULL, &err) != 0)
		fail_msg("%s", err.text);
	check(s, "GET", "/Users?count=1", NULL, 200, NULL); /* the token is known by then */
	few = reads_of(s, "/Users?filter=externalId+eq+%22none%22", "{'totalResults':0}");
	many = reads_of(s, "/Users?filter=externalId+eq+%22same%22&startIndex=149",
	    "{'totalResults':150,'itemsPerPage':2,'Resources':[{'userName':'same-148'},{'userName':'same-149'}]}");
	assert_int_equal(many, few + 1); /* begun on the loop, and given away */
}

/* ---- reads that look at everything ---- */

#define SCAN "/Users?filter=title+pr&count=0"

static void
fill_store(struct serve *s)
{
	struct au_err err;

	make_user(s, "first"); /* behind what marks the index as whole */
	if (au_store_run(s->store, fill, NULL, &err) != 0)
		fail_msg("%s", err.text);
}

static bool
is_answered(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0;
}

static void
scans_leave_others_their_turn(void **state)
{
	struct serve *s = *state;
	int scans[3];
	struct answer answer;

	fill_store(s);
	for (size_t i = 0; i < AU_COUNT(scans); i++)
		scans[i] = ask_begin(s, "okta", "", "GET", SCAN, NULL);
	/* a page is for a reader thread, too; the second scan has to wait for the end of the first one */
	check(s, "GET", "/Users?startIndex=19001", NULL, 200, "{'totalResults':20001,'itemsPerPage':5}");
	check(s, "GET", "/Users?sortBy=userName", NULL, 200, "{'itemsPerPage':5}");
	assert_false(is_answered(scans[1]));
	for (size_t i = 0; i < AU_COUNT(scans); i++) {
		answer = ask_end(s, scans[i]);
		expect(&answer, 200, s, "{'totalResults':0}");
	}
}

static void
scans_of_a_client_are_so_many_at_most(void **state)
{
	struct serve *s = *state;
	struct answer answer;
	int scans[2];

	s->more_scim = "max_scans = 2;";
	serve_reload(s, "");
	fill_store(s);
	for (size_t i = 0; i < AU_COUNT(scans); i++)
		scans[i] = ask_begin(s, "okta", "", "GET", SCAN, NULL);
	answer = ask(s, "okta", "GET", SCAN, NULL);
	expect(&answer, 429, s, "{'status':'429','scimType':null}");
	assert_string_equal(field_of(s, &answer, "Retry-After"), "1");
	assert_non_null(strstr(text_of(&answer, "detail"), "2 searches"));
	check(s, "GET", "/Users?filter=userName+eq+%22first%22", NULL, 200, "{'totalResults':1}");
	answer = ask(s, "entra", "GET", SCAN, NULL);
	expect(&answer, 200, s, "{'totalResults':0}");
	for (size_t i = 0; i < AU_COUNT(scans); i++) {
		answer = ask_end(s, scans[i]);
		expect(&answer, 200, s, "{'totalResults':0}");
	}
	check(s, "GET", "/Users?filter=title+pr&count=1", NULL, 200, "{'totalResults':0}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_page_reads_the_whole_table, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(scans_leave_others_their_turn, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(scans_of_a_client_are_so_many_at_most, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(what_many_share_is_read_by_another_thread, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
