/* SPDX-License-Identifier: ISC */
/* Which addresses are taken, and which of them stay on this machine. */
#include "settings/address.h"
#include "tests/unit.h"

enum verdict { REFUSED, AWAY, LOOPBACK };

static void
listen_addresses_have_a_number_and_a_port(void **state)
{
	static const struct {
		const char *text;
		enum verdict verdict;
	} cases[] = {
		{ "127.0.0.1:8443", LOOPBACK },
		{ "127.1.2.3:0", LOOPBACK },
		{ "[::1]:8443", LOOPBACK },
		{ "0.0.0.0:443", AWAY },
		{ "[::]:443", AWAY },
		{ "192.0.2.1:443", AWAY },
		{ "[2001:db8::1]:443", AWAY },
		{ "", REFUSED },
		{ ":443", REFUSED },
		{ "localhost:443", REFUSED },
		{ "127.0.0.1", REFUSED },
		{ "127.0.0.1:", REFUSED },
		{ "127.0.0.1:65536", REFUSED },
		{ "127.0.0.1:-1", REFUSED },
		{ "127.0.0.1:80x", REFUSED },
		{ "::1", REFUSED },
		{ "::1:443", REFUSED },
		{ "[::1]", REFUSED },
		{ "[127.0.0.1]:80", REFUSED },
		{ "unix:/run/apiuserd/scim.sock", LOOPBACK },
		{ "unix:run/scim.sock", REFUSED },
		{ "unix:", REFUSED },
		{ "unix:/012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "0123456789012345",
		    LOOPBACK },
		{ "unix:/012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "01234567890123456",
		    REFUSED },
		{ "systemd:scim", LOOPBACK },
		{ "systemd:apiuserd-scim.socket", LOOPBACK },
		{ "systemd:", REFUSED },
		{ "systemd:a:b", REFUSED },
		{ "systemd:a b", REFUSED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool is_loopback = false;
		int rc = au_address_listen(cases[i].text, &is_loopback, NULL);
		enum verdict verdict = rc < 0 ? REFUSED : is_loopback ? LOOPBACK : AWAY;
		if (verdict != cases[i].verdict)
			fail_msg("'%s'", cases[i].text);
	}
}

static void
server_urls_have_a_scheme_and_a_host_only(void **state)
{
	static const struct {
		const char *text;
		enum verdict verdict;
		bool is_tls;
	} cases[] = {
		{ "ldaps://ldap.example.com", AWAY, true },
		{ "LDAPS://ldap.example.com:636/", AWAY, true },
		{ "ldap://ldap.example.com:389", AWAY, false },
		{ "ldap://localhost", LOOPBACK, false },
		{ "ldap://127.0.0.53:10389", LOOPBACK, false },
		{ "ldap://[::1]:10389", LOOPBACK, false },
		{ "ldap://[2001:db8::1]", AWAY, false },
		{ "ldap://127.0.0.1.example.com", AWAY, false },
		{ "ldap://localhost.example.com", AWAY, false },
		{ "ldaps+srv://example.com", AWAY, true },
		{ "ldap+srv://_ldap._tcp.dc._msdcs.example.com/", AWAY, false },
		{ "ldap+srv://localhost", AWAY, false },
		{ "ldap+srv://example.com:389", REFUSED, false },
		{ "ldap+srv://127.0.0.1", REFUSED, false },
		{ "ldap+srv://[::1]", REFUSED, false },
		{ "ldap+srv://", REFUSED, false },
		{ "srv://example.com", REFUSED, false },
		{ "ldap://", REFUSED, false },
		{ "ldap:///dc=x", REFUSED, false },
		{ "ldap://h/dc=x", REFUSED, false },
		{ "ldap://h?x", REFUSED, false },
		{ "ldap://h#x", REFUSED, false },
		{ "ldap://u@h", REFUSED, false },
		{ "ldap://h:0", REFUSED, false },
		{ "ldap://h:99999", REFUSED, false },
		{ "ldap://h,ldap://i", REFUSED, false },
		{ "ldap://h i", REFUSED, false },
		{ "ldapi://%2frun%2fldapi", REFUSED, false },
		{ "ldap.example.com", REFUSED, false },
		{ "", REFUSED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool is_tls = false, is_loopback = false;
		int rc = au_address_server(cases[i].text, &is_tls, &is_loopback, NULL);
		enum verdict verdict = rc < 0 ? REFUSED : is_loopback ? LOOPBACK : AWAY;
		if (verdict != cases[i].verdict || is_tls != cases[i].is_tls)
			fail_msg("'%s'", cases[i].text);
	}
}

static void
dns_servers_are_numbers(void **state)
{
	static const struct {
		const char *text;
		int rc;
	} cases[] = {
		{ "192.0.2.53", 0 },
		{ "192.0.2.53:5353", 0 },
		{ "2001:db8::53", 0 },
		{ "[2001:db8::53]:5353", 0 },
		{ "dns.example.com", AU_EINVAL },
		{ "192.0.2.53:", AU_EINVAL },
		{ "192.0.2.53:99999", AU_EINVAL },
		{ "192.0.2.53,192.0.2.54", AU_EINVAL },
		{ "", AU_EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (au_address_dns(cases[i].text, NULL) != cases[i].rc)
			fail_msg("'%s'", cases[i].text);
}

static void
base_urls_are_plain_http(void **state)
{
	static const struct {
		const char *text;
		int rc;
	} cases[] = {
		{ "https://scim.example.com", 0 },
		{ "https://scim.example.com:8443/scim/v2", 0 },
		{ "http://127.0.0.1:8080/", 0 },
		{ "https://", AU_EINVAL },
		{ "https:///scim", AU_EINVAL },
		{ "https://h/?x=1", AU_EINVAL },
		{ "https://h/#x", AU_EINVAL },
		{ "https://u:p@h/", AU_EINVAL },
		{ "ftp://h/", AU_EINVAL },
		{ "/scim/v2", AU_EINVAL },
		{ "", AU_EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (au_address_base_url(cases[i].text, NULL) != cases[i].rc)
			fail_msg("'%s'", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(listen_addresses_have_a_number_and_a_port),
		cmocka_unit_test(server_urls_have_a_scheme_and_a_host_only),
		cmocka_unit_test(dns_servers_are_numbers),
		cmocka_unit_test(base_urls_are_plain_http),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
