/* SPDX-License-Identifier: ISC */
/* One process, one loop, 127.0.0.1 only; ends on SIGTERM or SIGINT. */
#include "../control-room/text.h"
#include "exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_MAX (1 << 20)

static int
listen_on(long port, unsigned short *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((unsigned short)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
		perror("calabrio-sim: listen");
		exit(1);
	}
	*ret_port = ntohs(address.sin_port);
	return fd;
}

/* By rename, so that whoever waits for the file never reads half of it. */
static void
write_port_file(const char *path, unsigned short port)
{
	char fresh[4096];
	FILE *file;

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	file = fopen(fresh, "we");
	if (file == NULL || fprintf(file, "%hu\n", port) < 0 || fclose(file) != 0 || rename(fresh, path) != 0) {
		perror("calabrio-sim: port file");
		exit(1);
	}
}

static void
stop(evutil_socket_t number, short what, void *base)
{
	(void)number;
	(void)what;
	event_base_loopbreak(base);
}

static struct event *
on_signal(struct event_base *base, int number)
{
	struct event *event = need(evsignal_new(base, number, stop, base));

	event_add(event, NULL);
	return event;
}

static struct evhttp *
start_http(struct tenant *tenant)
{
	struct evhttp *http = need(evhttp_new(tenant->base));
	unsigned short port;

	evhttp_set_max_body_size(http, BODY_MAX);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE);
	evhttp_set_gencb(http, route_request, tenant);
	if (evhttp_accept_socket(http, listen_on(tenant->options.port, &port)) != 0) {
		fputs("calabrio-sim: cannot accept\n", stderr);
		exit(1);
	}
	if (tenant->options.port_file != NULL)
		write_port_file(tenant->options.port_file, port);
	printf("listening on 127.0.0.1:%hu\n", port);
	fflush(stdout);
	return http;
}

int
main(int argc, char **argv)
{
	struct options options;
	struct event_base *base;
	struct event *term, *interrupt;
	struct evhttp *http;
	struct tenant tenant;

	option_defaults(&options);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		option_help(stdout);
		return 0;
	}
	if (!option_parse(&options, argc, argv))
		return 2;
	if (sodium_init() < 0)
		abort();
	signal(SIGPIPE, SIG_IGN);
	base = need(event_base_new());
	tenant_start(&tenant, &options, base);
	term = on_signal(base, SIGTERM);
	interrupt = on_signal(base, SIGINT);
	http = start_http(&tenant);
	event_base_dispatch(base);
	while (tenant.waiting != NULL)
		exchange_free(tenant.waiting);
	evhttp_free(http);
	event_free(term);
	event_free(interrupt);
	tenant_done(&tenant);
	event_base_free(base);
	return 0;
}
