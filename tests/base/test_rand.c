/* SPDX-License-Identifier: ISC */
/* Randomness, UUIDs, encodings, secrets and clocks. */
#include "tests/unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/secret.h"

#include <string.h>

static void
uuid_is_version_4_and_new_each_time(void **state)
{
	char a[AU_UUID_SIZE], b[AU_UUID_SIZE];

	(void)state;
	for (int i = 0; i < 100; i++) {
		au_uuid_new(a);
		assert_true(au_uuid_is(a));
		assert_int_equal(a[14], '4');
		assert_non_null(strchr("89ab", a[19]));
	}
	assert_string_not_equal(au_uuid_new(a), au_uuid_new(b));
}

static void
uuid_of_a_time_is_version_7_and_in_order(void **state)
{
	char a[AU_UUID_SIZE], b[AU_UUID_SIZE];

	(void)state;
	/* the example of RFC 9562 appendix A.6 */
	au_uuid_at(0x017F22E279B0, a);
	assert_memory_equal(a, "017f22e2-79b0-7", 15);
	assert_true(au_uuid_is(a));
	assert_non_null(strchr("89ab", a[19]));
	assert_string_not_equal(au_uuid_at(0x017F22E279B0, b), a);
	assert_true(strcmp(au_uuid_at(0x017F22E279B1, b), a) > 0);
}

static void
form_of_a_uuid_is_checked(void **state)
{
	(void)state;
	assert_true(au_uuid_is("2F1b0f6e-7a9c-4c46-9d0e-0123456789AB"));
	assert_false(au_uuid_is("2F1b0f6e-7a9c-4c46-9d0e-0123456789A"));
	assert_false(au_uuid_is("2F1b0f6e-7a9c-4c46-9d0e-0123456789ABC"));
	assert_false(au_uuid_is("2F1b0f6e07a9c-4c46-9d0e-0123456789AB"));
	assert_false(au_uuid_is("2F1b0f6e-7a9c-4c46-9d0e-0123456789Ag"));
	assert_false(au_uuid_is(""));
	assert_false(au_uuid_is(NULL));
}

static void
encodings_match_known_texts(void **state)
{
	char hex[9];
	AU_CLEANUP(au_freep) char *text = au_base64url("\xfb\xff\xfe?", 4);

	(void)state;
	assert_string_equal(text, "-__-Pw");
	assert_string_equal(au_hex("\x00\xab\xCD\x10", 4, hex), "00abcd10");
}

static void
bounded_number_stays_below_its_limit(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint32_t n = au_rand_below(5);
		assert_in_range(n, 0, 4);
		seen |= 1u << n;
	}
	assert_int_equal(seen, 0x1f);
}

static void
secret_is_a_copy_with_a_final_nul(void **state)
{
	char text[] = "hunter2";
	struct au_secret *secret = au_secret_from_text(text);

	(void)state;
	au_wipe(text, sizeof(text));
	assert_int_equal(text[0], 0);
	assert_string_equal(au_secret_text(secret), "hunter2");
	assert_int_equal(au_secret_len(secret), 7);
	au_secret_free(secret);
	au_secret_free(NULL);
	assert_null(au_secret_text(NULL));
	assert_null(au_secret_from_text(NULL));
}

static void
fake_clocks_move_only_when_told(void **state)
{
	(void)state;
	au_clock_fake_set(1000, 5);
	assert_int_equal(au_clock_wall_ms(), 1000);
	assert_int_equal(au_clock_mono_ms(), 5);
	au_clock_fake_advance(20);
	assert_int_equal(au_clock_wall_ms(), 1020);
	assert_int_equal(au_clock_mono_ms(), 25);
	au_clock_real();
	assert_true(au_clock_wall_ms() > 1700000000000);
}

static void
delays_are_what_a_test_says(void **state)
{
	(void)state;
	au_rand_delay_fake(UINT32_MAX);
	assert_int_equal(au_rand_delay(), UINT32_MAX);
	au_rand_delay_fake(7);
	assert_int_equal(au_rand_delay(), 7);
	au_rand_delay_real();
	for (int i = 0; i < 3; i++) /* three times the same number of 32 bits: never */
		if (au_rand_delay() != 7)
			return;
	fail();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uuid_is_version_4_and_new_each_time),
		cmocka_unit_test(uuid_of_a_time_is_version_7_and_in_order),
		cmocka_unit_test(form_of_a_uuid_is_checked),
		cmocka_unit_test(encodings_match_known_texts),
		cmocka_unit_test(bounded_number_stays_below_its_limit),
		cmocka_unit_test(secret_is_a_copy_with_a_final_nul),
		cmocka_unit_test(fake_clocks_move_only_when_told),
		cmocka_unit_test(delays_are_what_a_test_says),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
