/* SPDX-License-Identifier: ISC */
/* The lists were checked when the configuration was read. */
#include "reconcile/schedule.h"

#include "base/calendar.h"
#include "base/str.h"

#define MOST 16

long long
au_schedule_next(const struct au_values *values, const char *times, const char *interval, long long jitter,
    uint32_t random, long long now_ms)
{
	struct au_calendar list[MOST];
	size_t count = 0;
	const char *text;
	long long ms, spread;

	for (size_t i = 0; count < MOST && (text = au_values_item(values, times, i)) != NULL; i++)
		count += au_calendar_parse(text, &list[count], NULL) == 0;
	if (count > 0)
		return au_calendar_next(list, count, now_ms, au_zone_system, NULL);
	ms = au_values_num(values, interval);
	spread = ms * jitter / 100;
	return now_ms + ms + (long long)((double)spread * (random / 4294967296.0));
}

long long
au_schedule_quiet(const struct au_values *target, long long now_ms, bool *ret_safe)
{
	struct au_window list[MOST];
	size_t count = 0;
	const char *text;

	for (size_t i = 0; count < MOST && (text = au_values_item(target, "quiet", i)) != NULL; i++)
		count += au_window_parse(text, &list[count], NULL) == 0;
	if (ret_safe)
		*ret_safe = au_streq(au_values_str(target, "quiet_lets"), "safe");
	return au_window_until(list, count, now_ms, au_zone_system, NULL);
}
