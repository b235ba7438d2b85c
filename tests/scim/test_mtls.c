/* SPDX-License-Identifier: ISC */
/* Clients with certificates: alone, beside a token, and in a token. */
#include "tests/http/tls_client.h"
#include "tests/scim/issuer.h"
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/rand.h"

#include <openssl/evp.h>
#include <unistd.h>

#define NOW_MS 1800000000000LL

static struct {
	struct au_arena *arena;
	char folder[64];
	const char *ca_file, *certificate, *key, *keys_file, *clients, *sections;
	json_t *signer;
	struct pki ca, server, alice, bob, shared;
} scene;

static const char *
path_in(const char *name)
{
	return au_arena_printf(scene.arena, "%s/%s", scene.folder, name);
}

static void
print_of(const struct pki *pki, unsigned char ret[32])
{
	unsigned len = 32;

	assert_int_equal(X509_digest(pki->cert, EVP_sha256(), ret, &len), 1);
}

static const char *
hex_of(const struct pki *pki)
{
	unsigned char print[32];
	char hex[65];

	print_of(pki, print);
	return au_arena_strdup(scene.arena, au_hex(print, sizeof print, hex));
}

static int
make_scene(void **state)
{
	const char *keys;

	(void)state;
	scene.arena = au_arena_new();
	snprintf(scene.folder, sizeof scene.folder, "/tmp/apiuserd-mtls-XXXXXX");
	assert_non_null(mkdtemp(scene.folder));
	scene.ca = pki_make(NULL, "an authority", NULL, 3600);
	scene.server = pki_make(&scene.ca, "127.0.0.1", "IP:127.0.0.1", 3600);
	scene.alice = pki_make(&scene.ca, "alice", "URI:spiffe://example/alice", 3600);
	scene.bob = pki_make(&scene.ca, "bob", "DNS:bob.example", 3600);
	scene.shared = pki_make(&scene.ca, "shared", NULL, 3600);
	scene.ca_file = path_in("ca");
	scene.certificate = path_in("cert");
	scene.key = path_in("key");
	scene.keys_file = path_in("keys");
	pki_write_certificate(&scene.ca, scene.ca_file);
	pki_write_certificate(&scene.server, scene.certificate);
	pki_write_key(&scene.server, scene.key);
	scene.signer = issuer_key(scene.arena, "ES256", "k");
	keys = issuer_set(scene.arena, (json_t *[]){ scene.signer, NULL });
	assert_int_equal(au_io_replace(scene.keys_file, 0600, keys, strlen(keys), NULL), 0);
	scene.clients = au_arena_printf(scene.arena,
	    ",\n{ name = \"alone\"; certificate = [ \"URI:spiffe://example/alice\" ]; certificate_alone = true; },\n"
	    "{ name = \"both\"; certificate = [ \"sha256:%s\", \"DNS:nobody.example\" ]; },\n"
	    "{ name = \"one\"; certificate = [ \"CN=shared,O=Example\" ]; certificate_alone = true; },\n"
	    "{ name = \"two\"; certificate = [ \"CN=other\", \"CN=shared,O=Example\" ]; certificate_alone = true; },\n"
	    "{ name = \"robot\"; jwt_issuer = \"idp\"; jwt_client = \"c1\"; }\n",
	    hex_of(&scene.bob));
	scene.sections = au_arena_printf(scene.arena,
	    "scim_issuers = ( { name = \"idp\"; issuer = \"https://issuer.example\"; audience = [ \"apiuserd\" ];"
	    " jwks_file = \"%s\"; } );\n",
	    scene.keys_file);
	return 0;
}

static int
drop_scene(void **state)
{
	(void)state;
	unlink(scene.ca_file);
	unlink(scene.certificate);
	unlink(scene.key);
	unlink(scene.keys_file);
	rmdir(scene.folder);
	pki_done(&scene.ca);
	pki_done(&scene.server);
	pki_done(&scene.alice);
	pki_done(&scene.bob);
	pki_done(&scene.shared);
	au_arena_free(scene.arena);
	return 0;
}

struct stand {
	struct serve *s;
	struct world tls; /* the endpoint once more, over TLS */
};

static void
listen_with_tls(struct stand *stand)
{
	struct au_http_config config = world_config();
	const char *key = au_arena_printf(scene.arena, "file:%s", scene.key);
	struct au_err err = { .code = 0 };

	config.tls_certificate = scene.certificate;
	config.tls_key = key;
	config.tls_client_ca = scene.ca_file;
	config.tls_client_auth = AU_CLIENT_AUTH_OPTIONAL;
	stand->tls.base = stand->s->base;
	if (au_http_server_new(stand->s->base, &config, au_scim_handle, stand->s->scim, &stand->tls.server, &err) !=
		0 ||
	    au_http_listen(stand->tls.server, "127.0.0.1:0", &stand->tls.port, &err) != 0)
		fail_msg("%s", err.text);
}

static int
set_up(void **state)
{
	static const char *const clients[] = { "alone", "both", "one", "robot" };
	struct stand *stand = au_xcalloc(1, sizeof *stand);
	struct serve *s;

	au_clock_fake_set(NOW_MS, 1000000);
	if (serve_start(state) != 0)
		return -1;
	s = stand->s = *state;
	s->more_clients = scene.clients;
	s->more_scim = au_arena_printf(s->arena,
	    "tls_certificate = \"%s\"; tls_key = \"file:%s\"; tls_client_auth = \"optional\"; tls_client_ca = \"%s\";",
	    scene.certificate, scene.key, scene.ca_file);
	serve_reload(s, scene.sections);
	for (size_t i = 0; i < AU_COUNT(clients); i++)
		serve_token(s, clients[i], clients[i], NULL);
	listen_with_tls(stand);
	*state = stand;
	return 0;
}

static int
tear_down(void **state)
{
	struct stand *stand = *state;

	*state = stand->s;
	au_http_server_free(stand->tls.server);
	free(stand);
	return serve_stop(state);
}

/* GET /Users with this certificate and this token, both may be NULL. */
static int
status_with(struct stand *stand, const struct pki *identity, const char *token)
{
	struct serve *s = stand->s;
	const char *field = token != NULL ? au_arena_printf(s->arena, "Authorization: Bearer %s\r\n", token) : "";
	struct tls_client client;
	int status = 0;

	tls_client_init(&client, TLS1_3_VERSION, TLS1_3_VERSION, identity);
	for (int i = 0; i < 2; i++) {
		/* the second time on a resumed session and from memory */
		AU_CLEANUP(au_freep)
		char *answer = tls_talk(&stand->tls, &client,
		    au_arena_printf(s->arena, "GET /Users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n", field));

		assert_non_null(answer);
		if (i > 0)
			assert_int_equal(client_status(answer), status);
		status = client_status(answer);
		au_clock_fake_advance(1000);
	}
	tls_client_done(&client);
	return status;
}

static const char *
token_of(const struct stand *stand, const char *client)
{
	return au_secret_text(au_map_get(stand->s->tokens, client));
}

static void
a_certificate_alone_is_enough_where_it_may(void **state)
{
	struct stand *stand = *state;

	assert_int_equal(status_with(stand, &scene.alice, NULL), 200);
	assert_int_equal(status_with(stand, &scene.bob, NULL), 401);
	assert_int_equal(status_with(stand, NULL, NULL), 401);
	/* of two clients that it fits it is none */
	assert_int_equal(status_with(stand, &scene.shared, NULL), 401);
	assert_int_equal(status_with(stand, &scene.alice, token_of(stand, "alone")), 200);
	assert_int_equal(status_with(stand, &scene.alice, "nonsense"), 401);
}

static void
a_token_counts_on_its_own_connection_only(void **state)
{
	struct stand *stand = *state;
	struct answer answer;

	assert_int_equal(status_with(stand, &scene.bob, token_of(stand, "both")), 200);
	assert_int_equal(status_with(stand, &scene.alice, token_of(stand, "both")), 401);
	assert_int_equal(status_with(stand, NULL, token_of(stand, "both")), 401);
	answer = ask(stand->s, "both", "GET", "/Users", NULL);
	expect(&answer, 401, stand->s, "{'detail':'the bearer token is not valid'}");
	assert_int_equal(status_with(stand, &scene.bob, token_of(stand, "alone")), 401);
	/* who is held to no certificate may show any */
	assert_int_equal(status_with(stand, &scene.bob, token_of(stand, "okta")), 200);
	assert_int_equal(status_with(stand, &scene.shared, token_of(stand, "one")), 200);
}

static void
a_jwt_is_bound_to_its_certificate(void **state)
{
	struct stand *stand = *state;
	struct serve *s = stand->s;
	unsigned char print[32];
	AU_CLEANUP(au_freep) char *encoded = NULL;
	const char *token;

	print_of(&scene.alice, print);
	encoded = au_base64url(print, sizeof print);
	token = issuer_token(s->arena, scene.signer, "{}",
	    au_arena_printf(s->arena,
		"{'iss':'https://issuer.example','aud':'apiuserd','exp':1800000600,'client_id':'c1',"
		"'cnf':{'x5t#S256':'%s'}}",
		encoded));
	assert_int_equal(status_with(stand, &scene.alice, token), 200);
	assert_int_equal(status_with(stand, &scene.bob, token), 401);
	assert_int_equal(status_with(stand, NULL, token), 401);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(a_certificate_alone_is_enough_where_it_may),
		TEST(a_token_counts_on_its_own_connection_only),
		TEST(a_jwt_is_bound_to_its_certificate),
	};

	return cmocka_run_group_tests(tests, make_scene, drop_scene);
}
