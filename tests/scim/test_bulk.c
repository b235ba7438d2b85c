/* SPDX-License-Identifier: ISC */
/* Bulk requests (RFC 7644 section 3.7) on the endpoint: outcomes in order, references, limits, and no one held up. */
#include "tests/scim/serve.h"
#include "tests/scim/watch.h"

#include "base/clock.h"

#include <sys/socket.h>
#include <unistd.h>

#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define RESPONSE "'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkResponse']"

static struct answer
bulk(struct serve *s, const char *operations, int status, const char *want)
{
	return check(s, "POST", "/Bulk",
	    au_arena_printf(s->arena,
		"{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':[%s]}", operations),
	    status, want);
}

/* The id of the resource that operation i made: the end of its location. */
static const char *
made(const struct answer *answer, size_t i)
{
	const json_t *operation = json_array_get(json_object_get(answer->body, "Operations"), i);
	const char *location = au_json_get_str(operation, "location");

	if (location == NULL)
		fail_msg("operation %zu has no location: %s", i, answer->text);
	return strrchr(location, '/') + 1;
}

static const char *
group_of(struct serve *s, const char *name, const char *bulk_id, const char *member)
{
	return au_arena_printf(s->arena,
	    "{'method':'POST','path':'/Groups','bulkId':'%s','data':{'displayName':'%s','members':[{'value':'%s'}]}}",
	    bulk_id, name, member);
}

/* ---- outcomes ---- */

static void
operations_of_all_kinds_are_carried_out(void **state)
{
	struct serve *s = *state;
	const char *bob = make_user(s, "bob"), *eve = make_user(s, "eve"), *old = make_user(s, "old");
	struct answer answer = bulk(s,
	    au_arena_printf(s->arena,
		"{'method':'POST','path':'/Users','bulkId':'q','data':{'userName':'alice'}},"
		"{'method':'PUT','path':'/Users/%s','version':'W/\\'1\\'','data':{'userName':'robert'}},"
		"{'method':'PATCH','path':'/Users/"
		"%s','data':{'Operations':[{'op':'add','path':'title','value':'Dr'}]}},"
		"{'method':'DELETE','path':'/Users/%s','bulkId':'gone'}",
		bob, eve, old),
	    200, "{" RESPONSE "}");
	const char *alice = made(&answer, 0);
	const char *want = au_arena_printf(s->arena,
	    "{'Operations':[{'method':'POST','bulkId':'q','version':'W/\\'1\\'','status':'201','location':'" SERVE_BASE
	    "/Users/%s','response':null},{'method':'PUT','bulkId':null,'version':'W/\\'2\\'','status':'200',"
	    "'location':'" SERVE_BASE
	    "/Users/%s'},{'method':'PATCH','version':'W/\\'2\\'','status':'200','location':'" SERVE_BASE
	    "/Users/%s'},{'method':'DELETE','bulkId':'gone','version':null,'status':'204','location':'" SERVE_BASE
	    "/Users/%s'}]}",
	    alice, bob, eve, old);

	expect(&answer, 200, s, want);
	check(s, "GET", path_of(s, "Users", alice), NULL, 200, "{'userName':'alice'}");
	check(s, "GET", path_of(s, "Users", bob), NULL, 200, "{'userName':'robert'}");
	check(s, "GET", path_of(s, "Users", eve), NULL, 200, "{'title':'Dr'}");
	check(s, "GET", path_of(s, "Users", old), NULL, 404, NULL);
	assert_true(s->changed > 0);
}

/* One that fails leaves nothing behind and stops nobody. */
static void
failures_stay_with_their_operation(void **state)
{
	struct serve *s = *state;
	const char *bob = make_user(s, "bob");
	struct answer answer = bulk(s,
	    au_arena_printf(s->arena,
		"{'method':'POST','path':'/Users','bulkId':'a','data':{'userName':'BOB'}},"
		"{'method':'POST','path':'/Groups','bulkId':'b','data':{'displayName':'g','members':[{'value':'no'}]}},"
		"{'method':'PUT','path':'/Users/%s','version':'W/\\'7\\'','data':{'userName':'x'}},"
		"{'method':'PATCH','path':'/Users/no','data':{'Operations':[{'op':'add','path':'title','value':'x'}]}},"
		"{'method':'DELETE','path':'/Users/no'},"
		"{'method':'PATCH','path':'/Users/"
		"%s','data':{'Operations':[{'op':'add','path':'active','value':'x'}]}},"
		"{'method':'POST','path':'/Groups','bulkId':'c','data':{'displayName':'g'}}",
		bob, bob),
	    200,
	    "{'Operations':[{'bulkId':'a','location':null,'status':'409','response':{'schemas':["
	    "'urn:ietf:params:scim:api:messages:2.0:Error'],'status':'409','scimType':'uniqueness'}},"
	    "{'bulkId':'b','location':null,'status':'400','response':{'scimType':'invalidValue'}},"
	    "{'method':'PUT','version':null,'status':'412','response':{'status':'412'}},"
	    "{'status':'404','location':'" SERVE_BASE "/Users/no','response':{'status':'404'}},{'status':'404'},"
	    "{'status':'400','response':{'scimType':'invalidValue'}},{'status':'201'}]}");

	assert_non_null(answer.body);
	check(s, "GET", path_of(s, "Users", bob), NULL, 200, "{'userName':'bob','meta':{'version':'W/\\'1\\''}}");
	check(s, "GET", "/Groups", NULL, 200, "{'totalResults':1}");
}

static void
errors_can_end_it(void **state)
{
	static const char operations[] = "'Operations':[{'method':'DELETE','path':'/Users/1'},"
					 "{'method':'POST','path':'/Users','bulkId':'a','data':{'userName':'a'}},"
					 "{'method':'DELETE','path':'/Users/2'},"
					 "{'method':'POST','path':'/Users','bulkId':'b','data':{'userName':'b'}}]";
	struct serve *s = *state;

	check(s, "POST", "/Bulk", au_arena_printf(s->arena, "{'failOnErrors':2,%s}", operations), 200,
	    "{" RESPONSE ",'failOnErrors':null,'Operations':[{'status':'404'},{'status':'201'},{'status':'404'}]}");
	check(s, "GET", "/Users", NULL, 200, "{'totalResults':1}");
	check(s, "POST", "/Bulk", au_arena_printf(s->arena, "{'failOnErrors':1,%s}", operations), 200,
	    "{'Operations':[{'status':'404'}]}");
	check(s, "POST", "/Bulk", au_arena_printf(s->arena, "{'failOnErrors':9,%s}", operations), 200,
	    "{'Operations':[{'status':'404'},{'status':'409'},{'status':'404'},{'status':'201'}]}");
}

static void
broken_operations_fail_alone(void **state)
{
	static const struct {
		const char *operation, *want;
	} rows[] = {
		{ "{}", "{'status':'400','response':{'scimType':'invalidSyntax'}}" },
		{ "{'method':'GET','path':'/Users/1'}", "{'method':'GET','status':'400'}" },
		{ "{'method':'post','path':'/Users','bulkId':'x','data':{}}", "{'bulkId':'x','status':'400'}" },
		{ "{'method':7,'path':[]}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users','data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users','bulkId':'','data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users','bulkId':7,'data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users/1','bulkId':'x','data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'POST','bulkId':'x','data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Bulk','bulkId':'x','data':{'userName':'x'}}", "{'status':'404'}" },
		{ "{'method':'POST','path':'/Users','bulkId':'x'}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users','bulkId':'x','data':[]}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users','bulkId':'x','data':{}}", "{'status':'400'}" },
		{ "{'method':'POST','path':'/Users','bulkId':'x','data':{'userName':'bulkId:none'}}",
		    "{'status':'400','response':{'scimType':'invalidValue'}}" },
		{ "{'method':'PUT','path':'/Users','data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'PUT','path':'/Users/bulkId:none','data':{'userName':'x'}}", "{'status':'400'}" },
		{ "{'method':'DELETE','path':'/Users/1','version':1}", "{'status':'400'}" },
		{ "{'method':'DELETE','path':'/Users/%00'}", "{'status':'404'}" },
		{ "{'method':'PATCH','path':'/Users/1','data':{'Operations':{}}}", "{'status':'400'}" },
	};
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *name = au_arena_printf(s->arena, "after-%zu", i);

		bulk(s,
		    au_arena_printf(s->arena,
			"%s,{'method':'POST','path':'/Users','bulkId':'next','data':{'userName':'%s'}}",
			rows[i].operation, name),
		    200, au_arena_printf(s->arena, "{'Operations':[%s,{'status':'201'}]}", rows[i].want));
	}
}

static void
broken_messages_are_refused(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *keyword;
	} rows[] = {
		{ "[]", 400, "invalidSyntax" },
		{ "{", 400, "invalidSyntax" },
		{ "{}", 400, "invalidSyntax" },
		{ "{'Operations':[]}", 400, "invalidSyntax" },
		{ "{'Operations':{}}", 400, "invalidSyntax" },
		{ "{'Operations':['DELETE']}", 400, "invalidSyntax" },
		{ "{'Operations':[{'method':'DELETE','path':'/Users/1'},null]}", 400, "invalidSyntax" },
		{ "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':[{}]}", 400,
		    "invalidSyntax" },
		{ "{'failOnErrors':'1','Operations':[{}]}", 400, "invalidValue" },
		{ "{'failOnErrors':0,'Operations':[{}]}", 400, "invalidValue" },
		{ "{'failOnErrors':1.5,'Operations':[{}]}", 400, "invalidValue" },
	};
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		check(s, "POST", "/Bulk", rows[i].body, rows[i].status,
		    au_arena_printf(s->arena, "{'scimType':'%s','status':'%d'}", rows[i].keyword, rows[i].status));
	assert_int_equal(ask(s, NULL, "POST", "/Bulk", "{}").status, 401);
	/* schemas may be missing where the profile says so */
	assert_int_equal(ask(s, "p-strict", "POST", "/Bulk", "{'Operations':[{}]}").status, 400);
	assert_int_equal(ask(s, "p-auto", "POST", "/Bulk", "{'Operations':[{}]}").status, 200);
}

/* ---- references ---- */

static void
new_resources_refer_to_each_other(void **state)
{
	struct serve *s = *state;
	struct answer answer = check(s, "POST", "/Groups", "{'displayName':'old'}", 201, NULL);
	const char *group = text_of(&answer, "id"), *bob, *boss;

	answer = bulk(s,
	    au_arena_printf(s->arena,
		"{'method':'PATCH','path':'/Groups/%s','data':{'Operations':[{'op':'add','path':'members',"
		"'value':[{'value':'bulkId:bob'}]}]}},%s,"
		"{'method':'POST','path':'/Users','bulkId':'bob','data':{'userName':'bob','" ENTERPRISE
		"':{'manager':{'value':'bulkId:boss'}}}},"
		"{'method':'POST','path':'/Users','bulkId':'boss','data':{'userName':'boss'}},"
		"{'method':'PATCH','path':'/Users/bulkId:bob','data':{'Operations':[{'op':'add','path':'title',"
		"'value':'Dr'}]}},"
		"{'method':'PATCH','path':'/Groups/bulkId:g','data':{'Operations':[{'op':'remove',"
		"'path':'members[value eq \\'bulkId:bob\\']'},{'op':'add','path':'members','value':'bulkId:boss'}]}}",
		group, group_of(s, "new", "g", "bulkId:bob")),
	    200,
	    "{'Operations':[{'method':'PATCH','status':'200'},{'bulkId':'g','status':'201'},{'bulkId':'bob',"
	    "'status':'201'},{'bulkId':'boss','status':'201'},{'status':'200','version':'W/\\'2\\''},"
	    "{'status':'200'}]}");
	bob = made(&answer, 2);
	boss = made(&answer, 3);
	assert_string_equal(made(&answer, 4), bob);
	check(s, "GET", path_of(s, "Groups", group), NULL, 200,
	    au_arena_printf(s->arena, "{'members':[{'value':'%s','display':'bob'}]}", bob));
	check(s, "GET", path_of(s, "Groups", made(&answer, 1)), NULL, 200,
	    au_arena_printf(s->arena, "{'members':[{'value':'%s'}]}", boss));
	check(s, "GET", path_of(s, "Users", bob), NULL, 200,
	    au_arena_printf(s->arena, "{'title':'Dr','" ENTERPRISE "':{'manager':{'value':'%s'}}}", boss));
}

static void
circles_are_closed(void **state)
{
	struct serve *s = *state;
	struct answer answer = bulk(s,
	    au_arena_printf(s->arena,
		"%s,%s,%s,{'method':'POST','path':'/Users','bulkId':'u','data':{'userName':'u','" ENTERPRISE
		"':{'manager':{'value':'bulkId:v'}}}},{'method':'POST','path':'/Users','bulkId':'v','data':{"
		"'userName':'v','" ENTERPRISE "':{'manager':'bulkId:u'}}}",
		group_of(s, "A", "a", "bulkId:b"), group_of(s, "B", "b", "bulkId:c"),
		group_of(s, "C", "c", "bulkId:a")),
	    200,
	    "{'Operations':[{'status':'201'},{'status':'201'},{'status':'201'},{'status':'201'},{'status':'201'}]}");

	for (size_t i = 0; i < 3; i++)
		check(s, "GET", path_of(s, "Groups", made(&answer, i)), NULL, 200,
		    au_arena_printf(s->arena,
			"{'members':[{'value':'%s','type':'Group'}],'meta':{'version':'W/\\'1\\''}}",
			made(&answer, (i + 1) % 3)));
	check(s, "GET", path_of(s, "Users", made(&answer, 3)), NULL, 200,
	    au_arena_printf(s->arena, "{'" ENTERPRISE "':{'manager':{'value':'%s'}}}", made(&answer, 4)));
}

static void
a_circle_fails_as_a_whole(void **state)
{
	struct serve *s = *state;

	check(s, "POST", "/Groups", "{'displayName':'B'}", 201, NULL);
	bulk(s,
	    au_arena_printf(s->arena, "%s,%s,%s,%s", group_of(s, "A", "a", "bulkId:b"),
		group_of(s, "B", "b", "bulkId:a"), group_of(s, "D", "d", "bulkId:d"),
		group_of(s, "E", "e", "bulkId:a")),
	    200,
	    "{'Operations':[{'bulkId':'a','status':'409','location':null,'response':{'scimType':null}},"
	    "{'bulkId':'b','status':'409','response':{'scimType':'uniqueness'}},"
	    "{'bulkId':'d','status':'400','response':{'scimType':'invalidValue'}},"
	    "{'bulkId':'e','status':'409','response':{'scimType':null}}]}");
	check(s, "GET", "/Groups", NULL, 200, "{'totalResults':1}");
	/* a reference to one that was refused while it was read */
	bulk(s,
	    au_arena_printf(s->arena, "{'method':'POST','path':'/Nothing','bulkId':'n','data':{}},%s",
		group_of(s, "F", "f", "bulkId:n")),
	    200, "{'Operations':[{'status':'404'},{'status':'409'}]}");
}

static void
bulk_ids_are_unique(void **state)
{
	struct serve *s = *state;

	bulk(s,
	    au_arena_printf(s->arena,
		"{'method':'POST','path':'/Users','bulkId':'x','data':{'userName':'x'}},"
		"{'method':'POST','path':'/Users','bulkId':'x','data':{'userName':'y'}},%s",
		group_of(s, "g", "g", "bulkId:x")),
	    200,
	    "{'Operations':[{'status':'201'},{'status':'400','response':{'scimType':'invalidValue'}},"
	    "{'status':'201'}]}");
	check(s, "GET", "/Users", NULL, 200,
	    "{'totalResults':1,'Resources':[{'userName':'x','groups':[{'display':'g'}]}]}");
}

/* ---- whose resources ---- */

static void
clients_stay_apart(void **state)
{
	struct serve *s = *state;
	const char *bob = make_user(s, "bob");
	struct answer answer = ask(s, "entra", "POST", "/Bulk",
	    au_arena_printf(s->arena,
		"{'Operations':[{'method':'DELETE','path':'/Users/%s'},{'method':'PUT','path':'/Users/%s','data':{"
		"'userName':'x'}},%s,{'method':'POST','path':'/Users','bulkId':'b','data':{'userName':'bob',"
		"'password':'pa55word'}}]}",
		bob, bob, group_of(s, "g", "g", bob)));

	expect(&answer, 200, s, "{'Operations':[{'status':'404'},{'status':'404'},{'status':'400'},{'status':'201'}]}");
	assert_null(strstr(answer.text, "pa55word"));
	check(s, "GET", path_of(s, "Users", bob), NULL, 200, "{'userName':'bob'}");
}

static void
scopes_limit_each_operation(void **state)
{
	static const char body[] =
	    "{'Operations':[{'method':'POST','path':'/Users','bulkId':'u','data':{'userName':'u'}},"
	    "{'method':'POST','path':'/Groups','bulkId':'g','data':{'displayName':'g'}},"
	    "{'method':'DELETE','path':'/Groups/bulkId:g'}]}";
	struct serve *s = *state;
	struct answer answer;

	serve_token(s, "users", "okta", "users");
	serve_token(s, "look", "okta", "read-only");
	answer = ask(s, "look", "POST", "/Bulk", body);
	expect(&answer, 200, s, "{'Operations':[{'status':'403'},{'status':'403'},{'status':'409'}]}");
	answer = ask(s, "users", "POST", "/Bulk", body);
	expect(&answer, 200, s, "{'Operations':[{'status':'201'},{'status':'403'},{'status':'409'}]}");
	check(s, "GET", "/Groups", NULL, 200, "{'totalResults':0}");
}

/* ---- limits ---- */

#define MANY 10000

static const char *
many_users(struct serve *s, size_t count)
{
	struct au_str body = AU_STR_INIT;
	const char *text;

	au_str_put(&body, "{'Operations':[");
	for (size_t i = 0; i < count; i++)
		au_str_printf(&body, "%s{'method':'POST','path':'/Users','bulkId':'%zu','data':{'userName':'u%zu'}}",
		    i > 0 ? "," : "", i, i);
	au_str_put(&body, "]}");
	text = au_arena_strdup(s->arena, au_str_get(&body));
	au_str_done(&body);
	return text;
}

static void
more_than_the_limits_is_refused(void **state)
{
	struct serve *s = *state;
	struct answer answer = check(s, "POST", "/Bulk", many_users(s, MANY + 1), 413, "{'status':'413'}");
	char *big = au_arena_alloc(s->arena, (4 << 20) + 2);

	assert_non_null(strstr(text_of(&answer, "detail"), "maxOperations (10000)"));
	memset(big, ' ', (4 << 20) + 1);
	answer = check(s, "POST", "/Bulk", big, 413, "{'status':'413'}");
	assert_non_null(strstr(text_of(&answer, "detail"), "maxPayloadSize (4194304)"));
	check(s, "GET", "/Users", NULL, 200, "{'totalResults':0}");
}

static void
the_loop_and_others_are_not_held_up(void **state)
{
	struct serve *s = *state;
	struct watch watch;
	const char *body = many_users(s, MANY);
	int fd = ask_begin(s, "okta", "", "POST", "/Bulk", body);
	struct answer answer;
	unsigned beside = 0;
	char byte;

	watch_start(&watch, s);
	while (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0) {
		const char *user = au_arena_printf(s->arena, "{'userName':'beside%u'}", beside++);

		answer = ask(s, "entra", "POST", "/Users", user);
		assert_int_equal(answer.status, 201);
	}
	answer = ask_end(s, fd);
	watch_stop(&watch);
	assert_int_equal(answer.status, 200);
	assert_int_equal(json_array_size(json_object_get(answer.body, "Operations")), MANY);
	check(s, "GET", "/Users?count=1", NULL, 200, "{'totalResults':10000}");
	print_message("%d operations: the loop computed at most %.1f ms at a stretch, %u writes came in between\n",
	    MANY, watch.worst, beside);
	assert_true(beside > 20);
	assert_true(watch.worst < 50);
}

/* ---- the client leaves ---- */

static void
it_goes_on_when_the_client_leaves(void **state)
{
	struct serve *s = *state;
	long long until = au_clock_mono_ms() + 20000;

	close(ask_begin(s, "okta", "", "POST", "/Bulk", many_users(s, 500)));
	for (;;) {
		struct answer answer = ask(s, "okta", "GET", "/Users?count=0", NULL);

		if (au_json_get_int(answer.body, "totalResults") == 500)
			break;
		if (au_clock_mono_ms() > until)
			fail_msg("%s", answer.text);
	}
}

/* Closing the store in the middle: what is told as done is done, and the rest is said to be unknown. */
static void
it_ends_when_the_store_closes(void **state)
{
	struct serve *s = *state;

	close(ask_begin(s, "okta", "", "POST", "/Bulk", many_users(s, 5000)));
	for (unsigned i = 0; i < 20; i++)
		event_base_loop(s->base, EVLOOP_ONCE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(operations_of_all_kinds_are_carried_out, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(failures_stay_with_their_operation, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(errors_can_end_it, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(broken_operations_fail_alone, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(broken_messages_are_refused, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(new_resources_refer_to_each_other, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(circles_are_closed, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(a_circle_fails_as_a_whole, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(bulk_ids_are_unique, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(clients_stay_apart, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(scopes_limit_each_operation, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(more_than_the_limits_is_refused, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(the_loop_and_others_are_not_held_up, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(it_goes_on_when_the_client_leaves, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(it_ends_when_the_store_closes, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
