/* SPDX-License-Identifier: ISC */
/* A TLS client on the loop of the server that it talks to. */
#ifndef TESTS_HTTP_TLS_CLIENT_H
#define TESTS_HTTP_TLS_CLIENT_H

#include "tests/http/pki.h"
#include "tests/http/world.h"

#include <openssl/ssl.h>
#include <stdbool.h>

struct tls_client {
	SSL_CTX *ctx;
	SSL_SESSION *session; /* the last one that the server gave; the next connection offers it */
	SSL *ssl;             /* of the connection under way or of the last one */
	int fd;
};

/* Speak versions from..to (TLS1_2_VERSION, ...), and show a certificate unless identity is NULL. */
void tls_client_init(struct tls_client *client, int from, int to, const struct pki *identity);
void tls_client_done(struct tls_client *client);
/* Connect and shake hands; false when the handshake fails. */
bool tls_open(struct world *w, struct tls_client *client);
void tls_send(struct tls_client *client, const char *text);
/* Up to needle, or to the end of the connection when it is NULL.  Caller frees; NULL when it ended with an alert. */
char *tls_read(struct world *w, struct tls_client *client, const char *needle);
void tls_close(struct tls_client *client); /* the connection only */
/* Open, send, read all, close; NULL when the server does not want us. */
char *tls_talk(struct world *w, struct tls_client *client, const char *request);
/* One turn for an operation that wants to be tried again; false when it has failed. */
bool tls_keep_on(struct world *w, SSL *ssl, int rc);

#endif
