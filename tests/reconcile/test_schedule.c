/* SPDX-License-Identifier: ISC */
/* When runs are due: after an interval and a random part of it, or by the calendar; and when windows are over. */
#include "tests/unit.h"

#include "base/opt.h"
#include "reconcile/schedule.h"
#include "settings/rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#define SECOND 1000LL
#define HOUR (3600 * SECOND)
#define THURSDAY 0LL /* 1970-01-01, midnight in UTC */

static void
set(struct au_values *values, const char *name, json_t *value)
{
	assert_int_equal(au_values_set(values, name, value, NULL), 0);
	json_decref(value);
}

static long long
next(const struct au_values *values, long long jitter, uint32_t random)
{
	return au_schedule_next(values, "run_at", "interval", jitter, random, THURSDAY);
}

/* So that many daemons, or many targets of one, do not ask at the same moment. */
static void
interval_and_a_random_part_of_it(void **state)
{
	struct au_values *values = au_values_new(au_reconcile_rows);

	(void)state;
	set(values, "interval", json_string("10h"));
	assert_int_equal(next(values, 0, UINT32_MAX), 10 * HOUR);
	assert_int_equal(next(values, 10, 0), 10 * HOUR);
	assert_int_equal(next(values, 10, UINT32_MAX / 2 + 1), 10 * HOUR + HOUR / 2);
	assert_in_range(next(values, 10, UINT32_MAX), 11 * HOUR - 1, 11 * HOUR);
	assert_in_range(next(values, 100, UINT32_MAX), 20 * HOUR - 1, 20 * HOUR);
	au_values_free(values);
}

/* Who names a time means that time: there is no random part. */
static void
calendar_takes_the_place_of_the_interval(void **state)
{
	struct au_values *values = au_values_new(au_reconcile_rows);

	(void)state;
	set(values, "run_at", json_pack("[s, s]", "Fri 02:00", "18:30"));
	assert_int_equal(next(values, 100, UINT32_MAX), 18 * HOUR + HOUR / 2);
	assert_int_equal(au_schedule_next(values, "run_at", "interval", 10, 7, 18 * HOUR + HOUR / 2), 26 * HOUR);
	au_values_free(values);
}

static void
window_ends_and_says_what_it_lets_through(void **state)
{
	struct au_values *values = au_values_new(au_target_rows);
	bool safe = true;

	(void)state;
	assert_int_equal(au_schedule_quiet(values, THURSDAY, NULL), 0);
	set(values, "quiet", json_pack("[s, s]", "Mon-Fri 08:00-18:00", "22:00-06:00"));
	assert_int_equal(au_schedule_quiet(values, THURSDAY + 7 * HOUR, &safe), 0);
	assert_false(safe);
	assert_int_equal(au_schedule_quiet(values, THURSDAY + 8 * HOUR, NULL), 18 * HOUR);
	assert_int_equal(au_schedule_quiet(values, THURSDAY + 23 * HOUR, NULL), 30 * HOUR);
	assert_int_equal(au_schedule_quiet(values, THURSDAY + (48 + 9) * HOUR, NULL), 0); /* Saturday */
	set(values, "quiet_lets", json_string("safe"));
	au_schedule_quiet(values, THURSDAY + 8 * HOUR, &safe);
	assert_true(safe);
	au_values_free(values);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interval_and_a_random_part_of_it),
		cmocka_unit_test(calendar_takes_the_place_of_the_interval),
		cmocka_unit_test(window_ends_and_says_what_it_lets_through),
	};

	setenv("TZ", "UTC0", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
