/* SPDX-License-Identifier: ISC */
/* Rows are read by people too: each says what it is, and its default would be accepted. */
#include "settings/rows.h"
#include "settings/section.h"
#include "settings/settings.h"
#include "tests/unit.h"

#include <string.h>

typedef void check_fn(const struct au_section *section, const struct au_opt *row);

static void
each_row(check_fn *check)
{
	size_t count = 0;

	for (const struct au_section *section = au_sections; section->name; section++)
		for (const struct au_opt *row = section->rows; row->name; row++, count++)
			check(section, row);
	assert_true(count > 70);
}

static void
check_default(const struct au_section *section, const struct au_opt *row)
{
	struct au_err err = { 0 };

	if (au_opt_check_default(row, &err) < 0)
		fail_msg("%s.%s: %s", section->name, row->name, err.text);
}

static void
every_default_is_accepted(void **state)
{
	(void)state;
	each_row(check_default);
}

static void
check_help(const struct au_section *section, const struct au_opt *row)
{
	size_t len = row->help ? strlen(row->help) : 0;

	if (len < 10 || row->help[len - 1] != '.' || strstr(row->help, ". "))
		fail_msg("%s.%s: help is not one sentence", section->name, row->name);
}

static void
every_row_has_one_sentence_of_help(void **state)
{
	(void)state;
	each_row(check_help);
}

static void
check_name(const struct au_section *section, const struct au_opt *row)
{
	if (row->name[strspn(row->name, "abcdefghijklmnopqrstuvwxyz_")] != '\0' ||
	    au_opt_find(section->rows, row->name) != row)
		fail_msg("%s.%s: not a name, or there twice", section->name, row->name);
}

static void
every_name_is_lower_case_and_there_once(void **state)
{
	(void)state;
	each_row(check_name);
}

static void
sample_and_manual_page_have_every_option(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str sample = AU_STR_INIT;
	AU_CLEANUP(au_str_done) struct au_str man = AU_STR_INIT;

	(void)state;
	au_settings_print_sample(&sample);
	au_settings_print_man(&man);
	for (const struct au_section *section = au_sections; section->name; section++)
		for (const struct au_opt *row = section->rows; row->name; row++) {
			AU_CLEANUP(au_freep) char *assignment = au_xasprintf("%s = ", row->name);
			AU_CLEANUP(au_freep) char *item = au_xasprintf(".It Cm %s\n", row->name);
			assert_non_null(strstr(au_str_get(&sample), assignment));
			assert_non_null(strstr(au_str_get(&man), item));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_default_is_accepted),
		cmocka_unit_test(every_row_has_one_sentence_of_help),
		cmocka_unit_test(every_name_is_lower_case_and_there_once),
		cmocka_unit_test(sample_and_manual_page_have_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
