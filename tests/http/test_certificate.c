/* SPDX-License-Identifier: ISC */
/* Clients that show certificates: who is let in, and what the handler learns of them. */
#include "base/mem.h"
#include "base/rand.h"
#include "tests/http/tls_client.h"
#include "tests/http/tls_place.h"
#include "tests/unit.h"

#include <string.h>

#define REQUEST "GET /certificate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

struct place {
	struct tls_place tls;
	struct world w;
};

static int
setup(void **state)
{
	static struct place p;
	struct au_http_config config;

	tls_place_make(&p.tls);
	config = tls_place_config(&p.tls, AU_CLIENT_AUTH_NONE);
	world_start(&p.w, &config);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	world_stop(&p->w);
	tls_place_remove(&p->tls);
	return 0;
}

static void
judge(struct place *p, enum au_http_client_auth auth)
{
	struct au_http_config config = tls_place_config(&p->tls, auth);
	struct au_err err = { 0 };

	if (au_http_server_configure(p->w.server, &config, &err) < 0)
		fail_msg("%s", err.text);
}

/* What /certificate says to whoever shows this identity; NULL when he is not let in. */
static char *
show(struct place *p, int version, const struct pki *identity)
{
	struct tls_client client;
	char *text;

	tls_client_init(&client, version, version, identity);
	text = tls_talk(&p->w, &client, REQUEST);
	tls_client_done(&client);
	return text;
}

static void
certificates_are_judged_as_configured(void **state)
{
	struct place *p = *state;
	struct pki stranger_root = pki_make(NULL, "Root", NULL, 3600);
	struct pki good = pki_make(&p->tls.root, "okta", NULL, 3600),
		   stranger = pki_make(&stranger_root, "okta", NULL, 3600),
		   expired = pki_make(&p->tls.root, "okta", NULL, -60),
		   own_authority = pki_make(NULL, "okta", NULL, 3600);
	const struct {
		const char *what;
		const struct pki *identity;
		const char *says[3]; /* per au_http_client_auth; NULL: not let in */
	} rows[] = {
		{ "none", NULL, { "nobody", "nobody", NULL } },
		{ "good", &good, { "nobody", "CN=okta,O=Example ", "CN=okta,O=Example " } },
		{ "of another authority", &stranger, { "nobody", NULL, NULL } },
		{ "expired", &expired, { "nobody", NULL, NULL } },
		{ "signed by itself", &own_authority, { "nobody", NULL, NULL } },
	};
	size_t i, v;
	int auth;

	for (auth = AU_CLIENT_AUTH_NONE; auth <= AU_CLIENT_AUTH_REQUIRE; auth++) {
		judge(p, (enum au_http_client_auth)auth);
		for (i = 0; i < AU_COUNT(rows); i++)
			for (v = 0; v < AU_COUNT(versions); v++) {
				AU_CLEANUP(au_freep) char *text = show(p, versions[v], rows[i].identity);
				const char *says = rows[i].says[auth];

				if ((text == NULL) != (says == NULL) || (says != NULL && strstr(text, says) == NULL))
					fail_msg("%s, %d: %s", rows[i].what, auth, text);
			}
	}
	pki_done(&stranger_root);
	pki_done(&good);
	pki_done(&stranger);
	pki_done(&expired);
	pki_done(&own_authority);
}

static void
names_and_digest_are_told(void **state)
{
	struct place *p = *state;
	struct pki client = pki_make(&p->tls.root, "J\xc3\xbcrgen, \"IdP\"",
	    "DNS:idp.example,email:idp@example.org,URI:spiffe://example.org/idp,IP:192.0.2.1,IP:2001:db8::1,"
	    "RID:1.2.3,DNS:forged DNS:b.example",
	    3600);
	unsigned char digest[32];
	char hex[65];
	char *text;

	judge(p, AU_CLIENT_AUTH_REQUIRE);
	X509_digest(client.cert, EVP_sha256(), digest, NULL);
	au_hex(digest, sizeof(digest), hex);
	text = show(p, TLS1_3_VERSION, &client);
	assert_non_null(text);
	assert_non_null(strstr(text, "CN=J\xc3\xbcrgen\\, \\\"IdP\\\",O=Example "));
	assert_non_null(strstr(text, hex));
	/* The name with a blank is not told: it could pass for two. */
	assert_string_equal(strstr(text, " DNS:"),
	    " DNS:idp.example email:idp@example.org URI:spiffe://example.org/idp IP:192.0.2.1 IP:2001:db8::1");
	free(text);
	pki_done(&client);
}

static void
revoked_certificate_is_not_let_in(void **state)
{
	struct place *p = *state;
	struct pki good = pki_make(&p->tls.root, "good", NULL, 3600),
		   revoked = pki_make(&p->tls.root, "gone", NULL, 3600);
	char *text;

	pki_append_revocation(&p->tls.root, &revoked, p->tls.authority);
	judge(p, AU_CLIENT_AUTH_OPTIONAL);
	assert_null(show(p, TLS1_3_VERSION, &revoked));
	text = show(p, TLS1_3_VERSION, &good);
	assert_non_null(strstr(text, "CN=good"));
	free(text);
	pki_done(&good);
	pki_done(&revoked);
}

static void
open_connection_ends_when_clients_are_judged_anew(void **state)
{
	static const char request[] = "GET /certificate HTTP/1.1\r\nHost: a\r\n\r\n";
	struct place *p = *state;
	struct tls_client client;
	char *text;

	tls_client_init(&client, TLS1_3_VERSION, TLS1_3_VERSION, NULL);
	assert_true(tls_open(&p->w, &client));
	judge(p, AU_CLIENT_AUTH_NONE); /* as before: only the certificate was read again */
	tls_send(&client, request);
	text = tls_read(&p->w, &client, "nobody");
	assert_null(strstr(text, "Connection: close"));
	free(text);
	judge(p, AU_CLIENT_AUTH_REQUIRE);
	tls_send(&client, request);
	text = tls_read(&p->w, &client, NULL);
	assert_int_equal(client_status(text), 200);
	assert_non_null(strstr(text, "Connection: close"));
	free(text);
	tls_client_done(&client);
}

static void
authority_that_is_missing_is_told(void **state)
{
	struct place *p = *state;
	struct au_http_config config = tls_place_config(&p->tls, AU_CLIENT_AUTH_OPTIONAL);
	struct au_err err = { 0 };

	config.tls_client_ca = NULL;
	assert_int_equal(au_http_server_configure(p->w.server, &config, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "tls_client_ca"));
	config.tls_client_ca = p->tls.key + 5; /* PEM, but of a key */
	assert_int_equal(au_http_server_configure(p->w.server, &config, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "tls_client_ca"));
	config.tls_client_ca = p->tls.folder;
	assert_true(au_http_server_configure(p->w.server, &config, &err) < 0);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(certificates_are_judged_as_configured),
		LIVE(names_and_digest_are_told),
		LIVE(revoked_certificate_is_not_let_in),
		LIVE(open_connection_ends_when_clients_are_judged_anew),
		LIVE(authority_that_is_missing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
