/* SPDX-License-Identifier: ISC */
/* Sessions that are taken up again: when they must be, and when they must not. */
#include "base/clock.h"
#include "base/mem.h"
#include "http/tickets.h"
#include "tests/http/tls_client.h"
#include "tests/http/tls_place.h"
#include "tests/unit.h"

#include <string.h>

#define REQUEST "GET /certificate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

struct place {
	struct tls_place tls;
	struct pki other_root, client;
	struct world w;
};

static int
setup(void **state)
{
	static struct place p;
	struct au_http_config config;

	tls_place_make(&p.tls);
	p.other_root = pki_make(NULL, "Other root", NULL, 3600);
	p.client = pki_make(&p.tls.root, "okta", NULL, 3600);
	config = tls_place_config(&p.tls, AU_CLIENT_AUTH_OPTIONAL);
	world_start(&p.w, &config);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	world_stop(&p->w);
	au_clock_real();
	pki_done(&p->other_root);
	pki_done(&p->client);
	tls_place_remove(&p->tls);
	return 0;
}

static void
reload(struct place *p, enum au_http_client_auth auth)
{
	struct au_http_config config = tls_place_config(&p->tls, auth);
	struct au_err err = { 0 };

	if (au_http_server_configure(p->w.server, &config, &err) < 0)
		fail_msg("%s", err.text);
}

/* Talk once; was the session taken up? */
static bool
resumes(struct place *p, struct tls_client *client)
{
	AU_CLEANUP(au_freep) char *text = tls_talk(&p->w, client, REQUEST);

	assert_non_null(text);
	assert_int_equal(client_status(text), 200);
	return SSL_session_reused(client->ssl) == 1;
}

static void
client_resumes_and_is_still_known_by_its_certificate(void **state)
{
	struct place *p = *state;
	size_t i;

	for (i = 0; i < AU_COUNT(versions); i++) {
		AU_CLEANUP(au_freep) char *text = NULL;
		struct tls_client client;

		tls_client_init(&client, versions[i], versions[i], &p->client);
		assert_false(resumes(p, &client));
		text = tls_talk(&p->w, &client, REQUEST);
		assert_int_equal(SSL_session_reused(client.ssl), 1);
		assert_non_null(strstr(text, "CN=okta,O=Example"));
		tls_client_done(&client);
	}
}

static void
renewed_certificate_costs_nobody_a_full_handshake(void **state)
{
	struct place *p = *state;
	size_t i;

	for (i = 0; i < AU_COUNT(versions); i++) {
		struct tls_client client;

		tls_client_init(&client, versions[i], versions[i], NULL);
		assert_false(resumes(p, &client));
		tls_place_renew(&p->tls);
		reload(p, AU_CLIENT_AUTH_OPTIONAL);
		assert_true(resumes(p, &client));
		tls_client_done(&client);
	}
}

static void
another_judgement_of_clients_wants_a_full_handshake(void **state)
{
	struct place *p = *state;
	size_t i;

	for (i = 0; i < AU_COUNT(versions); i++) {
		struct tls_client client;

		tls_client_init(&client, versions[i], versions[i], &p->client);
		assert_false(resumes(p, &client));
		pki_write_certificate(&p->other_root, p->tls.authority);
		reload(p, AU_CLIENT_AUTH_OPTIONAL);
		/* The client's authority is trusted no longer. */
		assert_null(tls_talk(&p->w, &client, REQUEST));
		pki_write_certificate(&p->tls.root, p->tls.authority);
		reload(p, AU_CLIENT_AUTH_NONE);
		assert_false(resumes(p, &client));
		reload(p, AU_CLIENT_AUTH_REQUIRE);
		assert_false(resumes(p, &client));
		assert_true(resumes(p, &client));
		reload(p, AU_CLIENT_AUTH_OPTIONAL);
		tls_client_done(&client);
	}
}

static void
keys_of_tickets_change_and_are_forgotten(void **state)
{
	struct place *p = *state;
	size_t i;

	for (i = 0; i < AU_COUNT(versions); i++) {
		struct tls_client client;
		SSL_SESSION *first;

		au_clock_fake_set(au_clock_wall_ms(), au_clock_mono_ms());
		tls_client_init(&client, versions[i], versions[i], NULL);
		assert_false(resumes(p, &client));
		first = client.session;
		SSL_SESSION_up_ref(first);
		au_clock_fake_advance(AU_HTTP_TICKET_KEY_MS);
		/* The key before the current one still opens, and the client gets a ticket of the current one. */
		assert_true(resumes(p, &client));
		au_clock_fake_advance(AU_HTTP_TICKET_KEY_MS);
		assert_true(resumes(p, &client));
		SSL_SESSION_free(client.session);
		client.session = first;
		assert_false(resumes(p, &client));
		tls_client_done(&client);
	}
}

static void
ticket_of_another_process_is_worth_nothing(void **state)
{
	struct place *p = *state;
	struct tls_client client;
	struct au_http_config config = tls_place_config(&p->tls, AU_CLIENT_AUTH_OPTIONAL);

	tls_client_init(&client, TLS1_3_VERSION, TLS1_3_VERSION, NULL);
	assert_false(resumes(p, &client));
	world_stop(&p->w);
	world_start(&p->w, &config);
	assert_false(resumes(p, &client));
	tls_client_done(&client);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(client_resumes_and_is_still_known_by_its_certificate),
		LIVE(renewed_certificate_costs_nobody_a_full_handshake),
		LIVE(another_judgement_of_clients_wants_a_full_handshake),
		LIVE(keys_of_tickets_change_and_are_forgotten),
		LIVE(ticket_of_another_process_is_worth_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
