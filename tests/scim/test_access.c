/* SPDX-License-Identifier: ISC */
/* Tokens, clients and their rates. */
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "scim/token.h"
#include "store/client.h"

static void
clients_see_only_their_own(void **state)
{
	struct serve *s = *state;
	const char *bob = path_of(s, "Users", make_user(s, "bob"));
	struct answer answer = ask(s, "entra", "GET", bob, NULL);

	expect(&answer, 404, s, NULL);
	answer = ask(s, "entra", "GET", "/Users", NULL);
	expect(&answer, 200, s, "{'totalResults':0}");
	answer = ask(s, "entra", "DELETE", bob, NULL);
	expect(&answer, 404, s, NULL);
	answer = ask(s, "entra", "POST", "/Users", "{'userName':'bob'}");
	expect(&answer, 201, s, NULL);
	answer = ask(s, "entra", "POST", "/Groups",
	    au_arena_printf(s->arena, "{'displayName':'g','members':[{'value':'%s'}]}", bob + 7));
	expect(&answer, 400, s, "{'scimType':'invalidValue'}");
	check(s, "GET", bob, NULL, 200, NULL);
}

static struct answer
ask_with_token(struct serve *s, const char *token)
{
	return ask_with(s, NULL, au_arena_printf(s->arena, "Authorization: %s\r\n", token), "GET", "/Users", NULL);
}

static void
tokens_are_needed(void **state)
{
	struct serve *s = *state;
	const char *good = au_secret_text(au_map_get(s->tokens, "okta"));
	char *other = au_arena_strdup(s->arena, good);
	struct answer answer = ask_with(s, NULL, "", "GET", "/Users", NULL);

	expect(&answer, 401, s, "{'status':'401','schemas':['urn:ietf:params:scim:api:messages:2.0:Error']}");
	assert_string_equal(field_of(s, &answer, "WWW-Authenticate"), "Bearer realm=\"apiuserd\"");
	answer = ask_with(s, NULL, "", "GET", "/Nothing", NULL);
	expect(&answer, 401, s, NULL);
	answer = ask_with(s, NULL, "", "GET", "/ServiceProviderConfig", NULL);
	expect(&answer, 200, s, NULL);
	answer = ask_with(s, NULL, "", "GET", "/Schemas", NULL);
	expect(&answer, 401, s, NULL);

	answer = ask_with_token(s, au_arena_printf(s->arena, "bearer   %s", good));
	expect(&answer, 200, s, NULL);
	answer = ask_with_token(s, "Basic eDp5");
	expect(&answer, 401, s, NULL);
	answer = ask_with_token(s, "Bearer nonsense");
	expect(&answer, 401, s, NULL);
	assert_string_equal(
	    field_of(s, &answer, "WWW-Authenticate"), "Bearer realm=\"apiuserd\", error=\"invalid_token\"");
	other[strlen(other) - 1] = other[strlen(other) - 1] == 'A' ? 'E' : 'A';
	answer = ask_with_token(s, au_arena_printf(s->arena, "Bearer %s", other));
	expect(&answer, 401, s, NULL);
	answer = ask_with_token(s, "Bearer apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	expect(&answer, 401, s, NULL);
}

static int
revoke(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_token_revoke(tx, arg, NULL, au_clock_wall_ms(), err);
}

static void
revoked_tokens_are_refused_at_once(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask(s, "entra", "GET", "/Users", NULL);

	expect(&answer, 200, s, NULL);
	assert_int_equal(au_store_run(s->store, revoke, (void *)(uintptr_t) "entra", NULL), 0);
	answer = ask(s, "entra", "GET", "/Users", NULL);
	expect(&answer, 401, s, NULL);
	check(s, "GET", "/Users", NULL, 200, NULL);
}

static void
clients_have_a_rate(void **state)
{
	struct serve *s = *state;
	struct answer answer;

	au_clock_fake_set(1800000000000, 1000000);
	for (int i = 0; i < 2; i++) {
		answer = ask(s, "slow", "GET", "/Users", NULL);
		expect(&answer, 200, s, NULL);
	}
	answer = ask(s, "slow", "GET", "/Users", NULL);
	expect(&answer, 429, s, "{'status':'429'}");
	assert_string_equal(field_of(s, &answer, "Retry-After"), "1");
	check(s, "GET", "/Users", NULL, 200, NULL);
	au_clock_fake_advance(600);
	answer = ask(s, "slow", "GET", "/Users", NULL);
	expect(&answer, 200, s, NULL);
}

static void
guessing_tokens_is_slowed_down(void **state)
{
	struct serve *s = *state;
	int refused = 0, slowed = 0;

	au_clock_fake_set(1800000000000, 1000000);
	for (int i = 0; i < 20; i++) {
		struct answer answer =
		    ask_with_token(s, "Bearer apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

		refused += answer.status == 401;
		slowed += answer.status == 429;
	}
	assert_int_equal(refused, 5);
	assert_int_equal(slowed, 15);
	check(s, "GET", "/Users", NULL, 200, NULL);
}

/* Where no password is taken, none gets in by any way, and the answer says why; elsewhere it is not kept. */
static void
passwords_are_refused_where_the_client_says_so(void **state)
{
	struct serve *s = *state;
	struct answer made = ask(s, "wary", "POST", "/Users", "{'userName':'bob','password':null}");
	const char *path = path_of(s, "Users", text_of(&made, "id"));
	const struct {
		const char *method, *path, *body;
	} rows[] = {
		{ "POST", "/Users", "{'userName':'eve','password':'canary-pw'}" },
		{ "PUT", path, "{'userName':'bob','PassWord':'canary-pw'}" },
		{ "PATCH", path, "{'Operations':[{'op':'add','path':'password','value':'canary-pw'}]}" },
		{ "PATCH", path,
		    "{'Operations':[{'op':'replace','value':{'title':'x','urn:ietf:params:scim:schemas:core:2.0:User:"
		    "password':'canary-pw'}}]}" },
	};

	expect(&made, 201, s, "{'userName':'bob'}");
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct answer answer = ask(s, "wary", rows[i].method, rows[i].path, rows[i].body);

		expect(&answer, 400, s, "{'scimType':'invalidValue'}");
		assert_non_null(strstr(text_of(&answer, "detail"), "password"));
		assert_null(strstr(answer.text, "canary-pw"));
	}
	made = ask(s, "wary", "GET", path, NULL);
	expect(&made, 200, s, "{'title':null,'meta':{'version':'W/\\'1\\''}}");
	made = ask(s, "wary", "PATCH", path,
	    "{'Operations':[{'op':'remove','path':'password'},{'op':'add','path':'title','value':'x'}]}");
	expect(&made, 200, s, "{'title':'x'}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(clients_see_only_their_own),
		TEST(tokens_are_needed),
		TEST(revoked_tokens_are_refused_at_once),
		TEST(clients_have_a_rate),
		TEST(guessing_tokens_is_slowed_down),
		TEST(passwords_are_refused_where_the_client_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
