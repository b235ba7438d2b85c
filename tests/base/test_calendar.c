/* SPDX-License-Identifier: ISC */
/* Times and windows, on days with one hour more and one hour less, too. */
#include "base/calendar.h"
#include "base/mem.h"
#include "base/when.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR 3600000LL

static long long
at(const char *text)
{
	int64_t ms = 0;

	assert_int_equal(au_when_parse(text, &ms, NULL), 0);
	return ms;
}

/* Central European time in 2026 by hand: two hours ahead between 29 March and 25 October, 01:00 UTC. */
static long long
berlin(const void *unused, long long utc_ms)
{
	(void)unused;
	return utc_ms >= at("2026-03-29T01:00:00Z") && utc_ms < at("2026-10-25T01:00:00Z") ? 2 * HOUR : HOUR;
}

static void
assert_when(const char *what, long long got, const char *want)
{
	char text[AU_WHEN_SIZE];

	if (got != (want ? at(want) : 0))
		fail_msg("%s: %s, not %s", what, got > 0 ? au_when_format(got, text) : "never", want ? want : "never");
}

static void
next_times_by_the_calendar(void **state)
{
	static const struct {
		const char *time, *after, *next;
	} rows[] = {
		{ "02:00", "2026-01-05T00:59:59Z", "2026-01-05T01:00:00Z" },
		{ "02:00", "2026-01-05T01:00:00Z", "2026-01-06T01:00:00Z" },
		{ "00:00", "2026-01-05T22:59:00Z", "2026-01-05T23:00:00Z" },
		/* Monday the 5th; the weekend is skipped, the range goes round. */
		{ "Mon-Fri 18:30", "2026-01-09T17:30:00Z", "2026-01-12T17:30:00Z" },
		{ "Sat..Mon 06:00", "2026-01-05T06:00:00Z", "2026-01-10T05:00:00Z" },
		{ "Wed,Sun 06:00", "2026-01-05T06:00:00Z", "2026-01-07T05:00:00Z" },
		{ "tue 23:59", "2026-01-06T22:59:00Z", "2026-01-13T22:59:00Z" },
		{ "*:15", "2026-01-05T10:15:00Z", "2026-01-05T11:15:00Z" },
		/* 02:30 does not exist on 29 March: it is when clocks go from 02:00 to 03:00. */
		{ "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z" },
		{ "02:00", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z" },
		{ "03:00", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z" },
		{ "02:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z" },
		{ "01:59", "2026-03-28T12:00:00Z", "2026-03-29T00:59:00Z" },
		/* 02:30 is there twice on 25 October: the first one counts, and once only. */
		{ "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z" },
		{ "02:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" },
		{ "03:00", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z" },
		{ "02:00", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z" },
		/* Leap day, turn of the year. */
		{ "Tue 12:00", "2028-02-28T12:00:00Z", "2028-02-29T11:00:00Z" },
		{ "00:30", "2026-12-31T23:00:00Z", "2026-12-31T23:30:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_calendar time;
		assert_int_equal(au_calendar_parse(rows[i].time, &time, NULL), 0);
		assert_when(rows[i].time, au_calendar_next(&time, 1, at(rows[i].after), berlin, NULL), rows[i].next);
	}
}

static void
windows_hold_by_the_clock_on_the_wall(void **state)
{
	static const struct {
		const char *window, *now, *until;
	} rows[] = {
		{ "Mon-Fri 08:00-18:00", "2026-01-05T06:59:59Z", NULL },
		{ "Mon-Fri 08:00-18:00", "2026-01-05T07:00:00Z", "2026-01-05T17:00:00Z" },
		{ "Mon-Fri 08:00-18:00", "2026-01-05T17:00:00Z", NULL },
		{ "Mon-Fri 08:00-18:00", "2026-01-10T10:00:00Z", NULL },
		/* Over midnight: the day is that of the beginning. */
		{ "Fri 22:00-06:00", "2026-01-09T22:00:00Z", "2026-01-10T05:00:00Z" },
		{ "Fri 22:00-06:00", "2026-01-10T04:59:00Z", "2026-01-10T05:00:00Z" },
		{ "Fri 22:00-06:00", "2026-01-09T04:59:00Z", NULL },
		{ "Sat 00:00-24:00", "2026-01-10T12:00:00Z", "2026-01-10T23:00:00Z" },
		/* A night with an hour less, and one with an hour more. */
		{ "22:00-06:00", "2026-03-28T22:00:00Z", "2026-03-29T04:00:00Z" },
		{ "22:00-02:30", "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z" },
		{ "22:00-06:00", "2026-10-24T21:00:00Z", "2026-10-25T05:00:00Z" },
		{ "01:00-02:30", "2026-10-25T00:15:00Z", "2026-10-25T00:30:00Z" },
		{ "01:00-02:30", "2026-10-25T00:45:00Z", NULL },
		{ "01:00-02:30", "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_window window;
		assert_int_equal(au_window_parse(rows[i].window, &window, NULL), 0);
		assert_when(rows[i].window, au_window_until(&window, 1, at(rows[i].now), berlin, NULL), rows[i].until);
	}
}

static void
windows_that_meet_are_one(void **state)
{
	struct au_window windows[2], always;
	long long now = at("2026-01-05T10:00:00Z");

	(void)state;
	assert_int_equal(au_window_parse("08:00-12:00", &windows[0], NULL), 0);
	assert_int_equal(au_window_parse("12:00-18:00", &windows[1], NULL), 0);
	assert_when("both", au_window_until(windows, 2, now, berlin, NULL), "2026-01-05T17:00:00Z");
	assert_int_equal(au_window_parse("00:00-24:00", &always, NULL), 0);
	assert_true(au_window_until(&always, 1, now, berlin, NULL) >= now + 7 * 24 * HOUR);
	assert_int_equal(au_window_until(NULL, 0, now, berlin, NULL), 0);
	assert_int_equal(au_calendar_next(NULL, 0, now, berlin, NULL), -1);
}

static void
what_cannot_be_read_is_refused(void **state)
{
	static const char *const times[] = { "", "2", "24:00", "02:60", "Mun 02:00", "Mon", "Mon- 02:00", "Mon,02:00",
		"02:00 ", "02:00-03:00", "Mon 02:00x", "002:00", "-1:00", "Mon,, 02:00" };
	static const char *const windows[] = { "", "08:00", "08:00-", "08:00-24:01", "24:00-08:00", "08:00-18:00,",
		"Mon 8-9" };
	struct au_calendar time;
	struct au_window window;
	struct au_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(times); i++)
		if (au_calendar_parse(times[i], &time, &err) != AU_EINVAL)
			fail_msg("'%s' is no time", times[i]);
	for (size_t i = 0; i < AU_COUNT(windows); i++)
		if (au_window_parse(windows[i], &window, &err) != AU_EINVAL)
			fail_msg("'%s' is no window", windows[i]);
	assert_non_null(strstr(err.text, "'Mon 8-9'"));
}

/* The rules of the system's time zone files say the same. */
static void
system_zone_agrees(void **state)
{
	struct au_calendar time;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (long long utc = at("2026-01-01T00:00:00Z"); utc < at("2026-12-31T00:00:00Z"); utc += HOUR / 2)
		assert_int_equal(au_zone_system(NULL, utc), berlin(NULL, utc));
	assert_int_equal(au_calendar_parse("02:30", &time, NULL), 0);
	assert_when("02:30", au_calendar_next(&time, 1, at("2026-03-28T12:00:00Z"), au_zone_system, NULL),
	    "2026-03-29T01:00:00Z");
	unsetenv("TZ");
	tzset();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_times_by_the_calendar),
		cmocka_unit_test(windows_hold_by_the_clock_on_the_wall),
		cmocka_unit_test(windows_that_meet_are_one),
		cmocka_unit_test(what_cannot_be_read_is_refused),
		cmocka_unit_test(system_zone_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
