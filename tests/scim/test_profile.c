/* SPDX-License-Identifier: ISC */
/* The rows of profiles: whole, in step with the configuration, and what a detected one may have. */
#include "tests/scim/help.h"

#include "scim/profile.h"
#include "settings/rows.h"

static void
check_sentence(const char *name, const char *text)
{
	if (au_str_empty(text) || text[strlen(text) - 1] != '.')
		fail_msg("%s: '%s' is no sentence", name, text);
}

static void
switches_are_whole(void **state)
{
	unsigned seen = 0, used = 0;

	(void)state;
	for (const struct au_quirk_row *row = au_quirk_rows; row->name != NULL; row++) {
		check_sentence(row->name, row->on);
		check_sentence(row->name, row->off);
		assert_int_equal(seen & row->quirk, 0);
		seen |= row->quirk;
	}
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++)
		used |= profile->quirks;
	assert_int_equal(used, seen); /* none without a row, none that nobody has */
}

static void
profiles_are_those_of_the_configuration(void **state)
{
	const struct au_opt *opt = au_opt_find(au_client_rows, "profile");
	size_t count = 0;

	(void)state;
	assert_non_null(opt);
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++, count++) {
		check_sentence(profile->name, profile->text);
		assert_ptr_equal(au_profile_find(profile->name), profile);
		assert_string_equal(opt->choices[count], profile->name);
	}
	assert_null(opt->choices[count]);
	assert_string_equal(opt->dflt, au_profile_auto()->name);
	assert_null(au_profile_find("nobody"));
}

static void
only_strict_claims_conformance(void **state)
{
	(void)state;
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++)
		assert_int_equal(profile->interop, strcmp(profile->name, "strict") == 0);
}

/* Being recognised lets more through, and changes nothing that a client could already do. */
static void
detection_only_adds(void **state)
{
	unsigned base = au_profile_auto()->quirks, lets_through = 0;

	(void)state;
	for (const struct au_quirk_row *row = au_quirk_rows; row->name != NULL; row++)
		lets_through |= row->detected ? row->quirk : 0;
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++) {
		const struct au_profile *detected = au_profile_detected(profile);

		assert_string_equal(detected->name, profile->name);
		assert_false(detected->interop);
		assert_int_equal(detected->quirks, base | (profile->quirks & lets_through));
	}
	assert_true(au_profile_has(au_profile_detected(au_profile_find("entra")), AU_QUIRK_REPLACE_MAKES));
	assert_false(au_profile_has(au_profile_detected(au_profile_find("entra")), AU_QUIRK_BRIEF_GROUPS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(switches_are_whole),
		cmocka_unit_test(profiles_are_those_of_the_configuration),
		cmocka_unit_test(only_strict_claims_conformance),
		cmocka_unit_test(detection_only_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
