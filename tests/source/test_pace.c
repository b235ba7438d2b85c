/* SPDX-License-Identifier: ISC */
/* When a service may be asked again. */
#include "tests/unit.h"

#include "sourced/pace.h"

#define MOST 120000

static void
requests_have_a_rate(void **state)
{
	struct au_pace pace;
	int64_t now = 1000;

	(void)state;
	au_pace_init(&pace, 10, now);
	for (int i = 0; i < 10; i++)
		assert_int_equal(au_pace_wait(&pace, now), 0);
	assert_int_equal(au_pace_wait(&pace, now), 100);
	assert_int_equal(au_pace_wait(&pace, now + 99), 1);
	assert_int_equal(au_pace_wait(&pace, now + 100), 0);
	assert_in_range(au_pace_wait(&pace, now + 100), 1, 100);
}

static void
time_that_the_service_names_is_kept(void **state)
{
	struct au_pace pace;

	(void)state;
	au_pace_init(&pace, 1000, 0);
	assert_true(au_pace_refused(&pace, 5000, MOST, 0, 0));
	assert_in_range(au_pace_wait(&pace, 0), 5001, 6000);
	assert_true(au_pace_refused(&pace, 5000, MOST, 0, UINT32_MAX));
	assert_in_range(au_pace_wait(&pace, 0), 5900, 6000);
	/* One who came later and must wait less does not shorten it. */
	assert_true(au_pace_refused(&pace, 1000, MOST, 0, 0));
	assert_in_range(au_pace_wait(&pace, 0), 5900, 6000);
	assert_int_equal(au_pace_wait(&pace, 6000), 0);
}

static void
without_a_time_the_wait_grows(void **state)
{
	struct au_pace pace;
	int64_t now = 0, last = 0;

	(void)state;
	au_pace_init(&pace, 1000, 0);
	for (int i = 0; i < 7; i++) {
		assert_true(au_pace_refused(&pace, 0, MOST, now, UINT32_MAX));
		int64_t wait = au_pace_wait(&pace, now);
		assert_true(wait > last);
		last = wait;
		now += wait;
	}
	assert_in_range(last, 32000, 64000);
	assert_int_equal(au_pace_wait(&pace, now), 0);
}

static void
waiting_has_an_end(void **state)
{
	struct au_pace pace;

	(void)state;
	au_pace_init(&pace, 1000, 0);
	assert_false(au_pace_refused(&pace, MOST + 1, MOST, 0, 0));
	assert_int_equal(au_pace_wait(&pace, 0), 0);
	au_pace_served(&pace);
	for (int i = 0; i < AU_PACE_REFUSALS; i++)
		assert_true(au_pace_refused(&pace, 1000, MOST, 0, 0));
	assert_false(au_pace_refused(&pace, 1000, MOST, 0, 0));
	au_pace_served(&pace);
	assert_true(au_pace_refused(&pace, 1000, MOST, 0, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_have_a_rate),
		cmocka_unit_test(time_that_the_service_names_is_kept),
		cmocka_unit_test(without_a_time_the_wait_grows),
		cmocka_unit_test(waiting_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
