/* SPDX-License-Identifier: ISC */
/*
 * Timers that keep to the clocks of base/clock.h.  With the real ones they are
 * libevent's; with the fixed ones of tests no time passes by itself, and they
 * come due when a test moves it.  What decides when something is due and what
 * wakes to do it must not follow two different clocks.
 */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct au_timer;

typedef void au_timer_due(void *ctx);

/* Not set yet.  The caller frees it before the loop `base`, and uses it in that loop's thread only. */
struct au_timer *au_timer_new(struct event_base *base, au_timer_due *due, void *ctx);
void au_timer_free(struct au_timer *timer); /* NULL is fine; due is not called any more */

/* The loop calls due once, after ms (in its next turn when that is 0 or less); an earlier moment is forgotten.  A timer
 * stays with the kind of clock it was set by.  Those that come due together are called in the order of their moments,
 * and of setting when these are the same; time is then already what the clock was moved to. */
void au_timer_set(struct au_timer *timer, int64_t ms);
void au_timer_stop(struct au_timer *timer); /* fine when it is not set */

bool au_timer_is_set(const struct au_timer *timer);
int64_t au_timer_left(const struct au_timer *timer); /* ms until it is due; 0 when not set, or due by now */

#endif
