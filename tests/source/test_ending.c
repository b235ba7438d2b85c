/* SPDX-License-Identifier: ISC */
/*
 * Readings that end with more removals than fit into one transaction: whatever crashes between two of them, nobody has
 * gone who was seen, and whoever should have gone and did not goes with a later reading.
 */
#include "tests/unit.h"

#include "tests/source/stage.h"

#include "store/reading.h"

#include <string.h>

#define PEOPLE AU_SEARCH_PEOPLE
#define GROUPS AU_SEARCH_GROUPS
#define CROWD 9000
#define STAYING 3000 /* the first ones */
#define ROUNDS_MOST 100

struct counts {
	long long people, known, unknown;
	bool last_is_there; /* of those who stay */
};

static int
count_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct counts *counts = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entry;
	int rc = au_store_entry_count(tx, "s", AU_ENTRY_PERSON, &counts->people, err);

	counts->last_is_there = au_store_entry_get(tx, arena, "s", "p02999", &entry, NULL) == 0;
	return rc < 0 ? rc : au_store_member_totals(tx, "s", &counts->known, &counts->unknown, err);
}

static struct counts
count(struct stage *stage)
{
	struct counts counts = { 0 };

	assert_int_equal(au_store_run(stage->store, count_work, &counts, NULL), 0);
	return counts;
}

static void
go_on(struct stage *stage)
{
	for (int rounds = 0; stage->last->applied == 0; rounds++) {
		assert_true(rounds < ROUNDS_MOST);
		assert_int_equal(stage_go_on(stage), 0);
	}
}

static void
tell(struct stage *stage, enum au_search search, size_t many)
{
	AU_CLEANUP(au_buf_done) struct au_buf frame = { 0 };

	stage_begin(stage, search, AU_READING_WHOLE);
	if (search == PEOPLE)
		stage_put_people(&frame, many);
	else
		stage_put_crowd(&frame, "g", 0, many);
	assert_int_equal(stage_records(stage, (struct au_source_batch){ .search = search }, &frame, 1), 0);
	go_on(stage);
}

/* The first transaction of its end. */
static void
end_first(struct stage *stage, enum au_search search)
{
	assert_int_equal(stage_batch(stage, search, AU_STEP_SWEEP, AU_READING_NONE, "next", NULL), 0);
}

static void
import(struct stage *stage)
{
	stage->trust.removals_percent = 100;
	stage->trust.removals_few = 10 * CROWD;
	stage_import_crowd(stage, CROWD);
	tell(stage, GROUPS, CROWD);
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "first", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

static void
removals_take_several_transactions(void **state)
{
	struct stage *stage = *state;
	int rounds = 0;

	import(stage);
	tell(stage, PEOPLE, STAYING);
	end_first(stage, PEOPLE);
	/* That many are only written down. */
	for (; stage->last->applied == 0; rounds++)
		assert_int_equal(stage_go_on(stage), 0);
	assert_true(rounds > 0);
	assert_int_equal(count(stage).people, CROWD);
	tell(stage, PEOPLE, STAYING);
	end_first(stage, PEOPLE);
	for (rounds = 0; stage->last->applied == 0; rounds++) {
		assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
		assert_int_equal(stage_go_on(stage), 0);
	}
	assert_true(rounds > 3);
	assert_int_equal(count(stage).people, STAYING);
	assert_int_equal(count(stage).known, STAYING);
	assert_int_equal(count(stage).unknown, CROWD - STAYING);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=next groups=first");
	assert_non_null(strstr(stage_readings(stage), "-6000"));
	assert_string_equal(stage_missing(stage), "");
}

static void
members_leave_in_several_transactions(void **state)
{
	struct stage *stage = *state;
	int rounds = 0;

	import(stage);
	tell(stage, GROUPS, STAYING);
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "second", NULL);
	assert_int_equal(count(stage).known, CROWD);
	tell(stage, GROUPS, STAYING);
	end_first(stage, GROUPS);
	for (; stage->last->applied == 0; rounds++) {
		assert_true(count(stage).known >= STAYING);
		assert_int_equal(stage_go_on(stage), 0);
	}
	assert_true(rounds > 1);
	assert_int_equal(count(stage).known, STAYING);
	assert_string_equal(stage_missing(stage), "");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=next");
}

/* It dies after each number of rounds, until one is enough. */
static void
crash_at_the_end_removes_nobody_who_was_seen(void **state)
{
	struct stage *stage = *state;
	long long before = CROWD;

	import(stage);
	for (int rounds = 0; before > STAYING; rounds++) {
		assert_true(rounds < ROUNDS_MOST);
		/* Missed once, or again by those whom the reading that died had not reached ... */
		tell(stage, PEOPLE, STAYING);
		stage_end(stage, PEOPLE, AU_STEP_SWEEP, "once", NULL);
		/* ... and again. */
		tell(stage, PEOPLE, STAYING);
		end_first(stage, PEOPLE);
		for (int i = 0; i < rounds && stage->last->applied == 0; i++)
			assert_int_equal(stage_go_on(stage), 0);
		struct counts now = count(stage);
		assert_true(now.people <= before && now.people >= STAYING);
		assert_true(now.last_is_there);
		assert_int_equal(now.known + now.unknown, CROWD);
		if (stage->last->applied == 0) {
			assert_string_equal(stage_state(stage), "ok incomplete drift=0 people=- groups=first");
			stage_restart(stage);
		}
		before = now.people;
	}
	/* After a crash, everything is told again. */
	tell(stage, PEOPLE, STAYING);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "last", NULL);
	tell(stage, GROUPS, CROWD);
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "last", NULL);
	assert_int_equal(count(stage).people, STAYING);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=last groups=last");
}

/* A canary was lost after the end was judged, and before all had gone. */
static void
doubt_on_the_way_keeps_the_rest(void **state)
{
	struct stage *stage = *state;

	import(stage);
	tell(stage, PEOPLE, STAYING);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "once", NULL);
	tell(stage, PEOPLE, STAYING);
	end_first(stage, PEOPLE);
	for (int i = 0; i < ROUNDS_MOST && count(stage).people == CROWD; i++)
		assert_int_equal(stage_go_on(stage), 0);
	long long left = count(stage).people;
	assert_true(left < CROWD && left > STAYING);
	stage->now.searches[PEOPLE].doubt = AU_DOUBT_CANARY;
	go_on(stage);
	assert_int_equal(count(stage).people, left);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=- groups=first");
}

/* A word of a person is good for one end, of however many transactions. */
static void
word_of_a_person_lasts_to_the_end(void **state)
{
	struct stage *stage = *state;

	import(stage);
	stage->trust.removals_few = 5;
	tell(stage, PEOPLE, STAYING);
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "held", NULL);
	assert_int_equal(count(stage).people, CROWD);
	stage->approved[PEOPLE] = CROWD - STAYING;
	tell(stage, PEOPLE, STAYING);
	end_first(stage, PEOPLE);
	assert_int_equal(stage->last->applied, 0);
	assert_int_equal(stage->approved[PEOPLE], CROWD - STAYING);
	go_on(stage);
	assert_int_equal(count(stage).people, STAYING);
	assert_int_equal(stage->approved[PEOPLE], AU_NOT_APPROVED);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=next groups=first");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(removals_take_several_transactions),
		TEST(members_leave_in_several_transactions),
		TEST(crash_at_the_end_removes_nobody_who_was_seen),
		TEST(doubt_on_the_way_keeps_the_rest),
		TEST(word_of_a_person_lasts_to_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
