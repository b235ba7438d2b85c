/* SPDX-License-Identifier: ISC */
/* One host may hold a whole /64 of IPv6 addresses, so that is what is counted as one peer there. */
#include "http/peers.h"

#include "base/map.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

void
au_http_peer_key(const struct au_net_address *address, uid_t uid, char key[AU_HTTP_PEER_SIZE])
{
	struct au_net_address network = *address;

	if (address->family == AF_UNIX) {
		snprintf(key, AU_HTTP_PEER_SIZE, "uid:%u", (unsigned)uid);
		return;
	}
	if (address->family == AF_INET6)
		memset(network.octets + 8, 0, 8);
	au_net_address_text(&network, key);
}

bool
au_http_peers_take(struct au_map *peers, const char *key, unsigned max)
{
	unsigned *count = au_map_get(peers, key);

	if (count == NULL) {
		count = au_xcalloc(1, sizeof(*count));
		au_map_put(peers, key, count);
	}
	if (*count >= max)
		return false;
	++*count;
	return true;
}

void
au_http_peers_release(struct au_map *peers, const char *key)
{
	unsigned *count = au_map_get(peers, key);

	if (count != NULL && --*count == 0)
		free(au_map_remove(peers, key));
}
