/* SPDX-License-Identifier: ISC */
/* What the simulator demands of a new user, row by row; every refusal must leave no user behind. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define USERS "/v1/usermanagement/users"

static int
begin(void **state)
{
	static struct room_client room;
	static const char *const options[] = { "--licence", "ANALYTICSAPI=1", "--licence", "IQBOTRUNTIME=off", NULL };

	room_begin(&room, options);
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

/* Create "x" with one member replaced (value taken over) or removed (NULL). */
static long
create_with(struct room_client *room, const char *member, json_t *value)
{
	json_t *body = room_user_body("x"), *user;
	long status;

	if (value != NULL)
		json_object_set_new(body, member, value);
	else
		json_object_del(body, member);
	status = room_call(room, "POST", USERS, body, NULL);
	user = room_state_user(room, "x");
	assert_int_equal(user != NULL, status == 200);
	json_decref(user);
	return status;
}

static json_t *
letters(size_t count)
{
	char text[300];

	memset(text, 'x', count);
	return json_stringn(text, count);
}

static void
roles_must_be_there_and_known(void **state)
{
	assert_int_equal(create_with(*state, "roles", NULL), 400);
	assert_int_equal(create_with(*state, "roles", json_null()), 400);
	assert_int_equal(create_with(*state, "roles", json_array()), 400);
	assert_int_equal(create_with(*state, "roles", json_pack("[{s:s}]", "name", "AAE_Basic")), 400);
	assert_int_equal(create_with(*state, "roles", json_pack("[{s:i}, {s:i}]", "id", 2, "id", 4711)), 400);
	room_switch(*state, "unknown-role-status", "404");
	assert_int_equal(create_with(*state, "roles", json_pack("[{s:i}]", "id", 4711)), 404);
	assert_int_equal(create_with(*state, "roles", json_pack("[{s:i}, {s:i}]", "id", 2, "id", 13)), 200);
}

static void
username_has_1_to_255_characters(void **state)
{
	json_t *body = room_user_body("x");

	assert_int_equal(create_with(*state, "username", NULL), 400);
	assert_int_equal(create_with(*state, "username", json_string("")), 400);
	assert_int_equal(create_with(*state, "username", json_integer(7)), 400);
	assert_int_equal(create_with(*state, "username", letters(256)), 400);
	json_object_set_new(body, "username", letters(255));
	assert_int_equal(room_call(*state, "POST", USERS, body, NULL), 200);
}

static void
email_has_a_local_part_and_a_domain(void **state)
{
	assert_int_equal(create_with(*state, "email", NULL), 400);
	assert_int_equal(create_with(*state, "email", json_string("")), 400);
	assert_int_equal(create_with(*state, "email", json_string("team.apps.example")), 400);
	assert_int_equal(create_with(*state, "email", json_string("@apps.example")), 400);
	assert_int_equal(create_with(*state, "email", json_string("team@")), 400);
	room_switch(*state, "strict-mail", "on");
	assert_int_equal(create_with(*state, "email", json_string("team@localhost")), 400);
	room_switch(*state, "strict-mail", "off");
	assert_int_equal(create_with(*state, "email", json_string("team@localhost")), 200);
}

static void
password_has_8_to_15_of_71_symbols(void **state)
{
	static const char *const wrong[] = { "short-7", "sixteen-symbols.", "has a space", "has*star1", "has+plus1",
		"\xc3\xbcmlaut-word", "tilde~tilde", "" };
	static const char *const right[] = { "eight-.8", "fifteen-symbols", "@-_!#$%&.", "AZaz0099" };
	json_t *body;
	char name[16];

	assert_int_equal(create_with(*state, "password", NULL), 400);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(create_with(*state, "password", json_string(wrong[i])), 400);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		snprintf(name, sizeof(name), "right-%zu", i);
		body = room_user_body(name);
		json_object_set_new(body, "password", json_string(right[i]));
		assert_int_equal(room_call(*state, "POST", USERS, body, NULL), 200);
		assert_int_equal(room_login_as(*state, name, right[i], NULL), 200);
	}
}

static void
licence_features_are_known_words(void **state)
{
	assert_int_equal(create_with(*state, "licenseFeatures", json_pack("[s]", "EVERYTHING")), 400);
	assert_int_equal(create_with(*state, "licenseFeatures", json_pack("[s]", "AARIUSER")), 400);
	assert_int_equal(create_with(*state, "licenseFeatures", json_string("RUNTIME")), 400);
	assert_int_equal(create_with(*state, "licenseFeatures", json_array()), 200);
}

static void
no_licence_features_are_fine(void **state)
{
	assert_int_equal(create_with(*state, "licenseFeatures", NULL), 200);
}

static void
a_licence_that_is_out_leaves_no_user_behind(void **state)
{
	json_t *first = room_user_body("first"), *answer;
	json_int_t used;

	json_object_set_new(first, "licenseFeatures", json_pack("[s]", "ANALYTICSAPI"));
	assert_int_equal(room_call(*state, "POST", USERS, first, NULL), 200);
	assert_int_equal(create_with(*state, "licenseFeatures", json_pack("[s, s]", "RUNTIME", "ANALYTICSAPI")), 400);
	room_switch(*state, "licence-status", "409");
	assert_int_equal(create_with(*state, "licenseFeatures", json_pack("[s]", "ANALYTICSAPI")), 409);
	assert_int_equal(create_with(*state, "licenseFeatures", json_pack("[s]", "IQBOTRUNTIME")), 409);
	assert_int_equal(room_call(*state, "GET", "/v2/license", NULL, &answer), 200);
	assert_int_equal(
	    json_unpack(answer, "{s:[{s:[o, {s:I}]}]}", "products", "features", &first, "usedCount", &used), 0);
	assert_int_equal(used, 0);
	json_decref(answer);
}

static void
a_username_is_taken_whatever_its_case(void **state)
{
	room_user(*state, "crm-sync");
	assert_int_equal(room_call(*state, "POST", USERS, room_user_body("crm-sync"), NULL), 409);
	assert_int_equal(room_call(*state, "POST", USERS, room_user_body("CRM-Sync"), NULL), 409);
	assert_int_equal(room_state_created(*state, "crm-sync"), 1);
}

static void
create_answers_the_whole_user_without_its_password(void **state)
{
	static const char *const members[] = { "id", "username", "domain", "firstName", "lastName", "version",
		"principalId", "email", "emailVerified", "passwordSet", "questionsSet", "enableAutoLogin", "disabled",
		"clientRegistered", "description", "createdBy", "createdOn", "updatedBy", "updatedOn",
		"licenseFeatures", "roles", "deleted", "sysAssignedRoles", "groupNames", "permissions", "publicKey",
		"appType", "routingName", "appUrl" };
	json_t *answer, *body = room_user_body("crm-sync");
	char text[4096];
	size_t length;

	json_object_set_new(body, "firstName", json_string("API"));
	json_object_set_new(body, "enableAutoLogin", json_true());
	assert_int_equal(room_call(*state, "POST", USERS, body, &answer), 200);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		assert_non_null(json_object_get(answer, members[i]));
	assert_int_equal(json_integer_value(json_object_get(answer, "version")), 0);
	assert_true(json_array_size(json_object_get(answer, "sysAssignedRoles")) > 0);
	assert_string_equal(json_string_value(json_object_get(answer, "firstName")), "API");
	assert_true(json_is_true(json_object_get(answer, "enableAutoLogin")));
	length = json_dumpb(answer, text, sizeof(text) - 1, 0);
	text[length] = '\0';
	assert_null(strstr(text, "Good-pass.1"));
	json_decref(answer);
}

static void
a_body_that_is_no_json_object_is_refused(void **state)
{
	struct room_client *room = *state;
	char header[2048];

	snprintf(header, sizeof(header), "X-Authorization: %s", room->token);
	assert_int_equal(room_call_raw(room, header, "POST", USERS, "username=x", NULL), 400);
	assert_int_equal(room_call_raw(room, header, "POST", USERS, "[]", NULL), 400);
	assert_int_equal(
	    room_call_raw(room, header, "POST", USERS, "{\"username\":\"x\",\"username\":\"y\"}", NULL), 400);
}

static void
the_request_log_shows_no_secret(void **state)
{
	struct room_client *room = *state;
	char path[128], line[8192];
	bool seen = false;
	FILE *file;

	room_user(room, "crm-sync");
	snprintf(path, sizeof(path), "%s/log", room->folder);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		seen = seen || strstr(line, "crm-sync") != NULL;
		assert_null(strstr(line, "Good-pass.1"));
		assert_null(strstr(line, ROOM_PASSWORD));
		assert_null(strstr(line, room->token));
	}
	fclose(file);
	assert_true(seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(roles_must_be_there_and_known, start_anew),
		cmocka_unit_test_setup(username_has_1_to_255_characters, start_anew),
		cmocka_unit_test_setup(email_has_a_local_part_and_a_domain, start_anew),
		cmocka_unit_test_setup(password_has_8_to_15_of_71_symbols, start_anew),
		cmocka_unit_test_setup(licence_features_are_known_words, start_anew),
		cmocka_unit_test_setup(no_licence_features_are_fine, start_anew),
		cmocka_unit_test_setup(a_licence_that_is_out_leaves_no_user_behind, start_anew),
		cmocka_unit_test_setup(a_username_is_taken_whatever_its_case, start_anew),
		cmocka_unit_test_setup(create_answers_the_whole_user_without_its_password, start_anew),
		cmocka_unit_test_setup(a_body_that_is_no_json_object_is_refused, start_anew),
		cmocka_unit_test_setup(the_request_log_shows_no_secret, start_anew),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
