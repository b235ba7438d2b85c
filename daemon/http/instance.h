/* SPDX-License-Identifier: ISC */
/* Inside of struct au_http_server, for the files of this folder. */
#ifndef HTTP_INSTANCE_H
#define HTTP_INSTANCE_H

#include "http/conn.h"
#include "http/server.h"

#include <openssl/ssl.h>
#include <sys/queue.h>

struct au_map;
struct au_http_listener;

struct au_http_server {
	struct event_base *base;
	struct au_http_config config; /* its texts are not looked at after start, but for server_name */
	char *server_name;
	au_http_handler *handler;
	void *ctx;
	SSL_CTX *tls; /* NULL = clear text */
	LIST_HEAD(, au_http_listener) listeners;
	LIST_HEAD(, au_http_conn) conns;
	size_t conn_count;
	struct au_map *peers; /* connections per peer (peers.h) */
	bool stopping;
};

/* listen.c */
void au_http_listener_free(struct au_http_listener *listener);
/* tls.c: a context for TLS 1.2 and later.  AU_EINVAL: not a pair of certificate and key; AU_EIO: not readable. */
int au_http_tls_new(const char *certificate, const char *key, SSL_CTX **ret, struct au_err *err);

#endif
