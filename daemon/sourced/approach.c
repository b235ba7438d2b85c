/* SPDX-License-Identifier: ISC */
/* One step after the other, each begun by the end of the one before: trust, names, connection. */
#include "sourced/approach.h"

#include "base/rand.h"
#include "sourced/retry.h"

#include <event2/event.h>
#include <stdlib.h>

struct au_approach {
	struct au_approach_config config;
	struct au_question *question; /* for servers by SRV records */
	struct au_conn *conn;
	struct au_retry retry;
	struct event *again;
};

static void
fail(struct au_approach *approach, const struct au_fault *fault)
{
	approach->config.events->failed(approach->config.ctx, fault);
}

static void
on_ready(void *ctx)
{
	struct au_approach *approach = ctx;

	approach->config.events->ready(approach->config.ctx);
}

static void
on_drained(void *ctx)
{
	(void)ctx;
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	fail(ctx, fault);
}

static const struct au_conn_events conn_events = { .ready = on_ready, .drained = on_drained, .failed = on_failed };

static void
connect_now(struct au_approach *approach)
{
	approach->conn = au_conn_new(approach->config.context, au_approach_server(approach), &conn_events, approach);
}

static void
on_found(void *ctx, const struct au_answer *answer)
{
	struct au_approach *approach = ctx;
	struct au_server_list *servers = &approach->config.servers;
	const struct au_server *server = au_server_list_current(servers);
	struct au_fault fault;

	if (answer->why != NULL) {
		fail(approach, au_fault_set(&fault, AU_FAULT_REACH, "%s: SRV records of '%s': %s", server->url,
				   server->service, answer->why));
		return;
	}
	au_service_order(answer->services, answer->count, au_rand_below);
	au_server_list_found(servers, answer->services, answer->count);
	connect_now(approach);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct au_approach *approach = arg;
	const struct au_conn_context *context = approach->config.context;
	struct au_err err = { 0 };
	struct au_fault fault;

	(void)fd;
	(void)what;
	if (au_tls_trust_read(approach->config.trust, &err) < 0) {
		fail(approach, au_fault_set(&fault, AU_FAULT_SETUP, "%s", err.text));
		return;
	}
	const struct au_server *server = au_approach_server(approach);
	if (server->service == NULL)
		connect_now(approach);
	else
		approach->question =
		    au_resolve_service(context->base, context->dns, server->service, on_found, approach);
}

static void
plan(struct au_approach *approach, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(approach->again, &wait);
}

/* ---- for the session ---- */

struct au_approach *
au_approach_new(const struct au_approach_config *config)
{
	struct au_approach *approach = au_xcalloc(1, sizeof(*approach));

	approach->config = *config;
	approach->again = evtimer_new(config->context->base, on_again, approach);
	return approach;
}

void
au_approach_free(struct au_approach *approach)
{
	if (approach == NULL)
		return;
	au_approach_end(approach);
	event_free(approach->again);
	au_server_list_done(&approach->config.servers);
	free(approach);
}

void
au_approach_begin(struct au_approach *approach)
{
	plan(approach, 0);
}

void
au_approach_end(struct au_approach *approach)
{
	event_del(approach->again);
	au_question_free(approach->question);
	approach->question = NULL;
	au_conn_free(approach->conn);
	approach->conn = NULL;
}

void
au_approach_again(struct au_approach *approach, struct au_fault *fault, bool at_once, struct au_source_link *ret)
{
	struct au_retry *retry = &approach->retry;
	int64_t wait = 0;

	if (!at_once)
		wait = au_retry_after(retry, fault, &approach->config.servers,
		    approach->config.context->config->retry_cap, au_rand_delay());
	bool alarm = au_retry_alarms(retry);
	if (alarm && retry->same > 1)
		au_fault_count(fault, retry->same);
	*ret = (struct au_source_link){ .state = au_retry_state(fault, wait),
		.alarm = alarm,
		.text = fault->text,
		.retry_in = wait,
		.refused = fault->kind == AU_FAULT_LOGIN };
	if (!ret->refused)
		plan(approach, wait);
}

void
au_approach_succeeded(struct au_approach *approach)
{
	au_retry_succeeded(&approach->retry, &approach->config.servers);
}

void
au_approach_forgive(struct au_approach *approach)
{
	approach->retry.tries = 0;
}

const struct au_server *
au_approach_server(const struct au_approach *approach)
{
	return au_server_list_current(&approach->config.servers);
}

struct au_conn *
au_approach_conn(const struct au_approach *approach)
{
	return approach->conn;
}
