/* SPDX-License-Identifier: ISC */
/* What counts as moved between a decision and its call. */
#include "tests/unit.h"

#include "reconcile/fresh.h"

#include <string.h>

static const struct au_account decided_on = {
	.id = "our-mark",
	.login = "crm",
	.state = AU_ACCOUNT_PRESENT,
	.remote_id = "17",
	.rights = "{\"roles\":[\"run\"]}",
	.active = 1,
};

static void
only_what_a_step_rests_on_counts_as_moved(void **state)
{
	static const struct {
		struct au_target_account now;
		const char *moved; /* NULL: it has not */
	} rows[] = {
		{ { .login = "crm", .mark = "our-mark", .active = 1, .rights = "{\"roles\":[\"run\"]}" }, NULL },
		{ { .login = "crm", .active = 1 }, NULL },
		{ { .login = "crm", .active = -1, .version = "99", .label = "Other" }, NULL },
		{ { .login = "crm", .mark = "other", .active = 1 }, "mark 'other'" },
		{ { .login = "crm2", .active = 1 }, "login is 'crm2'" },
		{ { .login = "crm", .active = 0 }, "is inactive" },
		{ { .login = "crm", .active = 1, .rights = "{\"roles\":[]}" }, "rights are {\"roles\":[]}" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		const char *moved = au_fresh_moved(arena, &decided_on, &rows[i].now);
		if (rows[i].moved ? moved == NULL || strstr(moved, rows[i].moved) == NULL : moved != NULL)
			fail_msg("row %zu: %s", i, moved ? moved : "not moved");
	}
}

static void
adopted_accounts_bear_no_mark_of_ours(void **state)
{
	const struct au_target_account now = { .login = "crm", .mark = "made by hand", .active = 1 };
	struct au_account adopted = decided_on;

	(void)state;
	assert_true(au_fresh_is_foreign(&decided_on, &now));
	adopted.adoption = AU_ADOPTION_CONFIRMED;
	assert_false(au_fresh_is_foreign(&adopted, &now));
}

static void
only_changes_of_what_is_there_are_looked_at_before(void **state)
{
	struct au_account unknown = decided_on;

	(void)state;
	for (int op = AU_STEP_CREATE; op <= AU_STEP_RETIRE; op++) {
		bool due =
		    op != AU_STEP_CREATE && op != AU_STEP_LOOKUP && op != AU_STEP_RESET_SECRET && op != AU_STEP_RETIRE;
		assert_int_equal(au_fresh_is_due((enum au_step_op)op, &decided_on), due);
	}
	unknown.state = AU_ACCOUNT_UNKNOWN;
	assert_false(au_fresh_is_due(AU_STEP_DELETE, &unknown));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_a_step_rests_on_counts_as_moved),
		cmocka_unit_test(adopted_accounts_bear_no_mark_of_ours),
		cmocka_unit_test(only_changes_of_what_is_there_are_looked_at_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
