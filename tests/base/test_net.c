/* SPDX-License-Identifier: ISC */
/* Addresses and networks by tables. */
#include "base/mem.h"
#include "base/net.h"
#include "tests/unit.h"

#include <string.h>

static void
networks_have_the_addresses_of_their_prefix(void **state)
{
	static const struct {
		const char *net, *in[3], *out[4];
	} rows[] = {
		{ "192.0.2.1", { "192.0.2.1", "::ffff:192.0.2.1" }, { "192.0.2.2", "::192.0.2.1", "2001:db8::1" } },
		{ "10.0.0.0/8", { "10.0.0.0", "10.255.255.255" }, { "11.0.0.0", "9.255.255.255" } },
		{ "192.0.2.128/25", { "192.0.2.128", "192.0.2.255" }, { "192.0.2.127", "192.0.3.128" } },
		{ "172.16.0.0/12", { "172.16.0.1", "172.31.255.255" }, { "172.32.0.0", "172.15.255.255" } },
		{ "0.0.0.0/0", { "0.0.0.0", "255.255.255.255" }, { "::", "::1" } },
		{ "::/0", { "::", "ffff::" }, { "0.0.0.0", "::ffff:1.2.3.4" } },
		{ "::1", { "::1" }, { "::2", "127.0.0.1" } },
		{ "2001:db8::/33", { "2001:db8:7fff::" }, { "2001:db8:8000::", "2001:db9::" } },
		{ "2001:db8::1/128", { "2001:db8::1" }, { "2001:db8::" } },
		{ "::ffff:192.0.2.0", { "192.0.2.0" }, { "192.0.2.1" } },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_net_address address;
		struct au_net net;

		assert_int_equal(au_net_parse(rows[i].net, &net, NULL), 0);
		for (size_t k = 0; k < 3 && rows[i].in[k] != NULL; k++) {
			assert_true(au_net_address_parse(rows[i].in[k], &address));
			if (!au_net_has(&net, &address))
				fail_msg("%s has not %s", rows[i].net, rows[i].in[k]);
		}
		for (size_t k = 0; k < 4 && rows[i].out[k] != NULL; k++) {
			assert_true(au_net_address_parse(rows[i].out[k], &address));
			if (au_net_has(&net, &address))
				fail_msg("%s has %s", rows[i].net, rows[i].out[k]);
		}
	}
}

static void
what_is_no_network_is_refused(void **state)
{
	static const char *const texts[] = { "", "/", "/8", "a", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/8x", "10.0.0.0/ 8", "10.0.0.0/+8", "10.0.0.1/8", "192.0.2.129/25", "::1/64", "::/129",
		"10.0.0/8", "010.0.0.0/8x", "[::1]", "fe80::1%eth0", "10.0.0.0/8/8", "10.0.0.0/99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		struct au_net net = { .bits = 77 };

		if (au_net_parse(texts[i], &net, NULL) != AU_EINVAL || net.bits != 77)
			fail_msg("'%s'", texts[i]);
	}
}

static void
addresses_are_printed_in_one_form(void **state)
{
	static const struct {
		const char *text, *printed;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "::FFFF:C000:0201", "192.0.2.1" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
	};
	struct sockaddr local = { .sa_family = AF_UNIX }, none = { .sa_family = AF_UNSPEC };
	struct sockaddr_in6 mapped = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000201) };
	struct au_net_address address;
	char buf[INET6_ADDRSTRLEN];

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_true(au_net_address_parse(rows[i].text, &address));
		assert_string_equal(au_net_address_text(&address, buf), rows[i].printed);
	}
	memcpy(mapped.sin6_addr.s6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01", 16);
	address = au_net_address_of((struct sockaddr *)&mapped);
	assert_string_equal(au_net_address_text(&address, buf), "192.0.2.1");
	address = au_net_address_of((struct sockaddr *)&v4);
	assert_string_equal(au_net_address_text(&address, buf), "192.0.2.1");
	address = au_net_address_of(&local);
	assert_string_equal(au_net_address_text(&address, buf), "unix");
	address = au_net_address_of(&none);
	assert_string_equal(au_net_address_text(&address, buf), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_have_the_addresses_of_their_prefix),
		cmocka_unit_test(what_is_no_network_is_refused),
		cmocka_unit_test(addresses_are_printed_in_one_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
