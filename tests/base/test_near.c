/* SPDX-License-Identifier: ISC */
/* Which names are meant by one that there is not. */
#include "tests/unit.h"

#include "base/mem.h"
#include "base/near.h"

#include <string.h>

static void
expect(const char *name, const char *wanted)
{
	static const char *const names[] = { "Finance Runners", "Finance Payroll", "AAE_Basic", "AAE_Basin", "run",
		"Bot", "", NULL };
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_near_put(&out, name, names);
	assert_string_equal(au_str_get(&out), wanted);
}

static void
what_differs_in_a_few_letters_or_in_case_is_near(void **state)
{
	(void)state;
	expect("finance runners", "; did you mean 'Finance Runners'?");
	expect("Finanze Runers", "; did you mean 'Finance Runners'?");
	expect("AAE_Basins", "; did you mean 'AAE_Basin', 'AAE_Basic'?");
	expect("aae_basic", "; did you mean 'AAE_Basic', 'AAE_Basin'?");
	expect("ran", "; did you mean 'run'?");
}

static void
short_names_are_not_near_to_everything(void **state)
{
	char longest[400];

	(void)state;
	expect("rap", "");
	expect("Auditors", "");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	expect(longest, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_in_a_few_letters_or_in_case_is_near),
		cmocka_unit_test(short_names_are_not_near_to_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
