/* SPDX-License-Identifier: ISC */
/* A server is a set of listeners and the connections they brought. */
#include "http/server.h"

#include "base/map.h"
#include "base/mem.h"
#include "http/instance.h"

#include <signal.h>

int
au_http_server_new(struct event_base *base, const struct au_http_config *config, au_http_handler *handler, void *ctx,
    struct au_http_server **ret, struct au_err *err)
{
	struct au_http_server *server;
	SSL_CTX *tls = NULL;
	int rc;

	if (config->tls_certificate != NULL &&
	    (rc = au_http_tls_new(config->tls_certificate, config->tls_key, &tls, err)) < 0)
		return rc;
	signal(SIGPIPE, SIG_IGN);
	server = au_xcalloc(1, sizeof(*server));
	server->base = base;
	server->config = *config;
	server->server_name = au_xstrdup(config->server_name);
	server->handler = handler;
	server->ctx = ctx;
	server->tls = tls;
	server->peers = au_map_new();
	LIST_INIT(&server->listeners);
	LIST_INIT(&server->conns);
	*ret = server;
	return 0;
}

int
au_http_server_tls(struct au_http_server *server, const char *certificate, const char *key, struct au_err *err)
{
	SSL_CTX *tls;
	int rc;

	if ((rc = au_http_tls_new(certificate, key, &tls, err)) < 0)
		return rc;
	SSL_CTX_free(server->tls);
	server->tls = tls;
	return 0;
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
	SSL_CTX_free(server->tls);
	free(server->server_name);
	free(server);
}

size_t
au_http_connections(const struct au_http_server *server)
{
	return server->conn_count;
}
