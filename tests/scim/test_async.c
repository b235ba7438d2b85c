/* SPDX-License-Identifier: ISC */
/* Requests whose clients do not wait (RFC 9967): accepted on disk, carried out, told to who asks, and nobody else. */
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "scim/async.h"
#include "store/async.h"

#include <sodium.h>

#define ASYNC "Prefer: respond-async\r\n"
#define EVENT "urn:ietf:params:scim:event:misc:asyncresp"

/* ---- looking at what comes back ---- */

/* Accepted as the RFC says; returns the path of the outcome. */
static const char *
expect_accepted(struct serve *s, const struct answer *answer)
{
	const char *txn = field_of(s, answer, "Set-Txn"), *location = field_of(s, answer, "Location");

	assert_int_equal(answer->status, 202);
	assert_string_equal(answer->text, "");
	assert_string_equal(field_of(s, answer, "Preference-Applied"), "respond-async");
	assert_non_null(txn);
	assert_string_equal(location, au_arena_printf(s->arena, SERVE_BASE "/AsyncRequests/%s", txn));
	return location + strlen(SERVE_BASE);
}

/* The claims of a token that is not signed. */
static const json_t *
claims_of(struct serve *s, const char *token)
{
	const char *dot = strchr(token, '.'), *end;
	unsigned char *text;
	size_t len;
	json_t *claims;

	assert_non_null(dot);
	text = au_arena_alloc(s->arena, strlen(dot));
	assert_int_equal(sodium_base642bin(text, strlen(dot), dot + 1, strlen(dot + 1), NULL, &len, &end,
			     sodium_base64_VARIANT_URLSAFE_NO_PADDING),
	    0);
	assert_string_equal(end, ".");
	claims = json_loadb((const char *)text, len, 0, NULL);
	assert_non_null(claims);
	return au_json_in_arena(s->arena, claims);
}

/* The token of that name holds `want`. */
static void
expect_set(struct serve *s, const struct answer *answer, const char *name, const char *want)
{
	const char *token = au_json_get_str(json_object_get(answer->body, "sets"), name);
	const json_t *claims;

	if (token == NULL)
		fail_msg("no set '%s' in %s", name, answer->text);
	claims = claims_of(s, token);
	assert_string_equal(au_json_get_str(claims, "jti"), name);
	assert_string_equal(au_json_get_str(claims, "txn"), name);
	assert_string_equal(au_json_get_str(claims, "iss"), SERVE_BASE);
	assert_string_equal(au_json_get_str(claims, "aud"), "okta");
	if (!holds(claims, json_of(s->arena, want)))
		fail_msg("%s does not hold %s", json_dumps(claims, 0), want);
}

/* Ask until everything is there. */
static struct answer
poll_for(struct serve *s, const char *path)
{
	for (int i = 0; i < 10000; i++) {
		struct answer answer = check(s, "GET", path, NULL, 200, NULL);

		if (json_is_false(json_object_get(answer.body, "moreAvailable")))
			return answer;
	}
	fail_msg("%s does not end", path);
	return (struct answer){ .status = 0 };
}

/* ---- one resource ---- */

static void
changes_are_accepted_and_told_later(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{'userName':'bob'}");
	const char *path = expect_accepted(s, &answer), *txn = strrchr(path, '/') + 1, *user;

	answer = check(s, "GET", "/Users?filter=userName+eq+%22bob%22", NULL, 200, "{'totalResults':1}");
	user = au_json_get_str(json_array_get(json_object_get(answer.body, "Resources"), 0), "id");
	answer = check(s, "GET", path, NULL, 200, "{'moreAvailable':false}");
	assert_string_equal(field_of(s, &answer, "Content-Type"), "application/json");
	assert_int_equal(json_object_size(json_object_get(answer.body, "sets")), 1);
	expect_set(s, &answer, txn,
	    au_arena_printf(s->arena,
		"{'sub_id':{'format':'scim','uri':'/Users/%s'},'events':{'" EVENT
		"':{'method':'POST','status':'201','version':'W/\\'1\\'','response':null}}}",
		user));
	answer = ask_with(s, "okta", "Prefer: return=minimal, Respond-Async; x=1\r\nIf-Match: W/\"1\"\r\n", "PATCH",
	    path_of(s, "Users", user), "{'Operations':[{'op':'add','path':'title','value':'x'}]}");
	path = expect_accepted(s, &answer);
	answer = check(s, "GET", path, NULL, 200, NULL);
	expect_set(s, &answer, strrchr(path, '/') + 1,
	    "{'events':{'" EVENT "':{'method':'PATCH','status':'204','version':'W/\\'2\\''}}}");
	answer = ask_with(s, "okta", ASYNC, "DELETE", path_of(s, "Users", user), NULL);
	path = expect_accepted(s, &answer);
	answer = check(s, "GET", path, NULL, 200, NULL);
	expect_set(s, &answer, strrchr(path, '/') + 1,
	    "{'events':{'" EVENT "':{'method':'DELETE','status':'204','version':null}}}");
	check(s, "GET", path_of(s, "Users", user), NULL, 404, NULL);
}

/* What cannot be accepted is said at once. */
static void
failures_are_told_at_once(void **state)
{
	struct serve *s = *state;
	const char *bob = make_user(s, "bob");
	struct answer answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{'userName':'BOB'}");

	expect(&answer, 409, s, "{'scimType':'uniqueness'}");
	assert_null(field_of(s, &answer, "Set-Txn"));
	answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{");
	expect(&answer, 400, s, NULL);
	answer =
	    ask_with(s, "okta", ASYNC "If-Match: W/\"9\"\r\n", "PUT", path_of(s, "Users", bob), "{'userName':'x'}");
	expect(&answer, 412, s, NULL);
	answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk", "{'Operations':[]}");
	expect(&answer, 400, s, NULL);
	answer = ask_with(s, "okta", ASYNC, "GET", "/Users", NULL);
	expect(&answer, 200, s, "{'totalResults':1}");
}

static void
preferences_are_read_by_their_grammar(void **state)
{
	static const struct {
		const char *prefer;
		bool is_preferred;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ "respond-async", true },
		{ "RESPOND-ASYNC", true },
		{ "return=minimal,respond-async", true },
		{ " , respond-async ;foo=\"bar\"", true },
		{ "respond-async, wait=0", true },
		{ "respond-async, wait=10", false },
		{ "wait = 100, respond-async", false },
		{ "respond-async, wait=", true },
		{ "respond-asynchronously", false },
		{ "x; respond-async", false },
		{ "return=respond-async", false },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (au_async_is_preferred(rows[i].prefer) != rows[i].is_preferred)
			fail_msg("'%s'", rows[i].prefer);
}

/* ---- Bulk ---- */

static void
each_operation_of_a_bulk_is_told(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk",
	    "{'Operations':[{'method':'POST','path':'/Groups','bulkId':'g','data':{'displayName':'g','members':["
	    "{'value':'bulkId:u'}]}},{'method':'DELETE','path':'/Users/none'},"
	    "{'method':'POST','path':'/Users','bulkId':'u','data':{'userName':'u','password':'canary-pw'}}]}");
	const char *path = expect_accepted(s, &answer), *txn = strrchr(path, '/') + 1;

	answer = poll_for(s, path);
	assert_int_equal(json_object_size(json_object_get(answer.body, "sets")), 3);
	expect_set(s, &answer, au_arena_printf(s->arena, "%s:0", txn),
	    "{'events':{'" EVENT "':{'method':'POST','bulkId':'g','status':'201'}}}");
	expect_set(s, &answer, au_arena_printf(s->arena, "%s:1", txn),
	    "{'sub_id':{'uri':'/Users/none'},'events':{'" EVENT
	    "':{'method':'DELETE','status':'404','response':{'status':'404'}}}}");
	expect_set(s, &answer, au_arena_printf(s->arena, "%s:2", txn),
	    "{'events':{'" EVENT "':{'method':'POST','bulkId':'u','status':'201'}}}");
	check(s, "GET", "/Groups", NULL, 200, "{'totalResults':1,'Resources':[{'members':[{'display':'u'}]}]}");
}

/* Operations behind the last error that was accepted never ran, and that is said. */
static void
operations_that_never_ran_are_told(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk",
	    "{'failOnErrors':1,'Operations':[{'method':'DELETE','path':'/Users/none'},"
	    "{'method':'POST','path':'/Users','bulkId':'u','data':{'userName':'u'}}]}");
	const char *path = expect_accepted(s, &answer), *txn = strrchr(path, '/') + 1;

	answer = poll_for(s, path);
	expect_set(s, &answer, au_arena_printf(s->arena, "%s:0", txn), "{'events':{'" EVENT "':{'status':'404'}}}");
	expect_set(s, &answer, au_arena_printf(s->arena, "%s:1", txn),
	    "{'events':{'" EVENT "':{'status':'503','response':{'status':'503'}}}}");
	check(s, "GET", "/Users", NULL, 200, "{'totalResults':0}");
}

static void
big_ones_are_accepted_before_they_are_done(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
	struct serve *s = *state;
	struct answer answer;
	const char *path;

	au_str_put(&body, "{'Operations':[");
	for (unsigned i = 0; i < 2000; i++)
		au_str_printf(&body, "%s{'method':'POST','path':'/Users','bulkId':'%u','data':{'userName':'u%u'}}",
		    i > 0 ? "," : "", i, i);
	au_str_put(&body, "]}");
	answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk", au_str_get(&body));
	path = expect_accepted(s, &answer);
	check(s, "GET", path, NULL, 200, "{'moreAvailable':true}");
	answer = poll_for(s, path);
	assert_int_equal(json_object_size(json_object_get(answer.body, "sets")), 2000);
	check(s, "GET", "/Users?count=1", NULL, 200, "{'totalResults':2000}");
}

/* ---- whose it is, and for how long ---- */

static void
outcomes_belong_to_their_client_and_expire(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{'userName':'bob'}");
	const char *path = expect_accepted(s, &answer);
	int64_t now_ms = au_clock_wall_ms();

	assert_int_equal(ask(s, "entra", "GET", path, NULL).status, 404);
	assert_int_equal(ask(s, NULL, "GET", path, NULL).status, 401);
	check(s, "GET", "/AsyncRequests/none", NULL, 404, NULL);
	check(s, "DELETE", path, NULL, 405, NULL);
	check(s, "GET", path, NULL, 200, NULL);
	au_clock_fake_set(now_ms + 25LL * 3600 * 1000, au_clock_mono_ms());
	check(s, "GET", path, NULL, 404, NULL);
	au_clock_real();
}

/* Whoever may see all that the sender may see; a token that has taken the sender's place, too. */
static void
outcomes_are_for_those_who_may_see_what_they_tell(void **state)
{
	static const struct {
		const char *name, *scopes;
		int of_users, of_both, of_all;
	} rows[] = {
		{ "same", "users", 200, 404, 404 },
		{ "reads", "read-only users", 200, 404, 404 },
		{ "other", "groups", 404, 404, 404 },
		{ "both", "groups users", 200, 200, 404 },
		{ "looks", "read-only", 200, 200, 200 },
		{ "full", NULL, 200, 200, 200 },
	};
	struct serve *s = *state;
	struct answer answer;
	const char *of_users, *of_both, *of_all;

	serve_token(s, "sender-users", "okta", "users");
	serve_token(s, "sender-both", "okta", "groups users");
	answer = ask_with(s, "sender-users", ASYNC, "POST", "/Users", "{'userName':'a'}");
	of_users = expect_accepted(s, &answer);
	answer = ask_with(s, "sender-both", ASYNC, "POST", "/Users", "{'userName':'b'}");
	of_both = expect_accepted(s, &answer);
	answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{'userName':'c'}");
	of_all = expect_accepted(s, &answer);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		serve_token(s, rows[i].name, "okta", rows[i].scopes);
		assert_int_equal(ask(s, rows[i].name, "GET", of_users, NULL).status, rows[i].of_users);
		assert_int_equal(ask(s, rows[i].name, "GET", of_both, NULL).status, rows[i].of_both);
		assert_int_equal(ask(s, rows[i].name, "GET", of_all, NULL).status, rows[i].of_all);
	}
}

static void
outcomes_of_a_client_are_so_many_at_most(void **state)
{
	static const char three[] = "{'Operations':[{'method':'DELETE','path':'/Users/a'},"
				    "{'method':'DELETE','path':'/Users/b'},{'method':'DELETE','path':'/Users/c'}]}";
	struct serve *s = *state;
	struct answer answer;
	int64_t now_ms = au_clock_wall_ms();

	s->more_scim = "async_max = 4;";
	serve_reload(s, "");
	answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk", three);
	expect_accepted(s, &answer);
	answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk", three);
	expect(&answer, 429, s, "{'status':'429'}");
	assert_non_null(strstr(text_of(&answer, "detail"), "4 outcomes"));
	answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{'userName':'fourth'}");
	expect_accepted(s, &answer);
	answer = ask_with(s, "okta", ASYNC, "POST", "/Users", "{'userName':'fifth'}");
	expect(&answer, 429, s, "{'status':'429'}");
	/* nothing of it was carried out; others have their own number, and whoever waits needs none */
	check(s, "GET", "/Users?filter=userName+eq+%22fifth%22", NULL, 200, "{'totalResults':0}");
	answer = ask_with(s, "entra", ASYNC, "POST", "/Users", "{'userName':'fifth'}");
	expect_accepted(s, &answer);
	check(s, "POST", "/Users", "{'userName':'fifth'}", 201, NULL);
	au_clock_fake_set(now_ms + 25LL * 3600 * 1000, au_clock_mono_ms());
	answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk", three);
	expect_accepted(s, &answer);
	answer = ask_with(s, "okta", ASYNC, "POST", "/Bulk", three);
	expect(&answer, 429, s, NULL);
	au_clock_real();
}

/* ---- restarts ---- */

static const struct au_async_row left_open = {
	.txn = "left", .client = "okta", .expires_ms = 1LL << 60, .operations = 2
};

static int
leave_open(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct au_async_outcome first = { .operation = 0, .at_ms = 1000, .text = "{\"status\":\"204\"}" };
	int rc = au_store_async_open(tx, &left_open, 2, err);

	(void)arg;
	return rc == 0 ? au_store_async_put(tx, "left", &first, err) : rc;
}

static int
nothing(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)tx;
	(void)arg;
	(void)err;
	return 0;
}

/* What a daemon left behind that was killed in the middle of a Bulk, as the next one finds it. */
static void
the_next_start_ends_what_was_left_open(void **state)
{
	struct serve *s = *state;
	struct answer answer;
	struct au_err err;

	assert_int_equal(au_store_run(s->store, leave_open, NULL, &err), 0);
	answer = check(s, "GET", "/AsyncRequests/left", NULL, 200, "{'moreAvailable':true}");
	assert_int_equal(json_object_size(json_object_get(answer.body, "sets")), 1);
	au_async_start(s->scim);
	assert_int_equal(au_store_run(s->store, nothing, NULL, &err), 0);
	answer = check(s, "GET", "/AsyncRequests/left", NULL, 200, "{'moreAvailable':false}");
	expect_set(s, &answer, "left:0", "{'iat':1,'events':{'" EVENT "':{'status':'204'}}}");
	expect_set(s, &answer, "left:1", "{'events':{'" EVENT "':{'status':'503'}}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(preferences_are_read_by_their_grammar),
		cmocka_unit_test_setup_teardown(changes_are_accepted_and_told_later, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(failures_are_told_at_once, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(each_operation_of_a_bulk_is_told, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(operations_that_never_ran_are_told, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(big_ones_are_accepted_before_they_are_done, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(outcomes_belong_to_their_client_and_expire, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(
		    outcomes_are_for_those_who_may_see_what_they_tell, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(outcomes_of_a_client_are_so_many_at_most, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(the_next_start_ends_what_was_left_open, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
