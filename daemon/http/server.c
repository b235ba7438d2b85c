/* SPDX-License-Identifier: ISC */
/* A server is a set of listeners and the connections they brought. */
#include "http/server.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"
#include "http/instance.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static void
take_config(struct au_http_server *server, const struct au_http_config *config)
{
	free(server->server_name);
	server->server_name = au_xstrdup(config->server_name);
	server->config = *config;
	server->config.server_name = server->config.tls_certificate = server->config.tls_key = NULL;
	server->config.tls_client_ca = NULL;
	server->config.listen = server->config.trusted_proxies = NULL;
}

/* A renewed certificate is no reason to give connections up, another judgement of who may connect is. */
static void
take_tls(struct au_http_server *server, struct au_http_tls *tls)
{
	if ((tls->ctx == NULL) != (server->tls.ctx == NULL) ||
	    memcmp(tls->policy, server->tls.policy, sizeof(tls->policy)) != 0)
		server->generation++;
	au_http_tls_done(&server->tls);
	server->tls = *tls;
	*tls = (struct au_http_tls){ 0 };
}

int
au_http_server_configure(struct au_http_server *server, const struct au_http_config *config, struct au_err *err)
{
	AU_CLEANUP(au_http_proxies_done) struct au_http_proxies proxies = { 0 };
	AU_CLEANUP(au_http_tls_done) struct au_http_tls tls = { 0 };
	int rc;

	if ((rc = au_http_proxies_parse(config, &proxies, err)) < 0 ||
	    (rc = au_http_tls_new(config, server->tickets, &tls, err)) < 0 ||
	    (rc = au_http_listen_as_configured(server, config, err)) < 0)
		return rc;
	take_tls(server, &tls);
	take_config(server, config);
	au_http_proxies_done(&server->proxies);
	server->proxies = proxies;
	proxies = (struct au_http_proxies){ 0 };
	return 0;
}

int
au_http_server_new(struct event_base *base, const struct au_http_config *config, au_http_handler *handler, void *ctx,
    struct au_http_server **ret, struct au_err *err)
{
	struct au_http_server *server = au_xcalloc(1, sizeof(*server));
	uint32_t random;
	int rc;

	server->base = base;
	server->handler = handler;
	server->ctx = ctx;
	server->tickets = au_http_tickets_new();
	server->peers = au_map_new();
	server->handshakes = au_http_handshakes_new();
	au_http_waiting_init(&server->waiting);
	au_rand_bytes(&random, sizeof(random));
	snprintf(server->id_prefix, sizeof(server->id_prefix), "%08x", (unsigned)random);
	LIST_INIT(&server->listeners);
	LIST_INIT(&server->conns);
	if ((rc = au_http_server_configure(server, config, err)) < 0) {
		au_http_server_free(server);
		return rc;
	}
	signal(SIGPIPE, SIG_IGN);
	*ret = server;
	return 0;
}

int64_t
au_http_server_not_after(const struct au_http_server *server)
{
	return server->tls.not_after_ms;
}

static void
free_listeners(struct au_http_server *server)
{
	while (!LIST_EMPTY(&server->listeners))
		au_http_listener_free(LIST_FIRST(&server->listeners));
}

void
au_http_server_stop(struct au_http_server *server)
{
	struct au_http_conn *conn, *next;

	server->stopping = true;
	free_listeners(server);
	for (conn = LIST_FIRST(&server->conns); conn != NULL; conn = next) {
		next = LIST_NEXT(conn, entry);
		au_http_conn_stop(conn);
	}
}

void
au_http_server_free(struct au_http_server *server)
{
	if (server == NULL)
		return;
	free_listeners(server);
	while (!LIST_EMPTY(&server->conns))
		au_http_conn_free(LIST_FIRST(&server->conns));
	au_map_free(server->peers, free);
	au_http_handshakes_free(server->handshakes);
	au_http_tls_done(&server->tls);
	au_http_tickets_free(server->tickets);
	au_http_proxies_done(&server->proxies);
	free(server->server_name);
	free(server);
}

size_t
au_http_connections(const struct au_http_server *server)
{
	return server->conn_count;
}

const struct au_http_counters *
au_http_counters(const struct au_http_server *server)
{
	return &server->counters;
}
