/* SPDX-License-Identifier: ISC */
/* Peers come from outside, so their number is bounded; none of them is kept for its own sake. */
#include "http/handshakes.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/rate.h"

#define MOST_PEERS 10000
#define BURST_S 10

struct au_http_handshakes {
	struct au_map *peers; /* key -> struct peer */
};

struct peer {
	struct au_rate rate;
	int64_t pause_until;
};

struct au_http_handshakes *
au_http_handshakes_new(void)
{
	struct au_http_handshakes *handshakes = au_xcalloc(1, sizeof(*handshakes));

	handshakes->peers = au_map_new();
	return handshakes;
}

void
au_http_handshakes_free(struct au_http_handshakes *handshakes)
{
	if (handshakes == NULL)
		return;
	au_map_free(handshakes->peers, free);
	free(handshakes);
}

static struct peer *
peer_of(struct au_http_handshakes *handshakes, const char *key, unsigned per_second, int64_t now_mono)
{
	struct peer *peer = au_map_get(handshakes->peers, key);

	if (peer != NULL)
		return peer;
	if (au_map_count(handshakes->peers) >= MOST_PEERS) {
		au_map_free(handshakes->peers, free);
		handshakes->peers = au_map_new();
	}
	peer = au_xcalloc(1, sizeof(*peer));
	au_rate_init(&peer->rate, per_second, (double)per_second * BURST_S, now_mono);
	au_map_put(handshakes->peers, key, peer);
	return peer;
}

void
au_http_handshakes_failed(
    struct au_http_handshakes *handshakes, const char *peer_key, unsigned per_second, int64_t now_mono)
{
	struct peer *peer = peer_of(handshakes, peer_key, per_second, now_mono);

	if (!au_rate_take(&peer->rate, now_mono, NULL))
		peer->pause_until = now_mono + AU_HTTP_HANDSHAKE_PAUSE_MS;
}

bool
au_http_handshakes_may(const struct au_http_handshakes *handshakes, const char *peer_key, int64_t now_mono)
{
	const struct peer *peer = au_map_get(handshakes->peers, peer_key);

	return peer == NULL || now_mono >= peer->pause_until;
}
