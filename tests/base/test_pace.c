/* SPDX-License-Identifier: ISC */
/* Waits between tries, the restart budget, and the token bucket. */
#include "tests/unit.h"

#include "base/backoff.h"
#include "base/rate.h"

static void
wait_grows_to_its_cap_and_is_never_zero(void **state)
{
	(void)state;
	assert_int_equal(au_backoff_ms(1, 1000, 60000, 0), 1);
	assert_int_equal(au_backoff_ms(1, 1000, 60000, UINT32_MAX), 1000);
	assert_int_equal(au_backoff_ms(3, 1000, 60000, UINT32_MAX), 4000);
	assert_int_equal(au_backoff_ms(7, 1000, 60000, UINT32_MAX), 60000);
	assert_int_equal(au_backoff_ms(UINT32_MAX, 1000, INT64_MAX / 2, 0), 1);
	assert_in_range(au_backoff_ms(UINT32_MAX, 1000, 60000, UINT32_MAX / 2), 29000, 31000);
	assert_int_equal(au_backoff_ms(1, 1000, 10, UINT32_MAX), 10);
	assert_int_equal(au_backoff_ms(0, 0, 0, UINT32_MAX), 1);
}

static void
restarts_are_quick_twice_then_slower_then_forgiven(void **state)
{
	struct au_restart r = { .started_mono = 0 };
	int64_t now = 10;

	(void)state;
	assert_int_equal(au_restart_delay(&r, now, 60000, 30000, UINT32_MAX), 100);
	r.started_mono = now += 100;
	assert_int_equal(au_restart_delay(&r, now += 5, 60000, 30000, UINT32_MAX), 100);
	r.started_mono = now;
	assert_int_equal(au_restart_delay(&r, now += 5, 60000, 30000, UINT32_MAX), 1000);
	assert_int_equal(au_restart_delay(&r, now += 5, 60000, 30000, UINT32_MAX), 2000);
	for (int i = 0; i < 50; i++)
		assert_in_range(au_restart_delay(&r, now, 60000, 30000, UINT32_MAX), 4000, 30000);
	r.started_mono = now;
	assert_int_equal(au_restart_delay(&r, now + 60000, 60000, 30000, UINT32_MAX), 100);
	assert_int_equal(r.deaths, 1);
}

static void
bucket_empties_and_fills(void **state)
{
	struct au_rate r;
	int64_t wait = -1;

	(void)state;
	au_rate_init(&r, 2, 3, 1000);
	for (int i = 0; i < 3; i++)
		assert_true(au_rate_take(&r, 1000, NULL));
	assert_false(au_rate_take(&r, 1000, &wait));
	assert_int_equal(wait, 500);
	assert_false(au_rate_take(&r, 1499, &wait));
	assert_int_equal(wait, 1);
	assert_true(au_rate_take(&r, 1500, &wait));
	assert_false(au_rate_take(&r, 900, NULL)); /* a clock that steps back gives nothing */
	for (int i = 0; i < 3; i++)
		assert_true(au_rate_take(&r, 100000, NULL));
	assert_false(au_rate_take(&r, 100000, NULL));
	au_rate_init(&r, 0, 0, 0);
	assert_false(au_rate_take(&r, 1, &wait));
	assert_true(wait == INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wait_grows_to_its_cap_and_is_never_zero),
		cmocka_unit_test(restarts_are_quick_twice_then_slower_then_forgiven),
		cmocka_unit_test(bucket_empties_and_fills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
