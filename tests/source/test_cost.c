/* SPDX-License-Identifier: ISC */
/*
 * What a change costs the store, in steps of SQLite's virtual machine: that of one member is work for one member,
 * however many the group has, and no statement on the way walks a table.
 */
#include "tests/unit.h"

#include "store/job.h"
#include "store/sqlite.h"
#include "tests/source/stage.h"

#define CROWD 8000
#define FEW 20
#define ROUNDS_MOST 100

struct cost {
	long long steps, scanned; /* rows of walks without an index */
};

/* What was spent since it was asked last.  The writer rests between two rounds. */
static struct cost
take_cost(struct stage *stage)
{
	struct cost cost = { 0 };
	sqlite3_stmt *stmt = NULL;

	while ((stmt = sqlite3_next_stmt(stage->store->writer->db, stmt)) != NULL) {
		cost.steps += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
		cost.scanned += sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
	}
	return cost;
}

static struct cost
cost_of(struct stage *stage, enum au_search search, const char *changes)
{
	take_cost(stage);
	stage_push(stage, search, "next", changes);
	assert_int_equal(stage->last->applied, 1);
	return take_cost(stage);
}

/* In "few" there are FEW of them, in "crowd" all but the last one. */
static void
import(struct stage *stage)
{
	AU_CLEANUP(au_buf_done) struct au_buf frame = { 0 };

	stage_import_crowd(stage, CROWD);
	stage_begin(stage, AU_SEARCH_GROUPS, AU_READING_WHOLE);
	stage_put_crowd(&frame, "few", 0, FEW);
	stage_put_crowd(&frame, "crowd", 0, CROWD - 1);
	assert_int_equal(stage_records(stage, (struct au_source_batch){ .search = AU_SEARCH_GROUPS }, &frame, 1), 0);
	for (int rounds = 0; stage->last->applied == 0; rounds++) {
		assert_true(rounds < ROUNDS_MOST);
		assert_int_equal(stage_go_on(stage), 0);
	}
	stage_end(stage, AU_SEARCH_GROUPS, AU_STEP_SWEEP, "first", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

static void
assert_same_cost(struct cost few, struct cost crowd)
{
	print_message("few: %lld steps, crowd: %lld steps\n", few.steps, crowd.steps);
	assert_true(few.steps > 0);
	assert_int_equal(few.scanned, 0);
	assert_int_equal(crowd.scanned, 0);
	assert_true(crowd.steps <= few.steps + few.steps / 10);
}

static void
member_who_joins_costs_one_member(void **state)
{
	struct stage *stage = *state;

	import(stage);
	/* The first one counts once who there is, and that of a group ends what is kept of its list. */
	cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("few") "," DELTA("few", "'uid=p00100'", "'uid=p00000'") "]");
	cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("crowd") "," DELTA("crowd", "", "'uid=p00000'") "]");
	assert_same_cost(cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("few") "," DELTA("few", "'uid=p07999'", "") "]"),
	    cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("crowd") "," DELTA("crowd", "'uid=p07999'", "") "]"));
}

static void
member_who_leaves_costs_one_member(void **state)
{
	struct stage *stage = *state;

	import(stage);
	cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("few") "," DELTA("few", "'uid=p00100'", "'uid=p00000'") "]");
	assert_same_cost(cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("few") "," DELTA("few", "", "'uid=p00003'") "]"),
	    cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("crowd") "," DELTA("crowd", "", "'uid=p00003'") "]"));
}

static void
stranger_who_joins_costs_one_member(void **state)
{
	struct stage *stage = *state;

	import(stage);
	assert_same_cost(cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("few") "," DELTA("few", "'uid=x'", "") "]"),
	    cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("crowd") "," DELTA("crowd", "'uid=x'", "") "]"));
}

/* A person of the crowd against one who is in no group: what differs is that one membership. */
static void
renamed_member_costs_nothing_of_the_group(void **state)
{
	struct stage *stage = *state;

	import(stage);
	struct cost member = cost_of(stage, AU_SEARCH_PEOPLE, "[" PERSON_NAMED("p05000", "uid=other") "]");
	struct cost nobody = cost_of(stage, AU_SEARCH_PEOPLE, "[" PERSON_NAMED("p07999", "uid=another") "]");
	assert_int_equal(member.scanned, 0);
	assert_true(member.steps < nobody.steps + 200);
}

/* The list of almost all, told again as it is. */
static struct cost
cost_of_list(struct stage *stage, bool compare)
{
	AU_CLEANUP(au_buf_done) struct au_buf frame = { 0 };

	take_cost(stage);
	stage_put_crowd(&frame, "crowd", 0, CROWD - 1);
	assert_int_equal(
	    stage_records(stage, (struct au_source_batch){ .search = AU_SEARCH_GROUPS, .compare = compare }, &frame, 1),
	    0);
	while (stage->last->applied == 0)
		assert_int_equal(stage_go_on(stage), 0);
	struct cost cost = take_cost(stage);
	print_message("%lld steps\n", cost.steps);
	assert_int_equal(cost.scanned, 0);
	return cost;
}

/* Nor does a group that is told again as it is cost the store anything of its members ... */
static void
list_told_again_costs_nothing_of_the_group(void **state)
{
	struct stage *stage = *state;

	import(stage);
	assert_true(cost_of_list(stage, false).steps < CROWD / 8);
	/* ... or one walk, when one of them has moved since, and then nothing again ... */
	cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("crowd") "," DELTA("crowd", "'uid=p07999'", "") "]");
	cost_of(stage, AU_SEARCH_GROUPS, "[" GROUP("crowd") "," DELTA("crowd", "", "'uid=p07999'") "]");
	long long walk = cost_of_list(stage, false).steps;
	assert_in_range(walk, CROWD, 20LL * CROWD);
	assert_true(cost_of_list(stage, false).steps < CROWD / 8);
}

/* ... and neither do people, while the daemon knows what they were last told as. */
static void
people_told_again_cost_nothing(void **state)
{
	AU_CLEANUP(au_buf_done) struct au_buf frame = { 0 };
	struct stage *stage = *state;

	import(stage);
	take_cost(stage);
	stage_begin(stage, AU_SEARCH_PEOPLE, AU_READING_WHOLE);
	stage_put_people(&frame, CROWD);
	assert_int_equal(stage_records(stage, (struct au_source_batch){ .search = AU_SEARCH_PEOPLE }, &frame, 1), 0);
	while (stage->last->applied == 0)
		assert_int_equal(stage_go_on(stage), 0);
	struct cost cost = take_cost(stage);
	print_message("%lld steps\n", cost.steps);
	assert_true(cost.steps < CROWD / 8);
}

/* ... and whoever reads to compare walks. */
static void
list_told_to_compare_is_one_walk(void **state)
{
	struct stage *stage = *state;

	import(stage);
	assert_in_range(cost_of_list(stage, true).steps, CROWD, 20LL * CROWD);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(member_who_joins_costs_one_member),
		TEST(member_who_leaves_costs_one_member),
		TEST(stranger_who_joins_costs_one_member),
		TEST(renamed_member_costs_nothing_of_the_group),
		TEST(list_told_again_costs_nothing_of_the_group),
		TEST(people_told_again_cost_nothing),
		TEST(list_told_to_compare_is_one_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
