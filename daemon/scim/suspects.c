/* SPDX-License-Identifier: ISC */
/* Addresses come from outside, so their number is bounded. */
#include "scim/suspects.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/rate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define PER_SECOND 5               /* failures of one peer that are answered */
#define FREE 1                     /* failures in a row that cost no time: everybody pastes wrongly once */
#define FIRST_DELAY_MS 50          /* of the next one; it doubles with each */
#define DOUBLINGS 16               /* beyond which only the limit counts */
#define FORGIVE_MS (60 * 1000)     /* of quiet, after which the count starts anew */
#define TELL_EVERY_MS (60 * 1000)  /* a line about one peer is written no more often */
#define PEER_SIZE INET6_ADDRSTRLEN /* and more than other texts for peers need */

struct suspect {
	struct au_rate rate;
	unsigned failures, untold;
	int64_t last_mono, told_mono; /* told_mono 0 = never */
};

struct au_suspects {
	struct au_map *peers;
	unsigned max_peers;
	char peer[PEER_SIZE];
};

struct au_suspects *
au_suspects_new(unsigned max_peers)
{
	struct au_suspects *suspects = au_xcalloc(1, sizeof *suspects);

	suspects->peers = au_map_new();
	suspects->max_peers = max_peers;
	return suspects;
}

void
au_suspects_free(struct au_suspects *suspects)
{
	if (suspects == NULL)
		return;
	au_map_free(suspects->peers, free);
	free(suspects);
}

/* Whoever has one address of an IPv6 network has all of its 2^64. */
static void
set_peer(struct au_suspects *suspects, const char *peer)
{
	struct in6_addr address;

	if (inet_pton(AF_INET6, peer, &address) == 1 && !IN6_IS_ADDR_V4MAPPED(&address)) {
		memset(address.s6_addr + 8, 0, 8);
		inet_ntop(AF_INET6, &address, suspects->peer, sizeof suspects->peer);
	} else {
		snprintf(suspects->peer, sizeof suspects->peer, "%s", peer);
	}
}

static struct suspect *
find(struct au_suspects *suspects, int64_t now_mono)
{
	struct suspect *suspect = au_map_get(suspects->peers, suspects->peer);

	if (suspect != NULL)
		return suspect;
	if (au_map_count(suspects->peers) >= suspects->max_peers) {
		au_map_free(suspects->peers, free);
		suspects->peers = au_map_new();
	}
	suspect = au_xcalloc(1, sizeof *suspect);
	au_rate_init(&suspect->rate, PER_SECOND, PER_SECOND, now_mono);
	au_map_put(suspects->peers, suspects->peer, suspect);
	return suspect;
}

static int64_t
delay_of(const struct suspect *suspect, int64_t max_delay_ms)
{
	unsigned doublings = suspect->failures - FREE - 1;
	int64_t delay;

	if (suspect->failures <= FREE)
		return 0;
	delay = (int64_t)FIRST_DELAY_MS << (doublings < DOUBLINGS ? doublings : DOUBLINGS);
	return delay < max_delay_ms ? delay : max_delay_ms;
}

/* At once the first time, then with what came in the minute behind it. */
static unsigned
tell(struct suspect *suspect, int64_t now_mono)
{
	unsigned count = ++suspect->untold;

	if (suspect->told_mono != 0 && now_mono - suspect->told_mono < TELL_EVERY_MS)
		return 0;
	suspect->told_mono = now_mono;
	suspect->untold = 0;
	return count;
}

void
au_suspects_note(
    struct au_suspects *suspects, const char *peer, int64_t max_delay_ms, int64_t now_mono, struct au_suspicion *ret)
{
	struct suspect *suspect;

	set_peer(suspects, peer);
	suspect = find(suspects, now_mono);
	if (now_mono - suspect->last_mono >= FORGIVE_MS)
		suspect->failures = 0;
	suspect->last_mono = now_mono;
	suspect->failures++;
	*ret = (struct au_suspicion){ .peer = suspects->peer, .tell = tell(suspect, now_mono) };
	ret->refuse = !au_rate_take(&suspect->rate, now_mono, &ret->wait_ms);
	if (!ret->refuse)
		ret->wait_ms = delay_of(suspect, max_delay_ms);
}

bool
au_suspects_over(struct au_suspects *suspects, const char *peer, int64_t now_mono, int64_t *ret_wait_ms)
{
	const struct suspect *suspect;
	struct au_rate rate;

	set_peer(suspects, peer);
	suspect = au_map_get(suspects->peers, suspects->peer);
	if (suspect == NULL)
		return false;
	rate = suspect->rate;
	return !au_rate_take(&rate, now_mono, ret_wait_ms);
}
