/* SPDX-License-Identifier: ISC */
/* Passwords: what is made satisfies what is checked, and is as strong as told. */
#include "tests/unit.h"

#include "base/mem.h"
#include "base/rand.h"
#include "model/password.h"

#include <math.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@-_!#$%&."

static void
generated_passwords_satisfy_their_policy(void **state)
{
	static const struct au_pwpolicy policies[] = {
		{ 8, 15, LETTERS, AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN },
		{ 4, 4, "abcXYZ19@", AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN },
		{ 1, 1, "x", 0 },
		{ 10, 10, "0123456789", AU_PW_DIGIT },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(policies); i++)
		for (int round = 0; round < 200; round++) {
			struct au_secret *secret = NULL;
			struct au_err err = { 0 };
			assert_int_equal(au_password_generate(&policies[i], &secret, &err), 0);
			assert_int_equal(au_secret_len(secret), policies[i].max_len);
			if (au_password_check(&policies[i], au_secret_text(secret), &err) != 0)
				fail_msg("policy %zu: %s", i, err.text);
			au_secret_free(secret);
		}
}

/* I21: of a million passwords the same policy accepts each, each is as long as can be, and every symbol occurs. */
static void
a_million_passwords_satisfy_their_policy(void **state)
{
	static const struct au_pwpolicy policy = { 8, 15, LETTERS,
		AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN };
	bool seen[256] = { false };

	(void)state;
	for (int round = 0; round < 1000000; round++) {
		char text[16] = { '\0' };
		au_password_draw(&policy, text);
		if (strlen(text) != 15 || au_password_check(&policy, text, NULL) != 0)
			fail_msg("password %d is not what its policy accepts", round);
		for (const char *p = text; *p != '\0'; p++)
			seen[(unsigned char)*p] = true;
	}
	for (const char *p = LETTERS; *p != '\0'; p++)
		if (!seen[(unsigned char)*p])
			fail_msg("'%c' never occurs", *p);
}

/* The words of two symbols of {a, b, 1} that hold both classes, counted by hand: a1 1a b1 1b. */
static void
generation_is_even_over_what_is_allowed(void **state)
{
	static const struct au_pwpolicy policy = { 2, 2, "ab1", AU_PW_LOWER | AU_PW_DIGIT };
	static const char *const words[] = { "a1", "1a", "b1", "1b" };
	int seen[AU_COUNT(words)] = { 0 };

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct au_secret *secret;
		assert_int_equal(au_password_generate(&policy, &secret, NULL), 0);
		for (size_t i = 0; i < AU_COUNT(words); i++)
			seen[i] += strcmp(words[i], au_secret_text(secret)) == 0;
		au_secret_free(secret);
	}
	for (size_t i = 0; i < AU_COUNT(words); i++)
		assert_in_range(seen[i], 800, 1200); /* 1000 expected, 27 the deviation */
}

/* No name comes into a password, a word of one letter is none, and where there is no other password, that is said. */
static void
names_are_kept_out(void **state)
{
	static const struct au_pwpolicy policy = { 3, 3, "abB1", AU_PW_LOWER | AU_PW_DIGIT };
	static const char *const words[] = { NULL, "a", "AB", "1b" };
	static const char *const all[] = { "a1", "1A" };
	static const struct au_pwpolicy narrow = { 2, 2, "a1", AU_PW_LOWER | AU_PW_DIGIT };
	struct au_secret *secret = NULL;
	struct au_err err;
	int with_a = 0;

	(void)state;
	for (int round = 0; round < 500; round++) {
		assert_int_equal(au_password_generate_without(&policy, words, AU_COUNT(words), &secret, NULL), 0);
		assert_null(strcasestr(au_secret_text(secret), "ab"));
		assert_null(strcasestr(au_secret_text(secret), "1b"));
		with_a += strchr(au_secret_text(secret), 'a') != NULL;
		au_secret_free(secret);
	}
	assert_true(with_a > 0); /* a word of one letter does not count */
	secret = NULL;
	assert_int_equal(au_password_generate_without(&narrow, all, AU_COUNT(all), &secret, &err), AU_EINVAL);
	assert_null(secret);
}

static void
impossible_policies_are_refused(void **state)
{
	static const struct au_pwpolicy policies[] = {
		{ 0, 0, LETTERS, 0 },
		{ 8, 15, NULL, 0 },
		{ 8, 15, "", 0 },
		{ 8, 15, "aa", 0 },
		{ 8, 15, "a\xC3\xBC", 0 },
		{ 8, 15, "abc", AU_PW_DIGIT },
		{ 9, 8, "abc", 0 },
		{ 1, 1, "a1", AU_PW_LOWER | AU_PW_DIGIT },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(policies); i++) {
		struct au_secret *secret = NULL;
		struct au_err err;
		assert_int_equal(au_password_generate(&policies[i], &secret, &err), AU_EINVAL);
		assert_null(secret);
		assert_true(au_password_bits(&policies[i]) == 0);
	}
}

static void
check_says_which_demand_is_not_met(void **state)
{
	static const struct au_pwpolicy policy = { 8, 15, LETTERS,
		AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN };
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "aB3$efg", "8 to 15" },
		{ "aB3$efgaB3$efgaB3$efg", "8 to 15" },
		{ "aB3$efg h", "only characters" },
		{ "ABC3$EFGH", "small letter" },
		{ "abc3$efgh", "capital letter" },
		{ "abcD$efgh", "digit" },
		{ "abcD3efgh", "sign" },
		{ "", "8 to 15" },
	};
	struct au_err err;

	(void)state;
	assert_int_equal(au_password_check(&policy, "abcD3$efgh", &err), 0);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_password_check(&policy, rows[i].text, &err), AU_EINVAL);
		if (strstr(err.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].text, err.text);
		if (*rows[i].text != '\0')
			assert_null(strstr(err.text, rows[i].text));
	}
}

static void
strength_counts_the_allowed_passwords(void **state)
{
	static const struct au_pwpolicy all = { 8, 10, "0123456789", 0 },
					both = { 2, 2, "ab1", AU_PW_LOWER | AU_PW_DIGIT },
					usual = { 8, 15, LETTERS, 0 };

	(void)state;
	assert_true(fabs(au_password_bits(&all) - 10 * log2(10)) < 1e-9);
	assert_true(fabs(au_password_bits(&both) - 2) < 1e-9);
	assert_in_range((long)au_password_bits(&usual), 92, 93);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generated_passwords_satisfy_their_policy),
		cmocka_unit_test(a_million_passwords_satisfy_their_policy),
		cmocka_unit_test(generation_is_even_over_what_is_allowed),
		cmocka_unit_test(names_are_kept_out),
		cmocka_unit_test(impossible_policies_are_refused),
		cmocka_unit_test(check_says_which_demand_is_not_met),
		cmocka_unit_test(strength_counts_the_allowed_passwords),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
