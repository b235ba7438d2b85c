/* SPDX-License-Identifier: ISC */
/*
 * Local times are counted as if they were UTC; only one function turns them into
 * moments, and it knows of clocks that go forward and back.
 */
#include "base/calendar.h"

#include "base/mem.h"

#include <limits.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MINUTE_MS 60000LL
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define WEEK 7
#define DAY_MINUTES (24 * 60)
#define EVERY_DAY 0x7Fu

/* ---- reading ------------------------------------------------------------------- */

static int
read_day(const char **text)
{
	static const char *const names[WEEK] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	for (int i = 0; i < WEEK; i++)
		if (strncasecmp(*text, names[i], 3) == 0) {
			*text += 3;
			return i;
		}
	return -1;
}

/* "Mon", or "Fri-Mon", which goes round the end of the week. */
static bool
read_range(const char **text, unsigned *days)
{
	int first = read_day(text), last = first;

	if (first < 0)
		return false;
	if (**text == '-' || strncmp(*text, "..", 2) == 0) {
		*text += **text == '-' ? 1 : 2;
		last = read_day(text);
	}
	if (last < 0)
		return false;
	for (int i = first;; i = (i + 1) % WEEK) {
		*days |= 1u << i;
		if (i == last)
			return true;
	}
}

static bool
read_days(const char **text, unsigned *days)
{
	const char *at = *text;

	if ((*at >= '0' && *at <= '9') || *at == '*') {
		*days = EVERY_DAY;
		return true;
	}
	*days = 0;
	do {
		if (!read_range(&at, days))
			return false;
	} while (*at++ == ',');
	if (at[-1] != ' ')
		return false;
	while (*at == ' ')
		at++;
	*text = at;
	return true;
}

/* One or two digits. */
static bool
read_number(const char **text, int most, int *ret)
{
	int value = 0, digits = 0;

	for (; **text >= '0' && **text <= '9' && digits < 2; (*text)++, digits++)
		value = 10 * value + (**text - '0');
	*ret = value;
	return digits > 0 && value <= most;
}

static bool
read_clock(const char **text, bool is_end, int *ret)
{
	int hour, minute;

	if (!read_number(text, is_end ? 24 : 23, &hour) || *(*text)++ != ':' || !read_number(text, 59, &minute))
		return false;
	*ret = 60 * hour + minute;
	return *ret <= DAY_MINUTES;
}

int
au_calendar_parse(const char *text, struct au_calendar *ret, struct au_err *err)
{
	struct au_calendar time = { .hour = -1 };
	const char *at = text;
	bool fine = read_days(&at, &time.days);

	if (fine && *at == '*')
		at++;
	else
		fine = fine && read_number(&at, 23, &time.hour);
	fine = fine && *at == ':';
	at += fine;
	if (!fine || !read_number(&at, 59, &time.minute) || *at != '\0')
		return au_fail(err, AU_EINVAL, "'%s': expected a time such as \"02:00\" or \"Mon-Fri 18:30\"", text);
	*ret = time;
	return 0;
}

int
au_window_parse(const char *text, struct au_window *ret, struct au_err *err)
{
	struct au_window window = { 0 };
	const char *at = text;
	bool fine = read_days(&at, &window.days) && read_clock(&at, false, &window.begin) && *at == '-';

	at += fine;
	if (!fine || !read_clock(&at, true, &window.end) || *at != '\0')
		return au_fail(
		    err, AU_EINVAL, "'%s': expected a window such as \"Mon-Fri 08:00-18:00\" or \"22:00-06:00\"", text);
	*ret = window;
	return 0;
}

/* ---- local times and moments ------------------------------------------------------ */

long long
au_zone_system(const void *unused, long long utc_ms)
{
	time_t at = (time_t)(utc_ms / 1000);
	struct tm tm;

	(void)unused;
	return localtime_r(&at, &tm) ? tm.tm_gmtoff * 1000LL : 0;
}

static long long
floor_div(long long value, long long by)
{
	return value / by - (value % by < 0);
}

/* The moment at which clocks jump over a local time: the first one with the offset that comes after it. */
static long long
moment_of_jump(long long from_ms, long long to_ms, au_zone_offset *offset, const void *zone)
{
	long long after = offset(zone, to_ms);

	while (from_ms + 1 < to_ms) {
		long long middle = from_ms + (to_ms - from_ms) / 2;
		if (offset(zone, middle) == after)
			to_ms = middle;
		else
			from_ms = middle;
	}
	return to_ms;
}

static long long
moment_of(long long local_ms, au_zone_offset *offset, const void *zone)
{
	long long first = local_ms - offset(zone, local_ms - DAY_MS), last = local_ms - offset(zone, local_ms + DAY_MS);
	bool first_is = first + offset(zone, first) == local_ms, last_is = last + offset(zone, last) == local_ms;

	if (first_is && last_is)
		return first < last ? first : last;
	if (first_is || last_is)
		return first_is ? first : last;
	return moment_of_jump(last < first ? last : first, last < first ? first : last, offset, zone);
}

/* 1970-01-01 was a Thursday. */
static bool
is_on(unsigned days, long long day)
{
	long long weekday = (day + 3) % WEEK;

	return days >> (weekday < 0 ? weekday + WEEK : weekday) & 1u;
}

/* ---- times -------------------------------------------------------------------------- */

static long long
next_of(const struct au_calendar *time, long long after_ms, au_zone_offset *offset, const void *zone)
{
	long long today = floor_div(after_ms + offset(zone, after_ms), DAY_MS);
	int first = time->hour < 0 ? 0 : time->hour, last = time->hour < 0 ? 23 : time->hour;

	for (long long day = today - 1; day <= today + WEEK + 1; day++) {
		if (!is_on(time->days, day))
			continue;
		for (int hour = first; hour <= last; hour++) {
			long long local = day * DAY_MS + hour * HOUR_MS + time->minute * MINUTE_MS;
			long long moment = moment_of(local, offset, zone);
			if (moment > after_ms)
				return moment;
		}
	}
	return -1;
}

long long
au_calendar_next(
    const struct au_calendar *times, size_t count, long long after_ms, au_zone_offset *offset, const void *zone)
{
	long long least = -1;

	for (size_t i = 0; i < count; i++) {
		long long next = next_of(&times[i], after_ms, offset, zone);
		if (next >= 0 && (least < 0 || next < least))
			least = next;
	}
	return least;
}

/* ---- windows -------------------------------------------------------------------------- */

/* The end of the window in local time, if it holds at the local time. */
static bool
holds(const struct au_window *window, long long local_ms, long long *ret_end_ms)
{
	long long today = floor_div(local_ms, DAY_MS);

	for (long long day = today - 1; day <= today; day++) {
		long long begin = day * DAY_MS + window->begin * MINUTE_MS,
			  end = day * DAY_MS + window->end * MINUTE_MS;
		if (window->end <= window->begin)
			end += DAY_MS;
		if (is_on(window->days, day) && local_ms >= begin && local_ms < end) {
			*ret_end_ms = end;
			return true;
		}
	}
	return false;
}

/* A local time that is there twice may have been over once already: then its second one counts. */
static long long
end_after(long long local_ms, long long now_ms, au_zone_offset *offset, const void *zone)
{
	long long end = moment_of(local_ms, offset, zone);

	return end > now_ms ? end : local_ms - offset(zone, now_ms);
}

long long
au_window_until(
    const struct au_window *windows, size_t count, long long now_ms, au_zone_offset *offset, const void *zone)
{
	long long until = 0, at = now_ms;
	bool more = true;

	while (more && at < now_ms + WEEK * DAY_MS) {
		more = false;
		for (size_t i = 0; i < count && !more; i++) {
			long long end;
			if (!holds(&windows[i], at + offset(zone, at), &end))
				continue;
			until = at = end_after(end, at, offset, zone);
			more = true;
		}
	}
	return until;
}
