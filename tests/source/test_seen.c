/* SPDX-License-Identifier: ISC */
/* While all of a search is read, what is held is known in memory; nothing may tell the difference. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#define PEOPLE AU_SEARCH_PEOPLE

static void
push(struct stage *stage, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_NONE, cookie, changes), 0);
}

static void
begin(struct stage *stage, enum au_reading reading)
{
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_BEGIN, reading, NULL, NULL), 0);
}

static void
push_named_as_gone(struct stage *stage, const char *id)
{
	AU_CLEANUP(au_freep) char *change = au_xasprintf("[{'op':'delete','ids':['%s']}]", id);

	push(stage, "second", change);
}

/* While everything is compared, the store is not asked about each entry; what changes meanwhile is known all the same.
 */
static void
compare_knows_what_was_pushed_meanwhile(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, AU_READING_COMPARE);
	push_named_as_gone(stage, "j");
	push(stage, "third", "[" PERSON_NAMED("i", "uid=i2") "]");
	/* The page was read before; j came back, and i was named as it had been. */
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, TEN), 0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "");
	assert_string_equal(stage_state(stage), "ok complete drift=2 people=third groups=first");
}

/* What a round wrote and the store did not keep is not taken for written by the next. */
static void
round_that_fails_is_not_remembered(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, AU_READING_WHOLE);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_NONE, NULL,
			     "[" PERSON_NAMED("a", "uid=a2") "," PERSON("k") ",{'op':'put','dn_norm':'x'}]"),
	    AU_EPROTO);
	stage_restart(stage);
	begin(stage, AU_READING_WHOLE);
	push(stage, NULL, "[" PERSON_NAMED("a", "uid=a2") "," TEN_BUT_A "," PERSON("k") "]");
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_NONE, "next", NULL), 0);
	assert_string_equal(stage_facts(stage),
	    "a:uid=a2 b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j k:uid=k | g(a,b,c)");
}

/* Servers that name what is still there name all of it; enough of them, and the store is not asked for each. */
static void
ids_that_are_present_are_known_the_same_way(void **state)
{
	enum { REPEATS = 5000 };
	struct stage *stage = *state;
	struct au_str many = AU_STR_INIT;

	stage_import(stage, TEN, ONE_GROUP);
	begin(stage, AU_READING_RESUME);
	push(stage, NULL, "[" PERSON_NAMED("a", "uid=a2") "]");
	au_str_put(&many, "[{'op':'present','ids':[");
	for (int i = 0; i < REPEATS; i++)
		au_str_printf(&many, "%s'%c'", i > 0 ? "," : "", "bcdefhi"[i % 7]);
	au_str_put(&many, ",'g1']}]");
	push(stage, NULL, au_str_get(&many));
	assert_non_null(stage->seen[PEOPLE]);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_NONE, "second", NULL), 0);
	assert_null(stage->seen[PEOPLE]);
	assert_string_equal(stage_missing(stage), "j");
	assert_string_equal(stage_facts(stage),
	    "a:uid=a2 b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j | g(a,b,c)");
	au_str_done(&many);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(compare_knows_what_was_pushed_meanwhile),
		TEST(round_that_fails_is_not_remembered),
		TEST(ids_that_are_present_are_known_the_same_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
