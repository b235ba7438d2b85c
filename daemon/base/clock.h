/* SPDX-License-Identifier: ISC */
/* The two clocks, replaceable by tests.  Timers use the monotonic one; people see the wall clock. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t au_clock_wall_ms(void); /* milliseconds since 1970-01-01T00:00:00Z */
int64_t au_clock_mono_ms(void); /* CLOCK_MONOTONIC */

/* Replace both clocks by fixed values that only au_clock_fake_advance moves (tests only). */
void au_clock_fake_set(int64_t wall_ms, int64_t mono_ms);
void au_clock_fake_advance(int64_t ms);
void au_clock_real(void);
bool au_clock_is_fake(void);
/* moved is called whenever the fixed clocks were set or moved: base/timer.c does not poll them. */
void au_clock_fake_watch(void (*moved)(void));

#endif
