/* SPDX-License-Identifier: ISC */
/* When what is done by itself is due, by the options of a block; in the time zone of the daemon.  Pure but for that. */
#ifndef RECONCILE_SCHEDULE_H
#define RECONCILE_SCHEDULE_H

#include "base/opt.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The next moment: by the times of the calendar in the list `times`, or, when that is empty, after `interval` and a
 * random part of it, at most jitter percent.  random is any uniform 32-bit number.
 */
long long au_schedule_next(const struct au_values *values, const char *times, const char *interval, long long jitter,
    uint32_t random, long long now_ms);

/* When the quiet windows of a target that hold now are over; 0 = none holds.  *ret_safe (may be NULL): steps that take
 * nothing from anybody may be sent all the same. */
long long au_schedule_quiet(const struct au_values *target, long long now_ms, bool *ret_safe);

#endif
