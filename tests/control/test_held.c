/* SPDX-License-Identifier: ISC */
/* Decisions on held steps at the control socket. */
#include "base/mem.h"
#include "base/str.h"
#include "store/step.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#define LIVE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

static int
store_held_step(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	static const struct au_step step = { .account_id = "a-1",
		.apiuser_id = "u-1",
		.target = "room",
		.login = "ann",
		.op = AU_STEP_DISABLE,
		.lane = AU_LANE_RESTRICT,
		.state = AU_STEP_HELD,
		.want = "{}",
		.reason = "left the group",
		.guard = "too many at once" };

	return au_store_step_add(tx, &step, arg, err);
}

static void
held_step_is_released_with_a_reason_only(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_freep) char *body = NULL;
	long long id = 0;
	const json_t *json;

	stage_store(s, store_held_step, &id);
	body = au_xasprintf("{\"steps\":[%lld],\"reason\":\"they left\"}", id);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", NULL, &json), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", "{\"steps\":[1],\"reason\":\"\"}", &json), 400);
	assert_int_equal(stage_talk(s, "GET", "/v1/held", NULL, &json), 200);
	json = json_array_get(json_object_get(json, "steps"), 0);
	assert_int_equal(au_json_get_int(json, "needed"), 1);
	assert_int_equal(json_array_size(json_object_get(json, "approvals")), 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", body, &json), 200);
	json = json_array_get(json_object_get(json, "steps"), 0);
	assert_int_equal(au_json_get_int(json, "id"), id);
	assert_string_equal(au_json_get_str(json, "state"), "queued");
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", body, &json), 400);
}

static void
decisions_on_what_is_no_step_are_refused(void **state)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = {
		{ "{\"reason\":\"x\"}", 400 },
		{ "{\"steps\":[],\"reason\":\"x\"}", 400 },
		{ "{\"steps\":[0],\"reason\":\"x\"}", 400 },
		{ "{\"steps\":[\"1\"],\"reason\":\"x\"}", 400 },
		{ "{\"steps\":[7,7],\"reason\":\"x\"}", 400 },
		{ "{\"steps\":[987654],\"reason\":\"x\"}", 404 },
	};
	static const char *const paths[] = { "/v1/held/approve", "/v1/held/reject", "/v1/held/reopen" };
	struct stage *s = *state;
	const json_t *json;

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		for (size_t k = 0; k < AU_COUNT(paths); k++)
			assert_int_equal(stage_talk(s, "POST", paths[k], rows[i].body, &json), rows[i].status);
}

static void
rejected_step_ends_and_can_be_reopened_while_its_account_remembers(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_freep) char *body = NULL;
	long long id = 0;
	const json_t *json;

	stage_store(s, store_held_step, &id);
	body = au_xasprintf("{\"steps\":[%lld],\"reason\":\"still in use\"}", id);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/reopen", body, &json), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/reject", body, &json), 200);
	json = json_array_get(json_object_get(json, "steps"), 0);
	assert_string_equal(au_json_get_str(json, "state"), "rejected");
	stage_assert_audited(s, "a-1", "step.reject");
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", body, &json), 400);
	assert_int_equal(stage_talk(s, "GET", "/v1/held", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 0);
	/* Its account is not there, so nothing remembers that. */
	assert_int_equal(json_array_size(json_object_get(json, "rejected")), 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/reopen", body, &json), 400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(held_step_is_released_with_a_reason_only),
		LIVE(decisions_on_what_is_no_step_are_refused),
		LIVE(rejected_step_ends_and_can_be_reopened_while_its_account_remembers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
