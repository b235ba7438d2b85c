/* SPDX-License-Identifier: ISC */
/* Union and comparison of rights. */
#include "reconcile/rights.h"

#include "tests/unit.h"

static void
union_is_sorted_and_keeps_the_first_scalar(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *out = NULL;

	(void)state;
	assert_int_equal(au_rights_union(arena, "{\"roles\":[13,2],\"auto\":true}",
			     "{\"roles\":[2,7],\"auto\":false,\"extra\":\"x\"}", &out, NULL),
	    0);
	assert_string_equal(out, "{\"auto\":true,\"extra\":\"x\",\"roles\":[2,7,13]}");
	assert_int_equal(au_rights_union(arena, NULL, "{\"roles\":[\"b\",\"a\"]}", &out, NULL), 0);
	assert_string_equal(out, "{\"roles\":[\"a\",\"b\"]}");
}

static void
union_refuses_what_is_no_object(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *out = "untouched";
	struct au_err err = { 0 };

	(void)state;
	assert_int_equal(au_rights_union(arena, "[1]", NULL, &out, &err), AU_EINVAL);
	assert_string_equal(out, "untouched");
}

static void
order_does_not_count_but_content_does(void **state)
{
	(void)state;
	assert_true(au_rights_satisfied("{\"roles\":[1,2]}", "{\"roles\":[2,1],\"more\":5}"));
	assert_false(au_rights_satisfied("{\"roles\":[1,2]}", "{\"roles\":[1,2,3]}"));
	assert_false(au_rights_satisfied("{\"roles\":[1,2]}", "{\"roles\":[1]}"));
	assert_false(au_rights_satisfied("{\"auto\":true}", "{}"));
	assert_false(au_rights_satisfied("{\"auto\":true}", NULL));
}

static void
taking_away_is_recognised(void **state)
{
	(void)state;
	assert_true(au_rights_removes("{\"roles\":[1,2]}", "{\"roles\":[1]}"));
	assert_false(au_rights_removes("{\"roles\":[1]}", "{\"roles\":[1,2]}"));
	assert_true(au_rights_removes("{\"auto\":true}", "{\"auto\":false}"));
	assert_false(au_rights_removes("{\"roles\":[]}", "{}"));
}

static void
what_is_lost_can_be_told_by_who_gave_it(void **state)
{
	static const struct {
		const char *there, *wanted, *given;
		bool loses;
	} rows[] = {
		{ "{\"roles\":[1,2]}", "{\"roles\":[1]}", "{\"roles\":[2]}", true },
		{ "{\"roles\":[1,2]}", "{\"roles\":[1]}", "{\"roles\":[1]}", false },
		{ "{\"roles\":[1,2]}", "{\"roles\":[1]}", "{\"other\":[2]}", false },
		{ "{\"roles\":[1,2]}", "{\"roles\":[1]}", NULL, false },
		{ "{\"roles\":[1]}", "{\"roles\":[1,2]}", "{\"roles\":[2]}", false },
		{ "{\"admin\":true}", "{\"admin\":false}", "{\"admin\":true}", true },
		{ "{\"admin\":true}", "{\"admin\":false}", "{\"admin\":false}", false },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		assert_int_equal(au_rights_loses(rows[i].there, rows[i].wanted, rows[i].given), rows[i].loses);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(union_is_sorted_and_keeps_the_first_scalar),
		cmocka_unit_test(union_refuses_what_is_no_object),
		cmocka_unit_test(order_does_not_count_but_content_does),
		cmocka_unit_test(taking_away_is_recognised),
		cmocka_unit_test(what_is_lost_can_be_told_by_who_gave_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
