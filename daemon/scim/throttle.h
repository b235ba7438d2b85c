/* SPDX-License-Identifier: ISC */
/* Token buckets by name: requests per client.  Loop thread only. */
#ifndef SCIM_THROTTLE_H
#define SCIM_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

struct au_throttle;

/* At most max_names are kept; beyond that everybody starts anew. */
struct au_throttle *au_throttle_new(unsigned max_names);
void au_throttle_free(struct au_throttle *throttle); /* NULL is fine */
/* What a name may still do. */
struct au_allowance {
	long long limit, remaining; /* tokens that may be saved, and those that are there */
	int64_t wait_ms;            /* until there is one; 0 = there was */
	int64_t reset_ms;           /* until all are there again */
};
/* Take one of name's tokens, of which per_second come and as many may be saved.  False, with the wait in *ret,
 * when there is none.  A changed rate starts a new bucket. */
bool au_throttle_take(
    struct au_throttle *throttle, const char *name, double per_second, int64_t now_mono, struct au_allowance *ret);

#endif
