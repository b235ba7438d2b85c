/* SPDX-License-Identifier: ISC */
/* A server's certificate: the pin of its key, and why it was refused, in words that say what to do. */
#ifndef SOURCED_PEER_H
#define SOURCED_PEER_H

#include "base/str.h"
#include "model/pin.h"

#include <openssl/x509.h>

#define AU_PEER_BINDING 128

/* False when the certificate's key cannot be encoded. */
bool au_peer_pin(X509 *certificate, unsigned char ret[AU_PIN_SIZE]);
/*
 * What ties a log-in to this certificate: "tls-server-end-point:" and its hash (RFC 5929 section 4).  The length, 0
 * when its signature's algorithm has no hash of its own.
 */
size_t au_peer_binding(X509 *certificate, unsigned char ret[AU_PEER_BINDING]);
/* verdict: what OpenSSL found, X509_V_ERR_...; host: what was expected; certificate: may be NULL. */
void au_peer_explain(long verdict, const char *host, X509 *certificate, struct au_str *out);
/* It is none of the pins. */
void au_peer_explain_pin(X509 *certificate, struct au_str *out);

#endif
