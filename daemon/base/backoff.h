/* SPDX-License-Identifier: ISC */
/* Delays between tries: full jitter, doubling, capped; and a restart budget.  Pure: randomness and time come in. */
#ifndef BASE_BACKOFF_H
#define BASE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

/* Delay before try number `tries` (1 = first repeat): uniform in (0, min(cap, base * 2^(tries-1))], at least 1 ms.
 * random is any uniform 32-bit number. */
int64_t au_backoff_ms(unsigned tries, int64_t base_ms, int64_t cap_ms, uint32_t random);

/* A program that keeps dying: two quick restarts, then growing waits; forgiven after it lived long enough. */
struct au_restart {
	unsigned deaths;      /* in a row */
	int64_t started_mono; /* last start */
};
/* Tell of a death at now; returns how long to wait before the next start. */
int64_t au_restart_delay(struct au_restart *r, int64_t now_mono, int64_t forgive_ms, int64_t cap_ms, uint32_t random);

#endif
