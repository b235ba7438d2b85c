/* SPDX-License-Identifier: ISC */
/* Waits between tries.  Full jitter: the whole wait is random, so that many that failed together do not return
 * together. */
#include "base/backoff.h"

#define QUICK_RESTARTS 2
#define QUICK_RESTART_MS 100
#define RESTART_BASE_MS 1000

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
au_backoff_ms(unsigned tries, int64_t base_ms, int64_t cap_ms, uint32_t random)
{
	int64_t limit = least(base_ms, cap_ms);

	for (unsigned i = 1; i < tries && limit < cap_ms; i++)
		limit = limit > cap_ms / 2 ? cap_ms : 2 * limit;
	if (limit <= 1)
		return 1;
	return 1 + (int64_t)(((__uint128_t)random * (uint64_t)limit) >> 32);
}

int64_t
au_restart_delay(struct au_restart *r, int64_t now_mono, int64_t forgive_ms, int64_t cap_ms, uint32_t random)
{
	if (now_mono - r->started_mono >= forgive_ms)
		r->deaths = 0;
	r->deaths++;
	int64_t quick = least(QUICK_RESTART_MS, cap_ms);
	if (r->deaths <= QUICK_RESTARTS)
		return quick;
	int64_t wait = au_backoff_ms(r->deaths - QUICK_RESTARTS, RESTART_BASE_MS, cap_ms, random);
	return wait > quick ? wait : quick;
}
