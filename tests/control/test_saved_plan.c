/* SPDX-License-Identifier: ISC */
/* Plans that are saved: what they hold, that making them changes nothing, and what becomes of them when applied. */
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "model/saved_plan.h"
#include "store/fact.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#include <string.h>

#define PLAN_MAX (1 << 20)

static const json_t *
save(struct stage *s)
{
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/plan", "{\"save\":true}", &json), 200);
	return json;
}

static bool
stands_on(const json_t *plan, const json_t *step, const char *kind, const char *name)
{
	const json_t *place;
	size_t index;

	json_array_foreach (json_object_get(step, "stands_on"), index, place) {
		const json_t *input =
		    json_array_get(json_object_get(plan, "inputs"), (size_t)json_integer_value(place));
		if (au_streq(au_json_get_str(input, "kind"), kind) && au_streq(au_json_get_str(input, "name"), name))
			return true;
	}
	return false;
}

static void
a_saved_plan_has_steps_inputs_and_reasons(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *step, *because;
	unsigned char key[AU_SAVED_PLAN_KEY];
	struct au_err err = { 0 };

	stage_run(s);
	stage_join(s, "bob");
	plan = save(s);
	assert_int_equal(json_array_size(json_object_get(plan, "steps")), 1);
	step = json_array_get(json_object_get(plan, "steps"), 0);
	assert_string_equal(au_json_get_str(step, "op"), "create");
	assert_true(stands_on(plan, step, "options", "reconcile"));
	assert_true(stands_on(plan, step, "target", "room"));
	assert_true(stands_on(plan, step, "rules", "room"));
	assert_true(stands_on(plan, step, "template", "runner"));
	assert_true(stands_on(plan, step, "source", "corp"));
	assert_true(stands_on(plan, step, "membership", "room/bob@example.com"));
	assert_true(stands_on(plan, step, "person", "bob@example.com"));
	assert_true(stands_on(plan, step, "account", "room/bob"));
	because = json_array_get(json_object_get(step, "because"), 0);
	assert_string_equal(au_json_get_str(because, "template"), "runner");
	assert_int_equal(au_json_get_bool(because, "holds", false), true);
	assert_true(json_array_size(json_object_get(because, "entries")) > 0);
	au_sealer_derive(s->sealer, AU_SAVED_PLAN_CONTEXT, key);
	if (au_saved_plan_check(plan, key, &err) < 0)
		fail_msg("%s", err.text);
}

/* Every byte of the store's files, one after the other. */
static char *
bytes_of_store(const struct stage *s, size_t *ret_len)
{
	static const char *const names[] = { "apiuserd.db", "apiuserd.db-wal" };
	struct au_str all = AU_STR_INIT;

	for (size_t i = 0; i < AU_COUNT(names); i++) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", s->folder, names[i]);
		AU_CLEANUP(au_freep) char *data = NULL;
		size_t len = 0;
		assert_int_equal(au_io_read(path, 64 << 20, &data, &len, NULL), 0);
		au_str_printf(&all, "%s %zu\n", names[i], len);
		au_str_putn(&all, data, len);
	}
	*ret_len = all.len;
	return au_str_take(&all);
}

/* I10 */
static void
a_dry_run_leaves_store_cookies_and_target_byte_identical(void **state)
{
	static const char *const plans[] = { "{}", "{\"save\":true}", "{\"user\":\"bob@example.com\"}",
		"{\"target\":\"room\",\"save\":true}" };
	struct stage *s = *state;

	stage_run(s);
	stage_join(s, "bob");
	stage_join(s, "cid");
	fake_target_reset_calls(s->target);
	size_t calls = fake_target_asked(s->target), len = 0, len_after = 0;
	AU_CLEANUP(au_freep) char *before = bytes_of_store(s, &len);
	for (size_t i = 0; i < AU_COUNT(plans); i++) {
		const json_t *json;
		assert_int_equal(stage_talk(s, "POST", "/v1/plan", plans[i], &json), 200);
		assert_true(json_array_size(json_object_get(json, "steps")) > 0);
	}
	AU_CLEANUP(au_freep) char *after = bytes_of_store(s, &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	assert_string_equal(fake_target_calls(s->target), "");
	assert_int_equal(fake_target_asked(s->target), calls);
	/* The comparison is worth something: a change of one row is seen. */
	stage_join(s, "ann");
	stage_run(s);
	AU_CLEANUP(au_freep) char *later = bytes_of_store(s, &len_after);
	assert_true(len != len_after || memcmp(before, later, len) != 0);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(a_saved_plan_has_steps_inputs_and_reasons),
		LIVE(a_dry_run_leaves_store_cookies_and_target_byte_identical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
