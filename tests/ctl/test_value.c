/* SPDX-License-Identifier: ISC */
/* Values, times and the progress bar as people read them. */
#include "base/mem.h"
#include "ctl/progress.h"
#include "ctl/value.h"
#include "tests/unit.h"

#include <string.h>

static void
values_read_like_text(void **state)
{
	static const struct {
		const char *json, *text;
	} rows[] = {
		{ "\"a\"", "a" },
		{ "12", "12" },
		{ "true", "yes" },
		{ "false", "no" },
		{ "null", "-" },
		{ "[]", "[]" },
		{ "[\"a\",2,[true]]", "[a, 2, [true]]" },
		{ "{\"a\":[1]}", "{\"a\":[1]}" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		au_value_put(&out, json);
		assert_string_equal(au_str_get(&out), rows[i].text);
	}
}

static void
times_and_spans_are_short(void **state)
{
	char buf[AU_WHEN_SIZE];

	(void)state;
	assert_string_equal(au_value_time(0, buf), "-");
	assert_string_equal(au_value_time(1795514400123, buf), "2026-11-24 10:00:00Z");
	assert_string_equal(au_value_span(0, buf), "0s");
	assert_string_equal(au_value_span(999, buf), "0s");
	assert_string_equal(au_value_span(61000, buf), "1min 1s");
	assert_string_equal(au_value_span(3600000, buf), "1h");
	assert_string_equal(au_value_span(86400000LL * 400 + 5000, buf), "400d 5s");
	assert_string_equal(au_value_span(90061000, buf), "1d 1h");
}

static void
bar_fills_and_fits(void **state)
{
	AU_CLEANUP(au_str_done)
	struct au_str none = AU_STR_INIT,
		      half = AU_STR_INIT, over = AU_STR_INIT, cut = AU_STR_INIT;

	(void)state;
	au_progress_line(&none, 0, 0, "steps", 80);
	assert_string_equal(au_str_get(&none), "[------------------------------] 0/0 steps");
	au_progress_line(&half, 3, 6, "steps", 80);
	assert_string_equal(au_str_get(&half), "[###############---------------] 3/6 steps");
	au_progress_line(&over, 9, 6, "steps", 80);
	assert_string_equal(au_str_get(&over), "[##############################] 9/6 steps");
	au_progress_line(&cut, 3, 6, "steps", 10);
	assert_int_equal(strlen(au_str_get(&cut)), 10);
}

static void
people_are_told_by_name_where_there_is_one(void **state)
{
	static const struct {
		const char *name, *actor, *text;
	} rows[] = {
		{ "ann", "uid:0", "ann" },
		{ NULL, "uid:0", "root" },
		{ NULL, "uid:4000111222", "uid:4000111222" },
		{ NULL, "uid:", "uid:" },
		{ NULL, "uid:0x", "uid:0x" },
		{ NULL, "uid:99999999999999999999", "uid:99999999999999999999" },
		{ NULL, "scim:okta", "scim:okta" },
		{ NULL, "option", "option" },
	};
	char buf[AU_VALUE_PERSON];

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		assert_string_equal(au_value_person(rows[i].name, rows[i].actor, buf), rows[i].text);
	assert_null(au_value_person(NULL, NULL, buf));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_read_like_text),
		cmocka_unit_test(times_and_spans_are_short),
		cmocka_unit_test(bar_fills_and_fits),
		cmocka_unit_test(people_are_told_by_name_where_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
