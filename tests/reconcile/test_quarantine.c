/* SPDX-License-Identifier: ISC */
/* When an object is to blame, when a target is, and what ends a stop. */
#include "base/str.h"
#include "reconcile/gate.h"
#include "reconcile/health.h"
#include "reconcile/quarantine.h"
#include "tests/unit.h"

#include <stdio.h>

#define HOUR 3600000LL

/* ---- objects ---- */

static const struct au_quarantine_rules eight = { .now_ms = HOUR, .failures = 8, .failing_ms = 24 * HOUR };

static void
so_many_failures_quarantine(void **state)
{
	struct au_trouble trouble = { 0 };

	(void)state;
	for (int i = 1; i < 8; i++)
		assert_false(au_quarantine_count(&eight, AU_BLAME_OBJECT, "no", &trouble));
	assert_true(au_quarantine_count(&eight, AU_BLAME_OBJECT, "no", &trouble));
	assert_int_equal(trouble.failures, 8);
	assert_string_equal(trouble.reason, "no");
}

static void
failing_for_long_does_too_but_not_after_two(void **state)
{
	struct au_trouble trouble = { 0 };
	struct au_quarantine_rules rules = eight;

	(void)state;
	assert_false(au_quarantine_count(&rules, AU_BLAME_OBJECT, "no", &trouble));
	rules.now_ms += 30 * HOUR;
	assert_false(au_quarantine_count(&rules, AU_BLAME_OBJECT, "no", &trouble));
	rules.now_ms += 1;
	assert_true(au_quarantine_count(&rules, AU_BLAME_OBJECT, "no", &trouble));
	rules = (struct au_quarantine_rules){ .now_ms = 1000 * HOUR }; /* both limits are off */
	assert_false(au_quarantine_count(&rules, AU_BLAME_OBJECT, "no", &trouble));
}

static void
an_outage_counts_once(void **state)
{
	struct au_trouble trouble = { 0 };
	struct au_quarantine_rules rules = eight;

	(void)state;
	rules.proven_ms = HOUR - 1;
	for (int i = 0; i < 100; i++) {
		assert_false(au_quarantine_count(&rules, AU_BLAME_EITHER, "away", &trouble));
		rules.now_ms += HOUR;
	}
	assert_int_equal(trouble.failures, 1);
	/* The target worked since: now it is the object's. */
	rules.proven_ms = rules.now_ms - 1;
	au_quarantine_count(&rules, AU_BLAME_EITHER, "away", &trouble);
	assert_int_equal(trouble.failures, 2);
}

static void
premise_changes_with_the_wish_the_account_and_the_target(void **state)
{
	struct au_target_block target = { .options = json_pack("{s:s}", "url", "https://a") };
	struct au_wanted wanted = { .wanted = true, .login = "ann", .rights = "{\"roles\":[1]}" };
	struct au_account account = { .id = "1", .state = AU_ACCOUNT_PRESENT, .active = 1, .problem = "x" };
	char before[AU_PREMISE_SIZE], after[AU_PREMISE_SIZE];

	(void)state;
	au_quarantine_premise(&target, &wanted, &account, before);
	account.problem = "y";
	account.observed_ms = 7;
	assert_string_equal(au_quarantine_premise(&target, &wanted, &account, after), before);
	account.rights = "{}";
	assert_string_not_equal(au_quarantine_premise(&target, &wanted, &account, after), before);
	account.rights = NULL;
	wanted.mail = "ann@example.com";
	assert_string_not_equal(au_quarantine_premise(&target, &wanted, &account, after), before);
	wanted.mail = NULL;
	json_decref((json_t *)(uintptr_t)target.options);
	target.options = NULL;
	assert_string_not_equal(au_quarantine_premise(&target, &wanted, &account, after), before);
}

/* ---- targets ---- */

static const struct au_health_rules rules = { .row = 3, .share = 50, .window_ms = HOUR };

static void
a_row_is_of_different_objects_without_a_success_between(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_health health = { 0 };

	(void)state;
	for (int i = 0; i < 9; i++)
		au_health_note(&health, "ann", true, 0);
	assert_null(au_health_judge(&health, &rules, 0, arena));
	au_health_note(&health, "bob", true, 0);
	au_health_note(&health, "bob", false, 0);
	au_health_forget(&health);
	au_health_note(&health, "bob", true, 0);
	au_health_note(&health, "ann", true, 0);
	assert_null(au_health_judge(&health, &rules, 0, arena));
	au_health_note(&health, "cid", true, 0);
	assert_string_equal(
	    au_health_judge(&health, &rules, 0, arena), "steps of 3 different API users failed in a row");
}

static void
a_share_counts_within_the_window_and_from_ten_on(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_health health = { 0 };

	(void)state;
	for (int i = 0; i < 9; i++)
		au_health_note(&health, "ann", i % 2 == 0, 0);
	assert_null(au_health_judge(&health, &rules, 0, arena));
	au_health_note(&health, "ann", true, 0);
	assert_string_equal(au_health_judge(&health, &rules, 0, arena), "6 of the last 10 steps failed within 1h");
	assert_null(au_health_judge(&health, &rules, HOUR + 1, arena));
	for (int i = 0; i < 10; i++)
		au_health_note(&health, "ann", i == 0, HOUR + 1);
	assert_null(au_health_judge(&health, &rules, HOUR + 1, arena));
}

static void
more_answers_than_are_kept_do_no_harm(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_health health = { 0 };
	char id[AU_UUID_SIZE];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "%d", i);
		au_health_note(&health, id, true, i);
	}
	assert_int_equal(health.row_count, AU_HEALTH_ROW_MAX);
	assert_int_equal(health.count, AU_HEALTH_KEPT);
	assert_non_null(au_health_judge(&health, &rules, 1000, arena));
}

/* ---- gates ---- */

static void
stops_end_each_for_itself(void **state)
{
	struct au_gate gate = { 0 };
	struct au_stop stop = { .kind = AU_STOP_THROTTLED, .reason = "429", .actor = "x", .until_ms = 10 * HOUR + 500 };

	(void)state;
	assert_int_equal(au_gate_first(&gate), 0);
	assert_int_equal(au_gate_wait_ms(&gate, 0, 0), -1);
	au_gate_put(&gate, &stop, 10 * HOUR, 77);
	assert_int_equal(au_gate_first(&gate), AU_STOP_THROTTLED);
	assert_int_equal(au_gate_wait_ms(&gate, 10 * HOUR, 77), 500);
	stop = (struct au_stop){ .kind = AU_STOP_PAUSED, .reason = "moves", .actor = "uid:0", .until_ms = 11 * HOUR };
	au_gate_put(&gate, &stop, 10 * HOUR, 77);
	assert_int_equal(au_gate_first(&gate), AU_STOP_PAUSED);
	/* The wall clock is set back by a year: the product's wait is not longer, the person's is as it was said. */
	assert_true(au_gate_is_over(&gate, AU_STOP_THROTTLED, 0, 577));
	assert_false(au_gate_is_over(&gate, AU_STOP_PAUSED, 0, 577));
	assert_true(au_gate_is_over(&gate, AU_STOP_PAUSED, 11 * HOUR, 578));
	assert_true(au_gate_remove(&gate, AU_STOP_PAUSED));
	assert_false(au_gate_remove(&gate, AU_STOP_PAUSED));
	au_gate_done(&gate);
}

static void
a_wait_from_the_store_is_bounded(void **state)
{
	struct au_gate gate = { 0 };
	struct au_stop stop = { .kind = AU_STOP_THROTTLED, .actor = "x", .until_ms = 1000 * HOUR };

	(void)state;
	au_gate_put(&gate, &stop, 0, 0);
	assert_int_equal(au_gate_wait_ms(&gate, 0, 0), 24 * HOUR);
	au_gate_done(&gate);
}

static void
half_open_lets_steps_through(void **state)
{
	struct au_gate gate = { 0 };
	struct au_stop stop = { .kind = AU_STOP_QUARANTINE, .actor = "x", .until_ms = HOUR };

	(void)state;
	au_gate_put(&gate, &stop, 0, 0);
	assert_int_equal(au_gate_first(&gate), AU_STOP_QUARANTINE);
	gate.is_trying = true;
	assert_int_equal(au_gate_first(&gate), 0);
	assert_false(au_gate_is_over(&gate, AU_STOP_QUARANTINE, 2 * HOUR, 2 * HOUR));
	au_gate_done(&gate);
	assert_false(gate.is_trying);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_failures_quarantine),
		cmocka_unit_test(failing_for_long_does_too_but_not_after_two),
		cmocka_unit_test(an_outage_counts_once),
		cmocka_unit_test(premise_changes_with_the_wish_the_account_and_the_target),
		cmocka_unit_test(a_row_is_of_different_objects_without_a_success_between),
		cmocka_unit_test(a_share_counts_within_the_window_and_from_ten_on),
		cmocka_unit_test(more_answers_than_are_kept_do_no_harm),
		cmocka_unit_test(stops_end_each_for_itself),
		cmocka_unit_test(a_wait_from_the_store_is_bounded),
		cmocka_unit_test(half_open_lets_steps_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
