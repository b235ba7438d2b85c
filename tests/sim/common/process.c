/* SPDX-License-Identifier: ISC */
/* The port is ours before anybody is told of it. */
#include "process.h"

#include "text.h"

#include <event2/event.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
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
		perror("listen");
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
		perror("port file");
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

void
process_start(struct process *process)
{
	if (sodium_init() < 0)
		abort();
	signal(SIGPIPE, SIG_IGN);
	*process = (struct process){ .base = need(event_base_new()) };
	process->term = on_signal(process->base, SIGTERM);
	process->interrupt = on_signal(process->base, SIGINT);
}

void
process_listen(struct process *process, long port, const char *port_file,
    void (*serve)(struct evhttp_request *request, void *ctx), void *ctx)
{
	struct evhttp *http = process->http = need(evhttp_new(process->base));
	unsigned short taken;

	evhttp_set_max_body_size(http, BODY_MAX);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE);
	evhttp_set_gencb(http, serve, ctx);
	if (evhttp_accept_socket(http, listen_on(port, &taken)) != 0) {
		fputs("cannot accept\n", stderr);
		exit(1);
	}
	if (port_file != NULL)
		write_port_file(port_file, taken);
	printf("listening on 127.0.0.1:%hu\n", taken);
	fflush(stdout);
}

void
process_stop_listening(struct process *process)
{
	evhttp_free(process->http);
	process->http = NULL;
}

void
process_done(struct process *process)
{
	event_free(process->term);
	event_free(process->interrupt);
	event_base_free(process->base);
}
