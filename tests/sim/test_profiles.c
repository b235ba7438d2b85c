/* SPDX-License-Identifier: ISC */
/* Where generations and set-ups of the product differ; one simulator each. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#define USERS "/v1/usermanagement/users"

static void
begin(struct room_client *room, const char *profile, const char *more, const char *value)
{
	const char *const options[] = { "--profile", profile, more, value, NULL };

	room_begin(room, options);
	room_login(room);
}

static json_int_t
role_id(struct room_client *room, const char *name)
{
	json_t *answer,
	    *body = json_pack("{s:{s:s, s:s, s:s}}", "filter", "operator", "eq", "field", "name", "value", name);
	json_int_t id = 0;

	assert_int_equal(room_call(room, "POST", "/v1/usermanagement/roles/list", body, &answer), 200);
	assert_int_equal(json_unpack(answer, "{s:[{s:I}]}", "list", "id", &id), 0);
	json_decref(answer);
	return id;
}

static void
enterprise_11_lists_licences_by_one_call(void **state)
{
	struct room_client room;
	json_t *answer;
	int enabled;

	(void)state;
	begin(&room, "aae11", "--licence", "DEVELOPMENT=off");
	assert_int_equal(room_call(&room, "GET", "/v2/license", NULL, &answer), 200);
	assert_int_equal(json_unpack(answer, "{s:[{s:[{s:b}]}]}", "products", "features", "enable", &enabled), 0);
	assert_false(enabled);
	json_decref(answer);
	assert_int_equal(room_call(&room, "GET", "/v2/license/details", NULL, NULL), 404);
	room_end(&room);
}

static void
automation_360_counts_licences_and_asks_less_of_an_update(void **state)
{
	struct room_client room;
	json_t *answer, *body = room_user_body("crm-sync");
	json_int_t id, used, left;
	const char *name;
	char path[64];

	(void)state;
	begin(&room, "a360", "--licence", "DEVELOPMENT=7");
	json_object_set_new(body, "licenseFeatures", json_pack("[s]", "DEVELOPMENT"));
	assert_int_equal(room_call(&room, "POST", USERS, body, &answer), 200);
	id = json_integer_value(json_object_get(answer, "id"));
	json_decref(answer);
	assert_int_equal(room_call(&room, "POST", "/v2/license/product/list", json_object(), &answer), 200);
	assert_int_equal(json_unpack(answer, "{s:[{s:[{s:s, s:I, s:I}]}]}", "list", "features", "name", &name,
			     "usedCountByThisCr", &used, "availableCount", &left),
	    0);
	assert_string_equal(name, "DEVELOPMENT");
	assert_int_equal(used, 1);
	assert_int_equal(left, 6);
	json_decref(answer);
	assert_int_equal(room_call(&room, "GET", "/v2/license", NULL, NULL), 404);
	snprintf(path, sizeof(path), USERS "/%lld", (long long)id);
	body = json_pack("{s:[{s:i}], s:[s]}", "roles", "id", 2, "licenseFeatures", "ATTENDEDRUNTIME");
	assert_int_equal(room_call(&room, "PUT", path, body, &answer), 200);
	assert_string_equal(json_string_value(json_object_get(answer, "username")), "crm-sync");
	json_decref(answer);
	room_end(&room);
}

static void
fail_safe_mode_fails_all_but_licences(void **state)
{
	struct room_client room;
	json_t *answer;
	json_int_t fail_safe;

	(void)state;
	begin(&room, "a360", "--fail-safe", "on");
	assert_int_equal(room_call(&room, "POST", USERS "/list", json_object(), NULL), 500);
	assert_int_equal(room_call(&room, "GET", "/v2/license/details", NULL, &answer), 200);
	assert_int_equal(json_unpack(answer, "{s:I}", "failSafeStatus", &fail_safe), 0);
	assert_int_equal(fail_safe, 1);
	json_decref(answer);
	room_end(&room);
}

static void
the_cloud_gives_role_ids_by_its_seed(void **state)
{
	struct room_client room;
	json_int_t first, second;

	(void)state;
	begin(&room, "a360-cloud", "--seed", "5");
	first = role_id(&room, "AAE_Basic");
	assert_int_equal(room_call(&room, "POST", USERS, room_user_body("by-fixed-id"), NULL), 400);
	room_end(&room);
	begin(&room, "a360-cloud", "--seed", "5");
	assert_int_equal(role_id(&room, "AAE_Basic"), first);
	room_end(&room);
	begin(&room, "a360-cloud", "--seed", "6");
	second = role_id(&room, "AAE_Basic");
	room_end(&room);
	assert_int_not_equal(first, 2);
	assert_int_not_equal(first, second);
}

static void
a_directory_user_has_a_domain_and_no_password(void **state)
{
	struct room_client room;
	json_t *body = room_user_body("crm-sync"), *user;

	(void)state;
	begin(&room, "ad", NULL, NULL);
	assert_int_equal(room_call(&room, "POST", USERS, json_deep_copy(body), NULL), 400);
	json_object_set_new(body, "domain", json_string("CORP"));
	room_switch(&room, "ad-password", "refuse");
	assert_int_equal(room_call(&room, "POST", USERS, json_deep_copy(body), NULL), 400);
	room_switch(&room, "ad-password", "ignore");
	assert_int_equal(room_call(&room, "POST", USERS, body, NULL), 200);
	user = room_state_user(&room, "crm-sync");
	assert_string_equal(json_string_value(json_object_get(user, "password")), "none");
	json_decref(user);
	assert_int_equal(room_login_as(&room, "crm-sync", "Good-pass.1", NULL), 401);
	room_end(&room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enterprise_11_lists_licences_by_one_call),
		cmocka_unit_test(automation_360_counts_licences_and_asks_less_of_an_update),
		cmocka_unit_test(fail_safe_mode_fails_all_but_licences),
		cmocka_unit_test(the_cloud_gives_role_ids_by_its_seed),
		cmocka_unit_test(a_directory_user_has_a_domain_and_no_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
