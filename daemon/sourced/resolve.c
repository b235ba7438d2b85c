/* SPDX-License-Identifier: ISC */
/*
 * A c-ares channel for each question: a changed resolv.conf counts at once, and
 * giving up is destroying it.  It may not be destroyed from within its own
 * callbacks, so answers are told from a fresh turn of the loop.
 */
#include "sourced/resolve.h"

#include "base/mem.h"
#include "base/str.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 2000
#define TRIES 3

struct watch {
	struct event *event;
	ares_socket_t fd;
	struct watch *next;
};

struct au_question {
	struct event_base *base;
	ares_channel channel;
	struct watch *watches; /* its sockets */
	struct event *timer, *tell;
	struct au_arena *arena;
	struct au_answer answer;
	au_answered *done;
	void *ctx;
};

/* ---- sockets and time ---- */

static void
wind_up(struct au_question *question)
{
	struct timeval wait;

	if (ares_timeout(question->channel, NULL, &wait) == NULL)
		event_del(question->timer);
	else
		event_add(question->timer, &wait);
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct au_question *question = arg;

	ares_process_fd(question->channel, (what & EV_READ) != 0 ? fd : ARES_SOCKET_BAD,
	    (what & EV_WRITE) != 0 ? fd : ARES_SOCKET_BAD);
	wind_up(question);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct au_question *question = arg;

	(void)fd;
	(void)what;
	ares_process_fd(question->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	wind_up(question);
}

static void
drop_watch(struct watch **at)
{
	struct watch *gone = *at;

	*at = gone->next;
	event_free(gone->event);
	free(gone);
}

/* c-ares tells what it waits for on which socket. */
static void
on_interest(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct au_question *question = arg;
	struct watch **at = &question->watches;
	int what = EV_PERSIST | (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0);

	while (*at != NULL && (*at)->fd != fd)
		at = &(*at)->next;
	if (*at != NULL)
		drop_watch(at);
	if (!readable && !writable)
		return;
	struct watch *watch = au_xcalloc(1, sizeof(*watch));
	*watch = (struct watch){ .event = event_new(question->base, fd, (short)what, on_socket, question),
		.fd = fd,
		.next = question->watches };
	event_add(watch->event, NULL);
	question->watches = watch;
}

/* ---- answers ---- */

static void
tell(struct au_question *question, int status)
{
	if (question->answer.count == 0)
		question->answer.why = status == ARES_SUCCESS ? "DNS has nothing of that kind" : ares_strerror(status);
	event_active(question->tell, EV_TIMEOUT, 0);
}

static void
on_tell(evutil_socket_t fd, short what, void *arg)
{
	struct au_question *question = arg;

	(void)fd;
	(void)what;
	question->done(question->ctx, &question->answer);
}

static void
on_addresses(void *arg, int status, int timeouts, struct ares_addrinfo *found)
{
	struct au_question *question = arg;
	size_t count = 0;

	(void)timeouts;
	if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION)
		return;
	for (struct ares_addrinfo_node *n = found != NULL ? found->nodes : NULL; n != NULL; n = n->ai_next)
		count++;
	struct au_address *addresses = au_arena_alloc(question->arena, (count + 1) * sizeof(*addresses));
	for (struct ares_addrinfo_node *n = found != NULL ? found->nodes : NULL; n != NULL; n = n->ai_next) {
		struct au_address *address = &addresses[question->answer.count++];
		memcpy(&address->at, n->ai_addr, (size_t)n->ai_addrlen);
		address->len = (socklen_t)n->ai_addrlen;
	}
	question->answer.addresses = addresses;
	if (found != NULL)
		ares_freeaddrinfo(found);
	tell(question, status);
}

/* A lone root as the host says that there is decidedly no such service (RFC 2782 page 4). */
static bool
is_nowhere(const char *host)
{
	return au_str_empty(host) || au_streq(host, ".");
}

static void
take_services(struct au_question *question, const struct ares_srv_reply *found)
{
	size_t count = 0;

	for (const struct ares_srv_reply *s = found; s != NULL; s = s->next)
		count++;
	question->answer.services = au_arena_alloc(question->arena, (count + 1) * sizeof(*question->answer.services));
	for (const struct ares_srv_reply *s = found; s != NULL; s = s->next)
		if (!is_nowhere(s->host))
			question->answer.services[question->answer.count++] =
			    (struct au_service){ .host = au_arena_strdup(question->arena, s->host),
				    .port = s->port,
				    .priority = s->priority,
				    .weight = s->weight };
}

static void
on_services(void *arg, int status, int timeouts, unsigned char *message, int len)
{
	struct au_question *question = arg;
	struct ares_srv_reply *found = NULL;

	(void)timeouts;
	if (status == ARES_ECANCELLED || status == ARES_EDESTRUCTION)
		return;
	if (status == ARES_SUCCESS)
		status = ares_parse_srv_reply(message, len, &found);
	if (status == ARES_SUCCESS)
		take_services(question, found);
	if (found != NULL)
		ares_free_data(found);
	tell(question, status);
}

/* ---- questions ---- */

static struct au_question *
new_question(struct event_base *base, const char *servers, au_answered *done, void *ctx)
{
	struct au_question *question = au_xcalloc(1, sizeof(*question));
	struct ares_options options = {
		.timeout = TIMEOUT_MS, .tries = TRIES, .sock_state_cb = on_interest, .sock_state_cb_data = question
	};

	*question = (struct au_question){ .base = base, .arena = au_arena_new(), .done = done, .ctx = ctx };
	question->timer = evtimer_new(base, on_timer, question);
	question->tell = event_new(base, -1, 0, on_tell, question);
	int status = ares_init_options(
	    &question->channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
	if (status == ARES_SUCCESS && servers != NULL)
		status = ares_set_servers_ports_csv(question->channel, servers);
	if (status != ARES_SUCCESS)
		tell(question, status);
	return question;
}

struct au_question *
au_resolve_host(struct event_base *base, const char *servers, const char *host, int port, au_answered *done, void *ctx)
{
	struct au_question *question = new_question(base, servers, done, ctx);
	struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = ARES_AI_NUMERICSERV
	};
	char service[16];

	snprintf(service, sizeof(service), "%d", port);
	if (question->answer.why == NULL) {
		ares_getaddrinfo(question->channel, host, service, &hints, on_addresses, question);
		wind_up(question);
	}
	return question;
}

struct au_question *
au_resolve_service(struct event_base *base, const char *servers, const char *name, au_answered *done, void *ctx)
{
	struct au_question *question = new_question(base, servers, done, ctx);

	if (question->answer.why == NULL) {
		ares_query(question->channel, name, ns_c_in, ns_t_srv, on_services, question);
		wind_up(question);
	}
	return question;
}

void
au_question_free(struct au_question *question)
{
	if (question == NULL)
		return;
	if (question->channel != NULL)
		ares_destroy(question->channel);
	while (question->watches != NULL)
		drop_watch(&question->watches);
	event_free(question->timer);
	event_free(question->tell);
	au_arena_free(question->arena);
	free(question);
}

/* ---- the order of services ---- */

static int
by_priority(const void *a, const void *b)
{
	const struct au_service *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return x->weight != 0 && y->weight == 0 ? 1 : x->weight == 0 && y->weight != 0 ? -1 : 0;
}

/* Which of those with one priority is next: those without weight stand first, and have a small chance. */
static size_t
draw(const struct au_service *services, size_t count, uint32_t (*below)(uint32_t limit))
{
	uint32_t sum = 0, running = 0;

	for (size_t i = 0; i < count; i++)
		sum += services[i].weight;
	uint32_t drawn = below(sum + 1);
	for (size_t i = 0; i < count; i++) {
		running += services[i].weight;
		if (running >= drawn)
			return i;
	}
	return 0;
}

void
au_service_order(struct au_service *services, size_t count, uint32_t (*below)(uint32_t limit))
{
	qsort(services, count, sizeof(*services), by_priority);
	for (size_t i = 0; i < count; i++) {
		size_t same = 1;
		while (i + same < count && services[i + same].priority == services[i].priority)
			same++;
		size_t next = i + draw(services + i, same, below);
		/* The others keep their order, those without weight first. */
		struct au_service first = services[next];
		memmove(&services[i + 1], &services[i], (next - i) * sizeof(*services));
		services[i] = first;
	}
}
