/* SPDX-License-Identifier: ISC */
/* Every test has a folder of its own. */
#include "tests/http/tls_place.h"

#include "tests/http/world.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
tls_place_renew(const struct tls_place *place)
{
	struct pki own = pki_make(NULL, "localhost", NULL, 3600);

	pki_write_certificate(&own, place->certificate);
	pki_write_key(&own, place->key + strlen("file:"));
	pki_done(&own);
}

void
tls_place_make(struct tls_place *place)
{
	snprintf(place->folder, sizeof(place->folder), "/tmp/apiuserd-http-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->certificate, sizeof(place->certificate), "%s/cert.pem", place->folder);
	snprintf(place->key, sizeof(place->key), "file:%s/key.pem", place->folder);
	snprintf(place->authority, sizeof(place->authority), "%s/ca.pem", place->folder);
	place->root = pki_make(NULL, "Root", NULL, 3600);
	pki_write_certificate(&place->root, place->authority);
	tls_place_renew(place);
}

void
tls_place_remove(struct tls_place *place)
{
	pki_done(&place->root);
	unlink(place->certificate);
	unlink(place->key + strlen("file:"));
	unlink(place->authority);
	assert_int_equal(rmdir(place->folder), 0);
}

struct au_http_config
tls_place_config(const struct tls_place *place, enum au_http_client_auth auth)
{
	struct au_http_config config = world_config();

	config.tls_certificate = place->certificate;
	config.tls_key = place->key;
	config.tls_client_ca = place->authority;
	config.tls_client_auth = auth;
	return config;
}
