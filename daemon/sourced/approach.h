/* SPDX-License-Identifier: ISC */
/*
 * How a session comes to a server: whom we believe is read anew, servers that
 * SRV records name are found, and the session's own connection (for probes,
 * look-ups and comparing readings) is made; after a fault, which server is next,
 * and when.
 */
#ifndef SOURCED_APPROACH_H
#define SOURCED_APPROACH_H

#include "sourced/conn.h"
#include "sourced/tls_trust.h"

struct au_approach;

struct au_approach_events {
	void (*ready)(void *ctx);                                /* logged in */
	void (*failed)(void *ctx, const struct au_fault *fault); /* on the way there, or later */
};

struct au_approach_config {
	const struct au_conn_context *context; /* outlives it */
	struct au_tls_trust *trust;            /* outlives it */
	struct au_server_list servers;         /* becomes the approach's */
	const struct au_approach_events *events;
	void *ctx;
};

struct au_approach *au_approach_new(const struct au_approach_config *config);
void au_approach_free(struct au_approach *approach);  /* NULL is fine */
void au_approach_begin(struct au_approach *approach); /* at the next turn of the loop */
void au_approach_end(struct au_approach *approach);   /* close what is open; no callback until it begins again */

/*
 * After the end: begin again when it is time, and say in ret what to call the state until then; its text is fault's,
 * which learns how often it was the same.  at_once: the fault was no fault of the server's.  A log-in that was refused
 * is left to the daemon, which knows of earlier ones.
 */
void au_approach_again(struct au_approach *approach, struct au_fault *fault, bool at_once, struct au_source_link *ret);
void au_approach_succeeded(struct au_approach *approach); /* everything was read */
void au_approach_forgive(struct au_approach *approach);   /* a person says: try as if it were the first time */

/* The server that is tried or was reached. */
const struct au_server *au_approach_server(const struct au_approach *approach);
/* The connection, once it is ready. */
struct au_conn *au_approach_conn(const struct au_approach *approach);

#endif
