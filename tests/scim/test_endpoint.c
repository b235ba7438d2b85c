/* SPDX-License-Identifier: ISC */
/* The endpoint by RFC 7644, request by request. */
#include "tests/scim/serve.h"

#define USER "urn:ietf:params:scim:schemas:core:2.0:User"

/* ---- life of a user ---- */

static void
user_is_made_read_changed_and_removed(void **state)
{
	struct serve *s = *state;
	struct answer made = check(s, "POST", "/Users",
	    "{'schemas':['" USER "'],'userName':'Bob','id':'mine','meta':{'version':'x'},'password':'canary-pw',"
	    "'emails':[{'value':'bob@example.com','primary':true}]}",
	    201,
	    "{'schemas':['" USER
	    "'],'userName':'Bob','password':null,'meta':{'resourceType':'User','version':'W/\\'1\\''},"
	    "'groups':null}");
	const char *id = text_of(&made, "id");
	const char *location = au_arena_printf(s->arena, SERVE_BASE "/Users/%s", id);
	const json_t *meta = json_object_get(made.body, "meta");
	struct answer answer;

	assert_string_not_equal(id, "mine");
	assert_string_equal(field_of(s, &made, "Location"), location);
	assert_string_equal(au_json_get_str(meta, "location"), location);
	assert_string_equal(au_json_get_str(meta, "created"), au_json_get_str(meta, "lastModified"));
	assert_string_equal(field_of(s, &made, "ETag"), "W/\"1\"");
	assert_string_equal(field_of(s, &made, "Content-Type"), "application/scim+json");
	assert_null(strstr(made.text, "canary-pw"));

	answer = check(s, "GET", path_of(s, "Users", id), NULL, 200, "{'userName':'Bob'}");
	assert_true(json_equal(answer.body, made.body));
	assert_string_equal(field_of(s, &answer, "Location"), location);

	answer = check(s, "PUT", path_of(s, "Users", id), "{'userName':'Bob','displayName':'B'}", 200,
	    "{'displayName':'B','emails':null,'meta':{'version':'W/\\'2\\''}}");
	assert_string_equal(field_of(s, &answer, "ETag"), "W/\"2\"");
	check(s, "PATCH", path_of(s, "Users", id), "{'Operations':[{'op':'replace','path':'displayName','value':'C'}]}",
	    200, "{'displayName':'C','meta':{'version':'W/\\'3\\''}}");

	answer = check(s, "DELETE", path_of(s, "Users", id), NULL, 204, NULL);
	assert_string_equal(answer.text, "");
	check(s, "GET", path_of(s, "Users", id), NULL, 404, "{'status':'404','scimType':null}");
	check(s, "DELETE", path_of(s, "Users", id), NULL, 404, NULL);
	check(s, "PUT", path_of(s, "Users", id), "{'userName':'Bob'}", 404, NULL);
	check(s, "PATCH", path_of(s, "Users", id), "{'Operations':[{'op':'remove','path':'title'}]}", 404, NULL);
	check(s, "GET", "/Users", NULL, 200, "{'totalResults':0,'Resources':[]}");
	assert_string_not_equal(make_user(s, "bob"), id);
}

static void
nothing_moves_when_nothing_changes(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));
	struct answer before, after;
	unsigned changed;

	check(s, "PATCH", path, "{'Operations':[{'op':'replace','value':{'active':true,'emails':[{'value':'a@x'}]}}]}",
	    200, NULL);
	before = check(s, "GET", path, NULL, 200, NULL);
	changed = s->changed;
	check(s, "PATCH", path, "{'Operations':[{'op':'replace','path':'active','value':'True'}]}", 200, NULL);
	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'emails','value':[{'value':'a@x'}]}]}", 200, NULL);
	check(s, "PATCH", path, "{'Operations':[{'op':'remove','path':'title'}]}", 200, NULL);
	check(s, "PUT", path, "{'userName':'bob','active':true,'emails':[{'value':'a@x'}]}", 200, NULL);
	after = check(s, "GET", path, NULL, 200, NULL);
	assert_true(json_equal(before.body, after.body));
	assert_int_equal(s->changed, changed);
}

static void
failed_patch_leaves_everything(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));
	struct answer before = check(s, "GET", path, NULL, 200, NULL), after;

	check(s, "PATCH", path,
	    "{'Operations':[{'op':'add','path':'title','value':'Dr'},{'op':'replace','path':'emails[type eq "
	    "\\'x\\'].value',"
	    "'value':'y'}]}",
	    400, "{'scimType':'noTarget','status':'400'}");
	after = check(s, "GET", path, NULL, 200, NULL);
	assert_true(json_equal(before.body, after.body));
}

/* ---- errors ---- */

static void
errors_are_scim_errors(void **state)
{
	static const struct {
		const char *method, *path, *body;
		int status;
		const char *type;
	} rows[] = {
		{ "POST", "/Users", "{'userName':5}", 400, "invalidValue" },
		{ "POST", "/Users", "{}", 400, "invalidValue" },
		{ "POST", "/Users", "[]", 400, "invalidSyntax" },
		{ "POST", "/Users", "{'userName'", 400, "invalidSyntax" },
		{ "POST", "/Users", "{'userName':'a','userName':'b'}", 400, "invalidSyntax" },
		{ "POST", "/Users", "{'userName':'a\\u0000b'}", 400, "invalidSyntax" },
		{ "POST", "/Users", "{'userName':'\xff'}", 400, "invalidSyntax" },
		{ "POST", "/Users", "", 400, "invalidSyntax" },
		{ "POST", "/Groups", "{'displayName':'g','members':[{'value':'nobody'}]}", 400, "invalidValue" },
		{ "PATCH", "/Users/x", "{'Operations':[]}", 400, "invalidSyntax" },
		{ "PATCH", "/Users/x", "{'Operations':[{'op':'remove'}]}", 400, "noTarget" },
		{ "PATCH", "/Users/x", "{'Operations':[{'op':'remove','path':'id'}]}", 400, "mutability" },
		{ "PATCH", "/Users/x", "{'Operations':[{'op':'remove','path':'a b'}]}", 400, "invalidPath" },
		{ "GET", "/Users?filter=userName", NULL, 400, "invalidFilter" },
		{ "GET", "/Users?filter=", NULL, 400, "invalidFilter" },
		{ "GET", "/Users?count=abc", NULL, 400, "invalidValue" },
		{ "GET", "/Users?startIndex=1x", NULL, 400, "invalidValue" },
		{ "GET", "/Users?sortBy=name", NULL, 400, "invalidValue" },
		{ "GET", "/Users?attributes=id&excludedAttributes=name", NULL, 400, "invalidValue" },
		{ "GET", "/Users?filter=%zz", NULL, 400, "invalidValue" },
		{ "GET", "/Nothing", NULL, 404, NULL },
		{ "GET", "/Users/a/b", NULL, 404, NULL },
		{ "GET", "/Users/%2f", NULL, 404, NULL },
		{ "GET", "/Users/%00", NULL, 404, NULL },
		{ "GET", "/Users/%ff", NULL, 404, NULL },
		{ "GET", "/Schemas/urn:none", NULL, 404, NULL },
		{ "GET", "/ResourceTypes/None", NULL, 404, NULL },
		{ "GET", "/Schemas?filter=id%20pr", NULL, 403, NULL },
		{ "GET", "/ResourceTypes?filter=id%20pr", NULL, 403, NULL },
		{ "GET", "/Me", NULL, 501, NULL },
		{ "GET", "/Bulk", NULL, 405, NULL },
	};
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct answer answer = ask(s, "okta", rows[i].method, rows[i].path, rows[i].body);

		if (answer.status != rows[i].status)
			fail_msg("%s %s: %d %s", rows[i].method, rows[i].path, answer.status, answer.text);
		expect(&answer, rows[i].status, s,
		    au_arena_printf(s->arena,
			"{'schemas':['urn:ietf:params:scim:api:messages:2.0:Error'],'status':'%d','scimType':%s%s%s}",
			rows[i].status, rows[i].type != NULL ? "'" : "", rows[i].type != NULL ? rows[i].type : "null",
			rows[i].type != NULL ? "'" : ""));
		assert_string_equal(field_of(s, &answer, "Content-Type"), "application/scim+json");
	}
}

static void
other_methods_are_told_what_is_allowed(void **state)
{
	static const char *const rows[][3] = {
		{ "DELETE", "/Users", "GET, POST" },
		{ "POST", "/Users/x", "GET, PUT, PATCH, DELETE" },
		{ "PUT", "/Schemas", "GET" },
		{ "POST", "/ServiceProviderConfig", "GET" },
		{ "DELETE", "/ResourceTypes/User", "GET" },
	};
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct answer answer = ask(s, "okta", rows[i][0], rows[i][1], NULL);

		expect(&answer, 405, s, "{'status':'405'}");
		assert_string_equal(field_of(s, &answer, "Allow"), rows[i][2]);
	}
}

static void
bodies_must_be_json(void **state)
{
	static const struct {
		const char *type;
		int status;
	} rows[] = { { "application/json", 201 }, { "application/scim+json; charset=UTF-8", 201 },
		{ "application/json;charset=\"utf-8\"", 201 }, { "application/scim+json; charset=latin1", 415 },
		{ "text/plain", 415 }, { "application/jsonp", 415 } };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		char *body = au_arena_printf(s->arena, "{\"userName\":\"u%zu\"}", i);
		const char *fields = au_arena_printf(
		    s->arena, "Content-Type: %s\r\nContent-Length: %zu\r\nX: %s", rows[i].type, strlen(body), "y\r\n");
		int fd = ask_begin(s, "okta", fields, "POST", "/Users", NULL);

		assert_int_equal(send(fd, body, strlen(body), MSG_NOSIGNAL), strlen(body));
		struct answer answer = ask_end(s, fd);
		if (answer.status != rows[i].status)
			fail_msg("%s: %d %s", rows[i].type, answer.status, answer.text);
	}
}

/* ---- names ---- */

static void
paths_are_forgiving(void **state)
{
	static const char *const rows[] = { "/Users", "/users", "/USERS/", "/scim/v2/Users", "/SCIM/V2/Users/",
		"/v2/Users", "/scim/Users", "//Users" };
	struct serve *s = *state;

	make_user(s, "bob");
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		check(s, "GET", rows[i], NULL, 200, "{'totalResults':1}");
	check(s, "GET", "/serviceproviderconfig", NULL, 200, NULL);
}

static void
user_names_are_unique_without_regard_to_case(void **state)
{
	struct serve *s = *state;
	const char *other;

	make_user(s, "Bob");
	check(s, "POST", "/Users", "{'userName':'bOB'}", 409, "{'scimType':'uniqueness','status':'409'}");
	other = path_of(s, "Users", make_user(s, "Carol"));
	check(s, "PUT", other, "{'userName':'BOB'}", 409, "{'scimType':'uniqueness'}");
	check(s, "PATCH", other, "{'Operations':[{'op':'replace','path':'userName','value':'BOB'}]}", 409,
	    "{'scimType':'uniqueness'}");
	check(s, "PATCH", other, "{'Operations':[{'op':'replace','path':'userName','value':'CAROL'}]}", 200,
	    "{'userName':'CAROL'}");
	check(s, "POST", "/Groups", "{'displayName':'Bob'}", 201, NULL);
	check(s, "POST", "/Groups", "{'displayName':'BOB'}", 409, "{'scimType':'uniqueness'}");
}

static void
of_parallel_creates_one_wins(void **state)
{
	struct serve *s = *state;
	int fds[8], made = 0, refused = 0;

	for (size_t i = 0; i < AU_COUNT(fds); i++)
		fds[i] = ask_begin(s, "okta", "", "POST", "/Users", "{'userName':'same'}");
	for (size_t i = 0; i < AU_COUNT(fds); i++) {
		struct answer answer = ask_end(s, fds[i]);

		made += answer.status == 201;
		refused += answer.status == 409;
	}
	assert_int_equal(made, 1);
	assert_int_equal(refused, 7);
	check(s, "GET", "/Users", NULL, 200, "{'totalResults':1}");
}

static void
parallel_patches_follow_each_other(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));
	int fds[8];

	for (size_t i = 0; i < AU_COUNT(fds); i++)
		fds[i] = ask_begin(s, "okta", "", "PATCH", path,
		    au_arena_printf(
			s->arena, "{'Operations':[{'op':'add','path':'roles','value':[{'value':'r%zu'}]}]}", i));
	for (size_t i = 0; i < AU_COUNT(fds); i++) {
		struct answer answer = ask_end(s, fds[i]);

		expect(&answer, 200, s, NULL);
	}
	struct answer answer = check(s, "GET", path, NULL, 200, "{'meta':{'version':'W/\\'9\\''}}");
	assert_int_equal(json_array_size(json_object_get(answer.body, "roles")), 8);
}

/* ---- entity tags ---- */

static void
entity_tags_guard_changes(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));
	const char *patch = "{'Operations':[{'op':'replace','path':'title','value':'x'}]}";
	struct answer answer = ask_with(s, "okta", "If-None-Match: W/\"1\"\r\n", "GET", path, NULL);

	expect(&answer, 304, s, NULL);
	assert_string_equal(field_of(s, &answer, "ETag"), "W/\"1\"");
	answer = ask_with(s, "okta", "If-None-Match: W/\"7\", \"8\"\r\n", "GET", path, NULL);
	expect(&answer, 200, s, NULL);
	answer = ask_with(s, "okta", "If-Match: W/\"7\"\r\n", "PATCH", path, patch);
	expect(&answer, 412, s, "{'status':'412'}");
	answer = ask_with(s, "okta", "If-Match: W/\"7\"\r\n", "PUT", path, "{'userName':'bob'}");
	expect(&answer, 412, s, NULL);
	answer = ask_with(s, "okta", "If-Match: W/\"7\"\r\n", "DELETE", path, NULL);
	expect(&answer, 412, s, NULL);
	answer = ask_with(s, "okta", "If-Match: \"5\", W/\"1\"\r\n", "PATCH", path, patch);
	expect(&answer, 200, s, "{'meta':{'version':'W/\\'2\\''}}");
	answer = ask_with(s, "okta", "If-Match: *\r\n", "DELETE", path, NULL);
	expect(&answer, 204, s, NULL);
}

static void
minimal_answers_are_given_on_request(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));
	const char *patch = "{'Operations':[{'op':'replace','path':'title','value':'x'}]}";
	struct answer answer = ask_with(s, "okta", "Prefer: return=minimal\r\n", "PATCH", path, patch);

	expect(&answer, 204, s, NULL);
	assert_string_equal(answer.text, "");
	assert_string_equal(field_of(s, &answer, "ETag"), "W/\"2\"");
	assert_string_equal(field_of(s, &answer, "Preference-Applied"), "return=minimal");
	answer = ask_with(s, "okta", "Prefer: return=minimal\r\n", "PATCH",
	    au_arena_printf(s->arena, "%s?attributes=title", path), patch);
	expect(&answer, 200, s, "{'title':'x','userName':null}");
}

static void
head_is_get_without_a_body(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));
	struct answer answer = check(s, "HEAD", path, NULL, 200, NULL);

	assert_string_equal(answer.text, "");
	assert_string_equal(field_of(s, &answer, "ETag"), "W/\"1\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(user_is_made_read_changed_and_removed),
		TEST(nothing_moves_when_nothing_changes),
		TEST(failed_patch_leaves_everything),
		TEST(errors_are_scim_errors),
		TEST(other_methods_are_told_what_is_allowed),
		TEST(bodies_must_be_json),
		TEST(paths_are_forgiving),
		TEST(user_names_are_unique_without_regard_to_case),
		TEST(of_parallel_creates_one_wins),
		TEST(parallel_patches_follow_each_other),
		TEST(entity_tags_guard_changes),
		TEST(minimal_answers_are_given_on_request),
		TEST(head_is_get_without_a_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
