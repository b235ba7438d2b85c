/* SPDX-License-Identifier: ISC */
/* Members are held by id and named by DN; what happens when one of the two runs ahead of the other. */
#include "tests/unit.h"

#include "tests/source/stage.h"

#include <string.h>

#define PEOPLE AU_SEARCH_PEOPLE
#define GROUPS AU_SEARCH_GROUPS

#define FOUR "[" PERSON("a") "," PERSON("b") "," PERSON("c") "," PERSON("d") "]"
#define GROUP_OF(...) "[" GROUP("g") "," MEMBERS(__VA_ARGS__) "]"

static void
push(struct stage *stage, enum au_search search, const char *cookie, const char *changes)
{
	assert_int_equal(stage_batch(stage, search, AU_STEP_NONE, AU_READING_NONE, cookie, changes), 0);
}

static void
members_come_and_go(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, GROUPS, "second", GROUP_OF("'uid=b','uid=c'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(b,c)");
	push(stage, GROUPS, "third", "[" GROUP("g") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g()");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=third");
	assert_string_equal(stage_trail(stage), "source.import source.import group.members group.members");
}

static void
group_said_again_changes_nothing(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=elsewhere'"));
	push(stage, GROUPS, "second", GROUP_OF("'uid=elsewhere','uid=a'"));
	assert_false(stage->last->changed);
	assert_string_equal(stage_trail(stage), "source.import source.import");
}

static void
group_over_several_frames_is_one_group(void **state)
{
	struct stage *stage = *state;
	static const char *const frames[] = { "[" GROUP("g") "," MEMBERS("'uid=a'") "]", "[" MEMBERS("'uid=b'") "]",
		"[" MEMBERS("'uid=c','uid=d'") "," GROUP("h") "]" };

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b','uid=c','uid=d'"));
	assert_int_equal(
	    stage_meta(stage, (struct au_source_batch){ .search = GROUPS, .cookie = "second" }, frames, 3), 0);
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,b,c,d) h()");
}

static void
new_dn_is_asked_for_before_anybody_leaves(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=b2'"));
	assert_int_equal(stage->last->applied, 0);
	assert_int_equal(stage->last->question_count, 1);
	assert_string_equal(stage->last->questions[0], "uid=b2");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,b)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

static void
member_found_under_a_new_name_never_left(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	stage_answer(stage, "uid=b2", AU_LOOKUP_FOUND, "{'source':'s','id':'b','kind':'person','dn':'uid=b2'}");
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=b2'"));
	assert_int_equal(stage->last->applied, 1);
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b2 c:uid=c d:uid=d | g(a,b)");
	assert_null(strstr(stage_trail(stage), "group.members"));
	/* The person's own search tells it a little later. */
	push(stage, PEOPLE, "second", "[" PERSON_NAMED("b", "uid=b2") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b2 c:uid=c d:uid=d | g(a,b)");
}

static void
dn_that_nobody_has_lets_others_leave(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	stage_answer(stage, "uid=x", AU_LOOKUP_ABSENT, NULL);
	stage_answer(stage, "cn=printer", AU_LOOKUP_OUTSIDE, NULL);
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=x','cn=printer'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,?cn=printer,?uid=x)");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=second");
}

/* I2: a look-up that fails for one member makes that member unknown, not absent. */
static void
dn_that_the_directory_will_not_tell_of_lets_nobody_leave(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	stage_answer(stage, "uid=x", AU_LOOKUP_UNKNOWN, NULL);
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=c','uid=x'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,b,c,?uid=x)");
	/* And the cookie stays, so that it is said again. */
	push(stage, GROUPS, "third", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

static void
unknown_dn_needs_no_question_when_nobody_leaves(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a'"));
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=x'"));
	assert_int_equal(stage->last->question_count, 0);
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,?uid=x)");
	/* Known to the group already: not new, so no question either. */
	push(stage, GROUPS, "third", GROUP_OF("'uid=x'"));
	assert_int_equal(stage->last->question_count, 0);
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(?uid=x)");
}

static void
batches_before_a_question_are_applied(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, PEOPLE, "second", "[" PERSON("e") "]");
	push(stage, GROUPS, "second", GROUP_OF("'uid=new'"));
	assert_int_equal(stage->last->question_count, 1);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=second groups=first");
}

static void
rename_told_first_moves_the_membership(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, PEOPLE, "second", "[" PERSON_NAMED("b", "uid=b2") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b2 c:uid=c d:uid=d | g(a,b)");
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=b2'"));
	assert_int_equal(stage->last->question_count, 0);
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b2 c:uid=c d:uid=d | g(a,b)");
}

static void
removed_person_leaves_a_name_and_a_question(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, PEOPLE, "second", "[{'op':'delete','ids':['b']}]");
	assert_string_equal(stage_facts(stage), "a:uid=a c:uid=c d:uid=d | g(a,?uid=b)");
	assert_string_equal(au_map_get(stage->last->rereads, "g"), "cn=g");
	/* He comes back into the filter: the group never stopped naming him. */
	push(stage, PEOPLE, "third", "[" PERSON("b") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a c:uid=c d:uid=d b:uid=b | g(a,b)");
	/* But whoever takes a name that waits is looked at again. */
	assert_string_equal(au_map_get(stage->last->rereads, "g"), "cn=g");
}

/* The directory renamed him in the group and told nobody. */
static void
who_moves_here_from_elsewhere_makes_groups_be_read(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=e,ou=away','uid=f\\\\,g,ou=away'"));
	push(stage, PEOPLE, "second", "[" PERSON_NAMED("x", "uid=ee,ou=here") "]");
	assert_int_equal(au_map_count(stage->last->rereads), 0);
	push(stage, PEOPLE, "third", "[" PERSON_NAMED("y", "uid=f,ou=here") "]");
	assert_int_equal(au_map_count(stage->last->rereads), 0);
	push(stage, PEOPLE, "fourth", "[" PERSON_NAMED("z", "uid=f\\\\,g,ou=here") "]");
	assert_string_equal(au_map_get(stage->last->rereads, "g"), "cn=g");
	push(stage, PEOPLE, "fifth", "[" PERSON_NAMED("e", "uid=e,ou=here") "]");
	assert_string_equal(au_map_get(stage->last->rereads, "g"), "cn=g");
}

static void
wish_lasts_until_all_groups_were_read_since(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	stage_begin(stage, GROUPS, AU_READING_WHOLE);
	push(stage, PEOPLE, "second", "[{'op':'delete','ids':['b']}]");
	stage_end(stage, GROUPS, AU_STEP_SWEEP, NULL, GROUP_OF("'uid=a','uid=b'"));
	assert_string_equal(stage_wishes(stage), "g:cn=g"); /* that reading began before */
	stage_restart(stage);
	push(stage, GROUPS, "third", "[" GROUP("g") "," MEMBERS("'uid=a','uid=b'") "]");
	assert_string_equal(stage_wishes(stage), "g:cn=g"); /* this may be older, too */
	stage_read_whole(stage, GROUPS, GROUP_OF("'uid=a'"));
	assert_string_equal(stage_wishes(stage), "");
}

static void
wish_ends_with_its_group(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, PEOPLE, "second", "[{'op':'delete','ids':['b']}]");
	push(stage, GROUPS, "second", "[{'op':'delete','ids':['g']}]");
	assert_string_equal(stage_wishes(stage), "");
}

static void
groups_of_who_moved_are_read_after_a_while(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, PEOPLE, "second", "[" PERSON_NAMED("b", "uid=b2") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b2 c:uid=c d:uid=d | g(a,b)");
	assert_int_equal(au_map_count(stage->last->rereads), 0);
	assert_string_equal(au_map_get(stage->last->rereads_later, "g"), "cn=g");
	assert_string_equal(stage_wishes(stage), "g:cn=g");
	/* Told again as he is. */
	push(stage, PEOPLE, "third", "[" PERSON_NAMED("b", "uid=b2") "]");
	assert_int_equal(au_map_count(stage->last->rereads_later), 0);
	/* The name is another's now, and the group names that one. */
	push(stage, PEOPLE, "fourth", "[" PERSON_NAMED("c", "uid=b") "]");
	push(stage, GROUPS, "second", GROUP_OF("'uid=a','uid=b'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b2 c:uid=b d:uid=d | g(a,c)");
}

static void
name_taken_over_within_one_batch_goes_to_the_new_one(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, GROUP_OF("'uid=a','uid=b'"));
	push(stage, PEOPLE, "second", "[" PERSON_NAMED("n", "uid=b") ",{'op':'delete','ids':['b']}]");
	assert_string_equal(stage_facts(stage), "a:uid=a c:uid=c d:uid=d n:uid=b | g(a,n)");
	assert_true(au_map_has(stage->last->rereads, "g"));
}

static void
groups_can_be_members(void **state)
{
	struct stage *stage = *state;

	stage_import(
	    stage, FOUR, "[" GROUP("g") "," MEMBERS("'cn=h','uid=a'") "," GROUP("h") "," MEMBERS("'uid=b','cn=h'") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,h) h(b,h)");
	push(stage, GROUPS, "second", "[{'op':'delete','ids':['h']}]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(a,?cn=h)");
}

#define NAMED(id, name)                                                                                                \
	"{'op':'put','dn_norm':'uid=" id "','entry':{'source':'s','id':'" id "','kind':'person','dn':'uid=" id         \
	"','user_name':'" name "'}}"

static void
person_renamed_before_the_group_says_so_never_left(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" NAMED("a", "ada") "," NAMED("b", "ben") "]", GROUP_OF("'@ada','@ben'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b | g(a,b)");
	push(stage, PEOPLE, "second", "[" NAMED("a", "anna") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b | g(a,b)");
	assert_string_equal(au_map_get(stage->last->rereads, "g"), "cn=g");
	push(stage, GROUPS, "second", GROUP_OF("'@anna','@ben'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b | g(a,b)");
	/* Nothing to ask any more. */
	push(stage, PEOPLE, "third", "[" NAMED("b", "ben") "]");
	assert_int_equal(au_map_count(stage->last->rereads), 0);
}

static void
name_left_behind_is_unknown_when_the_group_keeps_it(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" NAMED("a", "ada") "]", GROUP_OF("'@ada'"));
	push(stage, PEOPLE, "second", "[" NAMED("a", "anna") "]");
	/* Before that is believed, the directory is asked whether somebody has it. */
	push(stage, GROUPS, "second", GROUP_OF("'@ada'"));
	assert_int_equal(stage->last->question_count, 1);
	assert_string_equal(stage->last->questions[0], "@ada");
	stage_answer(stage, "@ada", AU_LOOKUP_OUTSIDE, NULL);
	push(stage, GROUPS, "second", GROUP_OF("'@ada'"));
	assert_string_equal(stage_facts(stage), "a:uid=a | g(?@ada)");
}

static void
name_of_two_people_is_told_once(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" NAMED("a", "ada") "]", GROUP_OF("'@ada'"));
	push(stage, PEOPLE, "second", "[" NAMED("b", "Ada") "]");
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b | g(?@ada)");
	push(stage, GROUPS, "second", GROUP_OF("'@ada'"));
	push(stage, PEOPLE, "third", "[" NAMED("b", "Ada") "]");
	assert_string_equal(stage_trail(stage), "source.import source.import member.ambiguous entry.add");
	push(stage, PEOPLE, "fourth", "[{'op':'delete','ids':['a']}]");
	assert_string_equal(stage_facts(stage), "b:uid=b | g(b)");
}

static void
inner_group_found_under_a_new_name_never_left(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, FOUR, "[" GROUP("g") "," MEMBERS("'cn=h'") "," GROUP("h") "," MEMBERS("'uid=a'") "]");
	push(stage, GROUPS, "second", GROUP_OF("'cn=h2'"));
	assert_string_equal(stage->last->questions[0], "cn=h2");
	stage_answer(stage, "cn=h2", AU_LOOKUP_FOUND, "{'source':'s','id':'h','kind':'group','dn':'cn=h2'}");
	push(stage, GROUPS, "second", GROUP_OF("'cn=h2'"));
	assert_string_equal(stage_facts(stage), "a:uid=a b:uid=b c:uid=c d:uid=d | g(h) h(a)");
	assert_null(strstr(stage_trail(stage), "group.members"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(members_come_and_go),
		TEST(group_said_again_changes_nothing),
		TEST(group_over_several_frames_is_one_group),
		TEST(new_dn_is_asked_for_before_anybody_leaves),
		TEST(member_found_under_a_new_name_never_left),
		TEST(dn_that_nobody_has_lets_others_leave),
		TEST(dn_that_the_directory_will_not_tell_of_lets_nobody_leave),
		TEST(unknown_dn_needs_no_question_when_nobody_leaves),
		TEST(batches_before_a_question_are_applied),
		TEST(rename_told_first_moves_the_membership),
		TEST(removed_person_leaves_a_name_and_a_question),
		TEST(wish_lasts_until_all_groups_were_read_since),
		TEST(wish_ends_with_its_group),
		TEST(groups_of_who_moved_are_read_after_a_while),
		TEST(name_taken_over_within_one_batch_goes_to_the_new_one),
		TEST(who_moves_here_from_elsewhere_makes_groups_be_read),
		TEST(groups_can_be_members),
		TEST(person_renamed_before_the_group_says_so_never_left),
		TEST(name_left_behind_is_unknown_when_the_group_keeps_it),
		TEST(name_of_two_people_is_told_once),
		TEST(inner_group_found_under_a_new_name_never_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
