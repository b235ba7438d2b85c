/* SPDX-License-Identifier: ISC */
/* Orders of iris-hr, followed on the screens of IRIS HR Professional. */
#include "desk.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static int
begin(void **state)
{
	*state = desk_begin("iris-hr", "set-rights",
	    json_pack("{s:s, s:[s]}", "url", "https://hr.example.com", "legacy_users", "old0001"));
	return 0;
}

#define READER "{\"self\":[\"Personal: read-only\",\"Contract:full\"],\"team\":[\"Absence: read-only\"]}"
#define READER_CANONICAL                                                                                               \
	"{\"others\":\"none\",\"secondary\":[],\"self\":[\"Contract: full\",\"Personal: read-only\"],"                 \
	"\"team\":[\"Absence: read-only\"]}"

static struct au_call
iris_create(const struct desk *desk, const char *login, int active)
{
	return (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = login, .rights = desk->rights, .active = active } };
}

static struct au_call
about(const struct desk *desk, enum au_call_op op, const char *login, const char *id, int active)
{
	return (struct au_call){ .op = op,
		.account = { .id = id, .login = login, .rights = desk->rights, .active = active },
		.known = { .id = id, .login = login, .rights = desk->rights, .active = active } };
}

static void
expect_access(json_t *user, const char *tab, const char *access)
{
	assert_string_equal(au_json_get_str(json_object_get(user, "rights"), tab), access);
}

static void
expect_use(struct desk *desk, const char *id, const char *secret, const char *method, const char *tab, long status)
{
	AU_CLEANUP(au_freep) char *pair = au_xasprintf("%s:%s", id, secret);
	AU_CLEANUP(au_freep) char *encoded = au_base64url(pair, strlen(pair));
	AU_CLEANUP(au_freep) char *header = au_xasprintf("Authorization: Basic %s", encoded);
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/data/%s", tab);

	assert_int_equal(room_call_raw(&desk->room, header, method, path, NULL, NULL), status);
}

/* IR-R01 to IR-R05, IR-R07, IR-R09, IR-R12. */
static void
iris_makes_a_user_with_the_rights_of_the_template_and_no_others(void **state)
{
	struct desk *desk = *state;
	json_t *user;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	assert_string_equal(desk->rights, READER_CANONICAL);
	desk_follow(desk, iris_create(desk, "crm", 1));
	user = desk_there(desk, "username", desk_reported(desk, "id"));
	assert_non_null(user);
	assert_string_equal(au_json_get_str(user, "name"), "crm");
	assert_true(json_is_true(json_object_get(user, "active")));
	expect_access(user, "Self > Personal", "read-only");
	expect_access(user, "Self > Contract", "full");
	expect_access(user, "Team > Absence", "read-only");
	expect_access(user, "Self > Absence", "none");
	expect_access(user, "Secondary > Salary", "none");
	json_decref(user);
	expect_use(desk, desk_reported(desk, "id"), desk_reported(desk, "secret"), "GET", "Self/Personal", 200);
	expect_use(desk, desk_reported(desk, "id"), desk_reported(desk, "secret"), "DELETE", "Self/Personal", 403);
	expect_use(desk, desk_reported(desk, "id"), desk_reported(desk, "secret"), "GET", "Team/Salary", 403);
}

/* IR-R07: whenever the operator stops, nobody is active with more than was wanted. */
static void
iris_leaves_no_active_user_with_full_rights_when_the_operator_stops(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	for (size_t lines = 1;; lines++) {
		AU_CLEANUP(au_freep) char *name = au_xasprintf("half-%zu", lines);
		json_t *order = desk_order_of(desk, iris_create(desk, name, 1)), *all = json_object_get(order, "lines"),
		       *user;
		bool whole = lines >= json_array_size(all);
		char *why = NULL;

		while (json_array_size(all) > lines)
			json_array_remove(all, json_array_size(all) - 1);
		json_object_del(order, "asks");
		json_object_set_new(order, "secret", json_string("none"));
		json_decref(console_follow(&desk->room, desk->right, order, &why));
		json_decref(order);
		assert_null(why);
		user = desk_there(desk, "name", name);
		assert_true(user == NULL || whole || json_is_false(json_object_get(user, "active")));
		json_decref(user);
		if (whole)
			return;
	}
}

static void
iris_finds_the_button_whatever_it_is_called(void **state)
{
	struct desk *desk = *state;

	console_switch(&desk->room, "confirm_button", json_string("Add"));
	console_switch(&desk->room, "active_ticked", json_false());
	console_switch(&desk->room, "confirm_delete", json_true());
	assert_int_equal(desk_resolve(desk, "{\"others\":\"full\"}", NULL), 0);
	desk_follow(desk, iris_create(desk, "whole", 0));
	AU_CLEANUP(au_freep) char *id = au_xstrdup(desk_reported(desk, "id"));
	json_t *user = desk_there(desk, "username", id);
	assert_true(json_is_false(json_object_get(user, "active")));
	expect_access(user, "Self > Salary", "full");
	json_decref(user);
	desk_follow(desk, about(desk, AU_CALL_REMOVE, "whole", id, 0));
	assert_int_equal(desk_count_there(desk), 0);
}

/* IR-R08, IR-R13: the life of a user after its birth. */
static void
iris_changes_rights_status_and_password_and_deletes(void **state)
{
	struct desk *desk = *state;
	AU_CLEANUP(au_freep) char *id = NULL;
	AU_CLEANUP(au_freep) char *first = NULL;
	AU_CLEANUP(au_freep) char *second = NULL;
	json_t *user;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	desk_follow(desk, iris_create(desk, "crm", 1));
	id = au_xstrdup(desk_reported(desk, "id"));
	first = au_xstrdup(desk_reported(desk, "secret"));
	assert_int_equal(desk_resolve(desk, "{\"others\":\"read-only\",\"team\":[\"Salary: none\"]}", NULL), 0);
	desk_follow(desk, about(desk, AU_CALL_SET_RIGHTS, "crm", id, -1));
	user = desk_there(desk, "username", id);
	expect_access(user, "Team > Salary", "none");
	expect_access(user, "Self > Contract", "read-only");
	json_decref(user);
	desk_follow(desk, about(desk, AU_CALL_RESET_SECRET, "crm", id, -1));
	second = au_xstrdup(desk_reported(desk, "secret"));
	assert_string_not_equal(first, second);
	expect_use(desk, id, first, "GET", "Self/Contract", 401);
	expect_use(desk, id, second, "GET", "Self/Contract", 200);
	desk_follow(desk, about(desk, AU_CALL_SET_ACTIVE, "crm", id, 0));
	expect_use(desk, id, second, "GET", "Self/Contract", 401);
	desk_follow(desk, about(desk, AU_CALL_SET_ACTIVE, "crm", id, 1));
	expect_use(desk, id, second, "GET", "Self/Contract", 200);
	desk_follow(desk, about(desk, AU_CALL_REMOVE, "crm", id, -1));
	assert_int_equal(desk_count_there(desk), 0);
}

/* IR-R06: the eleventh is refused by the product, and the operator says so. */
static void
iris_has_ten_active_users(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	for (int i = 0; i < 10; i++)
		json_decref(
		    console_call(&desk->room, "/__sim/seed", json_pack("{s:o}", "name", json_sprintf("other-%d", i))));
	assert_false(desk_try(desk, iris_create(desk, "eleventh", 1)));
	assert_non_null(strstr(desk->why, "10 active"));
	/* That it refuses, and does not only warn, is not documented. */
	console_switch(&desk->room, "refuse_eleventh", json_false());
	desk_follow(desk, iris_create(desk, "twelfth", 1));
}

/* Nothing says that names are unique, so an order of ours never makes the second of a name. */
static void
iris_never_makes_a_second_user_of_a_name(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	json_decref(console_call(&desk->room, "/__sim/seed", json_pack("{s:s}", "name", "crm")));
	assert_false(desk_try(desk, iris_create(desk, "crm", 1)));
	assert_non_null(strstr(desk->why, "already"));
	assert_int_equal(desk_count_there(desk), 1);
}

/* The answer to "Confirm the form" is lost: who begins again finds the user, and makes no second one. */
static void
iris_is_not_made_twice_when_an_answer_is_lost(void **state)
{
	struct desk *desk = *state;
	json_t *user;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	json_decref(console_call(&desk->room, "/__sim/fault",
	    json_pack("{s:[{s:{s:s, s:i}, s:s}]}", "rules", "match", "path", "/__sim/ui/press", "nth", 3, "do",
		"drop-after-commit")));
	assert_false(desk_try(desk, iris_create(desk, "crm", 1)));
	assert_non_null(strstr(desk->why, "does not answer"));
	assert_false(desk_try(desk, iris_create(desk, "crm", 1)));
	assert_non_null(strstr(desk->why, "already"));
	assert_int_equal(desk_count_there(desk), 1);
	user = desk_there(desk, "name", "crm");
	assert_true(json_is_false(json_object_get(user, "active")));
	json_decref(user);
}

/* On no screen, so nobody can follow it there. */
static void
expect_support(struct desk *desk, enum au_call_op op)
{
	json_t *order = desk_order_of(desk, about(desk, op, "old", "old0001", 0));
	const json_t *lines = json_object_get(order, "lines");

	assert_int_equal(json_array_size(lines), 1);
	assert_non_null(strstr(au_json_get_str(json_array_get(lines, 0), "what"), "Ask IRIS support to delete"));
	json_decref(order);
}

/* IR-R11 */
static void
iris_makes_users_from_before_the_new_screen_anew(void **state)
{
	struct desk *desk = *state;
	json_t *user;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	json_decref(console_call(&desk->room, "/__sim/seed",
	    json_pack("{s:s, s:s, s:b}", "name", "old", "username", "old0001", "legacy", 1)));
	desk_refused(desk, about(desk, AU_CALL_SET_RIGHTS, "old", "old0001", -1), AU_ENOSUP, "IR-R11");
	expect_support(desk, AU_CALL_REMOVE);
	expect_support(desk, AU_CALL_SET_ACTIVE);
	desk_follow(desk, about(desk, AU_CALL_RESET_SECRET, "old", "old0001", 1));
	user = desk_there(desk, "username", desk_reported(desk, "id"));
	assert_string_not_equal(desk_reported(desk, "id"), "old0001");
	expect_access(user, "Self > Personal", "read-only");
	expect_access(user, "Self > Salary", "none");
	json_decref(user);
	expect_use(desk, desk_reported(desk, "id"), desk_reported(desk, "secret"), "GET", "Self/Personal", 200);
}

/* IR-R10: who may not see API users cannot do the order. */
static void
iris_shows_users_to_people_with_set_rights_only(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, READER, NULL), 0);
	desk->right = "reports";
	assert_false(desk_try(desk, iris_create(desk, "crm", 1)));
	assert_non_null(strstr(desk->why, "Set Rights only"));
}

static void
iris_refuses_templates_that_cannot_be(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, "{\"self\":[\"Personal\"]}", "expected TAB: ACCESS"), AU_EINVAL);
	assert_int_equal(desk_resolve(desk, "{\"self\":[\": full\"]}", "name of a tab"), AU_EINVAL);
	assert_int_equal(
	    desk_resolve(desk, "{\"team\":[\"Personal: write\"]}", "right 'team': 'Personal: write'"), AU_EINVAL);
	assert_int_equal(desk_resolve(desk, "{\"self\":[\"Personal: full\",\"PERSONAL: none\"]}", "twice"), AU_EINVAL);
	/* IR-R15 */
	assert_int_equal(desk_resolve(desk, "{\"integration\":\"iris-recruitment\"}", "IR-R15"), AU_EINVAL);
	assert_int_equal(
	    desk_resolve(desk, "{\"integration\":\"iris-recruitment\",\"others\":\"full\",\"self\":[\"Salary: none\"]}",
		"IR-R15"),
	    AU_EINVAL);
	assert_int_equal(
	    desk_resolve(desk, "{\"integration\":\"iris-recruitment\",\"team\":[\"Starters & Leavers: full\"]}", NULL),
	    0);
	assert_int_equal(desk_resolve(desk, "{\"integration\":\"iris-recruitment\",\"others\":\"full\"}", NULL), 0);
	assert_string_equal(desk->rights, "{\"others\":\"full\",\"secondary\":[],\"self\":[],\"team\":[]}");
	/* What is said and is the same anyway makes no difference. */
	assert_int_equal(desk_resolve(desk, "{\"others\":\"full\",\"self\":[\"Salary: full\"]}", NULL), 0);
	assert_string_equal(desk->rights, "{\"others\":\"full\",\"secondary\":[],\"self\":[],\"team\":[]}");
}

int
main(void)
{
#define IRIS(name) cmocka_unit_test_setup_teardown(iris_##name, begin, desk_end)
	const struct CMUnitTest tests[] = {
		IRIS(makes_a_user_with_the_rights_of_the_template_and_no_others),
		IRIS(leaves_no_active_user_with_full_rights_when_the_operator_stops),
		IRIS(finds_the_button_whatever_it_is_called),
		IRIS(changes_rights_status_and_password_and_deletes),
		IRIS(has_ten_active_users),
		IRIS(never_makes_a_second_user_of_a_name),
		IRIS(is_not_made_twice_when_an_answer_is_lost),
		IRIS(makes_users_from_before_the_new_screen_anew),
		IRIS(shows_users_to_people_with_set_rights_only),
		IRIS(refuses_templates_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
