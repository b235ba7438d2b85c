/* SPDX-License-Identifier: ISC */
/* Requests wait in a queue for the token and their turn, and are sent in the order in which they came. */
#include "sourced/remote.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "sourced/bearer.h"
#include "sourced/pace.h"

#include <event2/event.h>
#include <string.h>

struct order {
	struct au_remote *remote;
	char *path, *etag;
	size_t server;
	bool is_sent;
	bool is_again;   /* its token was refused once */
	unsigned number; /* of the token that it went with */
	au_web_done *done;
	void *ctx;
	struct order *next;
};

struct au_remote {
	const struct au_source_config *settings;
	struct au_web *web;
	struct au_bearer *bearer;
	char *pins; /* with ';' between; NULL: none */
	struct au_arena *arena;
	struct au_server_list servers;
	struct order *orders, **tail; /* that are not answered, oldest first */
	struct event *pump;           /* there may be something to send */
	struct au_pace pace;
};

static void
drop(struct order *order)
{
	struct au_remote *remote = order->remote;
	struct order **at = &remote->orders;

	while (*at != order)
		at = &(*at)->next;
	*at = order->next;
	if (remote->tail == &order->next)
		remote->tail = at;
	free(order->path);
	free(order->etag);
	free(order);
}

static void
answer(struct order *order, const struct au_web_answer *answer)
{
	order->done(order->ctx, answer);
	drop(order);
}

/* ---- sending ---- */

static bool
is_token_old(struct order *order, const struct au_web_answer *got)
{
	if (got->status != 401 || order->is_again || !au_bearer_refused(order->remote->bearer, order->number))
		return false;
	order->is_again = true;
	return true;
}

/* It wants to be left alone, and not for too long; another server is better than waiting for one that is down. */
static bool
is_to_wait(struct au_remote *remote, const struct au_web_answer *got)
{
	bool is_busy = got->status == 503 && got->retry_after_ms > 0 && remote->servers.count == 1;

	if (got->status != 429 && !is_busy) {
		au_pace_served(&remote->pace);
		return false;
	}
	return au_pace_refused(
	    &remote->pace, got->retry_after_ms, remote->settings->wait_most, au_clock_mono_ms(), au_rand_delay());
}

static void
on_answer(void *ctx, const struct au_web_answer *got)
{
	struct order *order = ctx;
	struct au_remote *remote = order->remote;

	if (!is_token_old(order, got) && !is_to_wait(remote, got)) {
		answer(order, got);
		return;
	}
	order->is_sent = false;
	event_active(remote->pump, EV_TIMEOUT, 0);
}

static void
send_order(struct order *order)
{
	struct au_remote *remote = order->remote;
	const struct au_source_config *settings = remote->settings;
	AU_CLEANUP(au_freep)
	char *url = au_xasprintf("%s%s", remote->servers.servers[order->server].url, order->path);

	order->is_sent = true;
	order->number = au_bearer_number(remote->bearer);
	au_web_send(remote->web,
	    &(struct au_web_order){ .url = url,
		.accept = "application/scim+json, application/json",
		.ca_file = settings->ca_file,
		.crl_file = settings->crl_file,
		.pins = remote->pins,
		.etag = order->etag,
		.proof = au_bearer_token(remote->bearer) },
	    on_answer, order);
}

/* Without a token nobody who waits for it can be sent; those who come later may do better. */
static void
on_bearer(void *ctx, const struct au_web_answer *trouble)
{
	struct au_remote *remote = ctx;
	struct order *last = NULL;

	event_active(remote->pump, EV_TIMEOUT, 0);
	if (trouble == NULL)
		return;
	for (struct order *order = remote->orders; order != NULL; order = order->next)
		last = order->is_sent ? last : order;
	for (struct order *order = remote->orders, *next; last != NULL; order = next) {
		bool is_last = order == last;
		next = order->next;
		if (!order->is_sent)
			answer(order, trouble);
		if (is_last)
			break;
	}
}

/* Whether this one can go now; else the pump runs again when it can. */
static bool
may_go(struct au_remote *remote)
{
	if (au_bearer_token(remote->bearer) == NULL) {
		au_bearer_fetch(remote->bearer, on_bearer, remote);
		return false;
	}
	int64_t wait = au_pace_wait(&remote->pace, au_clock_mono_ms());
	struct timeval later = { wait / 1000, wait % 1000 * 1000 };
	if (wait > 0)
		event_add(remote->pump, &later);
	return wait == 0;
}

static void
on_pump(evutil_socket_t fd, short what, void *arg)
{
	struct au_remote *remote = arg;

	(void)fd;
	(void)what;
	for (struct order *order = remote->orders; order != NULL; order = order->next) {
		if (order->is_sent)
			continue;
		if (!may_go(remote))
			return;
		send_order(order);
	}
}

static void
add_order(struct au_remote *remote, const struct order *like)
{
	struct order *order = au_xcalloc(1, sizeof(*order));

	*order = *like;
	order->remote = remote;
	*remote->tail = order;
	remote->tail = &order->next;
	event_active(remote->pump, EV_TIMEOUT, 0);
}

void
au_remote_get(struct au_remote *remote, const char *path, const char *etag, au_web_done *done, void *ctx)
{
	add_order(remote, &(struct order){ .path = au_xstrdup(path),
			      .etag = au_xstrdup(etag),
			      .server = remote->servers.current,
			      .done = done,
			      .ctx = ctx });
}

void
au_remote_get_at(struct au_remote *remote, size_t server, const char *path, au_web_done *done, void *ctx)
{
	add_order(remote, &(struct order){ .path = au_xstrdup(path), .server = server, .done = done, .ctx = ctx });
}

void
au_remote_cancel(struct au_remote *remote)
{
	au_web_cancel(remote->web);
	au_bearer_lost(remote->bearer);
	while (remote->orders != NULL)
		drop(remote->orders);
}

/* ---- making one ---- */

/* Without the '/' that may stand at its end. */
static char *
base_of(struct au_arena *arena, const char *url)
{
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/')
		len--;
	return au_arena_printf(arena, "%.*s", (int)len, url);
}

static void
list_servers(struct au_remote *remote)
{
	const struct au_source_config *settings = remote->settings;
	size_t others = json_array_size(settings->other_urls);
	struct au_server *servers = au_arena_alloc(remote->arena, (others + 1) * sizeof(*servers));

	memset(servers, 0, (others + 1) * sizeof(*servers));
	servers[0].url = base_of(remote->arena, settings->url);
	for (size_t i = 0; i < others; i++)
		servers[i + 1].url = base_of(remote->arena, json_string_value(json_array_get(settings->other_urls, i)));
	remote->servers = (struct au_server_list){ .servers = servers, .count = others + 1 };
}

static char *
join_pins(const json_t *pins)
{
	struct au_str text = AU_STR_INIT;

	for (size_t i = 0; i < json_array_size(pins); i++)
		au_str_printf(&text, "%s%s", i > 0 ? ";" : "", json_string_value(json_array_get(pins, i)));
	return text.len > 0 ? au_str_take(&text) : NULL;
}

int
au_remote_new(const struct au_remote_config *config, struct au_remote **ret, struct au_err *err)
{
	struct au_remote *remote = au_xcalloc(1, sizeof(*remote));
	int rc;

	*remote = (struct au_remote){ .settings = config->settings, .arena = au_arena_new() };
	remote->tail = &remote->orders;
	remote->pump = evtimer_new(config->base, on_pump, remote);
	remote->pins = join_pins(config->settings->pins);
	list_servers(remote);
	au_pace_init(&remote->pace, config->settings->max_rate, au_clock_mono_ms());
	rc = au_web_new(config->base, config->settings, config->client_key, &remote->web, err);
	if (rc == 0)
		rc = au_bearer_new(&(struct au_bearer_config){ .web = remote->web,
				       .settings = config->settings,
				       .token = config->token,
				       .client_secret = config->client_secret },
		    &remote->bearer, err);
	if (rc < 0) {
		au_remote_free(remote);
		return rc;
	}
	*ret = remote;
	return 0;
}

void
au_remote_free(struct au_remote *remote)
{
	if (remote == NULL)
		return;
	while (remote->orders != NULL)
		drop(remote->orders); /* NOLINT(clang-analyzer-unix.Malloc) */
	au_web_free(remote->web);
	au_bearer_free(remote->bearer);
	event_free(remote->pump);
	au_server_list_done(&remote->servers);
	au_arena_free(remote->arena);
	free(remote->pins);
	free(remote);
}

struct au_server_list *
au_remote_servers(struct au_remote *remote)
{
	return &remote->servers;
}
