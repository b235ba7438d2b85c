/* SPDX-License-Identifier: ISC */
/* Plans and steps: names, lanes, copies, JSON. */
#include "tests/unit.h"

#include "model/account.h"
#include "model/plan.h"

#include <stdio.h>
#include <string.h>

static void
every_name_leads_back(void **state)
{
	(void)state;
	for (int op = AU_STEP_CREATE; op <= AU_STEP_RETIRE; op++)
		assert_int_equal(au_step_op_from_name(au_step_op_name((enum au_step_op)op)), op);
	for (int s = AU_STEP_QUEUED; s <= AU_STEP_CANCELLED; s++)
		assert_int_equal(au_step_state_from_name(au_step_state_name((enum au_step_state)s)), s);
	assert_int_equal(au_step_op_from_name("explode"), 0);
	assert_int_equal(au_step_op_from_name(NULL), 0);
	assert_int_equal(au_step_state_from_name(""), 0);
	assert_null(au_step_op_name((enum au_step_op)0));
	assert_null(au_step_op_name((enum au_step_op)99));
	assert_string_equal(au_lane_name(AU_LANE_RESTRICT), "restrict");
	assert_string_equal(au_account_state_name(AU_ACCOUNT_CONFLICT), "conflict");
}

static void
only_what_takes_away_leaves_the_safe_lane(void **state)
{
	(void)state;
	assert_int_equal(au_step_lane(AU_STEP_CREATE, false), AU_LANE_SAFE);
	assert_int_equal(au_step_lane(AU_STEP_ENABLE, false), AU_LANE_SAFE);
	assert_int_equal(au_step_lane(AU_STEP_SET_RIGHTS, false), AU_LANE_SAFE);
	assert_int_equal(au_step_lane(AU_STEP_SET_RIGHTS, true), AU_LANE_RESTRICT);
	assert_int_equal(au_step_lane(AU_STEP_DISABLE, false), AU_LANE_RESTRICT);
	assert_int_equal(au_step_lane(AU_STEP_DELETE, false), AU_LANE_DESTRUCTIVE);
}

static void
plan_copies_what_it_is_given(void **state)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	char login[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(login, sizeof(login), "user-%d", i);
		struct au_step step = { .op = AU_STEP_CREATE, .lane = AU_LANE_SAFE, .login = login };
		au_plan_add(plan, &step)->id = i;
		au_plan_find(plan, login, "room", "waits");
	}
	memset(login, 'x', sizeof(login) - 1);
	assert_int_equal(plan->step_count, 100);
	assert_int_equal(plan->finding_count, 100);
	assert_string_equal(plan->steps[0].login, "user-0");
	assert_string_equal(plan->steps[99].login, "user-99");
	assert_int_equal(plan->steps[42].id, 42);
	assert_string_equal(plan->findings[7].apiuser_id, "user-7");
	au_plan_free(NULL);
}

static void
plan_is_shown_as_json(void **state)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	const struct au_step step = {
		.op = AU_STEP_DISABLE,
		.lane = AU_LANE_RESTRICT,
		.state = AU_STEP_HELD,
		.target = "room",
		.login = "api-crm",
		.want = "{\"active\":false}",
		.was = "broken {",
		.code = AU_EBUSY,
	};

	(void)state;
	au_plan_add(plan, &step);
	au_plan_find(plan, NULL, "room", "waits for an answer");
	AU_CLEANUP(au_json_decrefp) json_t *json = au_plan_to_json(plan);
	AU_CLEANUP(au_freep) char *text = au_json_text(json);
	assert_string_equal(text,
	    "{\"steps\":[{\"id\":0,\"op\":\"disable\",\"lane\":\"restrict\",\"state\":\"held\",\"target\":\"room\","
	    "\"login\":\"api-crm\",\"want\":{\"active\":false},\"was\":\"broken {\",\"tries\":0,\"next_ms\":0,"
	    "\"created_ms\":0,\"finished_ms\":0,\"code\":\"busy\",\"number\":1}],"
	    "\"findings\":[{\"target\":\"room\",\"text\":\"waits for an answer\"}]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_leads_back),
		cmocka_unit_test(only_what_takes_away_leaves_the_safe_lane),
		cmocka_unit_test(plan_copies_what_it_is_given),
		cmocka_unit_test(plan_is_shown_as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
