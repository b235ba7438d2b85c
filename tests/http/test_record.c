/* SPDX-License-Identifier: ISC */
/* What is told of a request, and what never is. */
#include "base/mem.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define LAST HEAD "Connection: close\r\n\r\n"

static int
setup(void **state)
{
	static struct world w;
	struct au_http_config config = world_config();

	config.request_ids = true;
	config.max_head = 2048;
	world_start(&w, &config);
	*state = &w;
	return 0;
}

static int
teardown(void **state)
{
	world_stop(*state);
	return 0;
}

/* Send, and expect one record that begins with `told`; the id in it must be the one that the answer has. */
static void
expect(struct world *w, const char *request, const char *told)
{
	AU_CLEANUP(au_freep) char *text = client_talk(w, request);
	const char *record = au_str_get(&w->records), *id;

	if (strncmp(record, told, strlen(told)) != 0 || client_count(record, "\n") != 1)
		fail_msg("told: %s", record);
	id = strrchr(record, ' ') + 1;
	assert_true(strlen(id) > 3);
	if (*text != '\0') {
		const char *field = strstr(text, "X-Request-Id: ");

		assert_non_null(field);
		assert_memory_equal(field + strlen("X-Request-Id: "), id, strlen(id) - 1);
	}
	au_str_done(&w->records);
}

static void
requests_and_refusals_are_told(void **state)
{
	struct world *w = *state;

	expect(w, "GET /echo" LAST, "GET /echo 200 10 - 127.0.0.1 ");
	expect(w, "POST /known" HEAD "Content-Length: 2\r\nConnection: close\r\n\r\nhi", "POST /known 200 14 okta ");
	expect(w, "GET /fields" LAST, "GET /fields 204 0 - 127.0.0.1 ");
	expect(w, "GET /echo HTTP/1.1\r\n\r\n", "- - 400 21 - 127.0.0.1 ");
	expect(w, "GET /echo HTTP/1.1\n", "- - 400 ");
	expect(w, "POST /echo" HEAD "Content-Length: 99999999\r\n\r\n", "POST /echo 413 ");
	expect(w, "POST /echo" HEAD "Transfer-Encoding: chunked\r\n\r\nx", "POST /echo 400 ");
}

static void
only_names_of_parameters_are_told(void **state)
{
	struct world *w = *state;

	expect(w, "GET /echo?filter=userName%20eq%20%22canary%22&count=5" LAST, "GET /echo?filter&count 200 ");
	expect(w, "GET /echo?canary" LAST, "GET /echo?* 200 ");
	expect(w, "GET /echo?apiu_canary=1&x" LAST, "GET /echo?*&* 200 ");
	expect(w, "GET /echo?" LAST, "GET /echo? 200 ");
	expect(w, "GET /echo?=canary&&a=" LAST, "GET /echo?&*&a 200 ");
	expect(w, "GET /echo?abcdefghijklmnopqrstuvwxyzabcdefg=1" LAST, "GET /echo?* 200 ");
	expect(w, "GET /echo?a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=&a=canary" LAST,
	    "GET /echo?a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&... 200 ");
}

static void
long_path_is_cut(void **state)
{
	struct world *w = *state;
	char request[700] = "GET /", told[300];

	memset(request + 5, 'p', 400);
	snprintf(request + 405, sizeof(request) - 405, "%s", LAST);
	snprintf(told, sizeof(told), "GET /%.255s... 200 ", request + 5);
	expect(w, request, told);
}

/* Everything that a client can say but method, path and names of parameters. */
static void
canary_is_nowhere(void **state)
{
	struct world *w = *state;
	char *text = client_talk(w,
	    "POST /echo?filter=canary" HEAD "Authorization: Bearer canary\r\nX-Request-Id: canary\r\nCookie: canary\r\n"
	    "X-Forwarded-For: canary\r\nContent-Length: 6\r\n\r\ncanary"
	    "GET /echo HTTP/1.1\r\nAuthorization: Bearer canary\r\n\r\n");

	assert_int_equal(client_count(au_str_get(&w->records), "\n"), 2);
	assert_null(strstr(au_str_get(&w->records), "canary"));
	free(text);
}

static void
ids_differ_and_a_trusted_proxy_gives_its_own(void **state)
{
	static const char *const proxies[] = { "127.0.0.1" };
	static const struct {
		const char *given;
		bool taken;
	} rows[] = { { "f3a9-77.x_Y", true }, { "", false }, { "a b", false }, { "a,b", false }, { "\xc3\xa4", false },
		{ "0123456789012345678901234567890123456789012345678901234567890123", true },
		{ "01234567890123456789012345678901234567890123456789012345678901234", false } };
	struct world *w = *state;
	struct au_http_config config = world_config();
	char *text;

	text = client_talk(w, "GET /echo" HEAD "\r\nGET /echo" LAST);
	assert_int_equal(client_count(text, "X-Request-Id: "), 2);
	assert_true(strncmp(strstr(text, "-Id: "), strstr(strstr(text, "GET /echo"), "-Id: "), 16) != 0);
	free(text);
	config.request_ids = true;
	config.trusted_proxies = proxies;
	config.trusted_proxy_count = 1;
	assert_int_equal(au_http_server_configure(w->server, &config, NULL), 0);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_freep) char *request = NULL, *field = NULL;

		request = au_xasprintf("GET /echo" HEAD "X-Request-Id: %s\r\nConnection: close\r\n\r\n", rows[i].given);
		field = au_xasprintf("X-Request-Id: %s\r\n", rows[i].given);
		text = client_talk(w, request);
		assert_int_equal(client_count(text, "X-Request-Id: "), 1);
		if ((strstr(text, field) != NULL) != rows[i].taken)
			fail_msg("'%s': %s", rows[i].given, text);
		free(text);
	}
}

static void
client_that_leaves_is_told(void **state)
{
	struct world *w = *state;
	struct linger reset = { .l_onoff = 1 };
	int fd = client_open(w);

	client_send(fd, "GET /later" HEAD "\r\n");
	while (w->held_count == 0)
		world_turn(w);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	while (au_http_connections(w->server) > 0)
		world_turn(w);
	world_reply_held(w, "nobody hears this");
	assert_int_equal(strncmp(au_str_get(&w->records), "GET /later 499 0 - 127.0.0.1 ", 29), 0);
	assert_int_equal(client_count(au_str_get(&w->records), "\n"), 1);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(requests_and_refusals_are_told),
		LIVE(only_names_of_parameters_are_told),
		LIVE(long_path_is_cut),
		LIVE(canary_is_nowhere),
		LIVE(ids_differ_and_a_trusted_proxy_gives_its_own),
		LIVE(client_that_leaves_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
