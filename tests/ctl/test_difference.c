/* SPDX-License-Identifier: ISC */
/* What a step changes, by tables of what was and what is wanted. */
#include "base/mem.h"
#include "ctl/difference.h"
#include "tests/unit.h"

static const struct row {
	const char *was, *want, *expected;
} rows[] = {
	/* A new account shows what it gets. */
	{ "null", "{\"login\":\"ann\",\"active\":false,\"rights\":{\"roles\":[\"run\",\"build\"],\"seat\":\"a\"}}",
	    "login: ann\nactive: no\nroles: [run, build]\nseat: a\n" },
	/* Of lists only what moves. */
	{ "{\"rights\":{\"roles\":[\"run\",\"audit\",\"look\"]}}",
	    "{\"rights\":{\"roles\":[\"build\",\"look\",\"run\",\"test\"]}}",
	    "roles: + build, test  - audit  (2 stay)\n" },
	{ "{\"rights\":{\"roles\":[\"run\"]}}", "{\"rights\":{\"roles\":[]}}", "roles: - run\n" },
	{ "{\"rights\":{\"roles\":[]}}", "{\"rights\":{\"roles\":[\"run\"]}}", "roles: + run\n" },
	{ "{\"rights\":{\"roles\":[1,2]}}", "{\"rights\":{\"roles\":[2,3]}}", "roles: + 3  - 1  (1 stays)\n" },
	{ "{\"rights\":{\"roles\":[\"a\",\"b\"]}}", "{\"rights\":{\"roles\":[\"b\",\"a\"]}}", "" },
	/* A list that comes or goes as a whole. */
	{ "{\"rights\":{\"old\":[\"a\"]}}", "{\"rights\":{\"new\":[\"b\"]}}", "old: [a] → -\nnew: - → [b]\n" },
	/* Single values. */
	{ "{\"active\":true}", "{\"active\":false}", "active: yes → no\n" },
	{ "{\"mail\":\"a@b\",\"label\":\"Ann\"}", "{\"mail\":\"c@d\"}", "mail: a@b → c@d\n" },
	{ "{}", "{\"mail\":\"c@d\"}", "mail: - → c@d\n" },
	{ "{\"rights\":{\"seat\":\"a\",\"same\":1}}", "{\"rights\":{\"seat\":\"b\",\"same\":1}}", "seat: a → b\n" },
	/* Rights that must be there anyway are no news. */
	{ "{\"active\":false,\"rights\":{\"roles\":[\"run\"]}}", "{\"active\":true,\"rights\":{\"roles\":[\"run\"]}}",
	    "active: no → yes\n" },
	{ "{\"active\":true}", "{}", "" },
};

static void
every_row(void **state)
{
	const struct au_wrap wrap = { 0, 0, 2, false, 0 };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *was = json_loads(rows[i].was, JSON_DECODE_ANY, NULL);
		AU_CLEANUP(au_json_decrefp) json_t *want = json_loads(rows[i].want, 0, NULL);
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		assert_non_null(was);
		assert_non_null(want);
		au_difference_put(&out, &wrap, was, want);
		assert_string_equal(au_str_get(&out), rows[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
