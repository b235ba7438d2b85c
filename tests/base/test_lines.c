/* SPDX-License-Identifier: ISC */
/* Short lists as texts of lines. */
#include "base/lines.h"

#include "tests/unit.h"

static void
lines_come_one_by_one(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *rest = "a\nb c\nd", *none = NULL, *empty = "";

	(void)state;
	assert_string_equal(au_lines_next(arena, &rest), "a");
	assert_string_equal(au_lines_next(arena, &rest), "b c");
	assert_string_equal(au_lines_next(arena, &rest), "d");
	assert_null(au_lines_next(arena, &rest));
	assert_null(au_lines_next(arena, &none));
	assert_null(au_lines_next(arena, &empty));
}

static void
whole_lines_are_looked_for(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_true(au_lines_has(arena, "ab\ncd", "cd"));
	assert_false(au_lines_has(arena, "ab\ncd", "c"));
	assert_false(au_lines_has(arena, "ab\ncd", "ab\ncd"));
	assert_false(au_lines_has(arena, NULL, "a"));
}

static void
union_has_each_line_once(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_string_equal(au_lines_union(arena, "a\nb", "b\nc\na"), "a\nb\nc");
	assert_string_equal(au_lines_union(arena, NULL, "a"), "a");
	assert_string_equal(au_lines_union(arena, "a", NULL), "a");
	assert_null(au_lines_union(arena, NULL, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_one_by_one),
		cmocka_unit_test(whole_lines_are_looked_for),
		cmocka_unit_test(union_has_each_line_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
