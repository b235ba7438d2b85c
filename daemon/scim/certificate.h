/* SPDX-License-Identifier: ISC */
/* Clients that are known by the certificate of their TLS connection (RFC 8705). */
#ifndef SCIM_CERTIFICATE_H
#define SCIM_CERTIFICATE_H

#include "http/server.h"
#include "settings/settings.h"

/*
 * Whether a certificate is one that a client's block names: always true when it names none, and never without a
 * certificate when it does.
 */
bool au_certificate_fits(const struct au_http_certificate *shown_or_null, const struct au_block *client);
/* The one client that needs no token beside this certificate; NULL when there is none, or more than one. */
const struct au_block *au_certificate_client(
    const struct au_http_certificate *shown_or_null, const struct au_settings *settings);
/* Whether it is the one with this SHA-256 in base64url, as tokens name it (RFC 8705 section 3.1). */
bool au_certificate_is(const struct au_http_certificate *shown_or_null, const char *sha256);

#endif
