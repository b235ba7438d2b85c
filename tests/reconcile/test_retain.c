/* SPDX-License-Identifier: ISC */
/* Which rights stay while a source cannot be believed. */
#include "tests/unit.h"

#include "reconcile/retain.h"

static const struct au_describe describe = { .product = "Fake", .caps = AU_CAP_SET_RIGHTS | AU_CAP_READ_RIGHTS };
static const struct au_target_block target = { .block.name = "room", .plugin = &describe, .describe = &describe };

static void
what_is_given_is_given_and_what_is_there_stays(void **state)
{
	static const struct {
		const char *there, *wanted, *kept; /* NULL: nothing would be taken away */
	} rows[] = {
		{ "{\"roles\":[\"a\",\"b\"]}", "{\"roles\":[\"b\",\"c\"]}", "{\"roles\":[\"a\",\"b\",\"c\"]}" },
		{ "{\"roles\":[\"a\"]}", "{\"roles\":[\"a\",\"b\"]}", NULL },
		{ "{\"roles\":[\"a\"]}", "{\"roles\":[\"a\"]}", NULL },
		{ "{\"auto\":true,\"roles\":[\"a\"]}", "{\"auto\":false,\"roles\":[\"a\",\"b\"]}",
		    "{\"auto\":true,\"roles\":[\"a\",\"b\"]}" },
		{ NULL, "{\"roles\":[]}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_account account = { .state = AU_ACCOUNT_PRESENT, .active = 1, .rights = rows[i].there };
		struct au_wanted wanted = { .wanted = true, .login = "ann", .rights = rows[i].wanted }, kept;

		assert_int_equal(au_retain_rights(arena, &target, &account, &wanted, &kept), rows[i].kept != NULL);
		if (rows[i].kept) {
			assert_string_equal(kept.rights, rows[i].kept);
			assert_string_equal(kept.login, "ann");
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_is_given_and_what_is_there_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
