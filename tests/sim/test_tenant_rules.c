/* SPDX-License-Identifier: ISC */
/* The product's rules about persons, one test or more for each, named after it. */
#include "tests/sim/tenant_client.h"

#include "tests/unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAIL "api.payroll@apps.example"

static int
begin(void **state)
{
	static struct room_client room;

	tenant_begin(&room, NULL);
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
	tenant_login(*state);
	return 0;
}

/* The status of a create with one member otherwise; value NULL leaves it out. */
static long
create_with(struct room_client *room, const char *member, json_t *value)
{
	json_t *body = tenant_body(MAIL);

	if (value != NULL)
		json_object_set_new(body, member, value);
	else
		json_object_del(body, member);
	return tenant_call(room, "POST", TENANT_PERSON, body, NULL);
}

static json_t *
get(struct room_client *room, json_int_t id)
{
	json_t *person = NULL;

	assert_int_equal(tenant_call(room, "GET", tenant_path(id, ""), NULL, &person), 200);
	return person;
}

static char *
session_of(struct room_client *room, const char *mail, const char *password)
{
	char *session = NULL;

	assert_int_equal(tenant_login_as(room, mail, password, &session), 200);
	return session;
}

static void
CA_R01_only_an_administrator_creates(void **state)
{
	struct room_client *room = *state;
	char *session;

	tenant_screen(room, "user-create",
	    json_pack("{s:s, s:{s:[{s:i}]}}", "email", "boss@tenant.example", "set", "roles", "id", 3));
	tenant_screen(
	    room, "password", json_pack("{s:s, s:s}", "email", "boss@tenant.example", "password", "Quite-g00d#pw"));
	session = session_of(room, "boss@tenant.example", "Quite-g00d#pw");
	assert_int_equal(tenant_call_as(room, session, "POST", TENANT_PERSON, tenant_body(MAIL), NULL), 403);
	assert_int_equal(tenant_call_as(room, session, "GET", TENANT_LIST, NULL, NULL), 200);
	free(session);
}

static void
CA_R05_names_are_required(void **state)
{
	assert_int_equal(create_with(*state, "firstName", NULL), 400);
	assert_int_equal(create_with(*state, "lastName", json_string("")), 400);
	assert_int_equal(create_with(*state, "lastName", json_string("User")), 200);
}

static void
CA_R06_the_user_name_is_an_address_that_nobody_has(void **state)
{
	assert_int_equal(create_with(*state, "email", NULL), 400);
	assert_int_equal(create_with(*state, "email", json_string("payroll")), 400);
	assert_int_equal(create_with(*state, "email", json_string(MAIL)), 200);
	assert_int_equal(create_with(*state, "email", json_string("API.payroll@apps.example")), 400);
	room_switch(*state, "duplicate-status", "409");
	assert_int_equal(create_with(*state, "email", json_string(MAIL)), 409);
	assert_int_equal(tenant_created(*state, MAIL), 1);
}

static void
CA_R08_a_role_that_exists_is_required(void **state)
{
	assert_int_equal(create_with(*state, "roles", json_array()), 400);
	assert_int_equal(create_with(*state, "roles", json_pack("[{s:i}]", "id", 99)), 400);
	assert_int_equal(create_with(*state, "roles", json_pack("[{s:i}, {s:i}]", "id", 1, "id", 4)), 200);
}

static void
CA_R09_default_team_unless_another_is_named(void **state)
{
	json_t *person = get(*state, tenant_person(*state, tenant_body(MAIL)));

	assert_int_equal(json_integer_value(json_object_get(person, "groupId")), 1);
	json_decref(person);
	assert_int_equal(create_with(*state, "groupId", json_integer(99)), 400);
}

static void
CA_R10_the_tenant_stands_for_every_team(void **state)
{
	json_t *body = tenant_body(MAIL), *person;

	json_object_set_new(body, "scope", json_pack("{s:i, s:[], s:[]}", "tenant", 1, "groups", "teams"));
	person = get(*state, tenant_person(*state, body));
	assert_int_equal(json_array_size(json_object_get(json_object_get(person, "scope"), "teams")), 3);
	json_decref(person);
	assert_int_equal(
	    create_with(*state, "scope", json_pack("{s:n, s:[], s:[i]}", "tenant", "groups", "teams", 99)), 400);
}

static size_t
seen_by(struct room_client *room, const char *session)
{
	json_t *list = NULL;
	size_t count;

	assert_int_equal(tenant_call_as(room, session, "GET", TENANT_LIST, NULL, &list), 200);
	count = json_array_size(list);
	json_decref(list);
	return count;
}

static void
CA_R11_without_enterprise_view_others_are_not_seen(void **state)
{
	struct room_client *room = *state;
	json_t *scope = json_pack("{s:i, s:[], s:[]}", "tenant", 1, "groups", "teams");
	char *session;

	tenant_screen(
	    room, "user-create", json_pack("{s:s, s:{s:i}}", "email", "agent@tenant.example", "set", "groupId", 12));
	tenant_screen(room, "user-create",
	    json_pack("{s:s, s:{s:[{s:i}], s:o}}", "email", MAIL, "set", "roles", "id", 1, "scope", scope));
	tenant_screen(room, "password", json_pack("{s:s, s:s}", "email", MAIL, "password", "Quite-g00d#pw"));
	session = session_of(room, MAIL, "Quite-g00d#pw");
	assert_int_equal(seen_by(room, session), 2);
	tenant_screen(room, "user-edit",
	    json_pack("{s:s, s:{s:[{s:i, s:b}]}}", "email", MAIL, "set", "views", "id", 1, "main", 1));
	assert_int_equal(seen_by(room, session), 3);
	free(session);
}

static void
CA_R12_default_roles_can_be_renamed_and_not_deleted(void **state)
{
	struct room_client *room = *state;
	json_int_t id = tenant_person(room, tenant_body(MAIL));
	json_t *person, *role;

	assert_int_equal(tenant_screen(room, "role-delete", json_pack("{s:i}", "id", 1)), 400);
	assert_int_equal(tenant_screen(room, "role-delete", json_pack("{s:i}", "id", 4)), 200);
	assert_int_equal(
	    tenant_screen(room, "role-rename", json_pack("{s:i, s:s}", "id", 1, "name", "Head of it all")), 200);
	person = get(room, id);
	role = json_array_get(json_object_get(person, "roles"), 0);
	assert_string_equal(json_string_value(json_object_get(role, "name")), "Head of it all");
	assert_true(json_is_true(json_object_get(role, "isAdminDefault")));
	json_decref(person);
}

static void
CA_R13_enterprise_view_stays(void **state)
{
	assert_int_equal(
	    tenant_screen(*state, "view-rename", json_pack("{s:i, s:s}", "id", 1, "name", "All of us")), 400);
	assert_int_equal(tenant_screen(*state, "view-delete", json_pack("{s:i}", "id", 1)), 400);
	assert_int_equal(tenant_screen(*state, "view-delete", json_pack("{s:i}", "id", 2)), 200);
}

static long
set_password(struct room_client *room, const char *password)
{
	return tenant_screen(room, "password", json_pack("{s:s, s:s}", "email", MAIL, "password", password));
}

static void
CA_R07_R14_R15_passwords_follow_the_policy(void **state)
{
	static const char *const bad[] = { "Sh0rt#p", "no-upper#1x", "NO-LOWER#1X", "no-Digit#xx", "NoSign1xxx",
		"My-payroll#1X" };
	struct room_client *room = *state;
	char text[32];

	tenant_person(room, tenant_body(MAIL));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(set_password(room, bad[i]), 400);
	for (int i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "Quite-g00d#p%d", i);
		assert_int_equal(set_password(room, text), 200);
	}
	assert_int_equal(set_password(room, "Quite-g00d#p1"), 400);
	assert_int_equal(set_password(room, "Quite-g00d#p0"), 200);
}

static long
login(struct room_client *room, const char *password)
{
	return tenant_login_as(room, MAIL, password, NULL);
}

static void
activate(struct room_client *room, bool on)
{
	assert_int_equal(tenant_screen(room, "activate", json_pack("{s:s, s:b}", "email", MAIL, "active", on)), 200);
}

static void
CA_R14_a_password_expires_and_bad_log_ins_lock(void **state)
{
	struct room_client *room = *state;

	tenant_person(room, tenant_body(MAIL));
	set_password(room, "Quite-g00d#pw");
	activate(room, true);
	assert_int_equal(login(room, "Quite-g00d#pw"), 200);
	for (int i = 0; i < 5; i++)
		assert_int_equal(login(room, "wrong"), 401);
	assert_int_equal(login(room, "Quite-g00d#pw"), 401);
	start_anew(state);
	tenant_person(room, tenant_body(MAIL));
	set_password(room, "Quite-g00d#pw");
	activate(room, true);
	room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 90 * 86400), NULL);
	assert_int_equal(login(room, "Quite-g00d#pw"), 401);
}

static void
CA_R17_nobody_logs_in_before_being_activated(void **state)
{
	struct room_client *room = *state;
	json_int_t id = tenant_person(room, tenant_body(MAIL));
	json_t *person;

	set_password(room, "Quite-g00d#pw");
	assert_int_equal(login(room, "Quite-g00d#pw"), 401);
	person = get(room, id);
	json_object_set_new(person, "activated", json_integer(1000));
	assert_int_equal(tenant_call(room, "PUT", tenant_path(id, ""), json_deep_copy(person), NULL), 200);
	assert_int_equal(login(room, "Quite-g00d#pw"), 200);
	json_object_set_new(person, "deactivated", json_integer(2000));
	assert_int_equal(tenant_call(room, "PUT", tenant_path(id, ""), json_deep_copy(person), NULL), 200);
	assert_int_equal(login(room, "Quite-g00d#pw"), 401);
	assert_int_equal(tenant_call(room, "DELETE", tenant_path(id, ""), NULL, NULL), 404);
	json_decref(person);
}

static void
CA_R02_R19_seats_beyond_the_commitment_are_counted_not_refused(void **state)
{
	struct room_client *room = *state;
	json_t *now;
	char mail[64];

	room_switch(room, "born-active", "on");
	for (int i = 0; i < 4; i++) {
		snprintf(mail, sizeof(mail), "api%d@apps.example", i);
		tenant_person(room, tenant_body(mail));
	}
	now = tenant_state(room);
	assert_int_equal(json_integer_value(json_object_get(now, "seats")), 5);
	assert_int_equal(json_integer_value(json_object_get(now, "overage")), 2);
	json_decref(now);
	tenant_screen(room, "activate", json_pack("{s:s, s:b}", "email", "api0@apps.example", "active", 0));
	now = tenant_state(room);
	assert_int_equal(json_integer_value(json_object_get(now, "overage")), 1);
	json_decref(now);
}

static void
CA_R20_unlocking_needs_the_permission(void **state)
{
	struct room_client *room = *state;
	json_int_t id = tenant_person(room, tenant_body(MAIL));
	json_t *answer = NULL;
	char *session;

	for (int i = 0; i < 5; i++)
		login(room, "wrong");
	tenant_screen(room, "user-create",
	    json_pack("{s:s, s:{s:[{s:i}]}}", "email", "boss@tenant.example", "set", "roles", "id", 3));
	tenant_screen(
	    room, "password", json_pack("{s:s, s:s}", "email", "boss@tenant.example", "password", "Quite-g00d#pw"));
	session = session_of(room, "boss@tenant.example", "Quite-g00d#pw");
	assert_int_equal(tenant_call_as(room, session, "PUT", tenant_path(id, "/status"),
			     json_pack("{s:s}", "status", "unlocked"), NULL),
	    403);
	tenant_login(room);
	assert_int_equal(tenant_call(room, "GET", tenant_path(id, "/status"), NULL, &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "status")), "locked");
	json_decref(answer);
	assert_int_equal(
	    tenant_call(room, "PUT", tenant_path(id, "/status"), json_pack("{s:s}", "status", "unlocked"), NULL), 200);
	assert_int_equal(
	    tenant_call(room, "PUT", tenant_path(id, "/status"), json_pack("{s:s}", "status", "unlocked"), &answer),
	    400);
	assert_non_null(json_object_get(answer, "requestId"));
	json_decref(answer);
	free(session);
}

static void
CA_R22_an_import_wipes_what_it_leaves_out(void **state)
{
	struct room_client *room = *state;
	json_t *body = tenant_body(MAIL), *person;

	json_object_set_new(body, "adLogin", json_string("CORP\\payroll"));
	tenant_person(room, body);
	assert_int_equal(tenant_screen(room, "import",
			     json_pack("{s:[s, s], s:[[s, s]]}", "columns", "email", "lastName", "rows", MAIL, "Two")),
	    200);
	person = tenant_state_person(room, MAIL);
	assert_string_equal(json_string_value(json_object_get(person, "lastName")), "Two");
	assert_true(json_is_null(json_object_get(person, "adLogin")));
	json_decref(person);
}

static void
CA_R24_a_bad_file_goes_to_the_penalty_folder(void **state)
{
	json_t *answer = NULL;

	assert_int_equal(
	    tenant_call(*state, "POST", "/__sim/ui/sync", json_pack("{s:[{s:s}]}", "rows", "email", MAIL), &answer),
	    200);
	assert_string_equal(json_string_value(json_object_get(answer, "folder")), "penalty");
	json_decref(answer);
}

static void
a_put_that_leaves_something_out_empties_it(void **state)
{
	struct room_client *room = *state;
	json_t *body = tenant_body(MAIL), *person;
	json_int_t id;

	json_object_set_new(body, "views", json_pack("[{s:i, s:b}]", "id", 1, "main", 1));
	id = tenant_person(room, body);
	assert_int_equal(tenant_call(room, "PUT", tenant_path(id, ""), tenant_body(MAIL), NULL), 200);
	person = get(room, id);
	assert_int_equal(json_array_size(json_object_get(person, "views")), 0);
	json_decref(person);
}

static void
post_min_keeps_little(void **state)
{
	struct room_client *room = *state;
	json_t *person;

	room_switch(room, "post-min", "on");
	person = get(room, tenant_person(room, tenant_body(MAIL)));
	assert_int_equal(
	    json_integer_value(json_object_get(json_array_get(json_object_get(person, "roles"), 0), "id")), 2);
	json_decref(person);
}

#define ANEW(test) cmocka_unit_test_setup(test, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ANEW(CA_R01_only_an_administrator_creates),
		ANEW(CA_R02_R19_seats_beyond_the_commitment_are_counted_not_refused),
		ANEW(CA_R05_names_are_required),
		ANEW(CA_R06_the_user_name_is_an_address_that_nobody_has),
		ANEW(CA_R07_R14_R15_passwords_follow_the_policy),
		ANEW(CA_R08_a_role_that_exists_is_required),
		ANEW(CA_R09_default_team_unless_another_is_named),
		ANEW(CA_R10_the_tenant_stands_for_every_team),
		ANEW(CA_R11_without_enterprise_view_others_are_not_seen),
		ANEW(CA_R12_default_roles_can_be_renamed_and_not_deleted),
		ANEW(CA_R13_enterprise_view_stays),
		ANEW(CA_R14_a_password_expires_and_bad_log_ins_lock),
		ANEW(CA_R17_nobody_logs_in_before_being_activated),
		ANEW(CA_R20_unlocking_needs_the_permission),
		ANEW(CA_R22_an_import_wipes_what_it_leaves_out),
		ANEW(CA_R24_a_bad_file_goes_to_the_penalty_folder),
		ANEW(a_put_that_leaves_something_out_empties_it),
		ANEW(post_min_keeps_little),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
