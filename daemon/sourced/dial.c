/* SPDX-License-Identifier: ISC */
/* Looking up and connecting share one deadline.  An address that fails hands over to the next one. */
#include "sourced/dial.h"

#include "base/mem.h"
#include "sourced/resolve.h"

#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND_MS 1000

struct au_dial {
	struct au_dial_config config;
	struct au_question *question;
	const struct au_address *addresses; /* NULL while looking up */
	size_t count, next;
	struct event *deadline, *writable;
	int fd;
	char why[160];
	au_dial_done *done;
	void *ctx;
};

static void try_next(struct au_dial *dial);

static void
set_option(int fd, int level, int option, int64_t value)
{
	int number = (int)value;

	setsockopt(fd, level, option, &number, sizeof(number));
}

/* What kernels should know about a connection that may be quiet for hours. */
static void
set_options(int fd, const struct au_dial_config *config)
{
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, config->keepalive_idle_ms / SECOND_MS);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, config->keepalive_interval_ms / SECOND_MS);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, config->keepalive_count);
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, config->send_timeout_ms);
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
	au_question_free(dial->question);
	dial->question = NULL;
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
begin_connect(struct au_dial *dial, const struct au_address *address)
{
	dial->fd = socket(address->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->fd < 0)
		return false;
	set_options(dial->fd, &dial->config);
	if (connect(dial->fd, (const struct sockaddr *)&address->at, address->len) < 0 && errno != EINPROGRESS)
		return false;
	dial->writable = event_new(dial->config.base, dial->fd, EV_WRITE, on_writable, dial);
	event_add(dial->writable, NULL);
	return true;
}

static void
try_next(struct au_dial *dial)
{
	while (dial->next < dial->count) {
		if (begin_connect(dial, &dial->addresses[dial->next++]))
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
	    dial->why, sizeof(dial->why), dial->addresses == NULL ? "no answer from DNS in time" : "no answer in time");
	drop_socket(dial);
	finish(dial, -1);
}

static void
on_resolved(void *ctx, const struct au_answer *answer)
{
	struct au_dial *dial = ctx;

	if (answer->why != NULL)
		snprintf(dial->why, sizeof(dial->why), "its name cannot be looked up: %s", answer->why);
	dial->addresses = answer->addresses;
	dial->count = answer->count;
	try_next(dial);
}

struct au_dial *
au_dial_new(const struct au_dial_config *config, au_dial_done *done, void *ctx)
{
	struct au_dial *dial = au_xcalloc(1, sizeof(*dial));
	struct timeval wait = { config->timeout_ms / SECOND_MS, config->timeout_ms % SECOND_MS * 1000 };

	*dial = (struct au_dial){ .config = *config, .fd = -1, .done = done, .ctx = ctx };
	dial->deadline = evtimer_new(config->base, on_deadline, dial);
	event_add(dial->deadline, &wait);
	dial->question = au_resolve_host(config->base, config->dns, config->host, config->port, on_resolved, dial);
	return dial;
}

void
au_dial_free(struct au_dial *dial)
{
	if (dial == NULL)
		return;
	au_question_free(dial->question);
	drop_socket(dial);
	event_free(dial->deadline);
	free(dial);
}
