/* SPDX-License-Identifier: ISC */
/* JSON: what is refused, what is canonical, what getters say. */
#include "tests/unit.h"

#include "base/json.h"

#include <string.h>

static int
parse(const char *text, struct au_err *err)
{
	json_t *value = NULL;
	int code = au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, err);

	json_decref(value);
	return code;
}

static void
unclean_input_is_refused(void **state)
{
	static const char *const texts[] = { "", "{", "{\"a\":1,\"a\":2}", "{\"a\":1}x", "{\"a\":\"\\u0000\"}",
		"{\"a\":\"\xFF\"}", "5", "{\"a\":99999999999999999999}", "[1,]", "{\"a\":{\"b\":1,\"b\":1}}" };
	struct au_err err;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++)
		assert_int_equal(parse(texts[i], &err), AU_EINVAL);
	assert_int_equal(parse("{\"a\":[1,{\"b\":null}]}", &err), 0);
}

static void
depth_is_counted_outside_strings(void **state)
{
	char text[2 * AU_JSON_DEPTH + 3];
	struct au_err err;

	(void)state;
	memset(text, '[', AU_JSON_DEPTH);
	memset(text + AU_JSON_DEPTH, ']', AU_JSON_DEPTH);
	text[2 * AU_JSON_DEPTH] = '\0';
	assert_int_equal(parse(text, &err), 0);
	memset(text, '[', AU_JSON_DEPTH + 1);
	memset(text + AU_JSON_DEPTH + 1, ']', AU_JSON_DEPTH + 1);
	text[2 * AU_JSON_DEPTH + 2] = '\0';
	assert_int_equal(parse(text, &err), AU_ELIMIT);
	assert_int_equal(parse("[\"[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[\"]", &err), 0);
	assert_int_equal(parse("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]", &err), 0);
}

static void
half_a_million_arrays_do_not_recurse(void **state)
{
	const size_t count = 500000;
	AU_CLEANUP(au_freep) char *text = au_xmalloc(count);
	struct au_err err;
	json_t *value = NULL;

	(void)state;
	memset(text, '[', count);
	assert_int_equal(au_json_parse(text, count, AU_JSON_DEPTH, &value, &err), AU_ELIMIT);
	assert_null(value);
}

static void
error_text_never_quotes_the_input(void **state)
{
	struct au_err err;

	(void)state;
	assert_int_equal(parse("{\"password\": hunter2 }", &err), AU_EINVAL);
	assert_null(strstr(err.text, "hunter2"));
	assert_non_null(strstr(err.text, "line 1"));
	assert_int_equal(parse("{\"password\":\"hunter2\",\"password\":\"hunter3\"}", &err), AU_EINVAL);
	assert_null(strstr(err.text, "hunter"));
}

static void
equal_values_have_equal_text(void **state)
{
	json_t *a = json_pack("{s:i,s:{s:b,s:n}}", "b", 1, "a", "z", 1, "y");
	json_t *b = json_pack("{s:{s:n,s:b},s:i}", "a", "y", "z", 1, "b", 1);
	AU_CLEANUP(au_freep) char *ta = au_json_canonical(a);
	AU_CLEANUP(au_freep) char *tb = au_json_canonical(b);
	AU_CLEANUP(au_freep) char *plain = au_json_text(a);

	(void)state;
	assert_string_equal(ta, tb);
	assert_string_equal(ta, "{\"a\":{\"y\":null,\"z\":true},\"b\":1}");
	assert_string_equal(plain, "{\"b\":1,\"a\":{\"z\":true,\"y\":null}}");
	json_decref(a);
	json_decref(b);
}

static void
getters_tell_absence_from_a_wrong_type(void **state)
{
	AU_CLEANUP(au_json_decrefp)
	json_t *obj = json_pack("{s:s,s:i,s:b,s:n}", "text", "t", "num", 5, "flag", 1, "nil");
	struct au_err err;
	const char *text = "untouched";
	long long num;
	int flag;

	(void)state;
	assert_int_equal(au_json_str(obj, "num", "d", &text, &err), AU_EINVAL);
	assert_string_equal(text, "untouched");
	assert_non_null(strstr(err.text, "'num'"));
	assert_int_equal(au_json_str(obj, "text", "d", &text, &err), 0);
	assert_string_equal(text, "t");
	assert_int_equal(au_json_str(obj, "nil", "d", &text, &err), 0);
	assert_string_equal(text, "d");
	assert_int_equal(au_json_int(obj, "num", 1, &num, &err), 0);
	assert_int_equal(num, 5);
	assert_int_equal(au_json_int(obj, "gone", 1, &num, &err), 0);
	assert_int_equal(num, 1);
	assert_int_equal(au_json_int(obj, "text", 1, &num, &err), AU_EINVAL);
	assert_int_equal(au_json_bool(obj, "flag", 0, &flag, &err), 0);
	assert_int_equal(flag, 1);
	assert_int_equal(au_json_bool(obj, "num", 0, &flag, &err), AU_EINVAL);
	assert_null(au_json_get_str(obj, "num"));
	assert_int_equal(au_json_get_int(obj, "text"), 0);
	assert_int_equal(au_json_get_bool(obj, "text", -1), -1);
}

static void
setting_broken_text_keeps_the_member(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *obj = json_object();

	(void)state;
	au_json_set_str(obj, "name", "a\xFF");
	au_json_set_str(obj, "none", NULL);
	assert_string_equal(au_json_get_str(obj, "name"), "a\xEF\xBF\xBD");
	assert_int_equal(json_object_size(obj), 1);
}

static void
wipe_clears_only_what_is_not_shared(void **state)
{
	json_t *shared = json_string("shared"),
	       *obj = json_pack("{s:s,s:[s],s:O}", "a", "alpha", "b", "beta", "c", shared);
	const char *a = au_json_get_str(obj, "a");

	(void)state;
	au_json_wipe(obj);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(a[i], 0);
	assert_int_equal(json_string_value(json_array_get(json_object_get(obj, "b"), 0))[0], 0);
	assert_string_equal(json_string_value(shared), "shared");
	json_decref(obj);
	json_decref(shared);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unclean_input_is_refused),
		cmocka_unit_test(depth_is_counted_outside_strings),
		cmocka_unit_test(half_a_million_arrays_do_not_recurse),
		cmocka_unit_test(error_text_never_quotes_the_input),
		cmocka_unit_test(equal_values_have_equal_text),
		cmocka_unit_test(getters_tell_absence_from_a_wrong_type),
		cmocka_unit_test(setting_broken_text_keeps_the_member),
		cmocka_unit_test(wipe_clears_only_what_is_not_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
