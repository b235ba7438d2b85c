/* SPDX-License-Identifier: ISC */
/* What is told of a request when it is over, and the id that client and log know it by. */
#ifndef HTTP_RECORD_H
#define HTTP_RECORD_H

#include "http/exchange.h"
#include "http/server.h"

/* The client left before its request was answered; no answer has this status. */
#define AU_HTTP_CLIENT_LEFT 499

/* Give x the id that a trusted proxy sends in X-Request-Id, or one of our own.  Nothing when the server makes none. */
void au_http_record_begin(struct au_http_exchange *x);
/* Tell the recorder, if there is one.  x may be NULL when there was not even a head. */
void au_http_record_end(
    const struct au_http_conn *conn, const struct au_http_exchange *x, const char *id, int status, size_t bytes);
/* An id that this server has not given before; "" when it makes none. */
void au_http_record_id(struct au_http_server *server, char id[AU_HTTP_ID_SIZE]);

#endif
