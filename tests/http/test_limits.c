/* SPDX-License-Identifier: ISC */
/* Sizes, deadlines and numbers of connections.  Deadlines are short here; what is checked is that they end things. */
#include "base/mem.h"
#include "base/str.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define LAST HEAD "Connection: close\r\n\r\n"

static const char *
error_in_json(struct au_arena *arena, int status, const char *detail, const char **ret_type)
{
	*ret_type = "application/json";
	return au_arena_printf(arena, "{\"status\":%d,\"detail\":\"%s\"}", status, detail);
}

static void
head_of_the_limit_is_taken_and_one_more_octet_is_not(void **state)
{
	struct au_http_config config = world_config();
	char request[300] = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
	struct world w;
	char *text;

	(void)state;
	config.max_head = 256;
	config.error_body = error_in_json;
	world_start(&w, &config);
	memset(request + strlen(request), 'x', 252 - strlen(request));
	memcpy(request + 252, "\r\n\r\n", 5);
	text = client_talk(&w, request);
	assert_int_equal(client_status(text), 200);
	free(text);
	memcpy(request + 252, "xxx\r\n", 5);
	text = client_talk(&w, request);
	assert_int_equal(client_status(text), 431);
	assert_non_null(strstr(text, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(text, "{\"status\":431,"));
	free(text);
	assert_int_equal(w.handled, 1);
	world_stop(&w);
}

/* I24: a body is as large as the limit at most. */
static void
body_of_the_limit_is_taken_and_one_more_octet_is_not(void **state)
{
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{ "POST /echo" HEAD "Connection: close\r\nContent-Length: 4\r\n\r\nabcd", 200 },
		{ "POST /echo" HEAD "Connection: close\r\nContent-Length: 5\r\n\r\nabcde", 413 },
		{ "POST /echo" HEAD "Content-Length: 999999999999999999\r\n\r\n", 413 },
		{ "POST /echo" HEAD "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", 413 },
		{ "POST /echo" HEAD "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
		    200 },
		{ "POST /echo" HEAD "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n", 413 },
	};
	struct au_http_config config = world_config();
	struct world w;
	size_t i;

	(void)state;
	config.max_body = 4;
	world_start(&w, &config);
	for (i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_freep) char *text = client_talk(&w, rows[i].request);

		if (client_status(text) != rows[i].status)
			fail_msg("row %zu: %s", i, text);
	}
	assert_int_equal(w.handled, 2);
	world_stop(&w);
}

static void
body_larger_than_a_head_may_be_is_taken(void **state)
{
	struct au_http_config config = world_config();
	size_t len = 300000, i;
	struct world w;
	char *text;
	int fd;

	(void)state;
	config.max_head = 512;
	world_start(&w, &config);
	for (i = 0; i < 2; i++) {
		AU_CLEANUP(au_str_done) struct au_str request = AU_STR_INIT;
		size_t at;

		fd = client_open(&w);
		au_str_printf(&request, "POST /echo" HEAD "Connection: close\r\n");
		au_str_printf(&request,
		    i == 0 ? "Content-Length: %zu\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", len);
		for (at = 0; at < len; at++)
			au_str_putc(&request, 'b');
		au_str_put(&request, i == 0 ? "" : "\r\n0\r\n\r\n");
		for (at = 0; at < request.len; at += 10000) {
			client_sendn(fd, request.data + at, request.len - at < 10000 ? request.len - at : 10000);
			world_turn(&w);
		}
		text = client_read_all(&w, fd);
		assert_int_equal(client_status(text), 200);
		assert_int_equal(strspn(strstr(text, "echo ") + 5, "b"), len);
		free(text);
		close(fd);
	}
	world_stop(&w);
}

static void
too_many_fields_are_refused(void **state)
{
	struct au_http_config config = world_config();
	struct world w;
	char *text;

	(void)state;
	config.max_headers = 2;
	world_start(&w, &config);
	text = client_talk(&w, "GET /echo" HEAD "Connection: close\r\nX: y\r\n\r\n");
	assert_int_equal(client_status(text), 431);
	free(text);
	world_stop(&w);
}

/* Drip octets of a request, on a connection that has served others, until the server has had enough; what did it say?
 */
static char *
drip(struct world *w, unsigned others, const char *start)
{
	int fd = client_open(w);
	char last, *text;

	for (; others > 0; others--) {
		client_send(fd, "GET /echo" HEAD "\r\n");
		text = client_read_until(w, fd, "GET /echo");
		free(text);
	}
	client_send(fd, start);
	while (recv(fd, &last, 1, MSG_DONTWAIT | MSG_PEEK) < 0) {
		client_send(fd, "x");
		world_turn(w);
	}
	text = client_read_all(w, fd);
	close(fd);
	return text;
}

static void
slow_head_and_slow_body_end_although_octets_keep_coming(void **state)
{
	struct au_http_config config = world_config();
	struct world w;
	unsigned others;
	char *text;

	(void)state;
	config.head_timeout_ms = 100;
	config.body_timeout_ms = 100;
	world_start(&w, &config);
	for (others = 0; others < 3; others++) {
		text = drip(&w, others, "GET /echo" HEAD "X-Slow: ");
		assert_int_equal(client_status(text), 408);
		free(text);
		text = drip(&w, others, "POST /echo" HEAD "Content-Length: 100000\r\n\r\n");
		assert_int_equal(client_status(text), 408);
		free(text);
	}
	assert_int_equal(w.handled, 6);
	world_stop(&w);
}

static void
silent_connections_end_without_an_answer(void **state)
{
	struct au_http_config config = world_config();
	struct world w;
	int fresh, used;
	char *text;

	(void)state;
	config.head_timeout_ms = 50;
	config.idle_timeout_ms = 50;
	world_start(&w, &config);
	fresh = client_open(&w);
	used = client_open(&w);
	client_send(used, "GET /echo" HEAD "\r\n");
	text = client_read_all(&w, used);
	assert_int_equal(client_count(text, "HTTP/1.1 "), 1);
	assert_int_equal(client_status(text), 200);
	free(text);
	text = client_read_all(&w, fresh);
	assert_string_equal(text, "");
	free(text);
	close(fresh);
	close(used);
	world_stop(&w);
}

static void
reader_who_does_not_read_is_dropped(void **state)
{
	struct au_http_config config = world_config();
	struct world w;
	int fd;

	(void)state;
	config.write_timeout_ms = 50;
	world_start(&w, &config);
	fd = client_open(&w);
	client_send(fd, "GET /big" HEAD "\r\n");
	while (w.handled == 0 || au_http_connections(w.server) > 0)
		world_turn(&w);
	close(fd);
	world_stop(&w);
}

static void
connections_beyond_the_cap_get_503(void **state)
{
	static const struct {
		unsigned all, per_peer;
	} rows[] = { { 2, 100 }, { 100, 2 } };
	size_t i;

	(void)state;
	for (i = 0; i < AU_COUNT(rows); i++) {
		struct au_http_config config = world_config();
		struct world w;
		int one, two;
		char *text;

		config.max_connections = rows[i].all;
		config.max_per_peer = rows[i].per_peer;
		world_start(&w, &config);
		one = client_open(&w);
		two = client_open(&w);
		while (au_http_connections(w.server) < 2)
			world_turn(&w);
		text = client_talk(&w, "GET /echo" LAST);
		assert_int_equal(client_status(text), 503);
		free(text);
		close(one);
		while (au_http_connections(w.server) > 1)
			world_turn(&w);
		text = client_talk(&w, "GET /echo" LAST);
		assert_int_equal(client_status(text), 200);
		free(text);
		close(two);
		world_stop(&w);
	}
}

static void
flood_of_pipelined_requests_waits_in_the_kernel(void **state)
{
	static const char request[] = "GET /echo" HEAD "\r\n";
	struct au_http_config config = world_config();
	size_t sent = 0, len = sizeof(request) - 1;
	struct world w;
	unsigned turn;
	int fd;

	(void)state;
	config.max_head = 1024;
	world_start(&w, &config);
	fd = client_open(&w);
	client_send(fd, "GET /later" HEAD "\r\n");
	for (turn = 0; turn < 2000; turn++) {
		ssize_t n = send(fd, request, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0)
			sent += (size_t)n;
		if (turn % 100 == 0)
			world_turn(&w);
	}
	assert_true(sent > 20000);
	assert_int_equal(w.handled, 1);
	for (turn = 0; turn < 20; turn++)
		world_turn(&w);
	assert_int_equal(event_base_get_num_events(w.base, EVENT_BASE_COUNT_ACTIVE), 0);
	world_reply_held(&w, "now the rest");
	while (w.handled < 1 + sent / len)
		world_turn(&w);
	close(fd);
	world_stop(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(head_of_the_limit_is_taken_and_one_more_octet_is_not),
		cmocka_unit_test(body_of_the_limit_is_taken_and_one_more_octet_is_not),
		cmocka_unit_test(body_larger_than_a_head_may_be_is_taken),
		cmocka_unit_test(too_many_fields_are_refused),
		cmocka_unit_test(slow_head_and_slow_body_end_although_octets_keep_coming),
		cmocka_unit_test(silent_connections_end_without_an_answer),
		cmocka_unit_test(reader_who_does_not_read_is_dropped),
		cmocka_unit_test(connections_beyond_the_cap_get_503),
		cmocka_unit_test(flood_of_pipelined_requests_waits_in_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
