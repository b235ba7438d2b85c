/* SPDX-License-Identifier: ISC */
/*
 * How fast a service is asked: never faster than was configured, and not at all
 * while it wants to be left alone.  Pure: time and randomness come in.
 */
#ifndef SOURCED_PACE_H
#define SOURCED_PACE_H

#include "base/rate.h"

/* Refusals in a row after which waiting is no longer what helps. */
#define AU_PACE_REFUSALS 8

struct au_pace {
	struct au_rate rate;
	int64_t hold_until;
	unsigned refusals; /* in a row */
};

void au_pace_init(struct au_pace *pace, long long per_second, int64_t now_mono);
/* 0: the next request may go, and counts.  Else milliseconds to wait first. */
int64_t au_pace_wait(struct au_pace *pace, int64_t now_mono);

/* An answer that is no refusal came. */
void au_pace_served(struct au_pace *pace);
/*
 * The service said 429, or 503, and how long to wait (0: it did not say).  True: the request is to be sent again when
 * au_pace_wait says so.  False: it would take longer than most_ms, or was said too often in a row, and whoever asks is
 * to be told.
 */
bool au_pace_refused(struct au_pace *pace, int64_t retry_after_ms, int64_t most_ms, int64_t now_mono, uint32_t random);

#endif
