/* SPDX-License-Identifier: ISC */
/*
 * Times of the calendar and windows of the day, as people write them.  Pure: the
 * clock and the time zone come in.
 *
 *   time    [DAYS ]HH:MM          "02:00", "Mon-Fri 18:30", "Sat,Sun *:15" (each hour)
 *   window  [DAYS ]HH:MM-HH:MM    "Mon-Fri 08:00-18:00", "22:00-06:00" (until the next day), "00:00-24:00"
 *   DAYS    Mon Tue Wed Thu Fri Sat Sun, lists by "," and ranges by "-" or ".."; without it every day
 *
 * When clocks go forward, a time that does not exist is the moment at which they do; when they go back, a time that is
 * there twice is its first.  A window holds by what clocks on the wall show.
 */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct au_calendar {
	unsigned days; /* bit 0 is Monday */
	int hour;      /* -1 = each */
	int minute;
};

struct au_window {
	unsigned days;  /* on which it begins */
	int begin, end; /* minutes of the day; an end that is not after the beginning is on the next day */
};

/* How far local time is ahead of UTC at a moment, in milliseconds. */
typedef long long au_zone_offset(const void *zone, long long utc_ms);
long long au_zone_system(const void *unused, long long utc_ms); /* of TZ, as tzset has read it */

int au_calendar_parse(const char *text, struct au_calendar *ret, struct au_err *err); /* AU_EINVAL quotes it */
int au_window_parse(const char *text, struct au_window *ret, struct au_err *err);

/* The first moment after `after_ms` that one of them means; -1 when there are none. */
long long au_calendar_next(
    const struct au_calendar *times, size_t count, long long after_ms, au_zone_offset *offset, const void *zone);
/* When the windows that hold now are over; 0 = none holds.  Windows that follow each other at once are one; at the
 * latest a week from now. */
long long au_window_until(
    const struct au_window *windows, size_t count, long long now_ms, au_zone_offset *offset, const void *zone);

#endif
