/* SPDX-License-Identifier: ISC */
/* The directory's servers as configured, and which one is in use: sticky until it fails. */
#ifndef SOURCED_SERVER_H
#define SOURCED_SERVER_H

#include "base/mem.h"
#include "sourced/resolve.h"
#include "wire/source_start.h"

#define AU_SERVER_SRV "+srv" /* behind a URL's scheme: servers by SRV records (RFC 2782) */

enum au_server_tls { AU_TLS_NONE = 1, AU_TLS_START, AU_TLS_AT_ONCE };

struct au_server {
	const char *url;
	const char *service; /* whose SRV records name hosts and ports; NULL: it is a host */
	const char *host;
	int port;
	const char *name; /* as configured: what the certificate must bear, whatever DNS says */
	enum au_server_tls tls;
};

struct au_server_list {
	struct au_server *servers; /* as configured */
	size_t count;
	size_t current;
	size_t failed; /* in a row, since the last success */
	bool by_host;  /* certificates bear the hosts of SRV records */
	/* The hosts of the current one's SRV records, in the order in which they are tried. */
	struct au_arena *arena;
	struct au_server *hosts;
	size_t host_count, host;
	char
	    *worn; /* "HOST:PORT" that failed after it had worked: it comes last when the records are asked for again */
	bool works; /* the last word was of a success */
};

/*
 * Read config->servers.  AU_EINVAL: not an ldap://, ldaps://, ldap+srv:// or ldaps+srv:// URL with a host; clear text
 * to a host that is not spelled as a loopback address, without `insecure`.
 */
int au_server_list_read(
    struct au_arena *arena, const struct au_source_config *config, struct au_server_list *ret, struct au_err *err);
void au_server_list_done(struct au_server_list *list);
/* With service set, its records must be found first.  It lasts until the list turns to another. */
const struct au_server *au_server_list_current(const struct au_server_list *list);
/* The records of the current one, in the order in which they are to be tried; copied. */
void au_server_list_found(struct au_server_list *list, const struct au_service *services, size_t count);
/* The current one failed: turn to the next.  True when all have failed since the last success, so it is time to wait.
 */
bool au_server_list_next(struct au_server_list *list);
void au_server_list_succeeded(struct au_server_list *list);

/* Whether a host is written as a loopback address or "localhost". */
bool au_server_host_is_loopback(const char *host);

#endif
