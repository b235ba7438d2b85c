/* SPDX-License-Identifier: ISC */
/*
 * TLS with our own OpenSSL, under libldap: its own (GnuTLS, blocking) is never
 * used.  Certificates are checked against the name that was configured.
 */
#ifndef SOURCED_TLS_H
#define SOURCED_TLS_H

#include "sourced/fault.h"
#include "sourced/tls_trust.h"

#include <lber.h>
#include <openssl/ssl.h>

struct event_base;
struct au_handshake;

/* ssl: shaken hands, the callee's; NULL: fault says what failed, AU_FAULT_SETUP when we do not believe the server. */
typedef void au_handshake_done(void *ctx, SSL *ssl, const struct au_fault *fault);

/*
 * Shake hands on a connected socket, which stays the caller's.  trust has been read; it outlives the handshake.
 * host: what the certificate must be for, a name or an address.
 */
struct au_handshake *au_handshake_new(struct event_base *base, const struct au_tls_trust *trust, int fd,
    const char *host, int64_t timeout_ms, au_handshake_done *done, void *ctx);
void au_handshake_free(struct au_handshake *handshake); /* no callback afterwards; NULL is fine */

/* liblber's plug-in point: an SSL as the argument of ber_sockbuf_add_io, which must outlive the Sockbuf. */
extern Sockbuf_IO au_tls_io;

#endif
