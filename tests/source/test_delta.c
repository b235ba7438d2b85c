/* SPDX-License-Identifier: ISC */
/* Changes of a large group: what they do to its members, and what they must not do. */
#include "tests/unit.h"

#include "source/members.h"
#include "tests/source/stage.h"

static void
push(struct stage *stage, const char *changes)
{
	assert_int_equal(stage_batch(stage, AU_SEARCH_GROUPS, AU_STEP_NONE, AU_READING_NONE, "next", changes), 0);
}

static void
who_joins_and_leaves_is_all_that_moves(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	push(stage, "[" GROUP("g") "," DELTA("g", "'uid=d'", "'uid=b'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,c,d)");
	push(stage, "[" GROUP("g") "," DELTA("g", "", "") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,c,d)");
	assert_false(au_map_has(stage->last->rereads, "g"));
	/* Once more is nothing more; but who says so was told otherwise. */
	push(stage, "[" GROUP("g") "," DELTA("g", "'uid=d'", "'uid=b'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,c,d)");
	assert_false(stage->last->changed);
	assert_true(au_map_has(stage->last->rereads, "g"));
	assert_string_equal(stage_trail(stage), "source.import source.import group.members");
}

static void
unknown_name_waits_and_leaves_as_a_name(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	push(stage, "[" GROUP("g") "," DELTA("g", "'uid=x'", "") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c,?uid=x)");
	push(stage, "[" GROUP("g") "," DELTA("g", "", "'uid=x'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

/* The group is told of a rename before the person. */
static void
nobody_leaves_before_a_new_name_is_looked_up(void **state)
{
	static const char renamed[] = "[" GROUP("g") "," DELTA("g", "'uid=b2'", "'uid=b'") "]";
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	push(stage, renamed);
	assert_int_equal(stage->last->applied, 0);
	assert_int_equal(stage->last->question_count, 1);
	assert_string_equal(stage->last->questions[0], "uid=b2");
	stage_answer(stage, "uid=b2", AU_LOOKUP_FOUND, "{'source':'s','id':'b','kind':'person','dn':'uid=b2'}");
	push(stage, renamed);
	assert_int_equal(stage->last->applied, 1);
	assert_string_equal(stage_facts(stage),
	    "a:uid=a b:uid=b2 c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j | g(a,b,c)");
}

/* The directory renamed somebody in the group, and told nobody. */
static void
who_was_renamed_unseen_makes_the_group_be_read(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	assert_int_equal(stage_batch(stage, AU_SEARCH_PEOPLE, AU_STEP_NONE, AU_READING_NONE, "next",
			     "[" PERSON_NAMED("b", "uid=b2") "]"),
	    0);
	push(stage, "[" GROUP("g") "," DELTA("g", "", "'uid=b'") "]");
	assert_string_equal(au_map_get(stage->last->rereads, "g"), "cn=g");
}

static void
nobody_leaves_while_the_directory_would_not_say(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_answer(stage, "uid=b2", AU_LOOKUP_UNKNOWN, NULL);
	push(stage, "[" GROUP("g") "," DELTA("g", "'uid=b2'", "'uid=b'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c,?uid=b2)");
	assert_true(stage->now.searches[AU_SEARCH_GROUPS].is_pinned);
}

/* A change of a list that we do not have is no list. */
static void
change_of_an_unknown_group_asks_for_all_of_it(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	push(stage, "[" GROUP("k") "," DELTA("k", "'uid=d'", "") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c) k()");
	assert_string_equal(au_map_get(stage->last->rereads, "k"), "cn=k");
	assert_true(stage->now.searches[AU_SEARCH_GROUPS].is_pinned);
}

static void
change_of_another_group_breaks_the_protocol(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	assert_int_equal(stage_batch(stage, AU_SEARCH_GROUPS, AU_STEP_NONE, AU_READING_NONE, "next",
			     "[" GROUP("g") "," DELTA("k", "", "'uid=a'") "]"),
	    AU_EPROTO);
	assert_int_equal(stage_batch(stage, AU_SEARCH_GROUPS, AU_STEP_NONE, AU_READING_NONE, "next",
			     "[" DELTA("g", "", "'uid=a'") "]"),
	    AU_EPROTO);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_joins_and_leaves_is_all_that_moves),
		TEST(unknown_name_waits_and_leaves_as_a_name),
		TEST(nobody_leaves_before_a_new_name_is_looked_up),
		TEST(who_was_renamed_unseen_makes_the_group_be_read),
		TEST(nobody_leaves_while_the_directory_would_not_say),
		TEST(change_of_an_unknown_group_asks_for_all_of_it),
		TEST(change_of_another_group_breaks_the_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
