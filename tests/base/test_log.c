/* SPDX-License-Identifier: ISC */
/* Log lines: their form, and that nothing from outside can forge one. */
#include "tests/unit.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

static char last[1024];
static int lines;

static void
keep(void *ctx, enum au_log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	lines++;
	snprintf(last, sizeof(last), "%s", line);
}

static void
line_has_level_message_and_fields(void **state)
{
	(void)state;
	au_log(AU_LOG_WARNING, AU_FIELDS("TARGET", "room", "SOURCE", NULL, "ACCOUNT", "two words"), "took %d ms", 5);
	assert_string_equal(last, "level=warning program=unit msg=\"took 5 ms\" target=room account=\"two words\"");
	au_log(AU_LOG_INFO, NULL, "up");
	assert_string_equal(last, "level=info program=unit msg=up");
}

static void
no_name_can_forge_a_line(void **state)
{
	(void)state;
	au_log(AU_LOG_ERROR, AU_FIELDS("ACCOUNT", "x\" level=info msg=\"ok\n"), "a\nlevel=info\\ msg=fine \x1b[2J");
	assert_null(strchr(last, '\n'));
	assert_null(strchr(last, '\x1b'));
	assert_string_equal(last, "level=error program=unit msg=\"a\\x0alevel=info\\\\ msg=fine \\x1b[2J\" "
				  "account=\"x\\\" level=info msg=\\\"ok\\x0a\"");
}

static void
higher_levels_are_left_out(void **state)
{
	(void)state;
	lines = 0;
	au_log(AU_LOG_DEBUG, NULL, "detail");
	assert_int_equal(lines, 0);
	au_log_level(AU_LOG_DEBUG);
	au_log(AU_LOG_DEBUG, NULL, "detail");
	assert_int_equal(lines, 1);
	au_log_level(AU_LOG_INFO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_has_level_message_and_fields),
		cmocka_unit_test(no_name_can_forge_a_line),
		cmocka_unit_test(higher_levels_are_left_out),
	};

	au_log_init("unit");
	au_log_capture(keep, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
