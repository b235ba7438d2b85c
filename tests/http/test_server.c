/* SPDX-License-Identifier: ISC */
/* The live server over loopback: framing, order of answers, and clients that leave. */
#include "base/mem.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define LAST HEAD "Connection: close\r\n\r\n"

static int
setup(void **state)
{
	static struct world w;
	struct au_http_config config = world_config();

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

static void
request_with_length_is_answered_in_full(void **state)
{
	AU_CLEANUP(au_freep)
	char *answer = client_talk(*state, "POST /echo?a=b" HEAD "Content-Length: 5\r\nConnection: close\r\n\r\nhello");

	assert_int_equal(client_status(answer), 200);
	assert_non_null(strstr(answer, "\r\nDate: "));
	assert_non_null(strstr(answer, "\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n"));
	assert_non_null(strstr(answer, "\r\nConnection: close\r\n\r\nPOST /echo?a=b hello"));
}

static void
chunked_request_is_decoded(void **state)
{
	AU_CLEANUP(au_freep)
	char *answer = client_talk(*state,
	    "POST /echo" HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET /echo" LAST);

	assert_int_equal(client_count(answer, "HTTP/1.1 200 OK"), 2);
	assert_non_null(strstr(answer, "POST /echo abcde"));
	assert_non_null(strstr(answer, "GET /echo "));
}

static void
head_gets_the_length_without_the_body(void **state)
{
	AU_CLEANUP(au_freep) char *answer = client_talk(*state, "HEAD /echo" LAST);

	assert_non_null(strstr(answer, "Content-Length: 11\r\n"));
	assert_string_equal(answer + strlen(answer) - 4, "\r\n\r\n");
}

static void
answer_without_content_has_no_length(void **state)
{
	AU_CLEANUP(au_freep) char *answer = client_talk(*state, "GET /fields" LAST);

	assert_int_equal(client_status(answer), 204);
	assert_null(strstr(answer, "Content-"));
	assert_non_null(strstr(answer, "X-Good: yes\r\n"));
	assert_null(strstr(answer, "X-Evil"));
	assert_null(strstr(answer, "X-Bad"));
}

static void
http_1_0_is_answered_and_closed(void **state)
{
	AU_CLEANUP(au_freep) char *answer = client_talk(*state, "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

	assert_int_equal(client_status(answer), 200);
	assert_non_null(strstr(answer, "Connection: close\r\n"));
}

static void
expectation_is_met_before_the_body(void **state)
{
	struct world *w = *state;
	int fd = client_open(w);
	char *text;

	client_send(fd, "POST /echo" HEAD "Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
	text = client_read_until(w, fd, "100 Continue\r\n\r\n");
	assert_int_equal(client_status(text), 100);
	free(text);
	client_send(fd, "ok");
	text = client_read_all(w, fd);
	assert_non_null(strstr(text, "POST /echo ok"));
	free(text);
	close(fd);
}

static void
pipelined_requests_are_answered_one_after_another(void **state)
{
	struct world *w = *state;
	int fd = client_open(w);
	char *text;

	client_send(fd, "GET /later" HEAD "\r\nGET /echo?2" HEAD "\r\nGET /later" HEAD "\r\nGET /echo?4" LAST);
	while (w->held_count == 0)
		world_turn(w);
	world_turn(w);
	assert_int_equal(w->handled, 1);
	world_reply_held(w, "first");
	assert_int_equal(w->handled, 1);
	text = client_read_until(w, fd, "GET /echo?2");
	assert_int_equal(client_count(text, "HTTP/1.1 200"), 2);
	assert_true(strstr(text, "first") < strstr(text, "GET /echo?2"));
	free(text);
	while (w->held_count == 0)
		world_turn(w);
	assert_int_equal(w->handled, 3);
	world_reply_held(w, "third");
	text = client_read_all(w, fd);
	assert_true(strstr(text, "third") < strstr(text, "GET /echo?4"));
	free(text);
	assert_int_equal(w->handled, 4);
	close(fd);
}

static void
what_follows_a_refused_request_is_never_executed(void **state)
{
	static const char *const requests[] = {
		"POST /echo" HEAD "Content-Length: 0\r\nContent-Length: 27\r\n\r\n",
		"POST /echo" HEAD "Content-Length: 27\r\nContent-Length: 0\r\n\r\n",
		"POST /echo" HEAD "Content-Length : 41\r\n\r\n",
		"POST /echo" HEAD "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST /echo" HEAD "Transfer-Encoding: xchunked\r\n\r\n",
		"POST /echo" HEAD "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
		"POST /echo" HEAD "Transfer-Encoding: chunked\r\n\r\n0;x\n\r\n",
		"POST /echo" HEAD "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n",
		"POST /echo HTTP/1.1\nHost: a\n\n",
		"POST /echo HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
	};
	struct world *w = *state;
	size_t i;

	for (i = 0; i < AU_COUNT(requests); i++) {
		int fd = client_open(w);
		char *text;

		client_send(fd, requests[i]);
		client_send(fd, "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
		text = client_read_all(w, fd);
		if (client_count(text, "HTTP/1.1 ") != 1 || (client_status(text) != 400 && client_status(text) != 501))
			fail_msg("request %zu: %s", i, text);
		free(text);
		close(fd);
	}
	assert_int_equal(w->handled, 0);
}

static void
client_that_leaves_while_its_request_is_handled_harms_nobody(void **state)
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
	world_turn(w);
}

static void
half_closed_client_still_gets_its_answer(void **state)
{
	struct world *w = *state;
	int fd = client_open(w);
	char *text;
	unsigned turn;

	client_send(fd, "GET /later" HEAD "\r\n");
	shutdown(fd, SHUT_WR);
	while (w->held_count == 0)
		world_turn(w);
	for (turn = 0; turn < 5; turn++)
		world_turn(w);
	assert_int_equal(au_http_connections(w->server), 1);
	world_reply_held(w, "still here");
	text = client_read_all(w, fd);
	assert_non_null(strstr(text, "still here"));
	free(text);
	close(fd);
}

static void
answer_larger_than_any_buffer_arrives_whole(void **state)
{
	struct world *w = *state;
	AU_CLEANUP(au_freep) char *text = client_talk(w, "GET /big" HEAD "\r\nGET /echo" LAST);
	const char *body = strstr(text, "\r\n\r\n") + 4;

	assert_int_equal(strspn(body, "x"), WORLD_BIG);
	assert_int_equal(client_status(body + WORLD_BIG), 200);
}

static void
secret_body_arrives_like_any_other(void **state)
{
	AU_CLEANUP(au_freep) char *text = client_talk(*state, "GET /secret" LAST);

	assert_non_null(strstr(text, "Content-Length: 4\r\n"));
	assert_string_equal(text + strlen(text) - 4, "hush");
}

static void
empty_line_before_a_request_is_forgiven_once(void **state)
{
	AU_CLEANUP(au_freep) char *once = client_talk(*state, "\r\nGET /echo" LAST);
	AU_CLEANUP(au_freep) char *twice = client_talk(*state, "\r\n\r\nGET /echo" LAST);

	assert_int_equal(client_status(once), 200);
	assert_int_equal(client_status(twice), 400);
}

static void
unix_socket_tells_who_asks(void **state)
{
	struct world *w = *state;
	char folder[] = "/tmp/apiuserd-http-XXXXXX", path[64];
	struct au_err err = { 0 };
	struct stat st;
	char *text;
	int fd;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/control", folder);
	assert_int_equal(au_http_listen_unix(w->server, path, 0660, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	fd = client_open_unix(path);
	client_send(fd, "GET /peer" LAST);
	text = client_read_all(w, fd);
	assert_non_null(strstr(text, "unix me and my groups"));
	free(text);
	close(fd);
	assert_int_equal(au_http_listen_unix(w->server, path, 0600, &err), AU_EBUSY);
	au_http_server_stop(w->server);
	assert_int_not_equal(stat(path, &st), 0);
	rmdir(folder);
}

static void
stale_unix_socket_is_replaced_but_nothing_else(void **state)
{
	struct world *w = *state;
	char folder[] = "/tmp/apiuserd-http-XXXXXX";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct au_err err = { 0 };
	int fd;

	assert_non_null(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control", folder);
	assert_int_equal(close(creat(address.sun_path, 0600)), 0);
	assert_int_equal(au_http_listen_unix(w->server, address.sun_path, 0600, &err), AU_EEXIST);
	assert_int_equal(unlink(address.sun_path), 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(au_http_listen_unix(w->server, address.sun_path, 0600, &err), 0);
	close(client_open_unix(address.sun_path));
	au_http_server_stop(w->server);
	assert_int_equal(rmdir(folder), 0);
}

static void
ipv6_is_served_beside_ipv4(void **state)
{
	struct world *w = *state;
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct au_err err = { 0 };
	char listen_on[32], *answer;
	int port = 0, fd;

	if (au_http_listen(w->server, "[::1]:0", &port, &err) < 0)
		skip();
	assert_int_not_equal(port, 0);
	snprintf(listen_on, sizeof(listen_on), "[::1]:%d", w->port);
	if (au_http_listen(w->server, listen_on, NULL, &err) < 0)
		skip();
	address.sin6_port = htons((uint16_t)port);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	client_send(fd, "GET /peer" LAST);
	answer = client_read_all(w, fd);
	assert_non_null(strstr(answer, "::1 nobody"));
	free(answer);
	close(fd);
}

static void
stop_lets_running_requests_answer(void **state)
{
	struct world *w = *state;
	int busy = client_open(w), idle = client_open(w);
	char *text;

	client_send(busy, "GET /later" HEAD "\r\n");
	while (w->held_count == 0 || au_http_connections(w->server) < 2)
		world_turn(w);
	au_http_server_stop(w->server);
	text = client_read_all(w, idle);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(au_http_connections(w->server), 1);
	world_reply_held(w, "the last");
	text = client_read_all(w, busy);
	assert_non_null(strstr(text, "Connection: close\r\n"));
	assert_non_null(strstr(text, "the last"));
	free(text);
	close(busy);
	close(idle);
	while (au_http_connections(w->server) > 0)
		world_turn(w);
}

static void
addresses_that_are_not_numeric_are_refused(void **state)
{
	static const char *const addresses[] = { "localhost:80", "127.0.0.1", "[::1]", "127.0.0.1:", "127.0.0.1:70000",
		"" };
	struct world *w = *state;
	size_t i;

	for (i = 0; i < AU_COUNT(addresses); i++)
		if (au_http_listen(w->server, addresses[i], NULL, NULL) != AU_EINVAL)
			fail_msg("'%s' was taken", addresses[i]);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(request_with_length_is_answered_in_full),
		LIVE(chunked_request_is_decoded),
		LIVE(head_gets_the_length_without_the_body),
		LIVE(answer_without_content_has_no_length),
		LIVE(http_1_0_is_answered_and_closed),
		LIVE(expectation_is_met_before_the_body),
		LIVE(pipelined_requests_are_answered_one_after_another),
		LIVE(what_follows_a_refused_request_is_never_executed),
		LIVE(client_that_leaves_while_its_request_is_handled_harms_nobody),
		LIVE(half_closed_client_still_gets_its_answer),
		LIVE(answer_larger_than_any_buffer_arrives_whole),
		LIVE(secret_body_arrives_like_any_other),
		LIVE(empty_line_before_a_request_is_forgiven_once),
		LIVE(unix_socket_tells_who_asks),
		LIVE(stale_unix_socket_is_replaced_but_nothing_else),
		LIVE(ipv6_is_served_beside_ipv4),
		LIVE(stop_lets_running_requests_answer),
		LIVE(addresses_that_are_not_numeric_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
