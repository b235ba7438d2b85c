/* SPDX-License-Identifier: ISC */
/* Looked at after the name was resolved, so that no name can lead where no address may. */
#include "lib/address.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct range {
	uint8_t prefix[16];
	unsigned bits;
};

static const struct range forbidden4[] = {
	{ { 0 }, 8 },                   /* this network */
	{ { 169, 254 }, 16 },           /* link-local; 169.254.169.254 serves metadata in most clouds */
	{ { 100, 100, 100, 200 }, 32 }, /* metadata in another */
	{ { 192, 0, 0, 192 }, 32 },     /* and another */
	{ { 168, 63, 129, 16 }, 32 },   /* a cloud's host agent */
	{ { 224 }, 3 },                 /* multicast, reserved, broadcast */
};

static const struct range forbidden6[] = {
	{ { 0 }, 128 },                                                /* unspecified */
	{ { 0xfe, 0x80 }, 10 },                                        /* link-local */
	{ { 0xff }, 8 },                                               /* multicast */
	{ { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54 }, 128 }, /* metadata over IPv6 */
};

static bool
within(const uint8_t *address, const struct range *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;

	if (memcmp(address, range->prefix, whole) != 0)
		return false;
	return rest == 0 || (address[whole] >> (8 - rest)) == (range->prefix[whole] >> (8 - rest));
}

/* The bytes of an address: four of IPv4, also of one mapped into IPv6, or sixteen.  0 for other families. */
static size_t
bytes_of(const struct sockaddr *address, uint8_t bytes[16])
{
	if (address->sa_family == AF_INET) {
		memcpy(bytes, &((const struct sockaddr_in *)address)->sin_addr, 4);
		return 4;
	}
	if (address->sa_family != AF_INET6)
		return 0;
	memcpy(bytes, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
	if (!IN6_IS_ADDR_V4MAPPED(&((const struct sockaddr_in6 *)address)->sin6_addr))
		return 16;
	memmove(bytes, bytes + 12, 4);
	return 4;
}

bool
au_address_is_loopback(const struct sockaddr *address)
{
	static const uint8_t loopback6[16] = { [15] = 1 };
	uint8_t bytes[16];
	size_t len = bytes_of(address, bytes);

	return (len == 4 && bytes[0] == 127) || (len == 16 && memcmp(bytes, loopback6, 16) == 0);
}

bool
au_address_is_forbidden(const struct sockaddr *address)
{
	uint8_t bytes[16];
	size_t len = bytes_of(address, bytes);
	const struct range *ranges = len == 4 ? forbidden4 : forbidden6;
	size_t count = len == 4 ? AU_COUNT(forbidden4) : AU_COUNT(forbidden6);

	for (size_t i = 0; len != 0 && i < count; i++) {
		if (within(bytes, &ranges[i]))
			return true;
	}
	return len == 0;
}
