/* SPDX-License-Identifier: ISC */
/* A client's certificate as text, made once per connection and shared by its exchanges. */
#ifndef HTTP_CERTIFICATE_H
#define HTTP_CERTIFICATE_H

#include "http/server.h"

#include <openssl/ssl.h>

/* What the client of a finished handshake has shown, with one holder; NULL when it was nothing. */
struct au_http_certificate *au_http_certificate_new(SSL *ssl);
struct au_http_certificate *au_http_certificate_hold(struct au_http_certificate *certificate); /* NULL gives NULL */
void au_http_certificate_release(struct au_http_certificate *certificate);                     /* NULL is fine */
/* Whether the client of a finished handshake has shown a certificate whose time is over: a session that is taken up
 * again is not verified anew. */
bool au_http_certificate_is_over(SSL *ssl);

#endif
