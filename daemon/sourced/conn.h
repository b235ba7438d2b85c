/* SPDX-License-Identifier: ISC */
/* One connection to a directory's server: dial, TLS, log in; then a line for requests. */
#ifndef SOURCED_CONN_H
#define SOURCED_CONN_H

#include "sourced/line.h"
#include "sourced/login.h"
#include "sourced/server.h"
#include "sourced/tls.h"

struct au_conn;

struct au_conn_events {
	void (*ready)(void *ctx); /* logged in */
	void (*drained)(void *ctx);
	void (*failed)(void *ctx, const struct au_fault *fault); /* once; do not free the connection from within */
};

/* What all connections of a source share. */
struct au_conn_context {
	struct event_base *base;
	const char *dns; /* whom to ask, as au_resolve_host takes it */
	const struct au_source_config *config;
	const struct au_login *login;
	const struct au_tls_trust *trust;
};

struct au_conn *au_conn_new(const struct au_conn_context *context, const struct au_server *server,
    const struct au_conn_events *events, void *ctx);
void au_conn_free(struct au_conn *conn);            /* NULL is fine; no callback afterwards */
struct au_line *au_conn_line(struct au_conn *conn); /* NULL until the server is reached */
bool au_conn_is_ready(const struct au_conn *conn);  /* NULL is not */

/* What covers it, for people: "TLSv1.3" or AU_COVER_NONE.  Of one that is ready. */
const char *au_conn_cover(const struct au_conn *conn);

#endif
