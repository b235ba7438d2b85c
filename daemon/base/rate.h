/* SPDX-License-Identifier: ISC */
/* A token bucket.  Pure: time comes in. */
#ifndef BASE_RATE_H
#define BASE_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct au_rate {
	double tokens, burst, per_ms;
	int64_t last_mono;
};

void au_rate_init(struct au_rate *r, double per_second, double burst, int64_t now_mono);
/* Take one token; false, with the wait in *ret_wait_ms (may be NULL), when there is none. */
bool au_rate_take(struct au_rate *r, int64_t now_mono, int64_t *ret_wait_ms);

#endif
