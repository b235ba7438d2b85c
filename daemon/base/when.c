/* SPDX-License-Identifier: ISC */
/* Times, durations and sizes as people write them, each by one strict reader. */
#include "base/when.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_MS (24LL * 60 * 60 * 1000)
#define YEAR_0_MS (-62167219200000LL)
#define YEAR_9999_END_MS 253402300799999LL

struct unit {
	const char *name;
	long long factor;
};

/* Largest first: printing takes the first that divides. */
static const struct unit time_units[] = {
	{ "w", 7 * DAY_MS },
	{ "d", DAY_MS },
	{ "h", 60LL * 60 * 1000 },
	{ "min", 60LL * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

static const struct unit size_units[] = {
	{ "TiB", 1LL << 40 },
	{ "GiB", 1LL << 30 },
	{ "MiB", 1LL << 20 },
	{ "KiB", 1LL << 10 },
	{ "B", 1 },
};

const char *
au_when_format(int64_t wall_ms, char buf[AU_WHEN_SIZE])
{
	static const char marks[] = "--T::.Z";
	struct tm tm;
	char *at = buf;

	if (wall_ms < YEAR_0_MS)
		wall_ms = YEAR_0_MS;
	if (wall_ms > YEAR_9999_END_MS)
		wall_ms = YEAR_9999_END_MS;
	int ms = (int)(wall_ms % 1000);
	if (ms < 0)
		ms += 1000;
	time_t seconds = (time_t)((wall_ms - ms) / 1000);
	gmtime_r(&seconds, &tm);
	const int parts[] = { tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ms };
	for (size_t i = 0; i < AU_COUNT(parts); i++) {
		at = au_put_digits(at, (unsigned)parts[i], i == 0 ? 4 : marks[i] == 'Z' ? 3 : 2);
		*at++ = marks[i];
	}
	*at = '\0';
	return buf;
}

/* Exactly `count` digits at *at; moves on. */
static bool
digits(const char **at, int count, int *ret)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		char c = (*at)[i];
		if (c < '0' || c > '9')
			return false;
		number = number * 10 + (c - '0');
	}
	*at += count;
	*ret = number;
	return true;
}

static bool
mark(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* ".123456": any number of digits, kept to the millisecond. */
static bool
fraction(const char **at, int *ret_ms)
{
	int ms = 0, scale = 100;

	if (!mark(at, '.')) {
		*ret_ms = 0;
		return true;
	}
	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		ms += (**at - '0') * scale;
		scale /= 10;
	}
	*ret_ms = ms;
	return true;
}

/* "Z", "+01:00", or nothing, which is taken as UTC. */
static bool
zone(const char **at, int *ret_minutes)
{
	int hours, minutes;

	*ret_minutes = 0;
	if (**at == '\0' || mark(at, 'Z'))
		return true;
	int sign = **at == '-' ? -1 : 1;
	if (!mark(at, '+') && !mark(at, '-'))
		return false;
	if (!digits(at, 2, &hours) || !mark(at, ':') || !digits(at, 2, &minutes) || minutes > 59 ||
	    hours * 60 + minutes > 14 * 60)
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return true;
}

static int
days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool
date_time(const char *text, int64_t *ret_wall_ms)
{
	int year, month, day, hour, minute, second, ms, offset;

	if (!digits(&text, 4, &year) || !mark(&text, '-') || !digits(&text, 2, &month) || !mark(&text, '-') ||
	    !digits(&text, 2, &day) || !mark(&text, 'T') || !digits(&text, 2, &hour) || !mark(&text, ':') ||
	    !digits(&text, 2, &minute) || !mark(&text, ':') || !digits(&text, 2, &second) || !fraction(&text, &ms) ||
	    !zone(&text, &offset) || *text != '\0')
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) || minute > 59 || second > 59)
		return false;
	/* 24:00:00 is the end of the day (XML Schema part 2, section 3.2.7). */
	if (hour > 23 && !(hour == 24 && minute == 0 && second == 0 && ms == 0))
		return false;
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
	*ret_wall_ms =
	    (int64_t)timegm(&tm) * 1000 + hour * 3600000LL + (minute - offset) * 60000LL + second * 1000LL + ms;
	return true;
}

int
au_when_parse(const char *text, int64_t *ret_wall_ms, struct au_err *err)
{
	if (text == NULL || !date_time(text, ret_wall_ms))
		return au_fail(
		    err, AU_EINVAL, "time '%s': expected a form like 2026-11-24T10:00:00Z", text != NULL ? text : "");
	return 0;
}

static bool
number_with_unit(const char *text, const struct unit *units, size_t count, long long *ret)
{
	long long number = 0;
	size_t len = strspn(text, "0123456789");

	for (size_t i = 0; i < len; i++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, text[i] - '0', &number))
			return false;
	if (len == 1 && text[0] == '0' && text[1] == '\0') {
		*ret = 0;
		return true;
	}
	for (size_t i = 0; len > 0 && i < count; i++) {
		if (strcmp(text + len, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(number, units[i].factor, &number))
			return false;
		*ret = number;
		return true;
	}
	return false;
}

static void
format_with_unit(long long number, const struct unit *units, char *buf, size_t size)
{
	if (number == 0) {
		snprintf(buf, size, "0");
		return;
	}
	/* The last unit is 1 and divides everything. */
	while (number % units->factor != 0)
		units++;
	snprintf(buf, size, "%lld%s", number / units->factor, units->name);
}

int
au_duration_parse(const char *text, long long *ret_ms, struct au_err *err)
{
	if (text == NULL || !number_with_unit(text, time_units, AU_COUNT(time_units), ret_ms))
		return au_fail(err, AU_EINVAL, "duration '%s': expected a number with ms, s, min, h, d or w, or 0",
		    text != NULL ? text : "");
	return 0;
}

void
au_duration_format(long long ms, char *buf, size_t size)
{
	format_with_unit(ms, time_units, buf, size);
}

int
au_size_parse(const char *text, long long *ret_bytes, struct au_err *err)
{
	if (text == NULL || !number_with_unit(text, size_units, AU_COUNT(size_units), ret_bytes))
		return au_fail(err, AU_EINVAL, "size '%s': expected a number with B, KiB, MiB, GiB or TiB, or 0",
		    text != NULL ? text : "");
	return 0;
}

void
au_size_format(long long bytes, char *buf, size_t size)
{
	format_with_unit(bytes, size_units, buf, size);
}
