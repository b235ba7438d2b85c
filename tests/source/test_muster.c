/* SPDX-License-Identifier: ISC */
/*
 * Lists that are too long for one transaction: page by page they do what a short list does at once, and whatever
 * crashes between two pages, nobody has left who is on the list.
 */
#include "tests/unit.h"

#include "source/inbox.h"
#include "tests/source/stage.h"

#define GROUPS AU_SEARCH_GROUPS
#define CROWD 12000
#define GOING 5900 /* less than half */
#define ROUNDS_MOST 100

/* The members of a group are the numbers from `first` up to `end`, and further names. */
struct list {
	size_t first, end;
	const char *more[4];
};

static void
put_list(struct au_buf *frame, const struct list *list)
{
	stage_put_crowd(frame, "g", list->first, list->end);
	for (size_t i = 0; i < AU_COUNT(list->more) && list->more[i] != NULL; i++)
		au_record_text(frame, AU_CHANGE_MEMBER, list->more[i]);
}

/* The first round of a pushed list. */
static void
push_first(struct stage *stage, const char *cookie, const struct list *list)
{
	AU_CLEANUP(au_buf_done) struct au_buf frame = { 0 };

	put_list(&frame, list);
	assert_int_equal(
	    stage_records(stage, (struct au_source_batch){ .search = GROUPS, .cookie = cookie }, &frame, 1), 0);
}

/* The rest; how many rounds it took. */
static int
go_on(struct stage *stage)
{
	int rounds = 0;

	for (; stage->last->applied == 0 && stage->last->question_count == 0; rounds++) {
		assert_true(rounds < ROUNDS_MOST);
		assert_int_equal(stage_go_on(stage), 0);
	}
	return rounds;
}

static void
push(struct stage *stage, const char *cookie, const struct list *list)
{
	push_first(stage, cookie, list);
	go_on(stage);
}

/* Everybody is in the group. */
static void
import_all(struct stage *stage)
{
	stage_import_crowd(stage, CROWD);
	stage_begin(stage, GROUPS, AU_READING_WHOLE);
	push(stage, NULL, &(struct list){ 0, CROWD, { NULL } });
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "first", NULL);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

struct count {
	long long known, all;
	const char *member;
	bool has;
};

static int
count_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct count *count = arg;
	int rc = au_store_member_count_known(tx, "s", "g", &count->known, err);

	if (count->member != NULL)
		count->has = au_store_member_has(tx, "s", "g", count->member);
	return rc < 0 ? rc : au_store_member_count(tx, "s", "g", &count->all, err);
}

static struct count
count_members(struct stage *stage, const char *member)
{
	struct count count = { .member = member };

	assert_int_equal(au_store_run(stage->store, count_work, &count, NULL), 0);
	return count;
}

static void
long_list_takes_several_transactions(void **state)
{
	struct stage *stage = *state;

	stage_import_crowd(stage, CROWD);
	stage_begin(stage, GROUPS, AU_READING_WHOLE);
	push_first(stage, NULL, &(struct list){ 0, CROWD, { "uid=stranger" } });
	assert_int_equal(stage->last->applied, 0);
	assert_true(go_on(stage) > 2);
	assert_int_equal(stage->last->applied, 1);
	assert_int_equal(count_members(stage, NULL).known, CROWD);
	assert_int_equal(count_members(stage, NULL).all, CROWD + 1);
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "first", NULL);
	/* And the same once more is nothing. */
	push(stage, "second", &(struct list){ 0, CROWD, { "uid=stranger" } });
	assert_false(stage->last->changed);
	assert_string_equal(stage_trail(stage), "source.import source.import");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=second");
}

static void
whoever_is_not_named_leaves_and_strangers_come(void **state)
{
	struct stage *stage = *state;

	import_all(stage);
	push(stage, "second", &(struct list){ 100, CROWD, { "uid=x", "uid=y" } });
	/* Somebody would leave, so names that nobody has are asked for before. */
	assert_int_equal(stage->last->question_count, 2);
	assert_int_equal(count_members(stage, NULL).all, CROWD);
	stage_answer(stage, "uid=x", AU_LOOKUP_ABSENT, NULL);
	stage_answer(stage, "uid=y", AU_LOOKUP_ABSENT, NULL);
	assert_int_equal(stage_go_on(stage), 0);
	go_on(stage);
	assert_int_equal(count_members(stage, "p00099").known, CROWD - 100);
	assert_false(count_members(stage, "p00099").has);
	assert_true(count_members(stage, "p00100").has);
	assert_int_equal(count_members(stage, NULL).all, CROWD - 98);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=second");
}

static void
who_is_named_in_another_way_has_not_left(void **state)
{
	struct stage *stage = *state;

	import_all(stage);
	push(stage, "second", &(struct list){ 1, CROWD, { "uid=renamed" } });
	assert_int_equal(stage->last->question_count, 1);
	stage_answer(
	    stage, "uid=renamed", AU_LOOKUP_FOUND, "{'source':'s','id':'p00000','kind':'person','dn':'uid=renamed'}");
	assert_int_equal(stage_go_on(stage), 0);
	go_on(stage);
	assert_true(count_members(stage, "p00000").has);
	assert_int_equal(count_members(stage, NULL).all, CROWD);
	assert_string_equal(stage_trail(stage), "source.import source.import entry.change");
}

static void
name_that_is_not_told_lets_nobody_leave(void **state)
{
	struct stage *stage = *state;

	import_all(stage);
	push(stage, "second", &(struct list){ 1, CROWD, { "uid=secret" } });
	stage_answer(stage, "uid=secret", AU_LOOKUP_UNKNOWN, NULL);
	assert_int_equal(stage_go_on(stage), 0);
	go_on(stage);
	assert_true(count_members(stage, "p00000").has);
	assert_int_equal(count_members(stage, NULL).all, CROWD + 1);
	/* And the cookie stays, so that it is said again. */
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");
}

/* A group of many is told to have a few. */
static void
most_leave_only_with_a_word(void **state)
{
	struct stage *stage = *state;

	import_all(stage);
	push(stage, "second", &(struct list){ 0, 10, { "uid=p00020" } });
	assert_int_equal(count_members(stage, NULL).known, CROWD);
	assert_string_equal(stage_state(stage), "suspect incomplete drift=0 people=first groups=-");
	/* Another reading, and a person who says that it is right. */
	for (int i = 0; i < AU_SEARCHES; i++)
		stage->approved[i] = CROWD;
	stage_begin(stage, GROUPS, AU_READING_WHOLE);
	push(stage, NULL, &(struct list){ 0, 10, { NULL } });
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "third", NULL);
	assert_int_equal(count_members(stage, NULL).all, 10);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=third");
}

/* Who is missing in a reading is noted page by page, and goes with the second one. */
static void
who_is_missing_twice_leaves(void **state)
{
	struct stage *stage = *state;

	import_all(stage);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(count_members(stage, NULL).known, CROWD);
		stage_begin(stage, GROUPS, AU_READING_WHOLE);
		push(stage, NULL, &(struct list){ 0, CROWD - 1000, { NULL } });
		stage_end(stage, GROUPS, AU_STEP_SWEEP, "next", NULL);
	}
	assert_int_equal(count_members(stage, NULL).known, CROWD - 1000);
}

/*
 * The process dies after each number of rounds.  What was not done is told again, as no cookie was stored; until then
 * nobody has left who is on the list, and some who are not on it are there still.
 */
static void
crash_between_pages_removes_nobody_who_is_named(void **state)
{
	static const struct list half = { CROWD / 2, CROWD, { NULL } }, other = { 500, CROWD, { "cn=h" } };
	struct stage *stage = *state;
	bool is_done = false;

	stage_import_crowd(stage, CROWD);
	stage_begin(stage, GROUPS, AU_READING_WHOLE);
	push(stage, NULL, &half);
	stage_end(stage, GROUPS, AU_STEP_SWEEP, "first", NULL);
	/* A wish that somebody leaves, too: the placeholder below comes in their place. */
	stage_push(stage, GROUPS, "second",
	    "[{'op':'put','dn_norm':'cn=h','entry':{'source':'s','id':'h','kind':'group','dn':'cn=h'}}]");
	stage->trust.removals_percent = 100;
	for (int rounds = 0; !is_done; rounds++) {
		long long before = count_members(stage, NULL).known;
		push_first(stage, "third", &other);
		for (int i = 0; i < rounds && stage->last->applied == 0; i++)
			assert_int_equal(stage_go_on(stage), 0);
		is_done = stage->last->applied > 0;
		assert_true(count_members(stage, NULL).known >= before);
		assert_true(count_members(stage, "p11999").has);
		assert_true(rounds < ROUNDS_MOST);
		if (!is_done) {
			assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=second");
			stage_restart(stage);
		}
	}
	assert_int_equal(count_members(stage, "h").known, CROWD - 500 + 1);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=third");
}

/* The same where many leave: a list is believed as a whole before the first of them goes. */
static void
crash_between_pages_of_those_who_leave(void **state)
{
	static const struct list few = { GOING, CROWD, { NULL } };
	struct stage *stage = *state;
	bool is_done = false;

	import_all(stage);
	stage->trust.removals_percent = 100;
	for (int rounds = 0; !is_done; rounds++) {
		push_first(stage, "second", &few);
		for (int i = 0; i < rounds && stage->last->applied == 0; i++)
			assert_int_equal(stage_go_on(stage), 0);
		is_done = stage->last->applied > 0;
		for (size_t i = GOING; i < CROWD; i += 599) {
			char id[16];
			snprintf(id, sizeof(id), "p%05zu", i);
			assert_true(count_members(stage, id).has);
		}
		if (!is_done)
			stage_restart(stage);
	}
	assert_int_equal(count_members(stage, "p00000").known, CROWD - GOING);
}

/* A canary was lost after the list was judged, and before all had gone. */
static void
doubt_on_the_way_keeps_the_rest(void **state)
{
	struct stage *stage = *state;

	import_all(stage);
	stage->trust.removals_percent = 100;
	push_first(stage, "second", &(struct list){ GOING, CROWD, { NULL } });
	for (int i = 0; i < ROUNDS_MOST && count_members(stage, NULL).known == CROWD; i++)
		assert_int_equal(stage_go_on(stage), 0);
	long long left = count_members(stage, NULL).known;
	assert_true(left < CROWD && left > CROWD - GOING);
	stage->now.searches[GROUPS].doubt = AU_DOUBT_CANARY;
	go_on(stage);
	assert_int_equal(count_members(stage, NULL).known, left);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, stage_set_up, stage_tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(long_list_takes_several_transactions),
		TEST(whoever_is_not_named_leaves_and_strangers_come),
		TEST(who_is_named_in_another_way_has_not_left),
		TEST(name_that_is_not_told_lets_nobody_leave),
		TEST(most_leave_only_with_a_word),
		TEST(who_is_missing_twice_leaves),
		TEST(crash_between_pages_removes_nobody_who_is_named),
		TEST(crash_between_pages_of_those_who_leave),
		TEST(doubt_on_the_way_keeps_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
