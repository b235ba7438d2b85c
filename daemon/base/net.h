/* SPDX-License-Identifier: ISC */
/* IP addresses and networks as values: parsed, compared, printed.  No name is looked up. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include "base/err.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/* An IPv4 address in IPv6 form ("::ffff:192.0.2.1", as a socket for both has it) is the IPv4 address. */
struct au_net_address {
	int family;               /* AF_INET or AF_INET6; AF_UNIX: a socket of this machine; AF_UNSPEC: not known */
	unsigned char octets[16]; /* 4 or 16 of them */
};

struct au_net {
	struct au_net_address address;
	unsigned bits; /* of the address that all in the network have */
};

/* "192.0.2.1", "2001:db8::1"; false for anything else. */
bool au_net_address_parse(const char *text, struct au_net_address *ret);
struct au_net_address au_net_address_of(const struct sockaddr *address);
/* "192.0.2.1", "2001:db8::1", "unix" or "unknown"; returns buf. */
const char *au_net_address_text(const struct au_net_address *address, char buf[INET6_ADDRSTRLEN]);

/* "192.0.2.1", "10.0.0.0/8", "2001:db8::/32".  AU_EINVAL: another form, or bits set behind the prefix. */
int au_net_parse(const char *text, struct au_net *ret, struct au_err *err);
bool au_net_has(const struct au_net *net, const struct au_net_address *address);

#endif
