/* SPDX-License-Identifier: ISC */
/* Names come from outside (addresses), so their number is bounded and nothing is kept of quiet ones for ever. */
#include "scim/throttle.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/rate.h"

#include <math.h>

struct au_throttle {
	struct au_map *buckets;
	unsigned max_names;
};

struct bucket {
	struct au_rate rate;
	double per_second;
};

struct au_throttle *
au_throttle_new(unsigned max_names)
{
	struct au_throttle *throttle = au_xcalloc(1, sizeof *throttle);

	throttle->buckets = au_map_new();
	throttle->max_names = max_names;
	return throttle;
}

void
au_throttle_free(struct au_throttle *throttle)
{
	if (throttle == NULL)
		return;
	au_map_free(throttle->buckets, free);
	free(throttle);
}

static struct bucket *
find(struct au_throttle *throttle, const char *name, double per_second, int64_t now_mono)
{
	struct bucket *bucket = au_map_get(throttle->buckets, name);

	if (bucket != NULL && bucket->per_second == per_second)
		return bucket;
	if (bucket == NULL) {
		if (au_map_count(throttle->buckets) >= throttle->max_names) {
			au_map_free(throttle->buckets, free);
			throttle->buckets = au_map_new();
		}
		bucket = au_xcalloc(1, sizeof *bucket);
		au_map_put(throttle->buckets, name, bucket);
	}
	bucket->per_second = per_second;
	au_rate_init(&bucket->rate, per_second, per_second < 1 ? 1 : per_second, now_mono);
	return bucket;
}

bool
au_throttle_take(
    struct au_throttle *throttle, const char *name, double per_second, int64_t now_mono, struct au_allowance *ret)
{
	struct au_rate *rate = &find(throttle, name, per_second, now_mono)->rate;
	int64_t wait_ms = 0;
	bool taken = au_rate_take(rate, now_mono, &wait_ms);

	*ret = (struct au_allowance){ .limit = (long long)rate->burst,
		.remaining = (long long)rate->tokens,
		.wait_ms = taken ? 0 : wait_ms,
		.reset_ms = (int64_t)ceil((rate->burst - rate->tokens) / rate->per_ms) };
	return taken;
}
