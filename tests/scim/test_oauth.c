/* SPDX-License-Identifier: ISC */
/* JWTs of a configured issuer at the endpoint: whose they are, what they are good for, and how their keys change. */
#include "tests/scim/issuer.h"
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "base/io.h"

#include <unistd.h>

#define NOW_MS 1800000000000LL
#define CLAIMS "'iss':'https://issuer.example','aud':'apiuserd','exp':1800000600"

static struct {
	struct au_arena *arena;
	json_t *first, *second, *stranger;
	char *file;
	char *sections;
} scene;

static void
publish(json_t *one, json_t *other)
{
	const char *text = issuer_set(scene.arena, (json_t *[]){ one, other, NULL });

	assert_int_equal(au_io_replace(scene.file, 0600, text, strlen(text), NULL), 0);
}

static int
make_scene(void **state)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	(void)state;
	scene.arena = au_arena_new();
	scene.first = issuer_key(scene.arena, "ES256", "k1");
	scene.second = issuer_key(scene.arena, "ES256", "k2");
	scene.stranger = issuer_key(scene.arena, "ES256", "k1");
	scene.file = au_xasprintf("%s/apiuserd-keys-XXXXXX", tmp != NULL ? tmp : "/tmp");
	fd = mkstemp(scene.file);
	assert_true(fd >= 0);
	close(fd);
	scene.sections = au_xasprintf("scim_issuers = ( { name = \"idp\"; issuer = \"https://issuer.example\";"
				      " audience = [ \"apiuserd\" ]; jwks_file = \"%s\"; },\n"
				      " { name = \"broken\"; issuer = \"https://broken.example\";"
				      " audience = [ \"apiuserd\" ]; jwks_file = \"/nowhere/keys\"; } );\n",
	    scene.file);
	return 0;
}

static int
drop_scene(void **state)
{
	(void)state;
	unlink(scene.file);
	free(scene.file);
	free(scene.sections);
	au_arena_free(scene.arena);
	return 0;
}

static int
set_up(void **state)
{
	publish(scene.first, NULL);
	au_clock_fake_set(NOW_MS, 1000000);
	return serve_start_for(state,
	    ",\n{ name = \"robot\"; jwt_issuer = \"idp\"; jwt_client = \"c1\"; max_requests_per_second = 100000; },\n"
	    "{ name = \"other\"; jwt_issuer = \"idp\"; jwt_client = \"c2\"; max_requests_per_second = 100000; },\n"
	    "{ name = \"lost\"; jwt_issuer = \"broken\"; jwt_client = \"c1\"; }\n",
	    scene.sections);
}

static struct answer
ask_as(struct serve *s, json_t *key, const char *claims, const char *method, const char *path, const char *body)
{
	const char *token = issuer_token(s->arena, key, "{'typ':'at+jwt'}", claims);

	return ask_with(s, NULL, au_arena_printf(s->arena, "Authorization: Bearer %s\r\n", token), method, path, body);
}

static int
status_of(struct serve *s, json_t *key, const char *claims)
{
	return ask_as(s, key, claims, "GET", "/Users", NULL).status;
}

static void
a_token_is_the_client_it_names(void **state)
{
	struct serve *s = *state;
	struct answer answer =
	    ask_as(s, scene.first, "{" CLAIMS ",'client_id':'c1'}", "POST", "/Users", "{'userName':'ann'}");

	expect(&answer, 201, s, NULL);
	for (int i = 0; i < 2; i++) {
		/* the second time from memory */
		answer = ask_as(s, scene.first, "{" CLAIMS ",'client_id':'c1'}", "GET", "/Users", NULL);
		expect(&answer, 200, s, "{'totalResults':1}");
		answer = ask_as(s, scene.first, "{" CLAIMS ",'client_id':'c2'}", "GET", "/Users", NULL);
		expect(&answer, 200, s, "{'totalResults':0}");
	}
	/* tokens of our own go on beside */
	answer = ask(s, "robot", "GET", "/Users", NULL);
	expect(&answer, 200, s, "{'totalResults':1}");
}

static void
bad_tokens_are_refused_alike(void **state)
{
	static const char *const claims[] = {
		"{" CLAIMS "}",
		"{" CLAIMS ",'client_id':'c3'}",
		"{" CLAIMS ",'client_id':'okta'}",
		"{" CLAIMS ",'client_id':['c1']}",
		"{" CLAIMS ",'client_id':'c1','nbf':1800000100}",
		"{'iss':'https://issuer.example','aud':'apiuserd','exp':1700000000,'client_id':'c1'}",
		"{'iss':'https://issuer.example','aud':'other','exp':1800000600,'client_id':'c1'}",
		"{'iss':'https://other.example','aud':'apiuserd','exp':1800000600,'client_id':'c1'}",
		"{" CLAIMS ",'client_id':'c1','cnf':{'jkt':'x'}}",
	};
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(claims); i++) {
		struct answer answer = ask_as(s, scene.first, claims[i], "GET", "/Users", NULL);

		expect(&answer, 401, s, "{'status':'401','detail':'the bearer token is not valid'}");
		assert_string_equal(
		    field_of(s, &answer, "WWW-Authenticate"), "Bearer realm=\"apiuserd\", error=\"invalid_token\"");
		au_clock_fake_advance(1000);
	}
	assert_int_equal(status_of(s, scene.stranger, "{" CLAIMS ",'client_id':'c1'}"), 401);
	assert_int_equal(status_of(s, scene.second, "{" CLAIMS ",'client_id':'c1'}"), 401);
}

static void
scopes_of_a_token_count(void **state)
{
	static const char look[] = "{" CLAIMS ",'client_id':'c1','scope':'openid users read-only'}";
	struct serve *s = *state;
	struct answer answer = ask_as(s, scene.first, look, "GET", "/Users", NULL);

	for (int i = 0; i < 2; i++) {
		expect(&answer, 200, s, NULL);
		answer = ask_as(s, scene.first, look, "POST", "/Users", "{'userName':'x'}");
		expect(&answer, 403, s, NULL);
		answer = ask_as(s, scene.first, look, "GET", "/Groups", NULL);
		expect(&answer, 403, s, NULL);
		answer = ask_as(s, scene.first, look, "GET", "/Users", NULL);
	}
	assert_int_equal(status_of(s, scene.first, "{" CLAIMS ",'client_id':'c1','scope':'openid'}"), 403);
	assert_int_equal(status_of(s, scene.first, "{" CLAIMS ",'client_id':'c1','scope':'scim'}"), 200);
}

/* Forged signatures cost their sender more than us; whoever is known already does not notice. */
static void
many_bad_signatures_are_not_even_checked(void **state)
{
	static const char good[] = "{" CLAIMS ",'client_id':'c1'}", new[] = "{" CLAIMS ",'client_id':'c1','jti':'2'}";
	struct serve *s = *state;
	const char *known =
	    au_arena_printf(s->arena, "Authorization: Bearer %s\r\n", issuer_token(s->arena, scene.first, "{}", good));
	int refused = 0, slowed = 0;

	assert_int_equal(ask_with(s, NULL, known, "GET", "/Users", NULL).status, 200);
	for (int i = 0; i < 8; i++) {
		int status = status_of(s, scene.stranger, good);

		refused += status == 401;
		slowed += status == 429;
	}
	assert_int_equal(refused, 5);
	assert_int_equal(slowed, 3);
	assert_int_equal(ask_with(s, NULL, known, "GET", "/Users", NULL).status, 200);
	assert_int_equal(ask(s, "robot", "GET", "/Users", NULL).status, 200);
	assert_int_equal(status_of(s, scene.first, new), 429);
	au_clock_fake_advance(1000);
	assert_int_equal(status_of(s, scene.first, new), 200);
}

static void
discovery_tells_of_issuers(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask(s, NULL, "GET", "/ServiceProviderConfig", NULL);

	expect(&answer, 200, s, NULL);
	assert_string_equal(
	    au_json_get_str(json_array_get(json_object_get(answer.body, "authenticationSchemes"), 1), "type"),
	    "oauth2");
	s->more_clients = "";
	serve_reload(s, "");
	answer = ask(s, NULL, "GET", "/ServiceProviderConfig", NULL);
	assert_int_equal(json_array_size(json_object_get(answer.body, "authenticationSchemes")), 1);
}

/* What is kept in memory ends with the token, not with the next reload. */
static void
a_token_ends_in_time(void **state)
{
	static const char claims[] = "{" CLAIMS ",'client_id':'c1'}";
	struct serve *s = *state;
	const char *fields = au_arena_printf(
	    s->arena, "Authorization: Bearer %s\r\n", issuer_token(s->arena, scene.first, "{}", claims));

	assert_int_equal(ask_with(s, NULL, fields, "GET", "/Users", NULL).status, 200);
	au_clock_fake_advance(600 * 1000 + 59 * 1000);
	assert_int_equal(ask_with(s, NULL, fields, "GET", "/Users", NULL).status, 200);
	au_clock_fake_advance(1000);
	assert_int_equal(ask_with(s, NULL, fields, "GET", "/Users", NULL).status, 401);
}

static void
a_reload_brings_new_keys_and_ends_old_ones(void **state)
{
	static const char claims[] = "{" CLAIMS ",'client_id':'c1'}";
	struct serve *s = *state;

	assert_int_equal(status_of(s, scene.first, claims), 200);
	publish(scene.second, NULL);
	serve_reload(s, scene.sections);
	assert_int_equal(status_of(s, scene.first, claims), 401);
	assert_int_equal(status_of(s, scene.second, claims), 200);
	/* a file that cannot be used leaves the keys that there are */
	assert_int_equal(au_io_replace(scene.file, 0600, "{}", 2, NULL), 0);
	serve_reload(s, scene.sections);
	assert_int_equal(status_of(s, scene.second, claims), 200);
}

static void
without_keys_nobody_is_told_that_a_token_is_bad(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask_as(s, scene.first,
	    "{'iss':'https://broken.example','aud':'apiuserd','exp':1800000600,'client_id':'c1'}", "GET", "/Users",
	    NULL);

	expect(&answer, 503, s, "{'status':'503'}");
	assert_null(field_of(s, &answer, "WWW-Authenticate"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, serve_stop)
		TEST(a_token_is_the_client_it_names),
		TEST(bad_tokens_are_refused_alike),
		TEST(scopes_of_a_token_count),
		TEST(many_bad_signatures_are_not_even_checked),
		TEST(discovery_tells_of_issuers),
		TEST(a_token_ends_in_time),
		TEST(a_reload_brings_new_keys_and_ends_old_ones),
		TEST(without_keys_nobody_is_told_that_a_token_is_bad),
	};

	return cmocka_run_group_tests(tests, make_scene, drop_scene);
}
