/* SPDX-License-Identifier: ISC */
/* Who is connected how often.  A peer is an IPv4 address, an IPv6 /64, or a user on a unix socket. */
#ifndef HTTP_PEERS_H
#define HTTP_PEERS_H

#include "base/net.h"

#include <stdbool.h>
#include <sys/types.h>

struct au_map;

#define AU_HTTP_PEER_SIZE INET6_ADDRSTRLEN

/* The text that connections of one peer have in common. */
void au_http_peer_key(const struct au_net_address *address, uid_t uid, char key[AU_HTTP_PEER_SIZE]);
/* Count one more; false, and nothing counted, when there are max already. */
bool au_http_peers_take(struct au_map *peers, const char *key, unsigned max);
void au_http_peers_release(struct au_map *peers, const char *key);

#endif
