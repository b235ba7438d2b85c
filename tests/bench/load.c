/* SPDX-License-Identifier: ISC */
/*
 * epoll and plain sockets, so that the generator takes as little as possible from the two cores it shares with the
 * server.  Answers must carry a Content-Length, as those of every server measured here do.
 */
#include "tests/bench/load.h"

#include "tests/bench/measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX (1u << 20)
#define SILENCE_MS 10000

struct connection {
	int fd;
	SSL *ssl; /* NULL: clear text */
	size_t have, number;
	double sent;
	char *answer;
};

struct run {
	const struct load *load;
	struct connection *connections;
	double *latencies;
	size_t sent, done, bad, running;
	double end;
	int poll;
	SSL_CTX *context; /* NULL: clear text */
};

static int
connect_to(int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
		measure_die("connect");
	return fd;
}

static ssize_t
put(struct connection *connection, const char *data, size_t length)
{
	if (connection->ssl != NULL)
		return SSL_write(connection->ssl, data, (int)length);
	return write(connection->fd, data, length);
}

static ssize_t
get(struct connection *connection, char *data, size_t room)
{
	if (connection->ssl != NULL)
		return SSL_read(connection->ssl, data, (int)room);
	return read(connection->fd, data, room);
}

static void
send_next(struct run *run, struct connection *connection)
{
	static char request[LOAD_REQUEST_MAX];
	size_t length;

	if (run->sent == run->load->requests || measure_now() >= run->end) {
		run->running--;
		return;
	}
	connection->number = run->load->first + run->sent++;
	length = run->load->write(run->load->context, connection->number, request);
	connection->have = 0;
	connection->sent = measure_now();
	/* A request fits the socket buffer of an idle connection, so one write takes it whole. */
	if (put(connection, request, length) != (ssize_t)length)
		measure_die("write of a request");
}

/* Length of the whole answer at the start of text, or 0 while its head is not whole. */
static size_t
answer_length(const char *text, int *ret_status)
{
	const char *end = strstr(text, "\r\n\r\n"), *line;

	if (end == NULL)
		return 0;
	*ret_status = (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10);
	for (line = strstr(text, "\r\n"); line != NULL && line < end; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, "Content-Length:", 15) == 0)
			return (size_t)(end + 4 - text) + strtoul(line + 17, NULL, 10);
	}
	return (size_t)(end + 4 - text);
}

static void
receive(struct run *run, struct connection *connection)
{
	ssize_t got = get(connection, connection->answer + connection->have, ANSWER_MAX - connection->have - 1);
	size_t whole;
	int status;

	if (got <= 0)
		measure_die("read of an answer");
	connection->have += (size_t)got;
	connection->answer[connection->have] = '\0';
	whole = answer_length(connection->answer, &status);
	if (whole == 0 || connection->have < whole) {
		/* what TLS holds already, epoll does not tell of */
		if (connection->ssl != NULL && SSL_pending(connection->ssl) > 0)
			receive(run, connection);
		return;
	}
	run->latencies[run->done++] = measure_now() - connection->sent;
	if (run->load->seen != NULL)
		run->load->seen(run->load->context, connection->number, connection->answer);
	if ((run->load->expect != 0 ? status != run->load->expect : status / 100 != 2) && run->bad++ == 0)
		fprintf(stderr, "benchmark: expected status %d, got: %.600s\n", run->load->expect, connection->answer);
	send_next(run, connection);
}

static void
start_tls(struct run *run, struct connection *connection)
{
	connection->ssl = SSL_new(run->context);
	if (SSL_set_fd(connection->ssl, connection->fd) != 1 || SSL_connect(connection->ssl) != 1)
		measure_die("TLS handshake");
}

static void
open_connections(struct run *run)
{
	run->poll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < run->load->connections; i++) {
		struct connection *connection = &run->connections[i];
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };

		connection->fd = connect_to(run->load->port);
		connection->answer = measure_alloc(ANSWER_MAX);
		if (run->context != NULL)
			start_tls(run, connection);
		if (epoll_ctl(run->poll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
			measure_die("epoll_ctl");
	}
}

static void
close_connections(struct run *run)
{
	for (size_t i = 0; i < run->load->connections; i++) {
		SSL_free(run->connections[i].ssl);
		close(run->connections[i].fd);
		free(run->connections[i].answer);
	}
	close(run->poll);
}

static void
drive(struct run *run)
{
	struct epoll_event events[64];

	for (size_t i = 0; i < run->load->connections; i++)
		send_next(run, &run->connections[i]);
	while (run->running > 0) {
		int count = epoll_wait(run->poll, events, 64, SILENCE_MS);

		if (count == 0 || (count < 0 && errno != EINTR))
			measure_die("waiting for answers");
		for (int i = 0; i < count; i++)
			receive(run, events[i].data.ptr);
	}
}

struct load_result
load_run(const struct load *load)
{
	struct run run = { .load = load, .running = load->connections };
	struct load_result result;
	double start;

	run.connections = measure_alloc(load->connections * sizeof(*run.connections));
	run.latencies = measure_alloc(load->requests * sizeof(*run.latencies));
	run.context = load->tls ? SSL_CTX_new(TLS_client_method()) : NULL;
	open_connections(&run);
	start = measure_now();
	run.end = start + load->seconds;
	drive(&run);
	result.per_second = (double)run.done / (measure_now() - start);
	result.requests = run.done;
	result.bad = run.bad;
	result.p50_ms = 1000 * measure_quantile(run.latencies, run.done, 0.50);
	result.p99_ms = 1000 * measure_quantile(run.latencies, run.done, 0.99);
	close_connections(&run);
	SSL_CTX_free(run.context);
	free(run.connections);
	free(run.latencies);
	return result;
}
