/* SPDX-License-Identifier: ISC */
/*
 * What a server staples to its handshake (RFC 6066 section 8): a fresh word of
 * its authority that its certificate was not revoked (RFC 6960).
 */
#ifndef SOURCED_STAPLE_H
#define SOURCED_STAPLE_H

#include "base/str.h"

#include <openssl/ssl.h>

#include <stdbool.h>

void au_staple_ask(SSL *ssl); /* before the handshake */
/*
 * After it: whether the server's own certificate is good by what was stapled.  False: there is nothing, or it is not of
 * the authority, not of this certificate, out of date, or says something else; why is appended to out, with what to do.
 */
bool au_staple_is_good(SSL *ssl, struct au_str *out);

#endif
