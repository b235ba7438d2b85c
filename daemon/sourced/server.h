/* SPDX-License-Identifier: ISC */
/* The directory's servers as configured, and which one is in use: sticky until it fails. */
#ifndef SOURCED_SERVER_H
#define SOURCED_SERVER_H

#include "base/mem.h"
#include "wire/source_start.h"

enum au_server_tls { AU_TLS_NONE = 1, AU_TLS_START, AU_TLS_AT_ONCE };

struct au_server {
	const char *url;
	const char *host; /* as configured: the name that the certificate must bear */
	int port;
	enum au_server_tls tls;
};

struct au_server_list {
	struct au_server *servers;
	size_t count;
	size_t current;
	size_t failed; /* in a row, since the last success */
};

/*
 * Read config->servers.  AU_EINVAL: not an ldap:// or ldaps:// URL with a host; clear text to a host that is not
 * spelled as a loopback address, without `insecure`.
 */
int au_server_list_read(
    struct au_arena *arena, const struct au_source_config *config, struct au_server_list *ret, struct au_err *err);
const struct au_server *au_server_list_current(const struct au_server_list *list);
/* The current one failed: turn to the next.  True when all have failed since the last success, so it is time to wait.
 */
bool au_server_list_next(struct au_server_list *list);
void au_server_list_succeeded(struct au_server_list *list);

/* Whether a host is written as a loopback address or "localhost". */
bool au_server_host_is_loopback(const char *host);

#endif
