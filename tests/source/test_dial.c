/* SPDX-License-Identifier: ISC */
/* A connection is set up as the options say, and what cannot be reached is told. */
#include "tests/unit.h"

#include "base/mem.h"
#include "sourced/dial.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <unistd.h>

struct outcome {
	struct event_base *base;
	int fd;
	char *why;
};

static void
on_done(void *ctx, int fd, const char *why)
{
	struct outcome *outcome = ctx;

	outcome->fd = fd;
	outcome->why = au_xstrdup(why);
	event_base_loopbreak(outcome->base);
}

static struct outcome
dial(int port)
{
	struct outcome outcome = { .base = event_base_new(), .fd = -2 };
	struct au_dial *dial = au_dial_new(&(struct au_dial_config){ .base = outcome.base,
					       .host = "127.0.0.1",
					       .port = port,
					       .timeout_ms = 10000,
					       .keepalive_idle_ms = 25000,
					       .keepalive_interval_ms = 7000,
					       .keepalive_count = 5,
					       .send_timeout_ms = 61500 },
	    on_done, &outcome);

	assert_int_equal(outcome.fd, -2); /* never from within */
	event_base_dispatch(outcome.base);
	au_dial_free(dial);
	event_base_free(outcome.base);
	return outcome;
}

/* A loopback port that somebody or nobody listens at. */
static int
open_port(int *ret_port, bool listens)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	if (listens)
		assert_int_equal(listen(fd, 1), 0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static int
option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static void
connection_is_set_up_as_configured(void **state)
{
	int port, listening = open_port(&port, true);
	struct outcome outcome = dial(port);

	(void)state;
	assert_null(outcome.why);
	assert_int_equal(option(outcome.fd, IPPROTO_TCP, TCP_NODELAY), 1);
	assert_int_equal(option(outcome.fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	assert_int_equal(option(outcome.fd, IPPROTO_TCP, TCP_KEEPIDLE), 25);
	assert_int_equal(option(outcome.fd, IPPROTO_TCP, TCP_KEEPINTVL), 7);
	assert_int_equal(option(outcome.fd, IPPROTO_TCP, TCP_KEEPCNT), 5);
	assert_int_equal(option(outcome.fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 61500);
	close(outcome.fd);
	close(listening);
}

static void
nobody_listens(void **state)
{
	int port, closed = open_port(&port, false);
	struct outcome outcome = dial(port);

	(void)state;
	assert_int_equal(outcome.fd, -1);
	assert_string_equal(outcome.why, "Connection refused");
	free(outcome.why);
	close(closed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connection_is_set_up_as_configured),
		cmocka_unit_test(nobody_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
