/* SPDX-License-Identifier: ISC */
/* sortBy and sortOrder. */
#include "tests/scim/help.h"

#include "scim/sort.h"

/* Whether a comes before (-1), after (1) or beside (0) b. */
static const struct {
	const char *by, *order, *a, *b;
	int cmp;
} rows[] = {
	{ "userName", NULL, "{'userName':'anna'}", "{'userName':'Bob'}", -1 },
	{ "userName", "descending", "{'userName':'anna'}", "{'userName':'Bob'}", 1 },
	{ "USERNAME", "Ascending", "{'userName':'BOB'}", "{'userName':'bob'}", 0 },
	{ "externalId", NULL, "{'externalId':'B'}", "{'externalId':'a'}", -1 },
	{ "name.familyName", NULL, "{'name':{'familyName':'a'}}", "{'name':{'familyName':'b'}}", -1 },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", NULL,
	    "{'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'department':'b'}}",
	    "{'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'department':'a'}}", 1 },
	/* of several values the primary one, else the first */
	{ "emails", NULL, "{'emails':[{'value':'z'},{'value':'a','primary':true}]}",
	    "{'emails':[{'value':'b'},{'value':'a'}]}", -1 },
	{ "emails.type", NULL, "{'emails':[{'type':'work'}]}", "{'emails':[{'type':'home'}]}", 1 },
	/* missing ones come last ascending and first descending */
	{ "title", NULL, "{}", "{'title':'x'}", 1 },
	{ "title", "descending", "{}", "{'title':'x'}", -1 },
	{ "title", NULL, "{}", "{}", 0 },
	{ "active", NULL, "{'active':false}", "{'active':true}", -1 },
	{ "meta.created", NULL, "{'meta':{'created':'2026-01-31T08:00:00+02:00'}}",
	    "{'meta':{'created':'2026-01-31T07:00:00Z'}}", -1 },
};

static void
order_follows_the_attribute(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_sort sort;
		struct au_sort_key a, b;
		struct au_fault fault;
		int cmp;

		if (au_sort_init(&au_type_user, rows[i].by, rows[i].order, &sort, &fault) != 0)
			fail_msg("%s: %s", rows[i].by, fault.detail);
		a = au_sort_key(arena, &sort, au_attr_path_get(&sort.path, json_of(arena, rows[i].a)));
		b = au_sort_key(arena, &sort, au_attr_path_get(&sort.path, json_of(arena, rows[i].b)));
		cmp = au_sort_compare(&sort, &a, &b);
		if ((cmp > 0) - (cmp < 0) != rows[i].cmp)
			fail_msg("row %zu, %s: %d", i, rows[i].by, cmp);
	}
}

static void
bad_orders_are_refused(void **state)
{
	static const char *const bad[][2] = { { "noSuchName", NULL }, { "name", NULL }, { "password", NULL },
		{ "userName", "up" }, { "", NULL }, { "addresses", NULL } };
	struct au_sort sort;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		struct au_fault fault = { AU_FAULT_NONE, "" };

		assert_int_equal(au_sort_init(&au_type_user, bad[i][0], bad[i][1], &sort, &fault), AU_EINVAL);
		assert_int_equal(fault.kind, AU_FAULT_INVALID_VALUE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_follows_the_attribute),
		cmocka_unit_test(bad_orders_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
