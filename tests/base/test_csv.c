/* SPDX-License-Identifier: ISC */
/* Comma-separated values: what people's programs write, and what is refused. */
#include "tests/unit.h"

#include "base/csv.h"

#include <string.h>

static struct au_csv_row *
parse(struct au_arena *arena, const char *text, size_t *ret_count)
{
	struct au_csv_row *rows = NULL;
	struct au_err err = { 0 };

	if (au_csv_parse(arena, text, strlen(text), 3, &rows, ret_count, &err) < 0)
		fail_msg("'%s': %s", text, err.text);
	return rows;
}

static void
every_way_of_writing_is_read(void **state)
{
	static const char *const texts[] = { "a,b\nx,\"y,\"\"z\"\"\n\"", "a;b\r\nx;\"y,\"\"z\"\"\n\"\r\n",
		"\xef\xbb\xbf"
		"a\tb\rx\t\"y,\"\"z\"\"\n\"\r\r" };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		size_t count = 0;
		struct au_csv_row *rows = parse(arena, texts[i], &count);
		assert_int_equal(count, 2);
		assert_int_equal(rows[0].count, 2);
		assert_string_equal(rows[0].fields[1], "b");
		assert_string_equal(rows[1].fields[0], "x");
		assert_string_equal(rows[1].fields[1], "y,\"z\"\n");
		assert_int_equal(rows[1].line, 2);
	}
}

static void
lines_are_counted_through_quotes_and_empty_lines(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	size_t count = 0;
	struct au_csv_row *rows = parse(arena, "a,b\n\n\"1\n2\",3\n,\n", &count);

	(void)state;
	assert_int_equal(count, 3);
	assert_int_equal(rows[1].line, 3);
	assert_int_equal(rows[2].line, 5);
	assert_string_equal(rows[2].fields[1], "");
	parse(arena, "", &count);
	assert_int_equal(count, 0);
}

static void
broken_lists_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *words;
	} rows[] = {
		{ "a,b\nx", AU_EINVAL, "line 2: 1 fields, the header has 2" },
		{ "a,b\nx,y,z", AU_EINVAL, "line 2: 3 fields" },
		{ "a\n\"x", AU_EINVAL, "line 2: a quote that never ends" },
		{ "a\nx\"y", AU_EINVAL, "line 2: a quote within a field" },
		{ "a\n\"x\"y", AU_EINVAL, "line 2: text behind a quote" },
		{ "a\n\xff", AU_EINVAL, "line 2: field 1 is no UTF-8" },
		{ "a\n1\n2\n3\n4", AU_ELIMIT, "line 5: more than 3 rows" },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_csv_row *ret = NULL;
		size_t count = 0;
		struct au_err err = { 0 };
		int rc = au_csv_parse(arena, rows[i].text, strlen(rows[i].text), 3, &ret, &count, &err);
		if (rc != rows[i].code || strstr(err.text, rows[i].words) == NULL)
			fail_msg("row %zu: %d '%s'", i, rc, err.text);
		assert_null(ret);
	}
	struct au_err err = { 0 };
	size_t count;
	struct au_csv_row *ret;
	assert_int_equal(au_csv_parse(arena, "a\n\0b", 4, 3, &ret, &count, &err), AU_EINVAL);
}

static void
what_is_written_is_read_and_no_formula(void **state)
{
	static const char *const fields[] = { "plain", "a,b", "say \"x\"", NULL, "=1+1", "two\nlines" };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	size_t count = 0;

	(void)state;
	au_csv_put(&out, fields, AU_COUNT(fields));
	assert_string_equal(au_str_get(&out), "plain,\"a,b\",\"say \"\"x\"\"\",,\"'=1+1\",\"two\nlines\"\r\n");
	struct au_csv_row *rows = parse(arena, au_str_get(&out), &count);
	assert_string_equal(rows[0].fields[2], fields[2]);
	assert_string_equal(rows[0].fields[5], fields[5]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_of_writing_is_read),
		cmocka_unit_test(lines_are_counted_through_quotes_and_empty_lines),
		cmocka_unit_test(broken_lists_are_refused_with_their_line),
		cmocka_unit_test(what_is_written_is_read_and_no_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
