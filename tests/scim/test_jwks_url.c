/* SPDX-License-Identifier: ISC */
/* Keys over https by the real helper: fetched, kept when they cannot be had, and looked for when one is new. */
#include "tests/http/pki.h"
#include "tests/scim/issuer.h"
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "scim/fetcher.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HELPER "daemon/fetchd/apiuserd-fetch"
#define NOW_MS 1800000000000LL
#define CLAIMS "{'iss':'https://issuer.example','aud':'apiuserd','exp':1800000600,'client_id':'c1'}"

/* The issuer's web server. */
struct web {
	struct au_http_server *server;
	int port;
	const char *document; /* NULL: 500 */
	unsigned requests;
};

static struct {
	struct au_arena *arena;
	json_t *first, *second;
	char folder[64];
	const char *ca_file, *other_ca_file, *certificate, *key;
	struct web web;
} scene;

static void
web_handle(void *ctx, struct au_http_exchange *x)
{
	struct web *web = ctx;
	const char *path = au_http_path(x);

	web->requests++;
	if (strcmp(path, "/down") == 0)
		au_http_set(x, "Location", "http://127.0.0.1:1/keys");
	if (strcmp(path, "/moved") == 0)
		au_http_set(x, "Location", "/keys");
	if (strcmp(path, "/round") == 0)
		au_http_set(x, "Location", "/round");
	if (strcmp(path, "/big") == 0) {
		AU_CLEANUP(au_freep) char *big = au_xcalloc(1, 1100000);

		memset(big, ' ', 1100000);
		au_http_reply(x, 200, "application/json", big, 1100000);
	} else if (strcmp(path, "/nul") == 0) {
		au_http_reply(x, 200, "application/json", "{}\0x", 4);
	} else if (strcmp(path, "/latin") == 0) {
		au_http_reply(x, 200, "application/json", "{\"\xe9\":1}", 7);
	} else if (strcmp(path, "/keys") != 0) {
		au_http_reply(x, strcmp(path, "/none") == 0 ? 404 : 302, NULL, NULL, 0);
	} else if (web->document == NULL) {
		au_http_reply(x, 500, NULL, NULL, 0);
	} else {
		au_http_reply(x, 200, "application/jwk-set+json", web->document, strlen(web->document));
	}
}

static void
web_start(struct web *web, struct event_base *base)
{
	AU_CLEANUP(au_freep) char *key = au_xasprintf("file:%s", scene.key);
	struct au_http_config config = { .max_head = 16384,
		.max_body = 1024,
		.max_headers = 100,
		.max_connections = 100,
		.max_per_peer = 100,
		.head_timeout_ms = 60000,
		.body_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.write_timeout_ms = 60000,
		.tls_certificate = scene.certificate,
		.tls_key = key };
	struct au_err err = { .code = 0 };

	if (au_http_server_new(base, &config, web_handle, web, &web->server, &err) != 0 ||
	    au_http_listen(web->server, "127.0.0.1:0", &web->port, &err) != 0)
		fail_msg("%s", err.text);
	web->requests = 0;
}

static int
make_scene(void **state)
{
	struct pki ca = pki_make(NULL, "an authority", NULL, 3600), other = pki_make(NULL, "another", NULL, 3600);
	struct pki server = pki_make(&ca, "127.0.0.1", "IP:127.0.0.1", 3600);

	(void)state;
	scene.arena = au_arena_new();
	scene.first = issuer_key(scene.arena, "ES256", "k1");
	scene.second = issuer_key(scene.arena, "ES256", "k2");
	snprintf(scene.folder, sizeof scene.folder, "/tmp/apiuserd-web-XXXXXX");
	assert_non_null(mkdtemp(scene.folder));
	scene.ca_file = au_arena_printf(scene.arena, "%s/ca", scene.folder);
	scene.other_ca_file = au_arena_printf(scene.arena, "%s/other", scene.folder);
	scene.certificate = au_arena_printf(scene.arena, "%s/cert", scene.folder);
	scene.key = au_arena_printf(scene.arena, "%s/key", scene.folder);
	pki_write_certificate(&ca, scene.ca_file);
	pki_write_certificate(&other, scene.other_ca_file);
	pki_write_certificate(&server, scene.certificate);
	pki_write_key(&server, scene.key);
	pki_done(&ca);
	pki_done(&other);
	pki_done(&server);
	return 0;
}

static int
drop_scene(void **state)
{
	(void)state;
	unlink(scene.ca_file);
	unlink(scene.other_ca_file);
	unlink(scene.certificate);
	unlink(scene.key);
	rmdir(scene.folder);
	au_arena_free(scene.arena);
	return 0;
}

/* ---- the fetcher alone ---- */

struct fetched {
	bool is_done;
	int code;
	char *body;
	char text[AU_ERR_TEXT];
};

static void
on_fetched(void *ctx, const char *body_or_null, const struct au_err *err)
{
	struct fetched *fetched = ctx;

	assert_false(fetched->is_done);
	fetched->is_done = true;
	fetched->body = au_xstrdup(body_or_null);
	fetched->code = body_or_null != NULL ? 0 : err->code;
	memcpy(fetched->text, body_or_null != NULL ? "" : err->text, body_or_null != NULL ? 1 : sizeof fetched->text);
}

static void
expect_fetch(
    struct event_base *base, struct au_fetcher *fetcher, const char *url, const char *ca_file, const char *word_or_null)
{
	struct fetched fetched = { .is_done = false };

	au_fetcher_get(fetcher, url, ca_file, on_fetched, &fetched);
	assert_false(fetched.is_done);
	while (!fetched.is_done)
		assert_true(event_base_loop(base, EVLOOP_ONCE) >= 0);
	if ((fetched.code == 0) != (word_or_null == NULL))
		fail_msg("%s: %s", url, fetched.code == 0 ? "was fetched" : fetched.text);
	if (word_or_null != NULL && strcasestr(fetched.text, word_or_null) == NULL)
		fail_msg("%s: '%s' does not say '%s'", url, fetched.text, word_or_null);
	if (word_or_null == NULL)
		assert_string_equal(fetched.body, "{\"a\":1}");
	free(fetched.body);
}

static void
documents_come_over_https_only(void **state)
{
	struct event_base *base = event_base_new();
	struct au_fetcher *fetcher = au_fetcher_new(base, HELPER);
	struct web web = { .document = "{\"a\":1}" };
	const char *at;

	(void)state;
	web_start(&web, base);
	at = au_arena_printf(scene.arena, "https://127.0.0.1:%d", web.port);
#define AT(path) au_arena_printf(scene.arena, "%s%s", at, path)
	expect_fetch(base, fetcher, AT("/keys"), scene.ca_file, NULL);
	expect_fetch(base, fetcher, AT("/moved"), scene.ca_file, NULL);
	expect_fetch(base, fetcher, AT("/keys"), scene.other_ca_file, "certificate");
	expect_fetch(base, fetcher, AT("/keys"), NULL, "certificate");
	expect_fetch(base, fetcher, au_arena_printf(scene.arena, "https://localhost:%d/keys", web.port), scene.ca_file,
	    "certificate");
	expect_fetch(base, fetcher, AT("/keys"), "/nowhere/ca", "cert");
	expect_fetch(base, fetcher, AT("/down"), scene.ca_file, "https");
	expect_fetch(base, fetcher, AT("/round"), scene.ca_file, "redirects");
	expect_fetch(base, fetcher, AT("/none"), scene.ca_file, "404");
	expect_fetch(base, fetcher, AT("/big"), scene.ca_file, "more than");
	expect_fetch(base, fetcher, AT("/nul"), scene.ca_file, "not text");
	expect_fetch(base, fetcher, "http://127.0.0.1:1/", NULL, "https");
	expect_fetch(base, fetcher, "file:///etc/passwd", NULL, "https");
	expect_fetch(base, fetcher, "https://127.0.0.1:1/", NULL, "connect");
	web.document = NULL;
	expect_fetch(base, fetcher, AT("/keys"), scene.ca_file, "500");
	web.document = "{\"a\":1}";
	expect_fetch(base, fetcher, AT("/keys"), scene.ca_file, NULL);
#undef AT
	au_fetcher_free(fetcher);
	au_http_server_free(web.server);
	event_base_free(base);
}

static void
several_orders_are_answered_in_turn_or_forgotten(void **state)
{
	struct event_base *base = event_base_new();
	struct au_fetcher *fetcher = au_fetcher_new(base, HELPER);
	struct web web = { .document = "{\"a\":1}" };
	struct fetched fetched[3] = { { .is_done = false } };
	const char *url;

	(void)state;
	web_start(&web, base);
	url = au_arena_printf(scene.arena, "https://127.0.0.1:%d/keys", web.port);
	for (size_t i = 0; i < AU_COUNT(fetched); i++)
		au_fetcher_get(fetcher, url, scene.ca_file, on_fetched, &fetched[i]);
	au_fetcher_cancel(fetcher, &fetched[1]);
	while (!fetched[2].is_done)
		event_base_loop(base, EVLOOP_ONCE);
	assert_true(fetched[0].is_done);
	assert_false(fetched[1].is_done);
	free(fetched[0].body);
	free(fetched[2].body);
	au_fetcher_free(fetcher);
	au_http_server_free(web.server);
	event_base_free(base);
}

static void
a_helper_that_is_not_there_is_told(void **state)
{
	struct event_base *base = event_base_new();
	struct au_fetcher *fetcher = au_fetcher_new(base, "daemon/fetchd/nothing");

	(void)state;
	expect_fetch(base, fetcher, "https://127.0.0.1:1/", NULL, "helper");
	au_fetcher_free(fetcher);
	event_base_free(base);
}

/* ---- at the endpoint ---- */

static int
set_up(void **state)
{
	struct serve *s;

	au_clock_fake_set(NOW_MS, 1000000);
	scene.web.document = issuer_set(scene.arena, (json_t *[]){ scene.first, NULL });
	if (serve_start(state) != 0)
		return -1;
	s = *state;
	web_start(&scene.web, s->base);
	s->more_clients =
	    ",\n{ name = \"robot\"; jwt_issuer = \"idp\"; jwt_client = \"c1\"; max_requests_per_second = 100000; }\n";
	serve_reload(s,
	    au_arena_printf(s->arena,
		"scim_issuers = ( { name = \"idp\"; issuer = \"https://issuer.example\"; audience = [ \"apiuserd\" ];"
		" jwks_url = \"https://127.0.0.1:%d/keys\"; ca_file = \"%s\"; } );\n",
		scene.web.port, scene.ca_file));
	return 0;
}

static int
tear_down(void **state)
{
	au_http_server_free(scene.web.server);
	return serve_stop(state);
}

static const char *
fields_of(struct serve *s, json_t *key)
{
	return au_arena_printf(s->arena, "Authorization: Bearer %s\r\n", issuer_token(s->arena, key, "{}", CLAIMS));
}

static int
status_of(struct serve *s, json_t *key)
{
	return ask_with(s, NULL, fields_of(s, key), "GET", "/Users", NULL).status;
}

static void
requests_wait_for_the_first_keys(void **state)
{
	struct serve *s = *state;
	int fds[3];

	for (size_t i = 0; i < AU_COUNT(fds); i++)
		fds[i] = ask_begin(s, NULL, fields_of(s, i < 2 ? scene.first : scene.second), "GET", "/Users", NULL);
	assert_int_equal(ask_end(s, fds[0]).status, 200);
	assert_int_equal(ask_end(s, fds[1]).status, 200);
	assert_int_equal(ask_end(s, fds[2]).status, 401);
	assert_int_equal(scene.web.requests, 1);
}

static void
a_new_key_is_looked_for_once_in_a_while(void **state)
{
	struct serve *s = *state;

	assert_int_equal(status_of(s, scene.first), 200);
	scene.web.document = issuer_set(scene.arena, (json_t *[]){ scene.first, scene.second, NULL });
	/* too soon after the last fetch */
	assert_int_equal(status_of(s, scene.second), 401);
	assert_int_equal(scene.web.requests, 1);
	au_clock_fake_advance(30 * 1000);
	assert_int_equal(status_of(s, scene.second), 200);
	assert_int_equal(scene.web.requests, 2);
	assert_int_equal(status_of(s, scene.first), 200);
	assert_int_equal(scene.web.requests, 2);
}

static void
keys_stay_when_the_server_fails(void **state)
{
	struct serve *s = *state;

	assert_int_equal(status_of(s, scene.first), 200);
	scene.web.document = NULL;
	au_clock_fake_advance(30 * 1000);
	assert_int_equal(status_of(s, scene.second), 401);
	assert_int_equal(scene.web.requests, 2);
	assert_int_equal(status_of(s, scene.first), 200);
	scene.web.document = "{\"keys\":[]}";
	au_clock_fake_advance(30 * 1000);
	assert_int_equal(status_of(s, scene.second), 401);
	assert_int_equal(status_of(s, scene.first), 200);
}

/* A key that the issuer took back is no good from the next fetch on, whatever was kept in memory. */
static void
a_key_that_is_gone_ends_its_tokens(void **state)
{
	struct serve *s = *state;

	assert_int_equal(status_of(s, scene.first), 200);
	scene.web.document = issuer_set(scene.arena, (json_t *[]){ scene.second, NULL });
	au_clock_fake_advance(30 * 1000);
	assert_int_equal(status_of(s, scene.second), 200);
	assert_int_equal(status_of(s, scene.first), 401);
}

static void
whoever_waits_is_answered_at_the_end(void **state)
{
	struct serve *s = *state;
	int fd = ask_begin(s, NULL, fields_of(s, scene.first), "GET", "/Users", NULL);

	/* until the request waits; then everything is taken down around it */
	event_base_loop(s->base, EVLOOP_ONCE);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_come_over_https_only),
		cmocka_unit_test(several_orders_are_answered_in_turn_or_forgotten),
		cmocka_unit_test(a_helper_that_is_not_there_is_told),
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(requests_wait_for_the_first_keys),
		TEST(a_new_key_is_looked_for_once_in_a_while),
		TEST(keys_stay_when_the_server_fails),
		TEST(a_key_that_is_gone_ends_its_tokens),
		TEST(whoever_waits_is_answered_at_the_end),
	};

	signal(SIGPIPE, SIG_IGN); /* as the daemon has it: a helper that is gone is an error of write(2) */
	return cmocka_run_group_tests(tests, make_scene, drop_scene);
}
