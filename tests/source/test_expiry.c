/* SPDX-License-Identifier: ISC */
/* People whom time alone disables: when it comes, once, and whatever is read meanwhile. */
#include "tests/unit.h"

#include "base/clock.h"
#include "tests/source/stage.h"

#include <string.h>

#define PEOPLE AU_SEARCH_PEOPLE
#define NOW 1000000
#define UNTIL(id, expires)                                                                                             \
	"{'op':'put','dn_norm':'uid=" id "','entry':{'source':'s','id':'" id "','kind':'person','dn':'uid=" id         \
	"','expires_ms':" expires "}}"

static int
set_up(void **state)
{
	au_clock_fake_set(NOW, NOW);
	return stage_set_up(state);
}

static int
tear_down(void **state)
{
	int rc = stage_tear_down(state);

	au_clock_real();
	return rc;
}

static int
look(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char **ids;
	size_t count;
	struct au_entry entry;
	int rc = au_store_entry_unseen(tx, arena, "s", AU_ENTRY_PERSON, -1, &ids, &count, err);

	stage->facts.len = 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = au_store_entry_get(tx, arena, "s", ids[i], &entry, err);
		if (rc == 0)
			au_str_printf(&stage->facts, "%s%s", entry.id, entry.active ? "+" : "-");
	}
	return rc;
}

/* Everybody's id, with '-' for who is disabled. */
static const char *
who(struct stage *stage)
{
	struct au_err err;

	if (au_store_run(stage->store, look, stage, &err) < 0)
		fail_msg("%s", err.text);
	return au_str_get(&stage->facts);
}

/* A round with nothing to do, as when a timer began it. */
static void
pass(struct stage *stage, int64_t ms)
{
	au_clock_fake_advance(ms);
	stage_push(stage, PEOPLE, NULL, NULL);
}

static void
time_disables_once(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000010") "," UNTIL("b", "1000020") "," PERSON("c") "]", NULL);
	assert_string_equal(who(stage), "a+b+c+");
	assert_int_equal(stage->now.expires_ms, NOW + 10);
	pass(stage, 9);
	assert_string_equal(who(stage), "a+b+c+");
	pass(stage, 1);
	assert_string_equal(who(stage), "a-b+c+");
	assert_int_equal(stage->now.expires_ms, NOW + 20);
	assert_true(stage->last->changed);
	pass(stage, 100);
	assert_string_equal(who(stage), "a-b-c+");
	assert_int_equal(stage->now.expires_ms, 0);
	pass(stage, 100);
	assert_string_equal(stage_trail(stage), "source.import source.import entry.expire entry.expire");
}

static void
what_is_over_is_so_from_the_first(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000000") "," UNTIL("b", "1") "]", NULL);
	assert_string_equal(who(stage), "a-b-");
	assert_int_equal(stage->now.expires_ms, 0);
}

static void
the_same_time_again_brings_nobody_back(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000010") "]", NULL);
	stage_begin(stage, PEOPLE, AU_READING_WHOLE);
	pass(stage, 10);
	assert_string_equal(who(stage), "a-");
	stage_push(stage, PEOPLE, NULL, "[" UNTIL("a", "1000010") "]");
	stage_end(stage, PEOPLE, AU_STEP_SWEEP, "second", NULL);
	assert_string_equal(who(stage), "a-");
	stage_push(stage, PEOPLE, NULL, "[" UNTIL("a", "2000000") "]");
	assert_string_equal(who(stage), "a+");
	assert_int_equal(stage->now.expires_ms, 2000000);
	stage_push(stage, PEOPLE, NULL, "[" PERSON("a") "]");
	assert_int_equal(stage->now.expires_ms, 0);
	pass(stage, 2000000);
	assert_string_equal(who(stage), "a+");
}

static void
the_next_daemon_knows(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000010") "]", NULL);
	stage_restart(stage);
	assert_int_equal(stage->now.expires_ms, NOW + 10);
	pass(stage, 10);
	assert_string_equal(who(stage), "a-");
}

static void
who_is_gone_is_not_waited_for(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000010") "," PERSON("b") "]", NULL);
	stage_push(stage, PEOPLE, NULL, "[{'op':'delete','ids':['a']}]");
	assert_string_equal(who(stage), "b+");
	assert_int_equal(stage->now.expires_ms, 0);
}

static void
a_source_that_is_left_alone_stays_as_it_is(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000010") "]", NULL);
	stage->now.paused = 1;
	pass(stage, 10);
	assert_string_equal(who(stage), "a+");
	stage->now.paused = 0;
	pass(stage, 0);
	assert_string_equal(who(stage), "a-");
}

#define ODD(id, odd)                                                                                                   \
	"{'op':'put','dn_norm':'uid=" id "','entry':{'source':'s','id':'" id "','kind':'person','dn':'uid=" id         \
	"','expires_odd':'" odd "'}}"

static int
look_at_a(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct stage *stage = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry *entries;
	struct au_entry_odd odd;
	size_t count;
	int rc = au_store_entry_by_key(tx, arena, "s:a", &entries, &count, err);

	stage->facts.len = 0;
	if (rc == 0)
		rc = au_store_entry_odd(tx, arena, "s", &odd, err);
	if (rc == 0 && count == 1)
		au_str_printf(&stage->facts, "%s %lld %s, %lld odd", entries[0].active ? "here" : "disabled",
		    entries[0].expires_ms, entries[0].expires_odd != NULL ? entries[0].expires_odd : "-", odd.count);
	return rc;
}

/* How "a" stands: whether it is here, its date, the one that cannot be read, and how many of these the source has. */
static const char *
a_is(struct stage *stage)
{
	struct au_err err;

	if (au_store_run(stage->store, look_at_a, stage, &err) < 0)
		fail_msg("%s", err.text);
	return au_str_get(&stage->facts);
}

/* It takes nothing from anybody, and does not take away the date that was there. */
static void
a_date_that_cannot_be_read_leaves_the_one_before(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "1000010") "," ODD("b", "soon") "]", NULL);
	assert_string_equal(a_is(stage), "here 1000010 -, 1 odd");
	stage_push(stage, PEOPLE, NULL, "[" ODD("a", "later") "]");
	assert_string_equal(a_is(stage), "here 1000010 later, 2 odd");
	assert_int_equal(stage->now.expires_ms, NOW + 10);
	pass(stage, 9);
	assert_string_equal(who(stage), "a+b+");
	/* What was known before takes effect, and stays in effect whatever is said once more. */
	pass(stage, 1);
	assert_string_equal(a_is(stage), "disabled 1000010 later, 2 odd");
	stage_push(stage, PEOPLE, NULL, "[" ODD("a", "later") "]");
	assert_string_equal(a_is(stage), "disabled 1000010 later, 2 odd");
	stage_push(stage, PEOPLE, NULL, "[" ODD("a", "much later") "]");
	assert_string_equal(a_is(stage), "disabled 1000010 much later, 2 odd");
	pass(stage, 1000);
	assert_string_equal(who(stage), "a-b+");
	/* A date that can be read counts at once; none at all is none. */
	stage_push(stage, PEOPLE, NULL, "[" UNTIL("a", "2000000") "]");
	assert_string_equal(a_is(stage), "here 2000000 -, 1 odd");
	stage_push(stage, PEOPLE, NULL, "[" PERSON("a") "," PERSON("b") "]");
	assert_string_equal(a_is(stage), "here 0 -, 0 odd");
}

static void
a_date_that_is_over_from_the_first_is_remembered_as_well(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, "[" UNTIL("a", "5") "]", NULL);
	assert_string_equal(a_is(stage), "disabled 5 -, 0 odd");
	stage_restart(stage);
	stage_push(stage, PEOPLE, NULL, "[" ODD("a", "?") "]");
	assert_string_equal(a_is(stage), "disabled 5 ?, 1 odd");
	stage_push(stage, PEOPLE, NULL, "[{'op':'delete','ids':['a']}]");
	stage_push(stage, PEOPLE, NULL, "[" ODD("a", "?") "]");
	assert_string_equal(a_is(stage), "here 0 ?, 1 odd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(time_disables_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_over_is_so_from_the_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_same_time_again_brings_nobody_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_next_daemon_knows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_is_gone_is_not_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_date_that_cannot_be_read_leaves_the_one_before, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_date_that_is_over_from_the_first_is_remembered_as_well, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_source_that_is_left_alone_stays_as_it_is, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
