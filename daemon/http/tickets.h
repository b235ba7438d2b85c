/* SPDX-License-Identifier: ISC */
/* Session tickets, with which clients take up a TLS session without a full handshake (RFC 5077, RFC 8446 section 2.2).
 */
#ifndef HTTP_TICKETS_H
#define HTTP_TICKETS_H

#include <openssl/ssl.h>

/* How long a key seals new tickets.  It opens them for as long again, and then it is gone. */
#define AU_HTTP_TICKET_KEY_MS (60 * 60 * 1000LL)

struct au_http_tickets;

struct au_http_tickets *au_http_tickets_new(void);
/* NULL is fine.  Not before the last SSL of the contexts that use them. */
void au_http_tickets_free(struct au_http_tickets *tickets);
/* From now on sessions of ctx are sealed and opened with these keys: whichever certificate ctx shows, sessions of other
 * contexts with the same keys and the same session id context are taken up. */
void au_http_tickets_use(struct au_http_tickets *tickets, SSL_CTX *ctx);

#endif
