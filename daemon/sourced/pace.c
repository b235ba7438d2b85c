/* SPDX-License-Identifier: ISC */
/* Others may have been sent away at the same moment: nobody comes back exactly when the service said. */
#include "sourced/pace.h"

#include "base/backoff.h"

#define BASE_MS 1000
#define SPREAD_MS 1000 /* behind a time that the service named */

void
au_pace_init(struct au_pace *pace, long long per_second, int64_t now_mono)
{
	*pace = (struct au_pace){ 0 };
	au_rate_init(&pace->rate, (double)per_second, (double)per_second, now_mono);
}

int64_t
au_pace_wait(struct au_pace *pace, int64_t now_mono)
{
	int64_t wait = 0;

	if (now_mono < pace->hold_until)
		return pace->hold_until - now_mono;
	if (au_rate_take(&pace->rate, now_mono, &wait))
		return 0;
	return wait > 0 ? wait : 1;
}

void
au_pace_served(struct au_pace *pace)
{
	pace->refusals = 0;
}

bool
au_pace_refused(struct au_pace *pace, int64_t retry_after_ms, int64_t most_ms, int64_t now_mono, uint32_t random)
{
	int64_t wait;

	if (++pace->refusals > AU_PACE_REFUSALS || retry_after_ms > most_ms)
		return false;
	wait = retry_after_ms > 0 ? retry_after_ms + au_backoff_ms(1, SPREAD_MS, SPREAD_MS, random)
				  : au_backoff_ms(pace->refusals, BASE_MS, most_ms, random);
	if (now_mono + wait > pace->hold_until)
		pace->hold_until = now_mono + wait;
	return true;
}
