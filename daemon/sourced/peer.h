/* SPDX-License-Identifier: ISC */
/* A server's certificate: the pin of its key, and why it was refused, in words that say what to do. */
#ifndef SOURCED_PEER_H
#define SOURCED_PEER_H

#include "base/str.h"
#include "model/pin.h"

#include <openssl/x509.h>

/* False when the certificate's key cannot be encoded. */
bool au_peer_pin(X509 *certificate, unsigned char ret[AU_PIN_SIZE]);
/* verdict: what OpenSSL found, X509_V_ERR_...; host: what was expected; certificate: may be NULL. */
void au_peer_explain(long verdict, const char *host, X509 *certificate, struct au_str *out);
/* It is none of the pins. */
void au_peer_explain_pin(X509 *certificate, struct au_str *out);

#endif
