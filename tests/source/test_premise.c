/* SPDX-License-Identifier: ISC */
/* Cookies last as long as the options that they rest on. */
#include "tests/unit.h"

#include "source/premise.h"
#include "tests/source/stage.h"

struct check {
	char *text;
	char changed[256];
};

static int
check_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct check *check = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *changed = NULL;
	int rc = au_premise_check(tx, arena, "s", check->text, &changed, err);

	snprintf(check->changed, sizeof(check->changed), "%s", changed != NULL ? changed : "-");
	return rc;
}

/* The options by JSON: what is said to have changed. */
static void
assert_changed(struct stage *stage, const char *options, const char *changed)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(options, 0, NULL);
	struct check check = { .text = au_premise_text(json) };

	assert_int_equal(au_store_run(stage->store, check_work, &check, NULL), 0);
	assert_string_equal(check.changed, changed);
	free(check.text);
}

static void
cookies_go_with_what_they_rest_on(void **state)
{
	static const char before[] = "{\"attr_mail\":\"mail\",\"people_filter\":\"(a=b)\",\"retry_cap\":1}";
	struct stage *stage = *state;

	assert_changed(stage, before, "-");
	stage_import(stage, TEN, ONE_GROUP);
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");

	/* Order, what is not set and how the server is reached are no matter. */
	assert_changed(stage, "{\"retry_cap\":2,\"people_filter\":\"(a=b)\",\"attr_id\":null,\"attr_mail\":\"mail\"}", "-");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=first groups=first");

	assert_changed(stage, "{\"attr_mail\":\"m\",\"attr_id\":\"uid\"}", "attr_id, attr_mail, people_filter");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=- groups=-");
	assert_changed(stage, "{\"attr_mail\":\"m\",\"attr_id\":\"uid\"}", "-");
}

/* A store of before options were kept: nobody knows what its cookies rest on. */
static void
cookies_without_one_go_once(void **state)
{
	struct stage *stage = *state;

	stage_import(stage, TEN, ONE_GROUP);
	assert_changed(stage, "{\"attr_mail\":\"mail\"}", "-");
	assert_string_equal(stage_state(stage), "ok complete drift=0 people=- groups=-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cookies_go_with_what_they_rest_on, stage_set_up, stage_tear_down),
		cmocka_unit_test_setup_teardown(cookies_without_one_go_once, stage_set_up, stage_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
