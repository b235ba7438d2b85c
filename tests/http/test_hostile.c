/* SPDX-License-Identifier: ISC */
/*
 * What an attacker sends to a live server, row by row: exactly so many requests
 * are handled and answers given, then the connection ends, and the server goes
 * on.  Behind each row that is refused stands a request that must never be
 * taken for one.
 */
#include "base/mem.h"
#include "base/str.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define LAST HEAD "Connection: close\r\n\r\n"
#define POST "POST /echo" HEAD
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define SMUGGLED "GET /smuggled" LAST

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

struct row {
	const char *what;
	const char *data;
	size_t len; /* 0 = strlen */
	int status; /* of the last answer */
	unsigned handled;
};

/* Every answer's status line but the last one must be a good one. */
static int
last_status(const char *text)
{
	int status = 0;

	for (; (text = strstr(text, "HTTP/1.1 ")) != NULL; text++) {
		if (client_status(text) == 0)
			continue; /* the words of an error */
		if (status != 0)
			assert_in_range(status, 100, 299);
		status = client_status(text);
	}
	return status;
}

static void
check_row(struct world *w, const struct row *row, bool half_close)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	unsigned before = w->handled;
	int fd = client_open(w);

	client_sendn(fd, row->data, row->len > 0 ? row->len : strlen(row->data));
	if (row->status >= 400)
		client_send(fd, SMUGGLED);
	if (half_close)
		shutdown(fd, SHUT_WR);
	text = client_read_all(w, fd);
	close(fd);
	if (last_status(text) != row->status || w->handled - before != row->handled ||
	    strstr(text, "/smuggled") != NULL)
		fail_msg("%s: %u handled, %s", row->what, w->handled - before, text);
	assert_null(strstr(au_str_get(&w->records), "/smuggled"));
}

static void
check_rows(struct world *w, const struct row *rows, size_t count)
{
	char *text;

	for (size_t i = 0; i < count; i++)
		for (int half_close = 0; half_close < 2; half_close++)
			check_row(w, &rows[i], half_close);
	text = client_talk(w, "GET /echo" LAST);
	assert_int_equal(client_status(text), 200);
	free(text);
}

static void
lengths_of_bodies_have_one_reading(void **state)
{
	static const struct row rows[] = {
		{ "two Content-Length that differ", POST "Content-Length: 0\r\nContent-Length: 40\r\n\r\n", 0, 400, 0 },
		{ "two Content-Length alike", POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", 0, 400, 0 },
		{ "Content-Length list", POST "Content-Length: 2, 2\r\n\r\nhi", 0, 400, 0 },
		{ "Content-Length +2", POST "Content-Length: +2\r\n\r\nhi", 0, 400, 0 },
		{ "Content-Length -2", POST "Content-Length: -2\r\n\r\nhi", 0, 400, 0 },
		{ "Content-Length 0x2", POST "Content-Length: 0x2\r\n\r\nhi", 0, 400, 0 },
		{ "Content-Length 2abc", POST "Content-Length: 2abc\r\n\r\nhi", 0, 400, 0 },
		{ "Content-Length without a value", POST "Content-Length:\r\n\r\n", 0, 400, 0 },
		{ "Content-Length 2^63", POST "Content-Length: 9223372036854775808\r\n\r\n", 0, 413, 0 },
		{ "Content-Length 2^64 + 2", POST "Content-Length: 18446744073709551618\r\n\r\nhi", 0, 413, 0 },
		{ "blank before the colon", POST "Content-Length : 40\r\n\r\n", 0, 400, 0 },
		{ "length and coding", POST "Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400,
		    0 },
		{ "coding gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n", 0, 501, 0 },
		{ "coding xchunked", POST "Transfer-Encoding: xchunked\r\n\r\n", 0, 501, 0 },
		{ "coding chunked, identity", POST "Transfer-Encoding: chunked, identity\r\n\r\n", 0, 501, 0 },
		{ "two codings", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 400, 0 },
		{ "coding in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400,
		    0 },
	};

	check_rows(*state, rows, AU_COUNT(rows));
}

static void
chunks_have_one_reading(void **state)
{
	static const struct row rows[] = {
		{ "size 0x2", CHUNKED "0x2\r\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "size -2", CHUNKED "-2\r\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "size +2", CHUNKED "+2\r\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "size with a blank", CHUNKED "2 \r\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "no size", CHUNKED "\r\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "letters for a size", CHUNKED "rubbish\r\n", 0, 400, 0 },
		{ "size 2^64 + 2", CHUNKED "10000000000000002\r\nhi\r\n0\r\n\r\n", 0, 413, 0 },
		{ "size of 17 F", CHUNKED "fffffffffffffffff\r\n", 0, 413, 0 },
		{ "size of 200 noughts",
		    CHUNKED "0000000000000000000000000000000000000000000000000000000000000000000000000"
			    "000000000000000000000000000000000000000000000000000000000000000000000000000"
			    "0000000000000000000000000000000000000000000000000000000x",
		    0, 400, 0 },
		{ "data longer than its size", CHUNKED "2\r\nhello\r\n0\r\n\r\n", 0, 400, 0 },
		{ "bare LF behind a size", CHUNKED "2\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "bare LF behind an extension", CHUNKED "2;a\nhi\r\n0\r\n\r\n", 0, 400, 0 },
		{ "line end in a quoted extension", CHUNKED "2;a=\"\r\nhi\r\n0\r\n\r\n\"", 0, 400, 0 },
		{ "bare LF behind a trailer field", CHUNKED "0\r\nX: y\n\r\n", 0, 400, 0 },
		{ "folded trailer field", CHUNKED "0\r\nX: y\r\n z\r\n\r\n", 0, 400, 0 },
		{ "trailer that is a request", CHUNKED "0\r\nGET /smuggled" HEAD "\r\n", 0, 400, 0 },
		{ "bare LF behind data", CHUNKED "2\r\nhi\n0\r\n\r\n", 0, 400, 0 },
	};

	check_rows(*state, rows, AU_COUNT(rows));
}

static void
heads_have_one_reading(void **state)
{
	static const char nul[] = "GET /echo" HEAD "Authorization: Bearer good\0evil\r\n\r\n";
	static const char nul_in_line[] = "GET /echo\0" HEAD "\r\n";
	static const struct row rows[] = {
		{ "NUL in a value", nul, sizeof(nul) - 1, 400, 0 },
		{ "NUL in the request line", nul_in_line, sizeof(nul_in_line) - 1, 400, 0 },
		{ "bare LF", "GET /echo HTTP/1.1\nHost: a\n\n", 0, 400, 0 },
		{ "bare LF behind one line", "GET /echo HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 0, 400, 0 },
		{ "bare CR", "GET /echo HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", 0, 400, 0 },
		{ "folded line", "GET /echo" HEAD "X: a\r\n b\r\n\r\n", 0, 400, 0 },
		{ "empty field name", "GET /echo" HEAD ": x\r\n\r\n", 0, 400, 0 },
		{ "no colon", "GET /echo" HEAD "rubbish\r\n\r\n", 0, 400, 0 },
		{ "no Host", "GET /echo HTTP/1.1\r\n\r\n", 0, 400, 0 },
		{ "two Host", "GET /echo" HEAD "Host: a\r\n\r\n", 0, 400, 0 },
		{ "two Authorization", "GET /echo" HEAD "Authorization: a\r\nAuthorization: a\r\n\r\n", 0, 400, 0 },
		{ "absolute target for another host", "GET http://b/echo" HEAD "\r\n", 0, 400, 0 },
		{ "absolute target for this host", "GET http://a/echo" LAST, 0, 200, 1 },
		{ "authority form", "CONNECT a:80" HEAD "\r\n", 0, 400, 0 },
		{ "rubbish", "\x01\x02\x03rubbish\r\n\r\n", 0, 400, 0 },
		{ "TLS hello at a clear-text port", "\x16\x03\x01\x02\x05\x01", 0, 400, 0 },
		{ "preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 505, 0 },
		{ "proxy protocol", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /echo" HEAD "\r\n", 0, 400, 0 },
	};

	check_rows(*state, rows, AU_COUNT(rows));
}

static void
rubbish_behind_a_good_request_is_refused_alone(void **state)
{
	static const struct row rows[] = {
		{ "rubbish behind a GET", "GET /echo" HEAD "\r\nrubbish\r\n\r\n", 0, 400, 1 },
		{ "octets behind a body", POST "Content-Length: 2\r\n\r\nhi\x01\x02", 0, 400, 1 },
		{ "folded head behind two GETs",
		    "GET /echo" HEAD "\r\nGET /echo" HEAD "\r\nGET /echo" HEAD " x\r\n\r\n", 0, 400, 2 },
		{ "chunked rubbish behind a GET", "GET /echo" HEAD "\r\n" CHUNKED "z\r\n", 0, 400, 1 },
		{ "a request behind the last one", "GET /echo" LAST SMUGGLED, 0, 200, 1 },
	};

	check_rows(*state, rows, AU_COUNT(rows));
}

static void
head_of_20_kib_is_refused(void **state)
{
	struct world *w = *state;
	AU_CLEANUP(au_str_done) struct au_str request = AU_STR_INIT;
	struct row row = { "head of 20 KiB", NULL, 0, 431, 0 };

	au_str_put(&request, "GET /echo" HEAD "X: ");
	while (request.len < 20 * 1024)
		au_str_put(&request, "0123456789abcdef");
	au_str_put(&request, "\r\n\r\n");
	row.data = request.data;
	row.len = request.len;
	check_rows(w, &row, 1);
}

static void
client_that_ends_in_the_middle_gets_no_answer(void **state)
{
	static const char *const texts[] = { "", "G", "GET /echo HTTP/1.1\r\n", "GET /echo" HEAD, "GET /echo" HEAD "\r",
		POST "Content-Length: 5\r\n\r\nhi", CHUNKED, CHUNKED "5\r\nhi", CHUNKED "2\r\nhi\r\n0\r\n" };
	struct world *w = *state;

	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		int fd = client_open(w);
		char *text;

		client_send(fd, texts[i]);
		shutdown(fd, SHUT_WR);
		text = client_read_all(w, fd);
		assert_string_equal(text, "");
		free(text);
		close(fd);
		assert_int_equal(au_http_connections(w->server), 0);
	}
	assert_int_equal(w->handled, 0);
}

static void
client_that_leaves_in_the_middle_of_an_answer_harms_nobody(void **state)
{
	struct world *w = *state;
	struct linger reset = { .l_onoff = 1 };

	for (int how = 0; how < 2; how++) {
		int fd = client_open(w);
		char *text;

		client_send(fd, "GET /big" HEAD "\r\nGET /big" HEAD "\r\n");
		text = client_read_until(w, fd, "xxxxxxxx");
		free(text);
		if (how == 1)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
		while (au_http_connections(w->server) > 0)
			world_turn(w);
	}
}

/* Nothing may be waited for that the client has not promised, and its body must not be taken for a request. */
static void
expectation_of_a_refused_request_is_not_met(void **state)
{
	static const struct row rows[] = {
		{ "body too large", POST "Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n", 0, 413, 0 },
		{ "unknown expectation", POST "Content-Length: 2\r\nExpect: tea\r\n\r\nhi", 0, 417, 0 },
		{ "bad coding", POST "Transfer-Encoding: gzip\r\nExpect: 100-continue\r\n\r\n", 0, 501, 0 },
	};

	check_rows(*state, rows, AU_COUNT(rows));
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(lengths_of_bodies_have_one_reading),
		LIVE(chunks_have_one_reading),
		LIVE(heads_have_one_reading),
		LIVE(rubbish_behind_a_good_request_is_refused_alone),
		LIVE(head_of_20_kib_is_refused),
		LIVE(client_that_ends_in_the_middle_gets_no_answer),
		LIVE(client_that_leaves_in_the_middle_of_an_answer_harms_nobody),
		LIVE(expectation_of_a_refused_request_is_not_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
