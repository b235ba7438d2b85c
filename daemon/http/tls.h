/* SPDX-License-Identifier: ISC */
/* What new connections are met with: the context of OpenSSL and what must be known about it. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "http/server.h"
#include "http/tickets.h"

#include <stdint.h>

#define AU_HTTP_POLICY_SIZE 32

struct au_http_tls {
	SSL_CTX *ctx;                              /* NULL = clear text */
	unsigned char policy[AU_HTTP_POLICY_SIZE]; /* another one when clients are judged in another way */
	int64_t not_after_ms;                      /* end of the server certificate's time, wall clock; 0 = none */
};

/*
 * A context for TLS 1.2 and later by what config says of certificate, key and clients; all zero when it has no
 * certificate.  AU_EINVAL: not a pair of certificate and key, no authority in tls_client_ca; AU_EIO: not readable.
 */
int au_http_tls_new(
    const struct au_http_config *config, struct au_http_tickets *tickets, struct au_http_tls *ret, struct au_err *err);
void au_http_tls_done(struct au_http_tls *tls);

#endif
