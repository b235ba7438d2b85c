/* SPDX-License-Identifier: ISC */
/* Percent-decoding of paths and queries. */
#include "base/mem.h"
#include "http/server.h"
#include "tests/unit.h"

static int
setup(void **state)
{
	*state = au_arena_new();
	return 0;
}

static int
teardown(void **state)
{
	au_arena_free(*state);
	return 0;
}

static void
path_segments_are_decoded(void **state)
{
	const char *text = NULL;

	assert_int_equal(au_http_decode_path(*state, "a%20b+c%C3%a4%25", &text, NULL), 0);
	assert_string_equal(text, "a b+c\xc3\xa4%");
	assert_int_equal(au_http_decode_path(*state, "", &text, NULL), 0);
	assert_string_equal(text, "");
}

static void
escapes_with_two_readings_are_refused(void **state)
{
	static const char *const segments[] = { "a%00b", "a%2Fb", "a%2fb", "%", "%4", "%4x", "%x4", "%%41", "%c3",
		"%c0%af", "%ed%a0%80" };
	size_t i;

	for (i = 0; i < AU_COUNT(segments); i++) {
		const char *text = "untouched";

		if (au_http_decode_path(*state, segments[i], &text, NULL) != AU_EINVAL)
			fail_msg("'%s' was taken", segments[i]);
		assert_string_equal(text, "untouched");
	}
}

static void
query_parameters_are_found_by_their_whole_name(void **state)
{
	const char *query = "filter=userName+eq+%22a%2Fb%26c%22&count=&flag&x%3Dy=1&startIndex=2";
	const char *value = NULL;

	assert_int_equal(au_http_query_get(*state, query, "filter", &value, NULL), 0);
	assert_string_equal(value, "userName eq \"a/b&c\"");
	assert_int_equal(au_http_query_get(*state, query, "count", &value, NULL), 0);
	assert_string_equal(value, "");
	assert_int_equal(au_http_query_get(*state, query, "flag", &value, NULL), 0);
	assert_string_equal(value, "");
	assert_int_equal(au_http_query_get(*state, query, "x=y", &value, NULL), 0);
	assert_string_equal(value, "1");
	assert_int_equal(au_http_query_get(*state, query, "startIndex", &value, NULL), 0);
	assert_string_equal(value, "2");
	assert_int_equal(au_http_query_get(*state, query, "start", &value, NULL), 0);
	assert_null(value);
	assert_int_equal(au_http_query_get(*state, NULL, "filter", &value, NULL), 0);
	assert_null(value);
}

static void
several_parameters_are_read_at_once(void **state)
{
	struct au_http_param params[] = { { "a", "old" }, { "b", "old" }, { "c", "old" } };

	assert_int_equal(au_http_query_read(*state, "c=3&x=%41&%61=1", params, AU_COUNT(params), NULL), 0);
	assert_string_equal(params[0].value, "1");
	assert_null(params[1].value);
	assert_string_equal(params[2].value, "3");
	assert_int_equal(au_http_query_read(*state, "c=3&x=1&x=2&a", params, AU_COUNT(params), NULL), 0);
	assert_string_equal(params[0].value, "");
	assert_int_equal(au_http_query_read(*state, "c=3&b=&c=4", params, AU_COUNT(params), NULL), AU_EINVAL);
	assert_int_equal(au_http_query_read(*state, NULL, params, AU_COUNT(params), NULL), 0);
	assert_null(params[2].value);
}

static void
parameter_given_twice_is_refused(void **state)
{
	const char *value = NULL;

	assert_int_equal(au_http_query_get(*state, "a=1&b=2&a=1", "a", &value, NULL), AU_EINVAL);
	assert_int_equal(au_http_query_get(*state, "a=1&b=2&a=1", "b", &value, NULL), 0);
	assert_int_equal(au_http_query_get(*state, "a=%zz", "a", &value, NULL), AU_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(path_segments_are_decoded, setup, teardown),
		cmocka_unit_test_setup_teardown(escapes_with_two_readings_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(query_parameters_are_found_by_their_whole_name, setup, teardown),
		cmocka_unit_test_setup_teardown(several_parameters_are_read_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(parameter_given_twice_is_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
