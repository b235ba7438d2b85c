/* SPDX-License-Identifier: ISC */
/*
 * Peers that send credentials which are no good.  Each failure makes the next answer slower, up to a limit, and those
 * who go on all the same are turned away.  Only time makes up for it: good credentials of one client behind an address
 * say nothing of another.  Loop thread only.
 */
#ifndef SCIM_SUSPECTS_H
#define SCIM_SUSPECTS_H

#include <stdbool.h>
#include <stdint.h>

struct au_suspects;

/* At most max_peers are kept; beyond that everybody starts anew. */
struct au_suspects *au_suspects_new(unsigned max_peers);
void au_suspects_free(struct au_suspects *suspects); /* NULL is fine */

struct au_suspicion {
	bool refuse;      /* too many: say so and nothing else */
	int64_t wait_ms;  /* then: when to come again; otherwise how long to keep the answer back */
	unsigned tell;    /* failures since it was last told of, when a line about it is due; 0 = none is */
	const char *peer; /* what is kept of the address: an IPv6 network of 64 bits is one.  Until the next call. */
};
/* One more failure.  Answers are kept back for at most max_delay_ms. */
void au_suspects_note(
    struct au_suspects *suspects, const char *peer, int64_t max_delay_ms, int64_t now_mono, struct au_suspicion *ret);
/* Whether one more failure would be refused now; then *ret_wait_ms is until it would not.  Counts nothing. */
bool au_suspects_over(struct au_suspects *suspects, const char *peer, int64_t now_mono, int64_t *ret_wait_ms);

#endif
