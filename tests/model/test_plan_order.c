/* SPDX-License-Identifier: ISC */
/* The order of a plan: what makes room first, each account's steps one after the other, and always the same. */
#include "tests/unit.h"

#include "base/rand.h"
#include "model/plan_order.h"

#include <stdio.h>
#include <string.h>

static const struct au_step steps[] = {
	{ .target = "room", .login = "ann", .op = AU_STEP_ENABLE, .lane = AU_LANE_SAFE, .apiuser_id = "1" },
	{ .target = "room", .login = "ann", .op = AU_STEP_SET_RIGHTS, .lane = AU_LANE_SAFE, .apiuser_id = "1" },
	{ .target = "room", .login = "ann", .op = AU_STEP_CREATE, .lane = AU_LANE_SAFE, .apiuser_id = "1" },
	{ .target = "room", .login = "cid", .op = AU_STEP_DELETE, .lane = AU_LANE_DESTRUCTIVE, .account_id = "3" },
	{ .target = "room", .login = "dan", .op = AU_STEP_SET_RIGHTS, .lane = AU_LANE_RESTRICT, .account_id = "4" },
	{ .target = "room", .login = "eve", .op = AU_STEP_DISABLE, .lane = AU_LANE_RESTRICT, .account_id = "5" },
	{ .target = "cage", .login = "eve", .op = AU_STEP_LOOKUP, .lane = AU_LANE_SAFE, .account_id = "6" },
	{ .target = "room", .login = "bob", .op = AU_STEP_CREATE, .lane = AU_LANE_SAFE, .apiuser_id = "2" },
};

static void
assert_order(struct au_plan *plan)
{
	static const char *const expected[] = { "cage eve lookup", "room eve disable", "room cid delete",
		"room dan set-rights", "room ann create", "room bob create", "room ann set-rights", "room ann enable" };
	char text[64];

	assert_int_equal(plan->step_count, AU_COUNT(expected));
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct au_step *step = &plan->steps[i];
		snprintf(text, sizeof(text), "%s %s %s", step->target, step->login, au_step_op_name(step->op));
		assert_string_equal(text, expected[i]);
	}
}

static bool
waits(const struct au_plan *plan, size_t step, size_t after)
{
	size_t found = 0;

	for (size_t i = 0; i < plan->wait_count; i++)
		found += plan->waits[i].step == step && plan->waits[i].after == after;
	assert_true(found <= 1);
	return found == 1;
}

static void
frees_come_before_takes_and_rights_before_activation(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
		size_t at[AU_COUNT(steps)], free = 0, take = 0;
		for (size_t i = 0; i < AU_COUNT(at); i++)
			at[i] = i;
		for (size_t i = AU_COUNT(at); i > 1; i--) {
			size_t k = au_rand_below((uint32_t)i), swap = at[i - 1];
			at[i - 1] = at[k];
			at[k] = swap;
		}
		for (size_t i = 0; i < AU_COUNT(at); i++) {
			au_plan_add(plan, &steps[at[i]]);
			free = at[i] == 5 ? i : free;
			take = at[i] == 7 ? i : take;
		}
		/* What somebody else found out moves along with its steps, however often it was said. */
		au_plan_wait(plan, take, free);
		au_plan_wait(plan, take, free);
		au_plan_order(plan);
		assert_order(plan);
		assert_true(waits(plan, 5, 1)); /* bob's create waits for eve to go */
		assert_true(waits(plan, 6, 4)); /* ann's rights wait for her account */
		assert_true(waits(plan, 7, 6)); /* and she is switched on when they are right */
		assert_int_equal(plan->wait_count, 3);
		au_plan_order(plan);
		assert_order(plan);
		assert_int_equal(plan->wait_count, 3);
	}
}

static void
accounts_of_several_targets_do_not_wait_for_each_other(void **state)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct au_step step = {
			.target = i == 0 ? "room" : "cage", .apiuser_id = i == 2 ? "2" : "1", .op = AU_STEP_CREATE
		};
		au_plan_add(plan, &step);
	}
	au_plan_order(plan);
	assert_int_equal(plan->wait_count, 0);
}

static void
cancelled_steps_go_with_their_waits(void **state)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(steps); i++)
		au_plan_add(plan, &steps[i]);
	au_plan_wait(plan, 0, 1);
	au_plan_wait(plan, 7, 5);
	plan->steps[1].state = AU_STEP_CANCELLED;
	au_plan_drop_cancelled(plan);
	assert_int_equal(plan->step_count, 7);
	assert_int_equal(plan->wait_count, 1);
	assert_true(waits(plan, 6, 4));
}

static void
numbers_and_waits_are_told(void **state)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();

	(void)state;
	for (size_t i = 0; i < 3; i++)
		au_plan_add(plan, &steps[i]);
	au_plan_order(plan);
	AU_CLEANUP(au_json_decrefp) json_t *json = au_plan_to_json(plan);
	const json_t *list = json_object_get(json, "steps");
	assert_null(json_object_get(json_array_get(list, 0), "after"));
	for (size_t i = 1; i < 3; i++) {
		const json_t *step = json_array_get(list, i);
		assert_int_equal(au_json_get_int(step, "number"), i + 1);
		assert_int_equal(json_integer_value(json_array_get(json_object_get(step, "after"), 0)), i);
		assert_int_equal(json_array_size(json_object_get(step, "after")), 1);
	}
}

static void
findings_are_sorted_too(void **state)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();

	(void)state;
	plan->key = "bob";
	au_plan_find(plan, "2", "room", "x");
	au_plan_find(plan, NULL, NULL, "y");
	plan->key = "ann";
	au_plan_find(plan, "1", "room", "z");
	au_plan_order(plan);
	assert_string_equal(plan->findings[0].text, "y");
	assert_null(plan->findings[0].key);
	assert_string_equal(plan->findings[1].key, "ann");
	assert_string_equal(plan->findings[2].key, "bob");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frees_come_before_takes_and_rights_before_activation),
		cmocka_unit_test(accounts_of_several_targets_do_not_wait_for_each_other),
		cmocka_unit_test(cancelled_steps_go_with_their_waits),
		cmocka_unit_test(numbers_and_waits_are_told),
		cmocka_unit_test(findings_are_sorted_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
