/* SPDX-License-Identifier: ISC */
/* Option rows: what each type takes, defaults, near names, printing, and the way through JSON. */
#include "tests/unit.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/opt.h"

#include <string.h>

static const char *const scopes[] = { "base", "one", "sub", NULL };

static const struct au_opt rows[] = {
	{ "url", AU_STR, AU_REQUIRED, 3, 8, NULL, NULL, "Where it is." },
	{ "port", AU_INT, 0, 1, 65535, NULL, "389", "The port." },
	{ "weight", AU_INT, 0, 0, 0, NULL, NULL, "Any number." },
	{ "depth", AU_INT, 0, 2, 0, NULL, NULL, "Two or more." },
	{ "starttls", AU_BOOL, AU_RELOAD, 0, 0, NULL, "true", "Encrypt." },
	{ "scope", AU_ENUM, 0, 0, 0, scopes, "sub", "How deep." },
	{ "groups", AU_LIST, 0, 0, 3, NULL, "one, two", "Which groups." },
	{ "parts", AU_LIST, 0, 1, 2, scopes, NULL, "Which parts." },
	{ "timeout", AU_TIME, AU_RELOAD, 1000, 60000, NULL, "10s", "How long." },
	{ "max_size", AU_SIZE, 0, 1024, 1048576, NULL, "64KiB", "How large." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the password lies." },
	AU_OPT_END,
};

static int
set(struct au_values *values, const char *name, const char *json, struct au_err *err)
{
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	int code = au_values_set(values, name, value, err);
	json_decref(value);
	return code;
}

static void
defaults_are_there_from_the_start(void **state)
{
	struct au_values *values = au_values_new(rows);

	(void)state;
	assert_int_equal(au_values_num(values, "port"), 389);
	assert_true(au_values_bool(values, "starttls"));
	assert_string_equal(au_values_str(values, "scope"), "sub");
	assert_int_equal(au_values_count(values, "groups"), 2);
	assert_string_equal(au_values_item(values, "groups", 1), "two");
	assert_null(au_values_item(values, "groups", 2));
	assert_int_equal(au_values_num(values, "timeout"), 10000);
	assert_int_equal(au_values_num(values, "max_size"), 65536);
	assert_null(au_values_str(values, "url"));
	assert_false(au_values_is_set(values, "port"));
	au_values_free(values);
	au_values_free(NULL);
}

static void
each_type_takes_its_own_form(void **state)
{
	static const struct {
		const char *name, *json;
		int code;
	} cases[] = {
		{ "url", "\"abc\"", 0 },
		{ "url", "\"\xC3\xBC\xC3\xBC\"", AU_EINVAL }, /* two characters, four bytes */
		{ "url", "\"123456789\"", AU_EINVAL },
		{ "url", "5", AU_EINVAL },
		{ "url", "null", AU_EINVAL },
		{ "port", "1", 0 },
		{ "port", "0", AU_EINVAL },
		{ "port", "65536", AU_EINVAL },
		{ "port", "4294967685", AU_EINVAL }, /* 389 in its lower 32 bits */
		{ "port", "\"389\"", AU_EINVAL },
		{ "port", "389.0", AU_EINVAL },
		{ "weight", "-9223372036854775808", 0 },
		{ "depth", "2", 0 },
		{ "depth", "1", AU_EINVAL },
		{ "depth", "9223372036854775807", 0 },
		{ "starttls", "false", 0 },
		{ "starttls", "0", AU_EINVAL },
		{ "starttls", "\"true\"", AU_EINVAL },
		{ "scope", "\"one\"", 0 },
		{ "scope", "\"ONE\"", AU_EINVAL },
		{ "groups", "[]", 0 },
		{ "groups", "[\"a\",\"b\",\"c\"]", 0 },
		{ "groups", "[\"a\",\"b\",\"c\",\"d\"]", AU_EINVAL },
		{ "groups", "[\"a\",1]", AU_EINVAL },
		{ "groups", "\"a\"", AU_EINVAL },
		{ "parts", "[]", AU_EINVAL },
		{ "parts", "[\"sub\"]", 0 },
		{ "parts", "[\"sub\",\"tree\"]", AU_EINVAL },
		{ "timeout", "\"1min\"", 0 },
		{ "timeout", "\"999ms\"", AU_EINVAL },
		{ "timeout", "10", AU_EINVAL },
		{ "timeout", "\"10\"", AU_EINVAL },
		{ "max_size", "\"1MiB\"", 0 },
		{ "max_size", "\"2MiB\"", AU_EINVAL },
		{ "max_size", "2048", AU_EINVAL },
		{ "password", "\"credential:x\"", 0 },
		{ "password", "\"\"", AU_EINVAL },
	};
	struct au_values *values = au_values_new(rows);

	(void)state;
	for (size_t i = 0; i < AU_COUNT(cases); i++) {
		struct au_err err = { 0 };
		int code = set(values, cases[i].name, cases[i].json, &err);
		if (code != cases[i].code)
			fail_msg("%s = %s gave %d: %s", cases[i].name, cases[i].json, code, err.text);
		if (code != 0)
			assert_non_null(strstr(err.text, cases[i].name));
	}
	assert_string_equal(au_values_str(values, "url"), "abc");
	assert_int_equal(au_values_num(values, "port"), 1);
	assert_true(au_values_is_set(values, "port"));
	assert_int_equal(au_values_num(values, "timeout"), 60000);
	assert_int_equal(au_values_count(values, "groups"), 3);
	au_values_free(values);
}

static void
limits_are_told_in_the_units_of_the_option(void **state)
{
	struct au_values *values = au_values_new(rows);
	struct au_err err;

	(void)state;
	set(values, "timeout", "\"2h\"", &err);
	assert_string_equal(err.text, "option 'timeout': expected a duration from 1s to 1min");
	set(values, "max_size", "\"1B\"", &err);
	assert_string_equal(err.text, "option 'max_size': expected a size from 1KiB to 1MiB");
	set(values, "depth", "0", &err);
	assert_string_equal(err.text, "option 'depth': expected an integer of 2 or more");
	set(values, "scope", "\"tree\"", &err);
	assert_string_equal(err.text, "option 'scope': 'tree' is not one of: base, one, sub");
	au_values_free(values);
}

static void
unknown_name_lists_near_ones(void **state)
{
	struct au_values *values = au_values_new(rows);
	struct au_err err;
	char longest[300];

	(void)state;
	assert_int_equal(set(values, "pasword", "1", &err), AU_EINVAL);
	assert_string_equal(err.text, "option 'pasword': unknown; did you mean 'password'?");
	set(values, "prot", "1", &err);
	assert_string_equal(err.text, "option 'prot': unknown");
	set(values, "ports", "1", &err);
	assert_string_equal(err.text, "option 'ports': unknown; did you mean 'port', 'parts'?");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(set(values, longest, "1", &err), AU_EINVAL);
	au_values_free(values);
}

static void
missing_required_value_is_named(void **state)
{
	struct au_values *values = au_values_new(rows);
	struct au_err err;

	(void)state;
	assert_int_equal(au_values_check(values, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "'url'"));
	set(values, "url", "\"abc\"", &err);
	assert_int_equal(au_values_check(values, &err), 0);
	au_values_free(values);
}

static void
values_go_through_json_and_back(void **state)
{
	struct au_values *values = au_values_new(rows), *again = au_values_new(rows);
	struct au_err err;
	const char *name;
	json_t *json, *value;

	(void)state;
	set(values, "url", "\"abc\"", &err);
	set(values, "timeout", "\"90ms\"", &err);
	set(values, "timeout", "\"30s\"", &err);
	set(values, "groups", "[\"x\"]", &err);
	set(values, "password", "\"file:/x\"", &err);
	json = au_values_json(values);
	AU_CLEANUP(au_freep) char *text = au_json_text(json);
	assert_string_equal(text,
	    "{\"url\":\"abc\",\"port\":389,\"starttls\":true,\"scope\":\"sub\",\"groups\":[\"x\"],"
	    "\"timeout\":\"30s\",\"max_size\":\"64KiB\",\"password\":\"file:/x\"}");
	json_object_foreach (json, name, value)
		assert_int_equal(au_values_set(again, name, value, &err), 0);
	json_t *other = au_values_json(again);
	assert_true(json_equal(json, other));
	json_decref(json);
	json_decref(other);
	au_values_free(values);
	au_values_free(again);
}

static void
rows_go_through_json_and_back(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *json = au_opt_rows_json(rows);
	const struct au_opt *parsed;
	struct au_err err;

	(void)state;
	assert_int_equal(au_opt_rows_parse(arena, json, &parsed, &err), 0);
	json_t *again = au_opt_rows_json(parsed);
	assert_true(json_equal(json, again));
	assert_int_equal(parsed[0].flags, AU_REQUIRED);
	assert_string_equal(parsed[5].choices[2], "sub");
	assert_null(parsed[5].choices[3]);
	assert_null(parsed[AU_COUNT(rows) - 1].name);
	json_decref(json);
	json_decref(again);
}

static void
broken_rows_are_refused(void **state)
{
	static const char *const texts[] = {
		"{}",
		"[1]",
		"[{\"type\":\"text\",\"help\":\"H.\"}]",
		"[{\"name\":\"a\",\"type\":\"text\"}]",
		"[{\"name\":\"a\",\"type\":\"float\",\"help\":\"H.\"}]",
		"[{\"name\":\"a\",\"type\":\"word\",\"help\":\"H.\"}]",
		"[{\"name\":\"a\",\"type\":\"word\",\"help\":\"H.\",\"choices\":[1]}]",
		"[{\"name\":\"a\",\"type\":\"word\",\"help\":\"H.\",\"choices\":[\"x\"],\"default\":\"y\"}]",
		"[{\"name\":\"a\",\"type\":\"integer\",\"help\":\"H.\",\"default\":\"5x\"}]",
		"[{\"name\":\"a\",\"type\":\"text\",\"help\":\"H.\"},{\"name\":\"a\",\"type\":\"text\",\"help\":\"H.\"}"
		"]",
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		const struct au_opt *parsed = NULL;
		struct au_err err;
		json_t *json = json_loads(texts[i], 0, NULL);
		assert_non_null(json);
		assert_int_equal(au_opt_rows_parse(arena, json, &parsed, &err), AU_EPROTO);
		assert_null(parsed);
		json_decref(json);
	}
}

static void
sample_shows_defaults_commented_out(void **state)
{
	struct au_str s = AU_STR_INIT;

	(void)state;
	au_opt_print_sample(rows, "\t", &s);
	assert_non_null(strstr(s.data, "\t# Where it is.\n\t# (text of 3 to 8 characters; required)\n\turl = \"\";\n"));
	assert_non_null(strstr(s.data, "\t# (integer from 1 to 65535; default 389)\n\t#port = 389;\n"));
	assert_non_null(strstr(s.data, "\t#starttls = true;\n"));
	assert_non_null(strstr(s.data, "\t# (word: base, one or sub; default sub)\n\t#scope = \"sub\";\n"));
	assert_non_null(strstr(s.data, "\t#groups = [ \"one\", \"two\" ];\n"));
	assert_non_null(strstr(s.data, "\t# (duration from 1s to 1min; default 10s)\n\t#timeout = \"10s\";\n"));
	assert_non_null(strstr(s.data, "\t#password = \"credential:NAME\";\n"));
	assert_non_null(strstr(s.data, "\t# (integer from 2 up)\n\t#depth = 2;\n"));
	au_str_done(&s);
}

static void
manual_rows_escape_what_mdoc_would_read(void **state)
{
	static const struct au_opt odd[] = {
		{ "path", AU_STR, AU_RELOAD, 0, 0, NULL, "a\\b", ".Sh is not \\a request." },
		AU_OPT_END,
	};
	struct au_str s = AU_STR_INIT;

	(void)state;
	au_opt_print_man(odd, &s);
	assert_string_equal(
	    s.data, ".It Cm path\n\\&.Sh is not \\ea request.\n(text; default a\\eb; may change at a reload)\n");
	au_str_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_there_from_the_start),
		cmocka_unit_test(each_type_takes_its_own_form),
		cmocka_unit_test(limits_are_told_in_the_units_of_the_option),
		cmocka_unit_test(unknown_name_lists_near_ones),
		cmocka_unit_test(missing_required_value_is_named),
		cmocka_unit_test(values_go_through_json_and_back),
		cmocka_unit_test(rows_go_through_json_and_back),
		cmocka_unit_test(broken_rows_are_refused),
		cmocka_unit_test(sample_shows_defaults_commented_out),
		cmocka_unit_test(manual_rows_escape_what_mdoc_would_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
