/* SPDX-License-Identifier: ISC */
/* What holds removals: too many at once or slowly, a canary that is lost, a server that is older; and what lifts it. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#include "base/clock.h"

#include <string.h>

#define PEOPLE AU_SEARCH_PEOPLE
#define GROUPS AU_SEARCH_GROUPS

static void
group_that_is_emptied_by_a_reading_is_held(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, GROUPS, "[" GROUP("g") "]");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=first groups=-");
	stage_read_whole(stage, GROUPS, "[" GROUP("g") "," MEMBERS("'uid=a','uid=d'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c,d)");
	assert_string_equal(stage_missing(stage), "g/b g/c");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=next");
	stage_read_whole(stage, GROUPS, "[" GROUP("g") "]");
	stage->approved[GROUPS] = 3;
	stage_read_whole(stage, GROUPS, "[" GROUP("g") "]");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=first groups=-");
	stage->approved[GROUPS] = 4;
	stage_read_whole(stage, GROUPS, "[" GROUP("g") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g()");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=next");
}

static void
push_that_takes_too_many_from_a_group_is_held(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN,
	    "[" GROUP("g") "," MEMBERS("'uid=a','uid=b','uid=c','uid=d','uid=e','uid=f','uid=g1','uid=h'") "]");
	stage_push(stage, GROUPS, "second", "[" GROUP("g") "," MEMBERS("'uid=a','uid=b','uid=j'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c,d,e,f,g1,h,j)");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=first groups=-");
	assert_string_equal(stage_missing(stage), "g/c g/d g/e g/f g/g1 g/h");
}

static void
slow_bleeding_is_noticed(void **state)
{
	struct stage *stage = *state;
	static const char *const ids[] = { "a", "b", "c", "d" };

	stage_import(stage, TEN, ONE_GROUP);
	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		AU_CLEANUP(au_freep) char *gone = au_xasprintf("[{'op':'delete','ids':['%s']}]", ids[i]);
		stage_push(stage, PEOPLE, "more", gone);
		assert_string_equal(stage_state(stage), "ok complete drift=0 people=more groups=first");
	}
	stage_restart(stage);
	stage_push(stage, PEOPLE, "last", "[{'op':'delete','ids':['e']}]");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
	assert_non_null(strstr(stage_facts(stage), "e:uid=e f:uid=f"));
	assert_string_equal(stage_missing(stage), "e");
}

static void
what_left_long_ago_does_not_add_up(void **state)
{
	struct stage *stage = *state;
	static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g1" };

	au_clock_fake_set(1000000000000, 1000);
	stage_import(stage, TEN, ONE_GROUP);
	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		AU_CLEANUP(au_freep) char *gone = au_xasprintf("[{'op':'delete','ids':['%s']}]", ids[i]);
		stage_push(stage, PEOPLE, "more", gone);
		au_clock_fake_advance(stage->trust.removals_window / 3);
	}
	au_clock_real();
	assert_string_equal(stage_facts(stage), "h:uid=h i:uid=i j:uid=j | g(?uid=a,?uid=b,?uid=c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=more groups=first");
}

/* Ten groups that each lose one: none loses many, all together do. */
static void
members_that_bleed_from_many_groups_are_noticed(void **state)
{
	struct stage *stage = *state;
	AU_CLEANUP(au_str_done) struct au_str groups = AU_STR_INIT;

	for (int i = 0; i < 10; i++)
		au_str_printf(&groups,
		    "%s{'op':'put','dn_norm':'cn=g%d','entry':{'source':'s','id':'t%d','kind':'group','dn':'cn=g%d'}},"
		    "{'op':'members','members':['uid=a','uid=b']}",
		    i > 0 ? "," : "[", i, i, i);
	au_str_putc(&groups, ']');
	stage_import(stage, TEN, au_str_get(&groups));
	for (int i = 0; i < 10; i++) {
		AU_CLEANUP(au_freep)
		char *less = au_xasprintf(
		    "[{'op':'put','dn_norm':'cn=g%d','entry':{'source':'s','id':'t%d','kind':'group','dn':'cn=g%d'}},"
		    "{'op':'members','members':['uid=a']}]",
		    i, i, i);
		stage_push(stage, GROUPS, "more", less);
	}
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=first groups=-");
	assert_non_null(strstr(stage_facts(stage), " t4(a) t5(a,b) "));
}

static void
lost_canary_holds_removals(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	json_array_append_new(stage->trust.canaries[PEOPLE], json_string("UID=C"));
	json_array_append_new(stage->trust.canaries[PEOPLE], json_string("d"));
	stage_read_whole(stage, PEOPLE, NINE);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
	stage_push(stage, PEOPLE, NULL, "[{'op':'delete','ids':['j']}," PERSON("k") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " k:uid=k | g(a,b,c)");
	/* What was removed by name meanwhile is missing from then on. */
	stage_read_whole(stage, PEOPLE, "[" TEN_PEOPLE "," PERSON("k") "]");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=next groups=first");
}

static void
canary_that_never_was_makes_the_first_reading_suspect(void **state)
{
	struct stage *stage = *state;

	json_array_append_new(stage->trust.canaries[GROUPS], json_string("cn=everybody"));
	stage_import(stage, TEN, ONE_GROUP);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=first groups=-");
}

static void
empty_answer_is_held(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" PERSON("a") "]", "[]");
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), "a:uid=a |");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
}

static void
half_gone_is_held_until_seen_again(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, "[{'op':'present','ids':['a','b','c','d','e']}]");
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");

	/* Neither pushed removals nor cookies count meanwhile; what comes does. */
	stage_push(stage, PEOPLE, "third", "[{'op':'delete','ids':['j']}," PERSON("k") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " k:uid=k | g(a,b,c)");
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");

	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, TEN);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "fourth", NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " k:uid=k | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "k");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=fourth groups=first");
}

static void
doubt_outlives_the_process_and_a_reading_from_a_cookie(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	stage_restart(stage);
	stage_begin(stage, PEOPLE, AU_READING_RESUME);
	stage_end(stage, PEOPLE, AU_STEP_KEEP, "third", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
}

static void
person_s_word_lifts_a_doubt_once(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage->approved[PEOPLE] = 10;
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, "[{'op':'present','ids':['a']}]");
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), "a:uid=a | g(a,?uid=b,?uid=c)");
	assert_int_equal(stage->approved[PEOPLE], AU_NOT_APPROVED);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "third", NULL);
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
	stage_push(stage, PEOPLE, NULL, nine);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");

	/* Nor does any later one, for the next daemon neither, until somebody says so. */
	stage_restart(stage);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, nine);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "third", NULL);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	stage->approved[PEOPLE] = 10;
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, nine);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "fourth", NULL);
	stage_begin(stage, GROUPS, AU_READING_RESUME);
	stage_end(stage, GROUPS, AU_STEP_KEEP, NULL, NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=fourth groups=first");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(group_that_is_emptied_by_a_reading_is_held),
		TEST(push_that_takes_too_many_from_a_group_is_held),
		TEST(slow_bleeding_is_noticed),
		TEST(what_left_long_ago_does_not_add_up),
		TEST(members_that_bleed_from_many_groups_are_noticed),
		TEST(lost_canary_holds_removals),
		TEST(canary_that_never_was_makes_the_first_reading_suspect),
		TEST(empty_answer_is_held),
		TEST(half_gone_is_held_until_seen_again),
		TEST(doubt_outlives_the_process_and_a_reading_from_a_cookie),
		TEST(person_s_word_lifts_a_doubt_once),
		TEST(held_reading_removes_not_even_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
