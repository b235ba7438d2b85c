/* SPDX-License-Identifier: ISC */
/* Get, update and delete of users and roles, row by row. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#define USERS "/v1/usermanagement/users"
#define ROLES "/v1/usermanagement/roles"

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

static const char *
path_of(const char *calls, json_int_t id)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%lld", calls, (long long)id);
	return path;
}

/* Update with one member replaced (value taken over) or removed (NULL). */
static long
put_with(struct room_client *room, json_int_t id, const char *member, json_t *value, json_t **ret)
{
	json_t *body = room_user_body("crm-sync");

	json_object_del(body, "password");
	if (value != NULL)
		json_object_set_new(body, member, value);
	else
		json_object_del(body, member);
	return room_call(room, "PUT", path_of(USERS, id), body, ret);
}

static void
an_unknown_id_is_not_found(void **state)
{
	assert_int_equal(room_call(*state, "GET", USERS "/4711", NULL, NULL), 404);
	assert_int_equal(room_call(*state, "PUT", USERS "/4711", room_user_body("crm-sync"), NULL), 404);
	assert_int_equal(room_call(*state, "DELETE", USERS "/4711", NULL, NULL), 404);
	assert_int_equal(room_call(*state, "GET", USERS "/abc", NULL, NULL), 404);
	assert_int_equal(room_call(*state, "GET", ROLES "/4711", NULL, NULL), 404);
}

static void
get_shows_what_create_made(void **state)
{
	json_t *answer;
	json_int_t id = room_user(*state, "crm-sync");

	assert_int_equal(room_call(*state, "GET", path_of(USERS, id), NULL, &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "username")), "crm-sync");
	assert_non_null(json_object_get(answer, "sysAssignedRoles"));
	json_decref(answer);
}

static void
put_needs_roles_email_and_username(void **state)
{
	json_int_t id = room_user(*state, "crm-sync");

	assert_int_equal(put_with(*state, id, "roles", NULL, NULL), 400);
	assert_int_equal(put_with(*state, id, "roles", json_array(), NULL), 400);
	assert_int_equal(put_with(*state, id, "email", NULL, NULL), 400);
	assert_int_equal(put_with(*state, id, "username", NULL, NULL), 400);
	assert_int_equal(put_with(*state, id, "username", json_string("other"), NULL), 400);
	room_switch(*state, "rename", "on");
	assert_int_equal(put_with(*state, id, "username", json_string(ROOM_ADMIN), NULL), 409);
	assert_int_equal(put_with(*state, id, "username", json_string("other"), NULL), 200);
	assert_null(room_state_user(*state, "crm-sync"));
}

static void
put_replaces_the_roles(void **state)
{
	json_int_t id = room_user(*state, "crm-sync"), left;
	json_t *answer, *roles;

	roles = json_pack("[{s:i}, {s:i}, {s:i}]", "id", 2, "id", 13, "id", 5);
	assert_int_equal(put_with(*state, id, "roles", roles, &answer), 200);
	assert_int_equal(json_array_size(json_object_get(answer, "roles")), 3);
	json_decref(answer);
	assert_int_equal(put_with(*state, id, "roles", json_pack("[{s:i}]", "id", 13), &answer), 200);
	assert_int_equal(json_unpack(answer, "{s:[{s:I} !]}", "roles", "id", &left), 0);
	assert_int_equal(left, 13);
	json_decref(answer);
}

static void
put_of_a_stale_version_is_a_conflict(void **state)
{
	json_int_t id = room_user(*state, "crm-sync");
	json_t *answer;

	assert_int_equal(put_with(*state, id, "version", json_integer(0), &answer), 200);
	assert_int_equal(json_integer_value(json_object_get(answer, "version")), 1);
	json_decref(answer);
	assert_int_equal(put_with(*state, id, "version", json_integer(0), NULL), 409);
	assert_int_equal(put_with(*state, id, "version", json_integer(1), NULL), 200);
	room_switch(*state, "version-check", "off");
	assert_int_equal(put_with(*state, id, "version", json_integer(0), NULL), 200);
}

static void
put_clears_what_it_leaves_out_only_when_switched_so(void **state)
{
	json_int_t id = room_user(*state, "crm-sync");
	json_t *answer;

	assert_int_equal(put_with(*state, id, "firstName", json_string("API"), NULL), 200);
	room_switch(*state, "put-clears", "off");
	assert_int_equal(put_with(*state, id, "licenseFeatures", json_pack("[s]", "RUNTIME"), &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "firstName")), "API");
	json_decref(answer);
	room_switch(*state, "put-clears", "on");
	assert_int_equal(put_with(*state, id, "description", json_string("managed"), &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "firstName")), "");
	assert_int_equal(json_array_size(json_object_get(answer, "licenseFeatures")), 0);
	json_decref(answer);
}

static void
put_may_set_a_password_by_the_same_rules(void **state)
{
	json_int_t id = room_user(*state, "crm-sync");

	assert_int_equal(put_with(*state, id, "password", json_string("bad"), NULL), 400);
	assert_int_equal(put_with(*state, id, "password", json_string("Other-pass.2"), NULL), 200);
	assert_int_equal(room_login_as(*state, "crm-sync", "Other-pass.2", NULL), 200);
	room_switch(*state, "put-password", "off");
	assert_int_equal(put_with(*state, id, "password", json_string("Third-pass.3"), NULL), 200);
	assert_int_equal(room_login_as(*state, "crm-sync", "Third-pass.3", NULL), 401);
	assert_int_equal(room_login_as(*state, "crm-sync", "Other-pass.2", NULL), 200);
}

static void
delete_answers_the_user_once(void **state)
{
	json_int_t id = room_user(*state, "crm-sync");
	json_t *answer;

	assert_int_equal(room_call(*state, "DELETE", path_of(USERS, id), NULL, &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "username")), "crm-sync");
	json_decref(answer);
	assert_int_equal(room_call(*state, "DELETE", path_of(USERS, id), NULL, NULL), 404);
	assert_int_equal(room_call(*state, "GET", path_of(USERS, id), NULL, NULL), 404);
	room_user(*state, "crm-sync");
	assert_int_equal(room_state_created(*state, "crm-sync"), 2);
}

static void
nobody_deletes_themselves_or_the_last_administrator(void **state)
{
	struct room_client *room = *state;
	json_t *body = room_user_body("second");
	char *second;

	assert_int_equal(room_call(room, "DELETE", USERS "/1", NULL, NULL), 400);
	json_object_set_new(body, "roles", json_pack("[{s:i}]", "id", 1));
	assert_int_equal(room_call(room, "POST", USERS, body, NULL), 200);
	assert_int_equal(room_login_as(room, "second", "Good-pass.1", &second), 200);
	assert_int_equal(room_call_as(room, second, "DELETE", USERS "/1", NULL, NULL), 200);
	body = room_user_body("second");
	json_object_del(body, "password");
	assert_int_equal(room_call_as(room, second, "PUT", USERS "/2", json_deep_copy(body), NULL), 400);
	json_object_set_new(body, "roles", json_pack("[{s:i}]", "id", 1));
	json_object_set_new(body, "disabled", json_true());
	assert_int_equal(room_call_as(room, second, "PUT", USERS "/2", body, NULL), 400);
	assert_int_equal(
	    room_call(room, "POST", "/__sim/console/user-delete", json_pack("{s:s}", "username", "second"), NULL), 400);
	free(second);
}

static void
system_roles_can_only_be_assigned(void **state)
{
	assert_int_equal(room_call(*state, "PUT", ROLES "/2", json_pack("{s:s}", "name", "Mine"), NULL), 403);
	assert_int_equal(room_call(*state, "DELETE", ROLES "/2", NULL, NULL), 403);
	room_switch(*state, "system-role-status", "400");
	assert_int_equal(room_call(*state, "DELETE", ROLES "/2", NULL, NULL), 400);
}

static void
custom_roles_can_be_made_changed_and_deleted(void **state)
{
	json_t *answer, *long_name = json_object();
	json_int_t id;
	char name[257];

	memset(name, 'r', 256);
	name[256] = '\0';
	json_object_set_new(long_name, "name", json_string(name));
	assert_int_equal(room_call(*state, "POST", ROLES, long_name, NULL), 400);
	assert_int_equal(room_call(*state, "POST", ROLES, json_object(), NULL), 400);
	assert_int_equal(room_call(*state, "POST", ROLES, json_pack("{s:s}", "name", "Robots"), &answer), 200);
	id = json_integer_value(json_object_get(answer, "id"));
	json_decref(answer);
	assert_int_equal(room_call(*state, "POST", ROLES, json_pack("{s:s}", "name", "robots"), NULL), 409);
	assert_int_equal(
	    room_call(*state, "PUT", path_of(ROLES, id), json_pack("{s:s}", "name", "Machines"), &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "name")), "Machines");
	json_decref(answer);
	assert_int_equal(room_call(*state, "DELETE", path_of(ROLES, id), NULL, NULL), 200);
	assert_int_equal(room_call(*state, "GET", path_of(ROLES, id), NULL, NULL), 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_unknown_id_is_not_found, start_anew),
		cmocka_unit_test_setup(get_shows_what_create_made, start_anew),
		cmocka_unit_test_setup(put_needs_roles_email_and_username, start_anew),
		cmocka_unit_test_setup(put_replaces_the_roles, start_anew),
		cmocka_unit_test_setup(put_of_a_stale_version_is_a_conflict, start_anew),
		cmocka_unit_test_setup(put_clears_what_it_leaves_out_only_when_switched_so, start_anew),
		cmocka_unit_test_setup(put_may_set_a_password_by_the_same_rules, start_anew),
		cmocka_unit_test_setup(delete_answers_the_user_once, start_anew),
		cmocka_unit_test_setup(nobody_deletes_themselves_or_the_last_administrator, start_anew),
		cmocka_unit_test_setup(system_roles_can_only_be_assigned, start_anew),
		cmocka_unit_test_setup(custom_roles_can_be_made_changed_and_deleted, start_anew),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
