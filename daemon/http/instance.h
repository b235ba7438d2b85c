/* SPDX-License-Identifier: ISC */
/* Inside of struct au_http_server, for the files of this folder. */
#ifndef HTTP_INSTANCE_H
#define HTTP_INSTANCE_H

#include "http/conn.h"
#include "http/forwarded.h"
#include "http/handshakes.h"
#include "http/server.h"
#include "http/tls.h"
#include "http/waiting.h"

#include <sys/queue.h>

struct au_map;
struct au_http_listener;

struct au_http_server {
	struct event_base *base;
	struct au_http_config config; /* without its texts */
	char *server_name;
	au_http_handler *handler;
	void *ctx;
	struct au_http_tls tls; /* for new connections */
	struct au_http_tickets *tickets;
	struct au_http_proxies proxies;
	char id_prefix[9];           /* of request ids: random */
	unsigned long long requests; /* their number so far */
	struct au_http_waiting waiting;
	struct au_http_handshakes *handshakes;
	struct au_http_counters counters;
	unsigned generation; /* moves on when connections of before must not go on for long */
	LIST_HEAD(, au_http_listener) listeners;
	LIST_HEAD(, au_http_conn) conns;
	size_t conn_count;
	struct au_map *peers; /* connections per peer (peers.h) */
	bool stopping;
};

/* listen.c */
void au_http_listener_free(struct au_http_listener *listener);
/* Make config->listen the set of what is listened at, beside what single calls opened.  On failure nothing changes. */
int au_http_listen_as_configured(
    struct au_http_server *server, const struct au_http_config *config, struct au_err *err);
#endif
