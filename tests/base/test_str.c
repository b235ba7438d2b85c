/* SPDX-License-Identifier: ISC */
/* The text buffer and its escapes. */
#include "tests/unit.h"

#include "base/json.h"
#include "base/str.h"

#include <limits.h>
#include <string.h>

static void
buffer_grows_and_is_taken(void **state)
{
	struct au_str s = AU_STR_INIT;

	(void)state;
	assert_string_equal(au_str_get(&s), "");
	for (int i = 0; i < 1000; i++)
		au_str_printf(&s, "%d,", i % 10);
	assert_int_equal(s.len, 2000);
	assert_int_equal(strlen(s.data), 2000);
	au_str_putc(&s, '!');
	char *text = au_str_take(&s);
	assert_string_equal(text + 1998, "9,!");
	free(text);
	assert_int_equal(s.len, 0);
	text = au_str_take(&s);
	assert_string_equal(text, "");
	free(text);
	au_str_done(&s);
}

static void
json_literal_reads_back(void **state)
{
	static const char *const texts[] = { "", "plain", "quote \" back \\ slash /", "a\nb\tc\rd\be\f\x01\x1f",
		"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		struct au_str s = AU_STR_INIT;
		au_str_json(&s, texts[i]);
		json_t *value = json_loads(s.data, JSON_DECODE_ANY, NULL);
		assert_string_equal(json_string_value(value), texts[i]);
		json_decref(value);
		au_str_done(&s);
	}
}

static void
broken_utf8_becomes_replacement(void **state)
{
	struct au_str s = AU_STR_INIT;

	(void)state;
	au_str_json(&s, "a\xFF\xC3"
			"b\xED\xA0\x80");
	json_t *value = json_loads(s.data, JSON_DECODE_ANY, NULL);
	assert_non_null(value);
	assert_memory_equal(json_string_value(value),
	    "a\xEF\xBF\xBD\xEF\xBF\xBD"
	    "b\xEF\xBF\xBD",
	    8);
	json_decref(value);
	au_str_done(&s);
}

static void
visible_text_has_no_control_characters(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "plain text", "plain text" },
		{ "a\nb\tc", "a\\x0ab\\x09c" },
		{ "\x1b[31m\x7f", "\\x1b[31m\\x7f" },
		{ "gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F" },
		{ "csi \xC2\x9B", "csi \\xc2\\x9b" },
		{ "bad \xFF", "bad \\xff" },
		{ "bidi \xE2\x80\xAE", "bidi \\xe2\\x80\\xae" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_str s = AU_STR_INIT;
		au_str_visible(&s, rows[i].in, strlen(rows[i].in));
		assert_string_equal(s.data, rows[i].out);
		au_str_done(&s);
	}
	struct au_str s = AU_STR_INIT;
	au_str_visible(&s, "a\0b", 3);
	assert_string_equal(s.data, "a\\x00b");
	au_str_done(&s);
}

static void
comparisons_take_null(void **state)
{
	(void)state;
	assert_true(au_streq("a", "a"));
	assert_false(au_streq("a", "A"));
	assert_false(au_streq("a", NULL));
	assert_true(au_streq(NULL, NULL));
	assert_true(au_strcaseeq("Content-Type", "content-TYPE"));
	assert_false(au_strcaseeq("ab", "abc"));
	assert_false(au_strcaseeq("", "a"));
	assert_true(au_strcaseeq("", ""));
	assert_false(au_strcaseeq(NULL, ""));
	assert_true(au_str_empty(NULL));
	assert_true(au_str_empty(""));
	assert_false(au_str_empty(" "));
}

static void
numbers_are_written_in_decimal(void **state)
{
	struct au_str s = AU_STR_INIT;
	char digits[] = "......";
	(void)state;
	au_str_num(&s, 0);
	au_str_putc(&s, ' ');
	au_str_num(&s, -7);
	au_str_putc(&s, ' ');
	au_str_num(&s, LLONG_MAX);
	au_str_putc(&s, ' ');
	au_str_num(&s, LLONG_MIN);
	assert_string_equal(s.data, "0 -7 9223372036854775807 -9223372036854775808");
	au_str_done(&s);
	assert_ptr_equal(au_put_digits(digits, 42, 4), digits + 4);
	assert_string_equal(digits, "0042..");
}

static void
room_once_made_moves_nothing(void **state)
{
	struct au_str s = AU_STR_INIT;
	(void)state;
	au_str_room(&s, 1000);
	assert_string_equal(au_str_get(&s), "");
	const char *place = s.data;
	for (int i = 0; i < 1000; i++)
		au_str_putc(&s, 'x');
	assert_ptr_equal(s.data, place);
	assert_int_equal(s.len, 1000);
	au_str_done(&s);
}

static void
formatted_text_of_any_length_is_whole(void **state)
{
	struct au_str s = AU_STR_INIT;
	size_t len = 0;
	(void)state;
	/* across every place where the buffer grows */
	for (int i = 0; i < 300; i++) {
		au_str_printf(&s, "%d,%s", i, i % 7 == 0 ? "seven" : "");
		len = strlen(s.data);
		assert_int_equal(s.len, len);
	}
	assert_non_null(strstr(s.data, "63,seven64,65,"));
	au_str_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_in_decimal),
		cmocka_unit_test(room_once_made_moves_nothing),
		cmocka_unit_test(formatted_text_of_any_length_is_whole),
		cmocka_unit_test(buffer_grows_and_is_taken),
		cmocka_unit_test(json_literal_reads_back),
		cmocka_unit_test(broken_utf8_becomes_replacement),
		cmocka_unit_test(visible_text_has_no_control_characters),
		cmocka_unit_test(comparisons_take_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
