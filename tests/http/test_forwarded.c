/* SPDX-License-Identifier: ISC */
/* What proxies say of the client: who is believed, and how far. */
#include "base/mem.h"
#include "http/forwarded.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const trusted[] = { "127.0.0.1", "10.0.0.0/8", "2001:db8::/32" };

/* Parse "Name: value" lines and ask where the request came from. */
static void
ask(const char *fields, const char *from, enum au_http_forwarding form, struct au_arena *arena,
    struct au_http_origin *ret)
{
	struct au_http_config config = { .trusted_proxies = trusted, .trusted_proxy_count = AU_COUNT(trusted) };
	AU_CLEANUP(au_http_proxies_done) struct au_http_proxies proxies = { 0 };
	struct au_http_field room[16];
	struct au_net_address address;
	struct au_http_head head;
	char *text = au_arena_printf(arena, "GET / HTTP/1.1\r\nHost: own.example\r\n%s\r\n", fields);

	assert_int_equal(au_http_proxies_parse(&config, &proxies, NULL), 0);
	assert_true(au_net_address_parse(from, &address));
	assert_int_equal(au_http_head_parse(text, strlen(text), room, AU_COUNT(room), &head, NULL), 0);
	au_http_forwarded(&head, &proxies, form, &address, arena, ret);
}

struct row {
	const char *from, *fields;
	const char *peer, *scheme, *host;
};

static void
check_rows(const struct row *rows, size_t count, enum au_http_forwarding form)
{
	for (size_t i = 0; i < count; i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_http_origin origin;
		char peer[INET6_ADDRSTRLEN];

		ask(rows[i].fields, rows[i].from, form, arena, &origin);
		if (!au_streq(au_net_address_text(&origin.address, peer), rows[i].peer) ||
		    !au_streq(origin.scheme, rows[i].scheme) || !au_streq(origin.host, rows[i].host))
			fail_msg("row %zu: %s %s %s", i, peer, origin.scheme, origin.host);
	}
}

#define XFF(text) "X-Forwarded-For: " text "\r\n"

static void
last_hop_that_is_not_trusted_is_the_client(void **state)
{
	static const struct row rows[] = {
		/* Nobody else is believed. */
		{ "192.0.2.7", XFF("198.51.100.1") "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n",
		    "192.0.2.7", NULL, NULL },
		{ "10.1.1.1", "", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("198.51.100.1"), "198.51.100.1", NULL, NULL },
		/* What the client has claimed stands further left. */
		{ "10.1.1.1", XFF("1.1.1.1, 198.51.100.1"), "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", XFF("10.2.2.2, 198.51.100.1"), "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", XFF("1.1.1.1") XFF("198.51.100.1"), "198.51.100.1", NULL, NULL },
		/* Chains of proxies. */
		{ "10.1.1.1", XFF("1.1.1.1, 198.51.100.1, 10.2.2.2,10.3.3.3"), "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", XFF("1.1.1.1, 198.51.100.1") XFF("10.2.2.2"), "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", XFF("10.3.3.3, 10.2.2.2"), "10.3.3.3", NULL, NULL },
		{ "2001:db8::1", XFF("2001:db9::1"), "2001:db9::1", NULL, NULL },
		{ "::ffff:10.1.1.1", XFF("::ffff:198.51.100.1"), "198.51.100.1", NULL, NULL },
		/* Forms that proxies write. */
		{ "10.1.1.1", XFF("198.51.100.1:4711"), "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", XFF("[2001:db9::1]:4711"), "2001:db9::1", NULL, NULL },
		{ "10.1.1.1", XFF("[2001:db9::1]"), "2001:db9::1", NULL, NULL },
		/* What nobody can read is not guessed: the hop that told it is what we know. */
		{ "10.1.1.1", XFF("unknown"), "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("1.1.1.1, unknown"), "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("198.51.100.1, unknown, 10.2.2.2"), "10.2.2.2", NULL, NULL },
		{ "10.1.1.1", XFF("198.51.100.1,"), "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF(""), "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("\"198.51.100.1"), "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("[2001:db9::1"), "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("198.51.100.256"), "10.1.1.1", NULL, NULL },
	};

	(void)state;
	check_rows(rows, AU_COUNT(rows), AU_FORWARDING_X);
}

static void
scheme_and_host_are_those_next_to_the_client(void **state)
{
	static const struct row rows[] = {
		{ "10.1.1.1", "X-Forwarded-Proto: https\r\nX-Forwarded-Host: scim.example:8443\r\n", "10.1.1.1",
		    "https", "scim.example:8443" },
		{ "10.1.1.1", "X-Forwarded-Proto: HTTP\r\n", "10.1.1.1", "http", NULL },
		{ "10.1.1.1", "X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: a/b\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", "X-Forwarded-Host: a b\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", "X-Forwarded-Host:\r\n", "10.1.1.1", NULL, NULL },
		/* Added to what the client has claimed. */
		{ "10.1.1.1", XFF("1.1.1.1, 198.51.100.1") "X-Forwarded-Proto: https, http\r\n", "198.51.100.1", "http",
		    NULL },
		/* Two proxies, of which each adds its own. */
		{ "10.1.1.1", XFF("198.51.100.1, 10.2.2.2") "X-Forwarded-Proto: https, http\r\n", "198.51.100.1",
		    "https", NULL },
		/* Two proxies, of which the second one replaces. */
		{ "10.1.1.1", XFF("198.51.100.1, 10.2.2.2") "X-Forwarded-Host: scim.example\r\n", "198.51.100.1", NULL,
		    "scim.example" },
		/* The other form is not read. */
		{ "10.1.1.1", "Forwarded: for=1.1.1.1;proto=https;host=evil.example\r\n", "10.1.1.1", NULL, NULL },
	};

	(void)state;
	check_rows(rows, AU_COUNT(rows), AU_FORWARDING_X);
}

static void
forwarded_is_read_by_its_grammar(void **state)
{
	static const struct row rows[] = {
		{ "192.0.2.7", "Forwarded: for=1.1.1.1\r\n", "192.0.2.7", NULL, NULL },
		{ "10.1.1.1", "Forwarded: for=198.51.100.1\r\n", "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", "Forwarded: For=\"[2001:db9::1]:4711\";Proto=https;host=\"scim.example:8443\"\r\n",
		    "2001:db9::1", "https", "scim.example:8443" },
		{ "10.1.1.1", "Forwarded: for=1.1.1.1;proto=http, for=198.51.100.1;proto=https\r\n", "198.51.100.1",
		    "https", NULL },
		{ "10.1.1.1",
		    "Forwarded: for=198.51.100.1;proto=https;by=10.2.2.2\r\nForwarded: for=10.2.2.2;proto=http\r\n",
		    "198.51.100.1", "https", NULL },
		{ "10.1.1.1", "Forwarded: for=\"_secret, for=1.1.1.1\"\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", "Forwarded: for=_hidden\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", "Forwarded: for=\"1.1.1.1\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", "Forwarded: for=\"198.51.100.1\\\"\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", "Forwarded: by=\"a\\\"b;for=1.1.1.1\";for=198.51.100.1\r\n", "198.51.100.1", NULL, NULL },
		{ "10.1.1.1", "Forwarded: for=198.51.100.1 ; proto=https\r\n", "10.1.1.1", NULL, NULL },
		{ "10.1.1.1", XFF("1.1.1.1") "X-Forwarded-Proto: https\r\n", "10.1.1.1", NULL, NULL },
	};

	(void)state;
	check_rows(rows, AU_COUNT(rows), AU_FORWARDING_RFC7239);
}

/* ---- the live server ---- */

#define REQUEST                                                                                                        \
	"GET /peer HTTP/1.1\r\nHost: own.example\r\nX-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\n"     \
	"X-Forwarded-Host: scim.example\r\nConnection: close\r\n\r\n"

static void
handler_sees_the_client_behind_a_trusted_proxy(void **state)
{
	static const char *const proxies[] = { "127.0.0.0/8" };
	struct au_http_config config = world_config();
	struct world w;
	char *text;

	(void)state;
	world_start(&w, &config);
	text = client_talk(&w, REQUEST);
	assert_non_null(strstr(text, "127.0.0.1 nobody"));
	assert_non_null(strstr(text, "; http://own.example"));
	free(text);
	config.trusted_proxies = proxies;
	config.trusted_proxy_count = 1;
	assert_int_equal(au_http_server_configure(w.server, &config, NULL), 0);
	text = client_talk(&w, REQUEST);
	assert_non_null(strstr(text, "198.51.100.1 nobody"));
	assert_non_null(strstr(text, "; https://scim.example"));
	free(text);
	world_stop(&w);
}

static void
client_behind_a_proxy_is_counted_by_its_host(void **state)
{
	static const char *const proxies[] = { "127.0.0.1" };
	static const struct {
		const char *client, *counted;
	} rows[] = { { "198.51.100.1", "198.51.100.1" }, { "::ffff:198.51.100.1", "198.51.100.1" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" } };
	struct au_http_config config = world_config();
	struct world w;

	(void)state;
	config.trusted_proxies = proxies;
	config.trusted_proxy_count = 1;
	world_start(&w, &config);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_freep) char *request = NULL, *text = NULL;
		const char *counted;

		request = au_xasprintf("GET /peer HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: %s\r\n"
				       "Connection: close\r\n\r\n",
		    rows[i].client);
		text = client_talk(&w, request);
		counted = strstr(text, "counted as ");
		assert_non_null(counted);
		assert_string_equal(counted + strlen("counted as "), rows[i].counted);
	}
	world_stop(&w);
}

static void
proxy_at_a_unix_socket_can_be_trusted(void **state)
{
	static const char *const proxies[] = { "unix" };
	struct au_http_config config = world_config();
	char folder[] = "/tmp/apiuserd-http-XXXXXX", path[64];
	struct world w;
	int trust;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	world_start(&w, &config);
	assert_int_equal(au_http_listen_unix(w.server, path, 0600, NULL), 0);
	for (trust = 0; trust < 2; trust++) {
		int fd = client_open_unix(path);
		char *text;

		client_send(fd, REQUEST);
		text = client_read_all(&w, fd);
		assert_non_null(strstr(text, trust ? "198.51.100.1 me" : "unix me"));
		free(text);
		close(fd);
		config.trusted_proxies = proxies;
		config.trusted_proxy_count = 1;
		assert_int_equal(au_http_server_configure(w.server, &config, NULL), 0);
	}
	world_stop(&w);
	rmdir(folder);
}

/* A proxy is many clients. */
static void
trusted_proxy_is_not_counted_as_one_peer(void **state)
{
	static const char *const proxies[] = { "127.0.0.1" };
	struct au_http_config config = world_config();
	struct world w;
	int fds[5];
	size_t i;

	(void)state;
	config.max_per_peer = 1;
	config.trusted_proxies = proxies;
	config.trusted_proxy_count = 1;
	world_start(&w, &config);
	for (i = 0; i < AU_COUNT(fds); i++)
		fds[i] = client_open(&w);
	while (au_http_connections(w.server) < AU_COUNT(fds))
		world_turn(&w);
	for (i = 0; i < AU_COUNT(fds); i++)
		close(fds[i]);
	while (au_http_connections(w.server) > 0)
		world_turn(&w);
	world_stop(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(last_hop_that_is_not_trusted_is_the_client),
		cmocka_unit_test(scheme_and_host_are_those_next_to_the_client),
		cmocka_unit_test(forwarded_is_read_by_its_grammar),
		cmocka_unit_test(handler_sees_the_client_behind_a_trusted_proxy),
		cmocka_unit_test(client_behind_a_proxy_is_counted_by_its_host),
		cmocka_unit_test(proxy_at_a_unix_socket_can_be_trusted),
		cmocka_unit_test(trusted_proxy_is_not_counted_as_one_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
