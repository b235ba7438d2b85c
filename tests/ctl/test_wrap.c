/* SPDX-License-Identifier: ISC */
/* Lines broken where a terminal ends. */
#include "base/mem.h"
#include "ctl/wrap.h"
#include "tests/unit.h"

#include <string.h>
#include <uniwidth.h>

static void
assert_wrapped(size_t columns, const char *head, const char *text, const char *expected)
{
	const struct au_wrap wrap = { columns, 2, 4, false, 0 };
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_wrap_put(&out, &wrap, head, AU_PAINT_DIM, text);
	assert_string_equal(au_str_get(&out), expected);
}

static void
without_a_terminal_nothing_is_broken(void **state)
{
	(void)state;
	assert_wrapped(0, "roles: ", "one two three four five six seven eight nine",
	    "  roles: one two three four five six seven eight nine\n");
	assert_wrapped(0, "", "", "  \n");
}

static void
lines_break_between_words_and_hang(void **state)
{
	(void)state;
	assert_wrapped(30, "roles: ", "one two three four five six seven eight",
	    "  roles: one two three four\n    five six seven eight\n");
	assert_wrapped(80, "roles: ", "one two", "  roles: one two\n");
	/* A word that is longer than a line stays whole. */
	assert_wrapped(
	    30, "a: ", "thexlongestxofxallxnamesxthatxtherexare", "  a: thexlongestxofxallxnamesxthatxtherexare\n");
	/* As narrow as one character would be of no use. */
	assert_wrapped(1, "", "one two three", "  one two three\n");
}

static void
no_line_is_wider_than_the_terminal(void **state)
{
	static const char text[] = "名前 が 長い 人 の 権限 は たくさん あります und Umlaute äöü zählen einzeln";

	(void)state;
	for (size_t columns = 30; columns < 100; columns++) {
		const struct au_wrap wrap = { columns, 6, 8, false, 0 };
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		au_wrap_put(&out, &wrap, "label: ", AU_PAINT_NONE, text);
		for (char *line = strtok(out.data, "\n"); line != NULL; line = strtok(NULL, "\n"))
			assert_true(u8_strwidth((const uint8_t *)line, "UTF-8") <= (int)columns);
	}
}

static void
colours_are_closed_on_each_line(void **state)
{
	const struct au_wrap wrap = { 30, 2, 4, true, 0 };
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	(void)state;
	au_wrap_put(&out, &wrap, "", AU_PAINT_BAD, "held by a guard \x1b[2J until you say so");
	assert_string_equal(
	    au_str_get(&out), "  \x1b[31mheld by a guard \\x1b[2J\x1b[0m\n    \x1b[31muntil you say so\x1b[0m\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_terminal_nothing_is_broken),
		cmocka_unit_test(lines_break_between_words_and_hang),
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(colours_are_closed_on_each_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
