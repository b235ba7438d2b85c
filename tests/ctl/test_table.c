/* SPDX-License-Identifier: ISC */
/* Tables keep their columns and the terminal its peace, whatever the cells hold. */
#include "base/mem.h"
#include "ctl/table.h"
#include "tests/unit.h"

#include <string.h>

static const struct au_column columns[] = { { "NAME", false }, { "COUNT", true }, { "NOTE", false }, { NULL, false } };

static void
put_row(struct au_table *table, const char *name, long long count, const char *note)
{
	au_table_text(table, name, AU_PAINT_NONE);
	au_table_number(table, count);
	au_table_text(table, note, AU_PAINT_BAD);
}

static void
columns_align_by_what_a_terminal_shows(void **state)
{
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	(void)state;
	put_row(table, "J\xc3\xb6rg", 7, "two bytes, one column");
	put_row(table, "e\xcc\x81va", 12, "combining mark");
	put_row(table, "\xe6\x9d\xb1\xe4\xba\xac", 100000, "wide");
	put_row(table, NULL, -1, "");
	au_table_put(table, false, &out);
	assert_string_equal(au_str_get(&out), "NAME   COUNT  NOTE\n"
					      "J\xc3\xb6rg       7  two bytes, one column\n"
					      "e\xcc\x81va       12  combining mark\n"
					      "\xe6\x9d\xb1\xe4\xba\xac  100000  wide\n"
					      "-         -1  -\n");
}

static void
control_characters_cannot_reach_the_terminal(void **state)
{
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	(void)state;
	put_row(table, "a\x1b[2Jb", 1, "line\nbreak");
	au_table_put(table, false, &out);
	assert_null(strchr(au_str_get(&out), '\x1b'));
	assert_non_null(strstr(au_str_get(&out), "a\\x1b[2Jb"));
	assert_non_null(strstr(au_str_get(&out), "line\\x0abreak\n"));
}

static void
colours_do_not_shift_columns(void **state)
{
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	(void)state;
	put_row(table, "a", 1, "x");
	au_table_put(table, true, &out);
	assert_string_equal(au_str_get(&out), "\033[1mNAME\033[0m  \033[1mCOUNT\033[0m  \033[1mNOTE\033[0m\n"
					      "a         1  \033[31mx\033[0m\n");
}

static void
table_without_rows_prints_nothing(void **state)
{
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	(void)state;
	au_table_put(table, true, &out);
	assert_string_equal(au_str_get(&out), "");
}

static void
colours_need_a_terminal_that_knows_them_and_nobody_against(void **state)
{
	(void)state;
	assert_true(au_paint_wanted(true, NULL, "xterm"));
	assert_true(au_paint_wanted(true, "", "xterm"));
	assert_false(au_paint_wanted(true, "1", "xterm"));
	assert_false(au_paint_wanted(false, NULL, "xterm"));
	assert_false(au_paint_wanted(true, NULL, "dumb"));
	assert_false(au_paint_wanted(true, NULL, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_align_by_what_a_terminal_shows),
		cmocka_unit_test(control_characters_cannot_reach_the_terminal),
		cmocka_unit_test(colours_do_not_shift_columns),
		cmocka_unit_test(table_without_rows_prints_nothing),
		cmocka_unit_test(colours_need_a_terminal_that_knows_them_and_nobody_against),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
