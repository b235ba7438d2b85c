/* SPDX-License-Identifier: ISC */
/* Whom we believe, and who we are, in TLS: authorities, revocation lists, pins, our own certificate. */
#ifndef SOURCED_TLS_TRUST_H
#define SOURCED_TLS_TRUST_H

#include "base/secret.h"
#include "wire/source_start.h"

#include <openssl/ssl.h>

struct au_tls_trust;

/* config and client_key (which may be NULL) outlive it.  AU_EINVAL: a pin that is none.  Nothing is read yet. */
int au_tls_trust_new(const struct au_source_config *config, const struct au_secret *client_key,
    struct au_tls_trust **ret, struct au_err *err);
void au_tls_trust_free(struct au_tls_trust *trust); /* NULL is fine; an SSL made with it lives on */
/* Read the files, again: what has been renewed counts from then on.  AU_EINVAL, AU_EIO; what was read before stays. */
int au_tls_trust_read(struct au_tls_trust *trust, struct au_err *err);
SSL_CTX *au_tls_trust_context(const struct au_tls_trust *trust); /* NULL before the first reading */
/* Whether there are no pins, or the key of the server's certificate is one of them. */
bool au_tls_trust_has_pin(const struct au_tls_trust *trust, X509 *certificate);
/* Whether a server's authority must have said of late that its certificate is good (staple.h). */
bool au_tls_trust_wants_staple(const struct au_tls_trust *trust);

#endif
