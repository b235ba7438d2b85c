/* SPDX-License-Identifier: ISC */
/*
 * TLS with our own OpenSSL, under libldap: its own (GnuTLS, blocking) is never
 * used.  Certificates are checked against the name that was configured.
 */
#ifndef SOURCED_TLS_H
#define SOURCED_TLS_H

#include "base/err.h"
#include "base/secret.h"

#include <lber.h>
#include <openssl/ssl.h>

struct event_base;
struct au_handshake;

/* TLS 1.2 at least; the system's authorities when ca_file is NULL; the client's pair may be NULL.  AU_EINVAL, AU_EIO.
 */
int au_tls_context(const char *ca_file, const char *client_certificate, const struct au_secret *client_key,
    SSL_CTX **ret, struct au_err *err);

/* ssl: shaken hands, the callee's; NULL: why says what failed. */
typedef void au_handshake_done(void *ctx, SSL *ssl, const char *why);

/* Shake hands on a connected socket, which stays the caller's.  host: what the certificate must be for. */
struct au_handshake *au_handshake_new(struct event_base *base, SSL_CTX *context, int fd, const char *host,
    int64_t timeout_ms, au_handshake_done *done, void *ctx);
void au_handshake_free(struct au_handshake *handshake); /* no callback afterwards; NULL is fine */

/* liblber's plug-in point: an SSL as the argument of ber_sockbuf_add_io, which must outlive the Sockbuf. */
extern Sockbuf_IO au_tls_io;

#endif
