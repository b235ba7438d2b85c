/* SPDX-License-Identifier: ISC */
/* Readings and pushed changes: what they make of the store, and what they must leave alone. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#define PEOPLE AU_SEARCH_PEOPLE
#define GROUPS AU_SEARCH_GROUPS

/* Ten people a to j, of whom a, b and c are in group g. */
#define TEN "[" TEN_PEOPLE "]"
#define TEN_PEOPLE                                                                                                     \
	PERSON("a")                                                                                                    \
	"," PERSON("b") "," PERSON("c") "," PERSON("d") "," PERSON("e") "," PERSON("f") "," PERSON("g1") "," PERSON(   \
	    "h") "," PERSON("i") "," PERSON("j")
#define TEN_FACTS "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j"
#define ONE_GROUP "[" GROUP("g") "," MEMBERS("'uid=a','uid=b','uid=c'") "]"

static void
push(struct stage *stage, enum au_search search, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, search, AU_STEP_NONE, AU_READING_NONE, cookie, changes), 0);
}

static void
begin(struct stage *stage, enum au_search search, enum au_reading reading)
{
	assert_int_equal(stage_batch(stage, search, AU_STEP_BEGIN, reading, NULL, NULL), 0);
}

static void
end(struct stage *stage, enum au_search search, enum au_reading_step step, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, search, step, AU_READING_NONE, cookie, changes), 0);
}

static void
first_import_is_one_row_and_then_complete(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
	assert_string_equal(stage_trail(stage), "source.import source.import");
}

static void
reading_under_way_is_not_complete(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_RESUME);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=first groups=first");
	end(stage, PEOPLE, AU_STEP_KEEP, "second", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
}

static void
whole_reading_removes_who_was_not_seen(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_WHOLE);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
	push(stage, PEOPLE, NULL,
	    "[" PERSON("a") "," PERSON("b") ",{'op':'present','ids':['d','e','f','g1','h','i','j']}]");
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage),
	    "a:uid=a b:uid=b d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j | g(a,b,?uid=c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
}

static void
reading_broken_off_removes_nobody(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_WHOLE);
	push(stage, PEOPLE, NULL, "[" PERSON("a") "]");
	end(stage, PEOPLE, AU_STEP_VOID, NULL, NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
	stage_restart(stage);
	push(stage, PEOPLE, NULL, NULL);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
}

static void
removals_of_a_resumed_reading_go_with_its_end(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_RESUME);
	end(stage, PEOPLE, AU_STEP_KEEP, "second", "[{'op':'delete','ids':['j','never-seen']}]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
	assert_string_equal(stage_trail(stage), "source.import source.import entry.remove");
}

static void
id_of_the_other_search_is_not_removed(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	push(stage, PEOPLE, "second", "[{'op':'delete','ids':['g']}]");
	begin(stage, GROUPS, AU_READING_RESUME);
	end(stage, GROUPS, AU_STEP_KEEP, "second", "[{'op':'delete','ids':['a']}]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

static void
seen_and_then_named_as_removed_is_removed(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_RESUME);
	push(stage, PEOPLE, NULL, TEN);
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", "[{'op':'delete','ids':['j']}]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
}

static void
empty_answer_is_held(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" PERSON("a") "]", "[]");
	begin(stage, PEOPLE, AU_READING_WHOLE);
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), "a:uid=a |");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
}

static void
half_gone_is_held_until_seen_again(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_WHOLE);
	push(stage, PEOPLE, NULL, "[{'op':'present','ids':['a','b','c','d','e']}]");
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");

	/* Neither pushed removals nor cookies count meanwhile; what comes does. */
	push(stage, PEOPLE, "third", "[{'op':'delete','ids':['j']}," PERSON("k") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " k:uid=k | g(a,b,c)");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");

	begin(stage, PEOPLE, AU_READING_WHOLE);
	push(stage, PEOPLE, NULL, TEN);
	end(stage, PEOPLE, AU_STEP_SWEEP, "fourth", NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=fourth groups=first");
}

static void
doubt_outlives_the_process_and_a_reading_from_a_cookie(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_WHOLE);
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	stage_restart(stage);
	begin(stage, PEOPLE, AU_READING_RESUME);
	end(stage, PEOPLE, AU_STEP_KEEP, "third", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
}

static void
person_s_word_lifts_a_doubt_once(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage->is_approved[PEOPLE] = true;
	begin(stage, PEOPLE, AU_READING_WHOLE);
	push(stage, PEOPLE, NULL, "[{'op':'present','ids':['a']}]");
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), "a:uid=a | g(a,?uid=b,?uid=c)");
	assert_false(stage->is_approved[PEOPLE]);
	begin(stage, PEOPLE, AU_READING_WHOLE);
	end(stage, PEOPLE, AU_STEP_SWEEP, "third", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
}

static void
held_reading_removes_not_even_one(void **state)
{
	struct stage *stage = *state;
	static const char *const none = "[]", *const nine =
						  "[{'op':'present','ids':['a','b','c','d','e','f','g1','h','i']}]";

	stage_import(stage, TEN, ONE_GROUP);
	assert_int_equal(stage_meta(stage,
			     (struct au_source_batch){
				 .search = PEOPLE, .step = AU_STEP_BEGIN, .reading = AU_READING_WHOLE, .held = true },
			     &none, 1),
	    0);
	push(stage, PEOPLE, NULL, nine);
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");

	/* Nor does any later one, for the next daemon neither, until somebody says so. */
	stage_restart(stage);
	begin(stage, PEOPLE, AU_READING_WHOLE);
	push(stage, PEOPLE, NULL, nine);
	end(stage, PEOPLE, AU_STEP_SWEEP, "third", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	stage->is_approved[PEOPLE] = true;
	begin(stage, PEOPLE, AU_READING_WHOLE);
	push(stage, PEOPLE, NULL, nine);
	end(stage, PEOPLE, AU_STEP_SWEEP, "fourth", NULL);
	begin(stage, GROUPS, AU_READING_RESUME);
	end(stage, GROUPS, AU_STEP_KEEP, NULL, NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=fourth groups=first");
}

static void
present_id_that_is_unknown_pins_the_cookie(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_RESUME);
	push(stage, PEOPLE, NULL, TEN);
	push(stage, PEOPLE, NULL, "[{'op':'present','ids':['lost']}]");
	end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	push(stage, PEOPLE, "third", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
	begin(stage, PEOPLE, AU_READING_COMPARE);
	push(stage, PEOPLE, "fourth", NULL);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=first groups=first");
	assert_int_equal(
	    stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, "[" TEN_PEOPLE "," PERSON("lost") "]"),
	    0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	push(stage, PEOPLE, "fifth", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=1 people=fifth groups=first");
}

static void
compare_counts_what_nobody_told(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_COMPARE);
	push(stage, PEOPLE, "second", "[" PERSON("k") "]");
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL,
			     "[" PERSON("a") "," PERSON_NAMED("b", "uid=b2") "," PERSON(
				 "l") ","
				      "{'op':'present','ids':['c','d','e','f','g1','h','i']}]"),
	    0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	/* b is changed, l is new, j is gone; k was pushed. */
	assert_string_equal(stage_state(stage), "ok complete drift=3 people=second groups=first");
	assert_string_equal(stage_facts(stage),
	    "a:uid=a b:uid=b2 c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i k:uid=k l:uid=l | g(a,b,c)");
}

static void
compare_broken_off_decides_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, PEOPLE, AU_READING_COMPARE);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_VOID, AU_READING_COMPARE, NULL, NULL), 0);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

static void
batch_that_breaks_the_protocol_changes_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_NONE, "second",
			     "[" PERSON("k") ",{'op':'put','dn_norm':'uid=x','entry':{'id':'x'}}]"),
	    AU_EPROTO);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_NONE, "second", ONE_GROUP), AU_EPROTO);
	assert_int_equal(
	    stage_batch(stage, GROUPS, AU_STEP_NONE, AU_READING_NONE, "second", "[" MEMBERS("'uid=a'") "]"), AU_EPROTO);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_NONE, "second", NULL), AU_EPROTO);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

static void
link_decides_the_state_but_not_what_is_known(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage->link = (struct au_source_link){ .state = AU_LINK_STALE, .text = "away" };
	push(stage, PEOPLE, NULL, NULL);
	assert_string_equal(stage_state(stage), "stale complete drift=0 people=first groups=first");
	stage->link = (struct au_source_link){ .state = AU_LINK_QUARANTINE, .text = "refused" };
	push(stage, PEOPLE, NULL, NULL);
	assert_string_equal(stage_state(stage), "quarantine complete drift=0 people=first groups=first");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(first_import_is_one_row_and_then_complete),
		TEST(reading_under_way_is_not_complete),
		TEST(whole_reading_removes_who_was_not_seen),
		TEST(reading_broken_off_removes_nobody),
		TEST(removals_of_a_resumed_reading_go_with_its_end),
		TEST(id_of_the_other_search_is_not_removed),
		TEST(seen_and_then_named_as_removed_is_removed),
		TEST(empty_answer_is_held),
		TEST(half_gone_is_held_until_seen_again),
		TEST(doubt_outlives_the_process_and_a_reading_from_a_cookie),
		TEST(person_s_word_lifts_a_doubt_once),
		TEST(held_reading_removes_not_even_one),
		TEST(present_id_that_is_unknown_pins_the_cookie),
		TEST(compare_counts_what_nobody_told),
		TEST(compare_broken_off_decides_nothing),
		TEST(batch_that_breaks_the_protocol_changes_nothing),
		TEST(link_decides_the_state_but_not_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
