/* SPDX-License-Identifier: ISC */
/* One host may hold a whole /64 of IPv6 addresses, so that is what is counted as one peer there. */
#include "http/peers.h"

#include "base/map.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

void
au_http_peer_key(const struct sockaddr *address, uid_t uid, char key[AU_HTTP_PEER_SIZE])
{
	char text[INET6_ADDRSTRLEN] = "";

	if (address->sa_family == AF_INET) {
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof(text));
	} else if (address->sa_family == AF_INET6) {
		struct in6_addr network = ((const struct sockaddr_in6 *)address)->sin6_addr;

		if (!IN6_IS_ADDR_V4MAPPED(&network))
			memset(network.s6_addr + 8, 0, 8);
		inet_ntop(AF_INET6, &network, text, sizeof(text));
	} else {
		snprintf(text, sizeof(text), "uid:%u", (unsigned)uid);
	}
	snprintf(key, AU_HTTP_PEER_SIZE, "%s", text);
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
