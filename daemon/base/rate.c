/* SPDX-License-Identifier: ISC */
/* A token bucket that is filled by looking at the clock. */
#include "base/rate.h"

#include <math.h>
#include <stddef.h>

/* A whole token, less what sums of fractions lose. */
#define WHOLE (1 - 1e-9)

void
au_rate_init(struct au_rate *r, double per_second, double burst, int64_t now_mono)
{
	*r = (struct au_rate){ .tokens = burst, .burst = burst, .per_ms = per_second / 1000, .last_mono = now_mono };
}

bool
au_rate_take(struct au_rate *r, int64_t now_mono, int64_t *ret_wait_ms)
{
	if (now_mono > r->last_mono) {
		r->tokens = fmin(r->burst, r->tokens + (double)(now_mono - r->last_mono) * r->per_ms);
		r->last_mono = now_mono;
	}
	if (r->tokens >= WHOLE) {
		r->tokens -= 1;
		return true;
	}
	if (ret_wait_ms != NULL) {
		double wait = r->per_ms > 0 ? ceil((WHOLE - r->tokens) / r->per_ms) : INFINITY;
		*ret_wait_ms = wait < 1e15 ? (int64_t)fmax(wait, 1) : INT64_MAX;
	}
	return false;
}
