/* SPDX-License-Identifier: ISC */
/* The simulator's login, tokens and permissions, row by row. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define USERS "/v1/usermanagement/users"
#define LIST USERS "/list"

static int
begin(void **state)
{
	static struct room_client room;

	room_begin(&room, NULL);
	room_login(&room);
	*state = &room;
	return 0;
}

static int
end(void **state)
{
	room_end(*state);
	return 0;
}

static int
start_anew(void **state)
{
	assert_int_equal(room_call(*state, "POST", "/__sim/reset", NULL, NULL), 200);
	room_login(*state);
	return 0;
}

/* The claims of a token. */
static json_t *
claims(const char *token)
{
	const char *first = strchr(token, '.') + 1, *second = strchr(first, '.');
	unsigned char text[2048];
	size_t length;

	assert_int_equal(sodium_base642bin(text, sizeof(text), first, (size_t)(second - first), NULL, &length, NULL,
			     sodium_base64_VARIANT_URLSAFE_NO_PADDING),
	    0);
	return json_loadb((const char *)text, length, 0, NULL);
}

static void
login_gives_a_token_of_twenty_minutes_and_the_user(void **state)
{
	json_t *answer, *body = json_pack("{s:s, s:s}", "username", ROOM_ADMIN, "password", ROOM_PASSWORD), *found;
	const char *issuer;
	json_int_t issued, expires;

	assert_int_equal(room_call_as(*state, NULL, "POST", "/v1/authentication", body, &answer), 200);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(answer, "user"), "username")), ROOM_ADMIN);
	found = claims(json_string_value(json_object_get(answer, "token")));
	assert_int_equal(json_unpack(found, "{s:I, s:I, s:s}", "iat", &issued, "exp", &expires, "iss", &issuer), 0);
	assert_int_equal(expires - issued, 1200);
	assert_string_equal(issuer, "AutomationAnywhere");
	assert_string_equal(json_string_value(json_object_get(found, "sub")), "1");
	json_decref(found);
	json_decref(answer);
}

static void
wrong_name_and_wrong_password_read_the_same(void **state)
{
	json_t *name, *password;

	assert_int_equal(room_call_as(*state, NULL, "POST", "/v1/authentication",
			     json_pack("{s:s, s:s}", "username", "nobody", "password", ROOM_PASSWORD), &name),
	    401);
	assert_int_equal(room_call_as(*state, NULL, "POST", "/v1/authentication",
			     json_pack("{s:s, s:s}", "username", ROOM_ADMIN, "password", "wrong-wrong"), &password),
	    401);
	assert_true(json_equal(name, password));
	assert_non_null(json_object_get(name, "code"));
	assert_non_null(json_object_get(name, "message"));
	assert_non_null(json_object_get(name, "details"));
	json_decref(name);
	json_decref(password);
}

static void
login_of_the_wrong_shape_is_a_bad_request(void **state)
{
	assert_int_equal(
	    room_call_as(*state, NULL, "POST", "/v1/authentication", json_pack("{s:s}", "username", ROOM_ADMIN), NULL),
	    400);
	assert_int_equal(room_call_raw(*state, NULL, "POST", "/v1/authentication", "{\"username\":", NULL), 400);
}

static void
three_bad_logins_disable_the_account(void **state)
{
	json_t *user;

	room_user(*state, "clumsy");
	assert_int_equal(room_login_as(*state, "clumsy", "bad-bad-1", NULL), 401);
	assert_int_equal(room_login_as(*state, "clumsy", "bad-bad-2", NULL), 401);
	assert_int_equal(room_login_as(*state, "clumsy", "Good-pass.1", NULL), 200);
	for (int i = 0; i < 3; i++)
		assert_int_equal(room_login_as(*state, "clumsy", "bad-bad-3", NULL), 401);
	assert_int_equal(room_login_as(*state, "clumsy", "Good-pass.1", NULL), 401);
	user = room_state_user(*state, "clumsy");
	assert_true(json_is_true(json_object_get(user, "disabled")));
	json_decref(user);
}

static void
a_disabled_user_cannot_log_in_and_loses_its_token(void **state)
{
	char *token, path[64];
	json_int_t id = room_user(*state, "leaver");
	json_t *body = room_user_body("leaver");

	assert_int_equal(room_login_as(*state, "leaver", "Good-pass.1", &token), 200);
	assert_int_equal(room_call_as(*state, token, "POST", LIST, json_object(), NULL), 403);
	json_object_del(body, "password");
	json_object_set_new(body, "disabled", json_true());
	snprintf(path, sizeof(path), USERS "/%lld", (long long)id);
	assert_int_equal(room_call(*state, "PUT", path, body, NULL), 200);
	assert_int_equal(room_call_as(*state, token, "POST", LIST, json_object(), NULL), 401);
	assert_int_equal(room_login_as(*state, "leaver", "Good-pass.1", NULL), 401);
	free(token);
}

static void
a_second_login_ends_the_first_token_unless_multi_login_is_on(void **state)
{
	struct room_client *room = *state;
	char *first = strdup(room->token);

	room_login(room);
	assert_int_equal(room_call_as(room, first, "POST", LIST, json_object(), NULL), 401);
	assert_int_equal(room_call(room, "POST", LIST, json_object(), NULL), 200);
	free(first);
	room_switch(room, "multi-login", "on");
	first = strdup(room->token);
	room_login(room);
	assert_int_equal(room_call_as(room, first, "POST", LIST, json_object(), NULL), 200);
	assert_int_equal(room_call(room, "POST", LIST, json_object(), NULL), 200);
	free(first);
}

static void
only_a_live_token_in_its_own_header_counts(void **state)
{
	struct room_client *room = *state;
	char header[2048];

	assert_int_equal(room_call_as(room, NULL, "POST", LIST, json_object(), NULL), 401);
	assert_int_equal(room_call_as(room, "rubbish", "POST", LIST, json_object(), NULL), 401);
	snprintf(header, sizeof(header), "Authorization: Bearer %s", room->token);
	assert_int_equal(room_call_raw(room, header, "POST", LIST, "{}", NULL), 401);
	snprintf(header, sizeof(header), "X-Authorization: Bearer %s", room->token);
	assert_int_equal(room_call_raw(room, header, "POST", LIST, "{}", NULL), 401);
	assert_int_equal(room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 1199), NULL), 200);
	assert_int_equal(room_call(room, "POST", LIST, json_object(), NULL), 200);
	assert_int_equal(room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 2), NULL), 200);
	assert_int_equal(room_call(room, "POST", LIST, json_object(), NULL), 401);
}

static void
a_token_can_be_renewed_while_it_lives(void **state)
{
	struct room_client *room = *state;
	json_t *answer;
	const char *fresh;

	assert_int_equal(room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 900), NULL), 200);
	assert_int_equal(
	    room_call(room, "POST", "/v1/authentication/token", json_pack("{s:s}", "token", room->token), &answer),
	    200);
	fresh = json_string_value(json_object_get(answer, "token"));
	assert_non_null(fresh);
	assert_string_not_equal(fresh, room->token);
	assert_int_equal(room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 900), NULL), 200);
	assert_int_equal(room_call_as(room, fresh, "POST", LIST, json_object(), NULL), 200);
	assert_int_equal(room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 900), NULL), 200);
	assert_int_equal(
	    room_call_as(room, fresh, "POST", "/v1/authentication/token", json_pack("{s:s}", "token", fresh), NULL),
	    401);
	json_decref(answer);
}

static long
key_login(struct room_client *room, const char *username)
{
	return room_call_as(room, NULL, "POST", "/v1/authentication",
	    json_pack("{s:s, s:s}", "username", username, "apiKey", "back\\slash\"key"), NULL);
}

/* Make a custom role with these actions and a user "robot" that holds it; the role's id. */
static json_int_t
robot_with(struct room_client *room, json_t *actions)
{
	json_t *answer, *body, *list = json_array();
	json_int_t role;
	size_t index;
	json_t *action;

	json_array_foreach(actions, index, action)
	    json_array_append_new(list, json_pack("{s:i, s:O, s:s}", "id", 1, "action", action, "resourceType", "x"));
	assert_int_equal(room_call(room, "POST", "/v1/usermanagement/roles",
			     json_pack("{s:s, s:o}", "name", "For robots", "permissions", list), &answer),
	    200);
	role = json_integer_value(json_object_get(answer, "id"));
	json_decref(answer);
	json_decref(actions);
	body = room_user_body("robot");
	json_object_set_new(body, "roles", json_pack("[{s:I}]", "id", role));
	assert_int_equal(room_call(room, "POST", USERS, body, NULL), 200);
	return role;
}

static void
an_api_key_needs_its_role_and_release(void **state)
{
	struct room_client *room = *state;
	json_t *key = json_pack("{s:s, s:s}", "username", "robot", "apiKey", "back\\slash\"key");

	robot_with(room, json_pack("[s]", "generateapikey"));
	room_user(room, "plain");
	assert_int_equal(room_call(room, "POST", "/__sim/console/api-key", json_deep_copy(key), NULL), 200);
	json_object_set_new(key, "username", json_string("plain"));
	assert_int_equal(room_call(room, "POST", "/__sim/console/api-key", key, NULL), 200);
	assert_int_equal(key_login(room, "robot"), 200);
	assert_int_equal(key_login(room, "plain"), 401);
	room_switch(room, "api-key-login", "off");
	assert_int_equal(key_login(room, "robot"), 401);
}

static void
each_call_needs_its_permission(void **state)
{
	struct room_client *room = *state;
	json_int_t role = robot_with(room, json_pack("[s, s]", "usermanagement", "createuser"));
	json_int_t id = room_user(room, "victim");
	json_t *body = room_user_body("by-robot"), *refusal;
	char *token, path[64], text[512] = "";

	assert_int_equal(room_login_as(room, "robot", "Good-pass.1", &token), 200);
	snprintf(path, sizeof(path), USERS "/%lld", (long long)id);
	assert_int_equal(room_call_as(room, token, "POST", LIST, json_object(), NULL), 200);
	assert_int_equal(room_call_as(room, token, "GET", path, NULL, NULL), 200);
	assert_int_equal(room_call_as(room, token, "PUT", path, room_user_body("victim"), &refusal), 403);
	json_dumpb(refusal, text, sizeof(text), 0);
	assert_null(strstr(text, "victim"));
	json_decref(refusal);
	assert_int_equal(room_call_as(room, token, "DELETE", path, NULL, NULL), 403);
	assert_int_equal(room_call_as(room, token, "GET", "/v2/license", NULL, NULL), 403);
	assert_int_equal(room_call_as(room, token, "POST", "/v1/usermanagement/roles/list", json_object(), NULL), 403);
	/* Creating is allowed, handing out licences or making administrators is not. */
	json_object_set_new(body, "licenseFeatures", json_pack("[s]", "RUNTIME"));
	assert_int_equal(room_call_as(room, token, "POST", USERS, json_deep_copy(body), NULL), 403);
	json_object_del(body, "licenseFeatures");
	json_object_set_new(body, "roles", json_pack("[{s:i}]", "id", 1));
	assert_int_equal(room_call_as(room, token, "POST", USERS, json_deep_copy(body), NULL), 403);
	assert_null(room_state_user(room, "by-robot"));
	json_object_set_new(body, "roles", json_pack("[{s:I}]", "id", role));
	assert_int_equal(room_call_as(room, token, "POST", USERS, body, NULL), 200);
	free(token);
}

static void
the_rate_limit_answers_429_until_the_window_is_over(void **state)
{
	struct room_client *room = *state;

	room_switch(room, "rate-limit", "on");
	for (int i = 0; i < 1000; i++)
		assert_int_equal(room_call(room, "GET", USERS "/1", NULL, NULL), 200);
	assert_int_equal(room_call(room, "GET", USERS "/1", NULL, NULL), 429);
	assert_int_equal(room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 301), NULL), 200);
	assert_int_equal(room_call(room, "GET", USERS "/1", NULL, NULL), 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(login_gives_a_token_of_twenty_minutes_and_the_user, start_anew),
		cmocka_unit_test_setup(wrong_name_and_wrong_password_read_the_same, start_anew),
		cmocka_unit_test_setup(login_of_the_wrong_shape_is_a_bad_request, start_anew),
		cmocka_unit_test_setup(three_bad_logins_disable_the_account, start_anew),
		cmocka_unit_test_setup(a_disabled_user_cannot_log_in_and_loses_its_token, start_anew),
		cmocka_unit_test_setup(a_second_login_ends_the_first_token_unless_multi_login_is_on, start_anew),
		cmocka_unit_test_setup(only_a_live_token_in_its_own_header_counts, start_anew),
		cmocka_unit_test_setup(a_token_can_be_renewed_while_it_lives, start_anew),
		cmocka_unit_test_setup(an_api_key_needs_its_role_and_release, start_anew),
		cmocka_unit_test_setup(each_call_needs_its_permission, start_anew),
		cmocka_unit_test_setup(the_rate_limit_answers_429_until_the_window_is_over, start_anew),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
