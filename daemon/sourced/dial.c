/* SPDX-License-Identifier: ISC */
/* Looking up and connecting share one deadline.  An address that fails hands over to the next one. */
#include "sourced/dial.h"

#include "base/mem.h"

#include <errno.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct au_dial {
	struct event_base *base;
	struct evdns_getaddrinfo_request *request; /* while looking up */
	struct evutil_addrinfo *addresses, *next;
	struct event *deadline, *writable, *step;
	int fd;
	char why[160];
	au_dial_done *done;
	void *ctx;
};

static void try_next(struct au_dial *dial);

/* What kernels should know about a connection that may be quiet for hours. */
static void
set_options(int fd)
{
	static const int on = 1, idle = 60, interval = 10, count = 3, unacknowledged_ms = 30000;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms, sizeof(unacknowledged_ms));
}

static void
drop_socket(struct au_dial *dial)
{
	if (dial->writable != NULL)
		event_free(dial->writable);
	dial->writable = NULL;
	if (dial->fd >= 0)
		close(dial->fd);
	dial->fd = -1;
}

static void
finish(struct au_dial *dial, int fd)
{
	event_del(dial->deadline);
	dial->done(dial->ctx, fd, fd < 0 ? dial->why : NULL);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct au_dial *dial = arg;
	int error = 0;
	socklen_t len = sizeof(error);

	(void)what;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0) {
		int connected = dial->fd;
		dial->fd = -1;
		drop_socket(dial);
		finish(dial, connected);
		return;
	}
	snprintf(dial->why, sizeof(dial->why), "%s", strerror(error));
	drop_socket(dial);
	try_next(dial);
}

static bool
begin_connect(struct au_dial *dial, const struct evutil_addrinfo *address)
{
	dial->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->fd < 0)
		return false;
	set_options(dial->fd);
	if (connect(dial->fd, address->ai_addr, address->ai_addrlen) < 0 && errno != EINPROGRESS)
		return false;
	dial->writable = event_new(dial->base, dial->fd, EV_WRITE, on_writable, dial);
	event_add(dial->writable, NULL);
	return true;
}

static void
try_next(struct au_dial *dial)
{
	while (dial->next != NULL) {
		const struct evutil_addrinfo *address = dial->next;
		dial->next = address->ai_next;
		if (begin_connect(dial, address))
			return;
		snprintf(dial->why, sizeof(dial->why), "%s", strerror(errno));
		drop_socket(dial);
	}
	finish(dial, -1);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct au_dial *dial = arg;

	(void)fd;
	(void)what;
	snprintf(
	    dial->why, sizeof(dial->why), dial->request != NULL ? "no answer from DNS in time" : "no answer in time");
	drop_socket(dial);
	finish(dial, -1);
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	try_next(arg);
}

/* May be called from within evdns_getaddrinfo, and once more on cancelling. */
static void
on_addresses(int result, struct evutil_addrinfo *addresses, void *arg)
{
	struct au_dial *dial = arg;

	if (result == EVUTIL_EAI_CANCEL)
		return;
	dial->request = NULL;
	dial->addresses = dial->next = addresses;
	snprintf(
	    dial->why, sizeof(dial->why), "%s", result != 0 ? evutil_gai_strerror(result) : "the name has no address");
	event_active(dial->step, EV_TIMEOUT, 0);
}

struct au_dial *
au_dial_new(struct event_base *base, struct evdns_base *dns, const char *host, int port, int64_t timeout_ms,
    au_dial_done *done, void *ctx)
{
	struct au_dial *dial = au_xcalloc(1, sizeof(*dial));
	struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_protocol = IPPROTO_TCP,
		.ai_flags = EVUTIL_AI_ADDRCONFIG };
	struct timeval wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	unsigned char address[sizeof(struct in6_addr)];
	char service[16];

	*dial = (struct au_dial){ .base = base, .fd = -1, .done = done, .ctx = ctx };
	dial->deadline = evtimer_new(base, on_deadline, dial);
	dial->step = event_new(base, -1, 0, on_step, dial);
	event_add(dial->deadline, &wait);
	snprintf(service, sizeof(service), "%d", port);
	/* The loopback interface does not count for AI_ADDRCONFIG, so it must not be asked for plain addresses. */
	if (evutil_inet_pton(AF_INET, host, address) == 1 || evutil_inet_pton(AF_INET6, host, address) == 1)
		hints.ai_flags = EVUTIL_AI_NUMERICHOST | EVUTIL_AI_NUMERICSERV;
	dial->request = evdns_getaddrinfo(dns, host, service, &hints, on_addresses, dial);
	return dial;
}

void
au_dial_free(struct au_dial *dial)
{
	if (dial == NULL)
		return;
	if (dial->request != NULL)
		evdns_getaddrinfo_cancel(dial->request);
	drop_socket(dial);
	event_free(dial->deadline);
	event_free(dial->step);
	if (dial->addresses != NULL)
		evutil_freeaddrinfo(dial->addresses);
	free(dial);
}
