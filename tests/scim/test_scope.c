/* SPDX-License-Identifier: ISC */
/* Scopes of tokens: what each route lets through, and what is told about what it does not. */
#include "tests/scim/serve.h"

struct scope_row {
	const char *token, *method, *path, *body;
	int status;
};

static void
expect_scope(struct serve *s, const struct scope_row *row, const char *user, const char *group)
{
	const char *id = strncmp(row->path, "/Users", 6) == 0 ? user : group;
	const char *at = strstr(row->path, "ID") != NULL
			     ? path_of(s, strncmp(row->path, "/Users", 6) == 0 ? "Users" : "Groups", id)
			     : row->path;
	struct answer answer = ask(s, row->token, row->method, at, row->body);
	const char *challenge = field_of(s, &answer, "WWW-Authenticate");

	if (answer.status != row->status)
		fail_msg("%s %s as %s: %d %s", row->method, at, row->token, answer.status, answer.text);
	if (row->status != 403)
		return;
	if (answer.body != NULL)
		expect(&answer, 403, s, "{'status':'403','scimType':null}");
	assert_non_null(strstr(challenge, "error=\"insufficient_scope\""));
}

static const char *
make_group(struct serve *s, const char *name)
{
	struct answer answer =
	    check(s, "POST", "/Groups", au_arena_printf(s->arena, "{'displayName':'%s'}", name), 201, NULL);

	return text_of(&answer, "id");
}

static void
scopes_limit_every_route(void **state)
{
	static const struct scope_row rows[] = {
		{ "users", "GET", "/Users", NULL, 200 },
		{ "users", "GET", "/Users/ID", NULL, 200 },
		{ "users", "HEAD", "/Users/ID", NULL, 200 },
		{ "users", "POST", "/Users/.search", "{}", 200 },
		{ "users", "PATCH", "/Users/ID", "{'Operations':[{'op':'add','path':'title','value':'x'}]}", 200 },
		{ "users", "GET", "/Groups", NULL, 403 },
		{ "users", "GET", "/Groups/ID", NULL, 403 },
		{ "users", "HEAD", "/Groups/ID", NULL, 403 },
		{ "users", "GET", "/groups/ID", NULL, 403 },
		{ "users", "POST", "/Groups/.search", "{}", 403 },
		{ "users", "POST", "/Groups", "{'displayName':'x'}", 403 },
		{ "users", "PUT", "/Groups/ID", "{'displayName':'x'}", 403 },
		{ "users", "PATCH", "/Groups/ID", "{}", 403 },
		{ "users", "DELETE", "/Groups/ID", NULL, 403 },
		{ "users", "GET", "/Schemas", NULL, 200 },
		{ "users", "GET", "/Nothing", NULL, 404 },
		{ "look", "GET", "/Users/ID", NULL, 200 },
		{ "look", "GET", "/Groups/ID", NULL, 200 },
		{ "look", "POST", "/.search", "{}", 200 },
		{ "look", "GET", "/ResourceTypes", NULL, 200 },
		{ "look", "POST", "/Users", "{'userName':'x'}", 403 },
		{ "look", "PUT", "/Users/ID", "{'userName':'x'}", 403 },
		{ "look", "PATCH", "/Users/ID", "{}", 403 },
		{ "look", "DELETE", "/Users/ID", NULL, 403 },
		{ "look", "DELETE", "/Groups/ID", NULL, 403 },
		{ "look groups", "GET", "/Groups", NULL, 200 },
		{ "look groups", "GET", "/Users", NULL, 403 },
		{ "look groups", "POST", "/Groups", "{'displayName':'x'}", 403 },
		{ "void", "GET", "/Users", NULL, 403 },
		{ "void", "GET", "/Schemas", NULL, 200 },
		{ "users", "PUT", "/Users/ID", "{'userName':'renamed'}", 200 },
		{ "users", "DELETE", "/Users/ID", NULL, 204 },
	};
	struct serve *s = *state;
	const char *user = make_user(s, "ann"), *group = make_group(s, "g");

	serve_token(s, "users", "okta", "users");
	serve_token(s, "look", "okta", "read-only");
	serve_token(s, "look groups", "okta", "groups read-only");
	serve_token(s, "void", "okta", "things");
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		expect_scope(s, &rows[i], user, group);
	check(s, "GET", path_of(s, "Groups", group), NULL, 200, "{'displayName':'g'}");
}

static void
the_root_shows_what_the_scope_contains(void **state)
{
	struct serve *s = *state;
	struct answer answer;

	make_user(s, "ann");
	make_group(s, "g");
	serve_token(s, "users", "okta", "users");
	serve_token(s, "void", "okta", "things");
	answer = ask(s, "okta", "GET", "/", NULL);
	expect(&answer, 200, s, "{'totalResults':2}");
	answer = ask(s, "users", "GET", "/", NULL);
	expect(&answer, 200, s, "{'totalResults':1}");
	assert_null(strstr(answer.text, "\"g\""));
	answer = ask(s, "users", "POST", "/.search", "{'filter':'displayName eq \\'g\\''}");
	expect(&answer, 200, s, "{'totalResults':0}");
	answer = ask(s, "void", "GET", "/", NULL);
	expect(&answer, 403, s, NULL);
}

static void
missing_scope_is_named(void **state)
{
	struct serve *s = *state;
	struct answer answer;

	serve_token(s, "users", "okta", "users");
	serve_token(s, "look", "okta", "read-only");
	answer = ask(s, "users", "GET", "/Groups", NULL);
	expect(&answer, 403, s, "{'detail':'the token is not good for Groups'}");
	assert_string_equal(field_of(s, &answer, "WWW-Authenticate"),
	    "Bearer realm=\"apiuserd\", error=\"insufficient_scope\", scope=\"groups\"");
	answer = ask(s, "look", "POST", "/Users", "{'userName':'x'}");
	expect(&answer, 403, s, "{'detail':'the token is good for reading only'}");
	assert_string_equal(
	    field_of(s, &answer, "WWW-Authenticate"), "Bearer realm=\"apiuserd\", error=\"insufficient_scope\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(scopes_limit_every_route),
		TEST(the_root_shows_what_the_scope_contains),
		TEST(missing_scope_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
