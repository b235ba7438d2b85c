/* SPDX-License-Identifier: ISC */
/* A folder with what a server needs for TLS: its pair of certificate and key, and the authority of its clients. */
#ifndef TESTS_HTTP_TLS_PLACE_H
#define TESTS_HTTP_TLS_PLACE_H

#include "http/server.h"
#include "tests/http/pki.h"

struct tls_place {
	char folder[40], certificate[64], key[80], authority[64]; /* key as tls_key wants it */
	struct pki root;                                          /* whose certificate is in authority */
};

void tls_place_make(struct tls_place *place);
void tls_place_remove(struct tls_place *place);
/* Another certificate and key for the server, as a renewal leaves them. */
void tls_place_renew(const struct tls_place *place);
/* world_config with these files. */
struct au_http_config tls_place_config(const struct tls_place *place, enum au_http_client_auth auth);

#endif
