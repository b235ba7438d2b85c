/* SPDX-License-Identifier: ISC */
/* Addresses are octets in network order, so that a prefix is a comparison of octets. */
#include "base/net.h"

#include "base/mem.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static unsigned
bits_of(int family)
{
	return family == AF_INET ? 32 : 128;
}

static struct au_net_address
from_v6(const struct in6_addr *v6)
{
	struct au_net_address made = { .family = AF_INET6 };

	if (IN6_IS_ADDR_V4MAPPED(v6)) {
		made.family = AF_INET;
		memcpy(made.octets, v6->s6_addr + 12, 4);
	} else {
		memcpy(made.octets, v6->s6_addr, 16);
	}
	return made;
}

bool
au_net_address_parse(const char *text, struct au_net_address *ret)
{
	struct au_net_address made = { .family = AF_INET };
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, made.octets) == 1)
		*ret = made;
	else if (inet_pton(AF_INET6, text, &v6) == 1)
		*ret = from_v6(&v6);
	else
		return false;
	return true;
}

struct au_net_address
au_net_address_of(const struct sockaddr *address)
{
	struct au_net_address made = { .family = AF_UNSPEC };

	if (address->sa_family == AF_INET6)
		return from_v6(&((const struct sockaddr_in6 *)address)->sin6_addr);
	if (address->sa_family == AF_INET)
		memcpy(made.octets, &((const struct sockaddr_in *)address)->sin_addr, 4);
	if (address->sa_family == AF_INET || address->sa_family == AF_UNIX)
		made.family = address->sa_family;
	return made;
}

/* Every request asks for it, and inet_ntop goes through printf. */
static const char *
put_v4(const unsigned char octets[4], char *buf)
{
	char *at = buf;

	for (int i = 0; i < 4; i++) {
		at = au_put_digits(at, octets[i], octets[i] >= 100 ? 3 : octets[i] >= 10 ? 2 : 1);
		*at++ = i < 3 ? '.' : '\0';
	}
	return buf;
}

const char *
au_net_address_text(const struct au_net_address *address, char buf[INET6_ADDRSTRLEN])
{
	if (address->family == AF_INET)
		return put_v4(address->octets, buf);
	if (address->family == AF_INET6)
		return inet_ntop(AF_INET6, address->octets, buf, INET6_ADDRSTRLEN);
	snprintf(buf, INET6_ADDRSTRLEN, "%s", address->family == AF_UNIX ? "unix" : "unknown");
	return buf;
}

/* ---- networks ---- */

/* Whether two addresses have their first bits in common. */
static bool
same_prefix(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

static bool
has_bits_behind(const struct au_net *net)
{
	struct au_net_address masked = { .family = net->address.family };
	unsigned whole = net->bits / 8, rest = net->bits % 8;

	memcpy(masked.octets, net->address.octets, whole);
	if (rest != 0)
		masked.octets[whole] = (unsigned char)(net->address.octets[whole] & (0xff00 >> rest));
	return memcmp(masked.octets, net->address.octets, sizeof masked.octets) != 0;
}

int
au_net_parse(const char *text, struct au_net *ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *host = au_xstrdup(text);
	char *slash = strchr(host, '/');
	struct au_net made;
	char *end = NULL;

	if (slash != NULL)
		*slash++ = '\0';
	if (!au_net_address_parse(host, &made.address))
		return au_fail(err, AU_EINVAL,
		    "network '%s': expected one such as \"192.0.2.1\", \"10.0.0.0/8\" or \"2001:db8::/32\"", text);
	made.bits = bits_of(made.address.family);
	if (slash != NULL) {
		unsigned long bits = strtoul(slash, &end, 10);
		if (strspn(slash, "0123456789") == 0 || *end != '\0' || bits > made.bits)
			return au_fail(
			    err, AU_EINVAL, "network '%s': expected 0 to %u behind the slash", text, made.bits);
		made.bits = (unsigned)bits;
	}
	if (has_bits_behind(&made))
		return au_fail(err, AU_EINVAL, "network '%s': the address has bits set behind the prefix", text);
	*ret = made;
	return 0;
}

bool
au_net_has(const struct au_net *net, const struct au_net_address *address)
{
	return net->address.family == address->family && same_prefix(net->address.octets, address->octets, net->bits);
}
