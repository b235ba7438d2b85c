/* SPDX-License-Identifier: ISC */
/* The product's rules as the plugin keeps them, each test named after its rule; WF-R.. are the same rules. */
#include "tenant_set.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

/* The same create, but for some members. */
static void
create_as(struct set *set, const char *login, const char *first, const char *last, const char *secret, int code)
{
	set_call(set,
	    (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = login,
		    .first_name = first,
		    .last_name = last,
		    .mail = login,
		    .mark = MARK,
		    .rights = set->rights,
		    .secret = secret,
		    .active = 1 } },
	    code);
}

static void
said(const struct set *set, const char *words)
{
	if (strstr(set->last.err.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", set->last.err.text, words);
}

/* A user of the screens with one role and a password, who is active. */
static void
make_user(struct set *set, const char *mail, int role)
{
	tenant_screen(&set->room, "user-create",
	    json_pack("{s:s, s:{s:[{s:i}], s:{s:i, s:[], s:[]}, s:[{s:i, s:s, s:b}]}}", "email", mail, "set", "roles",
		"id", role, "scope", "tenant", 1, "groups", "teams", "views", "id", 1, "name", "EnterpriseView", "main",
		1));
	assert_int_equal(
	    tenant_screen(&set->room, "password", json_pack("{s:s, s:s}", "email", mail, "password", "Quite-g00d#pw")),
	    200);
}

static void
CA_R01_a_log_in_that_is_no_administrator_stops_the_target(void **state)
{
	struct set *set = *state;

	make_user(set, "boss@tenant.example", 3);
	set_open(set, "boss@tenant.example", "Quite-g00d#pw", NULL);
	set_create(set, AU_EPERM);
	said(set, "default system administrator role");
}

static void
CA_R02_R19_seats_are_a_pool_that_only_active_users_hold(void **state)
{
	struct set *set = *state;
	json_t *now;

	set_switch(set, "seats", "1");
	set_create(set, 0);
	now = tenant_state(&set->room);
	assert_int_equal(json_integer_value(json_object_get(now, "overage")), 1);
	json_decref(now);
	set_call(set,
	    (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = set_member(set, "id"), .active = 0 } }, 0);
	now = tenant_state(&set->room);
	assert_int_equal(json_integer_value(json_object_get(now, "overage")), 0);
	json_decref(now);
}

static void
CA_R05_names_are_demanded_before_the_call(void **state)
{
	struct set *set = *state;

	create_as(set, LOGIN, NULL, "Payroll", SECRET, AU_EINVAL);
	said(set, "CA-R05");
	create_as(set, LOGIN, "Interface", NULL, SECRET, AU_EINVAL);
	said(set, "CA-R05");
	assert_int_equal(tenant_created(&set->room, LOGIN), 0);
}

static void
CA_R06_the_login_is_an_address(void **state)
{
	struct set *set = *state;

	create_as(set, "payroll", "Interface", "Payroll", SECRET, AU_EINVAL);
	said(set, "CA-R06");
}

static void
CA_R07_R14_R15_a_password_follows_the_policy_before_the_call(void **state)
{
	static const char *const bad[] = { "Sh0rt#p", "no-upper#1xxx", "NO.LOWER#1X", "no.Digit#xx", "NoSign1xxx",
		"Ab1#\"quote\"xx" };
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(bad); i++)
		create_as(set, LOGIN, "Interface", "Payroll", bad[i], AU_EINVAL);
	assert_int_equal(tenant_created(&set->room, LOGIN), 0);
}

static void
CA_R15_a_password_with_the_name_in_it_is_refused_before_the_call(void **state)
{
	struct set *set = *state;

	create_as(set, LOGIN, "Api", "Payroll", "Zt7?kq#WmaPi3.Rv9x", AU_EINVAL);
	said(set, "CA-R15");
	create_as(set, LOGIN, "Api", "Payroll", "Zt7?api.payroll@apps.example", AU_EINVAL);
	create_as(set, LOGIN, "Api", "Payroll", "Zt7?kq#Wm3.Rv9x", 0);
	set_call(set,
	    (struct au_call){
		.op = AU_CALL_RESET_SECRET, .account = { .id = set_member(set, "id"), .secret = "Zt7?PAYROLL#x" } },
	    AU_EINVAL);
	said(set, "CA-R15");
}

static void
CA_R08_R12_the_administrator_role_is_found_by_its_flag(void **state)
{
	struct set *set = *state;

	tenant_screen(&set->room, "role-rename", json_pack("{s:i, s:s}", "id", 1, "name", "Head of it all"));
	tenant_screen(&set->room, "role-rename", json_pack("{s:i, s:s}", "id", 4, "name", "Administrator"));
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, NULL);
	set_resolve(set, TEMPLATE);
	assert_non_null(strstr(set->rights, "\"roles\":[1]"));
	set_resolve_fails(set, "{\"tenant\":true,\"roles\":[\"Administrator\"]}", "is not known");
}

static void
CA_R08_other_roles_are_refused_unless_said_to_suffice(void **state)
{
	struct set *set = *state;

	set_resolve_fails(set, "{\"tenant\":true,\"roles\":[\"#4\"]}", "CA-R08");
	set_resolve(set, "{\"tenant\":true,\"roles\":[\"#4\"],\"roles_suffice\":true}");
	assert_non_null(strstr(set->rights, "\"roles\":[4]"));
	set_resolve(set, "{\"tenant\":true,\"roles\":[\"#4\",\"Administrator\"]}");
	assert_non_null(strstr(set->rights, "\"roles\":[1,4]"));
}

static void
CA_R09_the_team_is_the_default_team_unless_said(void **state)
{
	struct set *set = *state;

	set_resolve(set, TEMPLATE);
	assert_non_null(strstr(set->rights, "\"team\":1,"));
	set_resolve(set, "{\"tenant\":true,\"team\":\"Payroll\"}");
	assert_non_null(strstr(set->rights, "\"team\":12,"));
	set_resolve_fails(set, "{\"tenant\":true,\"team\":\"Nowhere\"}", "Nowhere");
}

static void
CA_R10_the_scope_is_said_and_the_tenant_stands_for_all_teams(void **state)
{
	struct set *set = *state;
	json_t *person;

	set_resolve_fails(set, "{}", "CA-R10");
	set_resolve_fails(set, "{\"tenant\":true,\"teams\":[\"Payroll\"]}", "CA-R10");
	set_resolve_fails(set, "{\"teams\":[]}", "CA-R10");
	set_resolve(set, "{\"teams\":[\"Payroll\",\"#13\",\"Payroll\"],\"groups\":[\"Sales\"]}");
	assert_non_null(strstr(set->rights, "\"teams\":[12,13],\"tenant\":false"));
	set_resolve(set, TEMPLATE);
	set_create(set, 0);
	person = set_person(set);
	assert_int_equal(json_array_size(json_object_get(json_object_get(person, "scope"), "teams")), 3);
	json_decref(person);
	assert_string_equal(set_member(set, "rights"), set->rights);
	/* A team that comes later is the product's business and no difference. */
	tenant_screen(&set->room, "team-create", json_pack("{s:s}", "name", "Night"));
	set_find(set, LOGIN, 1);
	assert_string_equal(set_member(set, "rights"), set->rights);
}

static void
CA_R10_without_a_scope_of_its_own_the_log_in_cannot_give_the_tenant(void **state)
{
	struct set *set = *state;

	tenant_screen(&set->room, "user-edit",
	    json_pack("{s:s, s:{s:{s:n, s:[], s:[i]}}}", "email", TENANT_ADMIN, "set", "scope", "tenant", "groups",
		"teams", 12));
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, NULL);
	set_resolve_fails(set, TEMPLATE, "tenant's id is not known");
}

static void
CA_R11_R13_enterprise_view_is_the_main_one(void **state)
{
	struct set *set = *state;
	char *session = NULL;
	json_t *list = NULL;

	make_user(set, "someone@tenant.example", 2);
	set_create(set, 0);
	assert_int_equal(tenant_login_as(&set->room, LOGIN, SECRET, &session), 200);
	assert_int_equal(tenant_call_as(&set->room, session, "GET", TENANT_LIST, NULL, &list), 200);
	assert_int_equal(json_array_size(list), 3);
	json_decref(list);
	free(session);
	set_resolve_fails(set, "{\"tenant\":true,\"main_view\":\"West\"}", "view 'West' is not known");
	set_resolve(set, "{\"tenant\":true,\"views\":[\"#2\"]}");
	assert_non_null(strstr(set->rights, "\"main_view\":1,"));
	assert_non_null(strstr(set->rights, "\"views\":[1,2]"));
}

static void
CA_R14_R20_a_locked_user_is_unlocked_when_it_is_switched_on(void **state)
{
	struct set *set = *state;
	AU_CLEANUP(au_freep) char *id = NULL;

	set_create(set, 0);
	id = au_xstrdup(set_member(set, "id"));
	for (int i = 0; i < 5; i++)
		assert_int_equal(set_login(set, "wrong"), 401);
	assert_int_equal(set_login(set, SECRET), 401);
	set_call(set, (struct au_call){ .op = AU_CALL_GET, .account = { .id = id } }, 0);
	assert_int_equal(set_active_of_last(set), 1);
	set_call(set, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 1 } }, 0);
	assert_int_equal(set_login(set, SECRET), 200);
	set_call(set, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 1 } }, 0);
}

static void
CA_R14_an_expired_password_is_replaced(void **state)
{
	struct set *set = *state;

	set_create(set, 0);
	room_call(&set->room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 89 * 86400), NULL);
	assert_int_equal(set_login(set, SECRET), 200);
	set_call(set,
	    (struct au_call){
		.op = AU_CALL_RESET_SECRET, .account = { .id = set_member(set, "id"), .secret = "An0ther:secret#1" } },
	    0);
	assert_int_equal(set_login(set, "An0ther:secret#1"), 200);
	set_call(set,
	    (struct au_call){
		.op = AU_CALL_RESET_SECRET, .account = { .id = set_member(set, "id"), .secret = SECRET } },
	    AU_EINVAL);
	said(set, "used before");
}

static void
CA_R17_a_new_user_is_activated_and_nobody_is_deleted(void **state)
{
	struct set *set = *state;

	set_create(set, 0);
	assert_int_equal(set_active_of_last(set), 1);
	set_call(set, (struct au_call){ .op = AU_CALL_REMOVE, .account = { .id = set_member(set, "id") } }, AU_ENOSUP);
}

static void
CA_R17_a_user_that_shall_be_inactive_is_made_so(void **state)
{
	struct set *set = *state;

	set_switch(set, "born-active", "on");
	set_call(set,
	    (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = LOGIN,
		    .first_name = "Interface",
		    .last_name = "Payroll",
		    .mark = MARK,
		    .rights = set->rights,
		    .secret = SECRET,
		    .active = 0 } },
	    0);
	assert_int_equal(set_active_of_last(set), 0);
}

/* An import would empty what a file leaves out; a change by this plugin leaves everything else as it was. */
static void
CA_R22_a_change_leaves_everything_else(void **state)
{
	struct set *set = *state;
	json_t *person;

	set_create(set, 0);
	tenant_screen(&set->room, "user-edit",
	    json_pack("{s:s, s:{s:s, s:b, s:[{s:i}]}}", "email", LOGIN, "set", "adLogin", "CORP\\payroll",
		"enabledForSchedule", 1, "qmViews", "id", 2));
	set_call(set,
	    (struct au_call){ .op = AU_CALL_SET_PROFILE,
		.account = { .id = set_member(set, "id"),
		    .first_name = "Interface",
		    .last_name = "Wages",
		    .mark = MARK } },
	    0);
	person = set_person(set);
	assert_string_equal(au_json_get_str(person, "adLogin"), "CORP\\payroll");
	assert_true(json_is_true(json_object_get(person, "enabledForSchedule")));
	assert_int_equal(json_array_size(json_object_get(person, "qmViews")), 1);
	json_decref(person);
}

static void
rights_are_taken_from_a_reference_person(void **state)
{
	struct set *set = *state;

	tenant_screen(&set->room, "user-create",
	    json_pack("{s:s, s:{s:[{s:i}, {s:i}], s:i, s:{s:n, s:[i], s:[i]}, s:[{s:i, s:s, s:b}]}}", "email",
		"model@tenant.example", "set", "roles", "id", 1, "id", 4, "groupId", 13, "scope", "tenant", "groups", 3,
		"teams", 12, "views", "id", 2, "name", "West", "main", 1));
	set_resolve(set, "{\"like\":\"Model@tenant.example\"}");
	assert_string_equal(set->rights, "{\"groups\":[3],\"main_view\":2,\"roles\":[1,4],\"team\":13,\"teams\":[12],"
					 "\"tenant\":false,\"views\":[2]}");
	set_resolve(set, "{\"like\":\"model@tenant.example\",\"team\":\"Default Team\",\"teams\":[\"Payroll\"]}");
	assert_string_equal(set->rights,
	    "{\"groups\":[],\"main_view\":2,\"roles\":[1,4],\"team\":1,\"teams\":[12],\"tenant\":false,\"views\":[2]}");
	set_create(set, 0);
	assert_string_equal(set_member(set, "rights"), set->rights);
	/* What the model holds is known by name from then on. */
	set_resolve(set, "{\"tenant\":true,\"main_view\":\"West\"}");
	set_resolve_fails(set, "{\"like\":\"nobody@tenant.example\"}", "nobody@tenant.example");
}

#define PASSWORD(test) cmocka_unit_test_setup_teardown(test, set_begin_password, set_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PASSWORD(CA_R01_a_log_in_that_is_no_administrator_stops_the_target),
		PASSWORD(CA_R02_R19_seats_are_a_pool_that_only_active_users_hold),
		PASSWORD(CA_R05_names_are_demanded_before_the_call),
		PASSWORD(CA_R06_the_login_is_an_address),
		PASSWORD(CA_R07_R14_R15_a_password_follows_the_policy_before_the_call),
		PASSWORD(CA_R15_a_password_with_the_name_in_it_is_refused_before_the_call),
		PASSWORD(CA_R08_R12_the_administrator_role_is_found_by_its_flag),
		PASSWORD(CA_R08_other_roles_are_refused_unless_said_to_suffice),
		PASSWORD(CA_R09_the_team_is_the_default_team_unless_said),
		PASSWORD(CA_R10_the_scope_is_said_and_the_tenant_stands_for_all_teams),
		PASSWORD(CA_R10_without_a_scope_of_its_own_the_log_in_cannot_give_the_tenant),
		PASSWORD(CA_R11_R13_enterprise_view_is_the_main_one),
		PASSWORD(CA_R14_R20_a_locked_user_is_unlocked_when_it_is_switched_on),
		PASSWORD(CA_R14_an_expired_password_is_replaced),
		PASSWORD(CA_R17_a_new_user_is_activated_and_nobody_is_deleted),
		PASSWORD(CA_R17_a_user_that_shall_be_inactive_is_made_so),
		PASSWORD(CA_R22_a_change_leaves_everything_else),
		PASSWORD(rights_are_taken_from_a_reference_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
