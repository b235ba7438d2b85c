/* SPDX-License-Identifier: ISC */
/* Readings and pushed changes: what they make of the store, and what they must leave alone. */
#include "tests/unit.h"

#include "base/clock.h"
#include "tests/source/stage.h"

#include <string.h>

#define PEOPLE AU_SEARCH_PEOPLE
#define GROUPS AU_SEARCH_GROUPS

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
	stage_begin(stage, PEOPLE, AU_READING_RESUME);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=first groups=first");
	stage_end(stage, PEOPLE, AU_STEP_KEEP, "second", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
}

static void
who_is_missing_twice_is_removed(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
	stage_push(stage, PEOPLE, NULL, NINE);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "c");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
	stage_restart(stage);
	stage_read_whole(stage, PEOPLE, NINE);
	assert_string_equal(stage_facts(stage),
	    "a:uid=a b:uid=b d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j | g(a,b,?uid=c)");
	assert_string_equal(stage_missing(stage), "");
	assert_string_equal(stage_readings(stage),
	    "people whole complete -0 ?0 !0; groups whole complete -0 ?0 !0; people whole complete -0 ?1 !0; "
	    "people whole complete -1 ?0 !0");
}

static void
who_is_seen_again_was_never_gone(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, PEOPLE, NINE);
	stage_read_whole(stage, PEOPLE, TEN);
	assert_string_equal(stage_missing(stage), "");
	/* Once more, and again for the first time. */
	stage_read_whole(stage, PEOPLE, NINE);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "c");
}

/* The only answer of the last round, as "COUNT: ID ID..."; caller frees. */
static char *
unseen_of(const struct stage *stage)
{
	struct au_source_unseen unseen;
	struct au_str text = AU_STR_INIT;

	assert_int_equal(json_array_size(stage->last->unseen), 1);
	assert_int_equal(au_source_unseen_from_json(json_array_get(stage->last->unseen, 0), &unseen, NULL), 0);
	assert_int_equal(unseen.ask, 7);
	au_str_printf(&text, "%lld:", unseen.count);
	for (size_t i = 0; i < json_array_size(unseen.ids); i++)
		au_str_printf(&text, " %s", json_string_value(json_array_get(unseen.ids, i)));
	return au_str_take(&text);
}

static char *
ask_unseen(struct stage *stage, long long most)
{
	static const char *const none = "[]";

	assert_int_equal(
	    stage_meta(stage, (struct au_source_batch){ .search = PEOPLE, .ask = 7, .ask_most = most }, &none, 1), 0);
	return unseen_of(stage);
}

static void
reading_under_way_can_ask_whom_it_has_not_told_of(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_restart(stage);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, "[" PERSON("a") "," PERSON("c") "," PERSON("new") "]");
	stage_push(stage, PEOPLE, NULL, "[{'op':'present','ids':['d','e','f','g1','h']}]");
	AU_CLEANUP(au_freep) char *all = ask_unseen(stage, 10);
	assert_string_equal(all, "3: b i j");
	AU_CLEANUP(au_freep) char *some = ask_unseen(stage, 2);
	assert_string_equal(some, "3: b i");
	stage_push(stage, PEOPLE, NULL, "[{'op':'present','ids':['b','i','j']}]");
	AU_CLEANUP(au_freep) char *none = ask_unseen(stage, 10);
	assert_string_equal(none, "0:");
}

static void
reading_that_is_not_whole_confirms_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, PEOPLE, NINE);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, NINE);
	stage_end(stage, PEOPLE, AU_STEP_VOID, NULL, NULL);
	stage_begin(stage, PEOPLE, AU_READING_RESUME);
	stage_end(stage, PEOPLE, AU_STEP_KEEP, "third", NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

/* A referral in the answer, whatever the process made of it. */
static void
reading_that_contradicts_itself_removes_nobody(void **state)
{
	struct stage *stage = *state;
	static const char *const none = "[]";
	struct au_source_read read = {
		.kind = AU_READING_WHOLE, .way = "test", .verdict = AU_READ_COMPLETE, .referrals = 1
	};

	stage_import(stage, TEN, ONE_GROUP);
	for (int i = 0; i < 2; i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = au_source_read_to_json(&read);
		stage_begin(stage, PEOPLE, AU_READING_WHOLE);
		stage_push(stage, PEOPLE, NULL, NINE);
		assert_int_equal(
		    stage_meta(stage, (struct au_source_batch){ .search = PEOPLE, .step = AU_STEP_SWEEP, .read = json },
			&none, 1),
		    0);
	}
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "");
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
	assert_non_null(strstr(stage_readings(stage), "people whole partial -0 ?0 !0"));
}

static void
reading_overtaken_by_another_removes_nobody(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	for (int i = 0; i < 2; i++) {
		stage_begin(stage, PEOPLE, AU_READING_COMPARE);
		assert_int_equal(
		    stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, "[" PERSON("a") "]"), 0);
		stage_begin(stage, PEOPLE, AU_READING_RESUME);
		stage_end(stage, PEOPLE, AU_STEP_KEEP, "second", NULL);
		assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL,
				     "[{'op':'present','ids':['b','c','d','e','f','g1','h','i','j']}]"),
		    0);
		assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	}
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "");
}

static void
member_that_is_missing_twice_leaves(void **state)
{
	struct stage *stage = *state;
	static const char *const without_c = "[" GROUP("g") "," MEMBERS("'uid=a','uid=b'") "]";

	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, GROUPS, without_c);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_missing(stage), "g/c");
	stage_read_whole(stage, GROUPS, ONE_GROUP);
	assert_string_equal(stage_missing(stage), "");
	stage_read_whole(stage, GROUPS, without_c);
	stage_read_whole(stage, GROUPS, without_c);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b)");
	assert_string_equal(stage_missing(stage), "");
	/* What is pushed is real at once. */
	stage_push(stage, GROUPS, NULL, "[" GROUP("g") "," MEMBERS("'uid=a'") "]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a)");
}

static void
member_who_comes_back_between_two_readings_stays(void **state)
{
	struct stage *stage = *state;
	static const char *const without_c = "[" GROUP("g") "," MEMBERS("'uid=a','uid=b'") "]";

	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, GROUPS, without_c);
	stage_begin(stage, GROUPS, AU_READING_COMPARE);
	assert_int_equal(stage_batch(stage, GROUPS, AU_STEP_NONE, AU_READING_COMPARE, NULL, without_c), 0);
	stage_push(stage, GROUPS, NULL, ONE_GROUP);
	assert_int_equal(stage_batch(stage, GROUPS, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

static void
entry_that_comes_back_in_the_same_batch_stays(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, PEOPLE, "second", "[{'op':'delete','ids':['a','b']}," PERSON("a") "]");
	assert_string_equal(stage_facts(stage),
	    "a:uid=a c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j | g(a,c,?uid=b)");
}

static void
readings_are_kept_up_to_a_number(void **state)
{
	struct stage *stage = *state;

	stage->trust.reads_kept = 2;
	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, PEOPLE, TEN);
	stage_read_whole(stage, PEOPLE, NINE);
	assert_string_equal(stage_readings(stage),
	    "groups whole complete -0 ?0 !0; people whole complete -0 ?0 !0; people whole complete -0 ?1 !0");
}

static void
reading_broken_off_removes_nobody(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	stage_push(stage, PEOPLE, NULL, "[" PERSON("a") "]");
	stage_end(stage, PEOPLE, AU_STEP_VOID, NULL, NULL);
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
	stage_restart(stage);
	stage_push(stage, PEOPLE, NULL, NULL);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
}

static void
removals_of_a_resumed_reading_go_with_its_end(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_RESUME);
	stage_end(stage, PEOPLE, AU_STEP_KEEP, "second", "[{'op':'delete','ids':['j','never-seen']}]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
	assert_string_equal(stage_trail(stage), "source.import source.import entry.remove");
}

static void
id_of_the_other_search_is_not_removed(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, PEOPLE, "second", "[{'op':'delete','ids':['g']}]");
	stage_begin(stage, GROUPS, AU_READING_RESUME);
	stage_end(stage, GROUPS, AU_STEP_KEEP, "second", "[{'op':'delete','ids':['a']}]");
	assert_string_equal(stage_facts(stage), TEN_FACTS " | g(a,b,c)");
}

static void
seen_and_then_named_as_removed_is_removed(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_RESUME);
	stage_push(stage, PEOPLE, NULL, TEN);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", "[{'op':'delete','ids':['j']}]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
}

/* Servers name entries that we never saw: they left the filter before we had read that they came into it. */
static void
removal_of_somebody_unknown_is_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, PEOPLE, "second", "[{'op':'delete','ids':['nobody','j']}]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
}

static void
present_id_that_is_unknown_pins_the_cookie(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_RESUME);
	stage_push(stage, PEOPLE, NULL, TEN);
	stage_push(stage, PEOPLE, NULL, "[{'op':'present','ids':['lost']}]");
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	stage_push(stage, PEOPLE, "third", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
	stage_begin(stage, PEOPLE, AU_READING_COMPARE);
	stage_push(stage, PEOPLE, "fourth", NULL);
	assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=first groups=first");
	assert_int_equal(
	    stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, "[" TEN_PEOPLE "," PERSON("lost") "]"),
	    0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
	stage_push(stage, PEOPLE, "fifth", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=fifth groups=first");
}

#define SEEN_AGAIN "{'op':'present','ids':['c','d','e','f','g1','h','i']}"

/* A comparing reading that brings these changes, and those of the ten that nothing happens to. */
static void
compare_people(struct stage *stage, const char *changes)
{
	stage_begin(stage, PEOPLE, AU_READING_COMPARE);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_NONE, AU_READING_COMPARE, NULL, changes), 0);
	assert_int_equal(stage_batch(stage, PEOPLE, AU_STEP_SWEEP, AU_READING_COMPARE, NULL, NULL), 0);
}

#define NEWS                                                                                                           \
	"[" PERSON("a") "," PERSON_NAMED("b", "uid=b2") "," PERSON("l") "," SEEN_AGAIN ",{'op':'present','ids':['k']}" \
									"]"

static void
compare_counts_what_nobody_told_until_the_next_one(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, PEOPLE, "second", "[" PERSON("k") "]");
	compare_people(stage, NEWS);
	/* b is changed, l is new, j is missing; k was pushed.  Each may be told of yet. */
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
	assert_string_equal(stage_facts(stage),
	    "a:uid=a b:uid=b2 c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i j:uid=j k:uid=k l:uid=l | "
	    "g(a,b,c)");
	assert_int_equal(stage->now.searches[PEOPLE].untold, 2);
	au_clock_fake_set(au_clock_wall_ms(), au_clock_mono_ms() + stage->trust.confirm_after);
	compare_people(stage, NEWS);
	assert_string_equal(stage_state(stage), "ok complete drift=3 people=second groups=first");
	assert_int_equal(stage->now.searches[PEOPLE].untold, 0);
	compare_people(stage, NEWS);
	assert_string_equal(stage_state(stage), "ok complete drift=3 people=second groups=first");
	au_clock_real();
}

/* A server may show a change before it tells of it. */
static void
compare_that_outruns_the_changes_finds_no_drift(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_push(stage, PEOPLE, NULL, "[" PERSON("k") "]");
	compare_people(stage, NEWS);
	stage_push(stage, PEOPLE, "second", "[" PERSON_NAMED("b", "uid=b2") "," PERSON("l") "]");
	stage_push(stage, PEOPLE, "third", "[{'op':'delete','ids':['j']}]");
	assert_int_equal(stage->now.searches[PEOPLE].untold, 0);
	au_clock_fake_set(au_clock_wall_ms(), au_clock_mono_ms() + stage->trust.confirm_after);
	compare_people(stage, NEWS);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=third groups=first");
	au_clock_real();
}

/* A whole reading after a time of silence was expected to differ; that one which confirms it compares. */
static void
who_left_in_silence_is_no_drift(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_read_whole(stage, PEOPLE, "[" PERSON("a") "," PERSON("b") "," SEEN_AGAIN "]");
	assert_string_equal(stage_missing(stage), "j");
	compare_people(stage, "[" PERSON("a") "," PERSON("b") "," SEEN_AGAIN "]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=next groups=first");
}

/* What the stream told is held back while a search is in doubt; whoever then looks again finds what was told. */
static void
what_was_told_in_doubt_is_no_drift(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	json_array_append_new(stage->trust.canaries[PEOPLE], json_string("nobody"));
	stage_read_whole(stage, PEOPLE, TEN);
	stage_push(stage, PEOPLE, NULL, "[{'op':'delete','ids':['j']}]");
	json_array_clear(stage->trust.canaries[PEOPLE]);
	compare_people(stage, "[" PERSON("a") "," PERSON("b") "," SEEN_AGAIN "]");
	assert_string_equal(stage_missing(stage), "j");
	compare_people(stage, "[" PERSON("a") "," PERSON("b") "," SEEN_AGAIN "]");
	assert_string_equal(
	    stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d e:uid=e f:uid=f g1:uid=g1 h:uid=h i:uid=i | g(a,b,c)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=- groups=first");
}

static void
second_look_that_comes_at_once_confirms_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	compare_people(stage, "[" PERSON("a") "," PERSON_NAMED("b", "uid=b2") "," SEEN_AGAIN "," PERSON("j") "]");
	compare_people(stage, "[" PERSON("a") "," PERSON_NAMED("b", "uid=b2") "," SEEN_AGAIN "," PERSON("j") "]");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
	assert_int_equal(stage->now.searches[PEOPLE].untold, 1);
}

static void
compare_broken_off_decides_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	stage_begin(stage, PEOPLE, AU_READING_COMPARE);
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
	stage_push(stage, PEOPLE, NULL, NULL);
	assert_string_equal(stage_state(stage), "stale complete drift=0 people=first groups=first");
	stage->link = (struct au_source_link){ .state = AU_LINK_QUARANTINE, .text = "refused" };
	stage_push(stage, PEOPLE, NULL, NULL);
	assert_string_equal(stage_state(stage), "quarantine complete drift=0 people=first groups=first");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(first_import_is_one_row_and_then_complete),
		TEST(reading_under_way_is_not_complete),
		TEST(who_is_missing_twice_is_removed),
		TEST(who_is_seen_again_was_never_gone),
		TEST(reading_that_is_not_whole_confirms_nothing),
		TEST(reading_under_way_can_ask_whom_it_has_not_told_of),
		TEST(reading_that_contradicts_itself_removes_nobody),
		TEST(reading_overtaken_by_another_removes_nobody),
		TEST(member_that_is_missing_twice_leaves),
		TEST(member_who_comes_back_between_two_readings_stays),
		TEST(entry_that_comes_back_in_the_same_batch_stays),
		TEST(readings_are_kept_up_to_a_number),
		TEST(reading_broken_off_removes_nobody),
		TEST(removals_of_a_resumed_reading_go_with_its_end),
		TEST(id_of_the_other_search_is_not_removed),
		TEST(seen_and_then_named_as_removed_is_removed),
		TEST(removal_of_somebody_unknown_is_nothing),
		TEST(present_id_that_is_unknown_pins_the_cookie),
		TEST(compare_counts_what_nobody_told_until_the_next_one),
		TEST(compare_that_outruns_the_changes_finds_no_drift),
		TEST(who_left_in_silence_is_no_drift),
		TEST(what_was_told_in_doubt_is_no_drift),
		TEST(second_look_that_comes_at_once_confirms_nothing),
		TEST(compare_broken_off_decides_nothing),
		TEST(batch_that_breaks_the_protocol_changes_nothing),
		TEST(link_decides_the_state_but_not_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
