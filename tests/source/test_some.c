/* SPDX-License-Identifier: ISC */
/* Lists of members that are known not to be whole: whoever is named joins, and nobody leaves. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#define SOME(members) "{'op':'some','group':'g','members':[" members "]}"

static void
nobody_leaves_by_a_part_that_is_pushed(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, AU_SEARCH_GROUPS, "next", "[" GROUP("g") "," SOME("'uid=d','uid=x'") "]");
	assert_int_equal(stage->last->question_count, 0);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c,d,?uid=x)");
	assert_string_equal(stage_trail(stage), "source.import source.import group.members");
	/* Again, it is nothing new. */
	stage_push(stage, AU_SEARCH_GROUPS, "next", "[" GROUP("g") "," SOME("'uid=d'") "]");
	assert_false(stage->last->changed);
}

/* However often everything is read. */
static void
nobody_leaves_by_parts_within_readings(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	for (int i = 0; i < 3; i++)
		stage_read_whole(stage, AU_SEARCH_GROUPS, "[" GROUP("g") "," SOME("'uid=a'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_int_equal(stage->now.searches[AU_SEARCH_GROUPS].missing, 0);
}

/* One that is new is no reason to read all anew. */
static void
new_group_may_wait_for_its_members(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, "[]");
	stage_push(stage, AU_SEARCH_GROUPS, "next", "[" GROUP("g") "," SOME("") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g()");
	assert_false(stage->now.searches[AU_SEARCH_GROUPS].is_pinned);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_leaves_by_a_part_that_is_pushed, stage_set_up, stage_tear_down),
		cmocka_unit_test_setup_teardown(nobody_leaves_by_parts_within_readings, stage_set_up, stage_tear_down),
		cmocka_unit_test_setup_teardown(new_group_may_wait_for_its_members, stage_set_up, stage_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
