/* SPDX-License-Identifier: ISC */
/* No text leaves the worker with a secret in it, nor with a part of one at its end. */
#include "targetd/mask.h"

#include "tests/unit.h"

static void
every_occurrence_is_overwritten(void **state)
{
	struct au_mask *mask = au_mask_new();
	char text[] = "s3cret-word, again s3cret-word";

	(void)state;
	au_mask_add(mask, "s3cret-word", true);
	au_mask_apply(mask, text);
	assert_string_equal(text, "***********, again ***********");
	au_mask_free(mask);
}

static void
beginning_of_a_secret_at_the_end_is_overwritten(void **state)
{
	struct au_mask *mask = au_mask_new();
	char text[] = "refused s3cret-w";

	(void)state;
	au_mask_add(mask, "s3cret-word", true);
	au_mask_apply(mask, text);
	assert_string_equal(text, "refused ********");
	au_mask_free(mask);
}

static void
call_secrets_are_forgotten_and_others_kept(void **state)
{
	struct au_mask *mask = au_mask_new();
	char text[] = "first-secret second-secret";

	(void)state;
	au_mask_add(mask, "first-secret", true);
	au_mask_add(mask, "second-secret", false);
	assert_true(au_mask_hits(mask, "a second-secret b"));
	au_mask_forget(mask);
	assert_false(au_mask_hits(mask, "a second-secret b"));
	au_mask_apply(mask, text);
	assert_string_equal(text, "************ second-secret");
	au_mask_free(mask);
}

static void
short_and_absent_secrets_blank_nothing(void **state)
{
	struct au_mask *mask = au_mask_new();
	char text[] = "a word";

	(void)state;
	au_mask_add(mask, "a", true);
	au_mask_add(mask, NULL, true);
	au_mask_apply(mask, text);
	assert_string_equal(text, "a word");
	au_mask_free(mask);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_occurrence_is_overwritten),
		cmocka_unit_test(beginning_of_a_secret_at_the_end_is_overwritten),
		cmocka_unit_test(call_secrets_are_forgotten_and_others_kept),
		cmocka_unit_test(short_and_absent_secrets_blank_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
