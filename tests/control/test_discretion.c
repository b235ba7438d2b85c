/* SPDX-License-Identifier: ISC */
/* What viewers do not get to see of a product that shows its API users to few people (IR-R10). */
#include "base/mem.h"
#include "base/str.h"
#include "control/discretion.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

/* From now on the target "room" is such a product; the stage uses it until its end. */
static void
make_discreet(struct stage *s)
{
	struct au_describe *describe = au_arena_alloc(s->arena, sizeof(*describe));

	*describe = *s->settings->targets[0].describe;
	describe->caps |= AU_CAP_DISCREET;
	s->settings->targets[0].describe = describe;
}

static void
expect_prune(const struct stage *s, const char *answer, const char *wanted, bool whole)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *have = NULL;

	assert_int_equal(au_json_parse(answer, strlen(answer), AU_JSON_DEPTH, &json, NULL), 0);
	assert_int_equal(au_discretion_prune(s->settings, json), whole);
	have = au_json_canonical(json);
	assert_string_equal(have, wanted);
}

static void
elements_that_name_the_target_go(void **state)
{
	struct stage *s = *state;

	expect_prune(s, "{\"a\":[{\"target\":\"room\"}]}", "{\"a\":[{\"target\":\"room\"}]}", false);
	make_discreet(s);
	expect_prune(
	    s, "{\"a\":[{\"target\":\"room\"},{\"target\":\"other\"}]}", "{\"a\":[{\"target\":\"other\"}]}", false);
	/* However deep it is named, up to the element of a list. */
	expect_prune(s, "{\"a\":[{\"b\":{\"c\":{\"target\":\"room\"}},\"d\":1}]}", "{\"a\":[]}", false);
	expect_prune(s, "{\"a\":[{\"d\":1,\"b\":[{\"target\":\"room\"},2]}]}", "{\"a\":[{\"b\":[2],\"d\":1}]}", false);
	/* Figures name nobody. */
	expect_prune(s, "{\"a\":[{\"free\":1,\"pool\":\"slots\",\"target\":\"room\"}]}",
	    "{\"a\":[{\"free\":1,\"pool\":\"slots\",\"target\":\"room\"}]}", false);
	/* An audit row names accounts by our own numbers. */
	expect_prune(s, "{\"a\":[{\"verb\":\"step.queue\"},{\"verb\":\"source.pause\"}]}",
	    "{\"a\":[{\"verb\":\"source.pause\"}]}", false);
	expect_prune(s, "{\"login\":\"x\",\"target\":\"room\"}", "{\"login\":\"x\",\"target\":\"room\"}", true);
}

/* Every list that a viewer can ask for, after a run that has made and changed accounts. */
static void
no_route_shows_a_viewer_an_account(void **state)
{
	static const char *const paths[] = { "/v1/users", "/v1/users/ann", "/v1/explain/ann", "/v1/steps", "/v1/held",
		"/v1/drift", "/v1/strangers", "/v1/ignored", "/v1/protected", "/v1/quarantine", "/v1/capacity",
		"/v1/audit", "/v1/status", "/v1/targets" };
	struct stage *s = *state;
	const struct passwd *nobody = getpwnam("nobody");
	const json_t *json;

	if (geteuid() != 0 || nobody == NULL)
		skip();
	stage_join(s, "bob");
	fake_target_add_foreign(s->target, "someone");
	stage_run(s);
	assert_non_null(strstr(stage_talk_raw(s, "GET", "/v1/steps", NULL), "\"login\""));
	make_discreet(s);
	assert_non_null(strstr(stage_talk_raw(s, "GET", "/v1/steps", NULL), "\"login\"")); /* to operators as before */
	for (size_t i = 0; i < AU_COUNT(paths); i++) {
		AU_CLEANUP(au_freep) char *text = NULL;

		assert_int_equal(stage_talk_as(s, nobody->pw_uid, "GET", paths[i], NULL, &json), 200);
		text = au_json_text(json);
		if (strstr(text, "\"login\"") != NULL || strstr(text, "\"rights\"") != NULL || strstr(text, "someone"))
			fail_msg("%s: %s", paths[i], text);
	}
	assert_int_equal(stage_talk_as(s, nobody->pw_uid, "POST", "/v1/plan", "{}", &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(elements_that_name_the_target_go, stage_set_up, stage_tear_down),
		cmocka_unit_test_setup_teardown(no_route_shows_a_viewer_an_account, stage_set_up, stage_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
