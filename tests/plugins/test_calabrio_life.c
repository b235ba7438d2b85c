/* SPDX-License-Identifier: ISC */
/* End to end: the life of an account, what a person must do in it, and faults on the way; for both brands. */
#include "tenant_set.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static const char *const brands[] = { "calabrio-one", "workforce-optimization" };

static void
live_through(struct set *set)
{
	AU_CLEANUP(au_freep) char *id = NULL;

	set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
	set_resolve(set, TEMPLATE);
	set_find(set, LOGIN, 0);
	set_create(set, 0);
	id = au_xstrdup(set_member(set, "id"));
	assert_string_equal(set_member(set, "login"), LOGIN);
	assert_string_equal(set_member(set, "mark"), MARK);
	assert_string_equal(set_member(set, "label"), "Payroll sync");
	assert_string_equal(set_member(set, "rights"), set->rights);
	assert_int_equal(set_active_of_last(set), 1);
	assert_int_equal(set_login(set, SECRET), 200);
	set_create(set, AU_EEXIST);

	set_call(set, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 0 } }, 0);
	assert_int_equal(set_active_of_last(set), 0);
	assert_int_equal(set_login(set, SECRET), 401);
	set_call(set, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 1 } }, 0);
	assert_int_equal(set_active_of_last(set), 1);
	assert_int_equal(set_login(set, SECRET), 200);

	set_resolve(set, "{\"team\":\"Payroll\",\"teams\":[\"Payroll\"],\"groups\":[\"Sales\"]}");
	set_call(set, (struct au_call){ .op = AU_CALL_SET_RIGHTS, .account = { .id = id, .rights = set->rights } }, 0);
	assert_string_equal(set_member(set, "rights"), set->rights);
	assert_string_equal(set_member(set, "mark"), MARK);

	set_call(set,
	    (struct au_call){ .op = AU_CALL_SET_PROFILE,
		.account = { .id = id,
		    .first_name = "Interface",
		    .last_name = "Wages",
		    .label = "Wages sync",
		    .mail = LOGIN,
		    .mark = MARK } },
	    0);
	assert_string_equal(set_member(set, "last_name"), "Wages");
	assert_string_equal(set_member(set, "label"), "Wages sync");
	assert_string_equal(set_member(set, "first_name"), "Interface");
	assert_string_equal(set_member(set, "rights"), set->rights);

	set_call(set,
	    (struct au_call){ .op = AU_CALL_RESET_SECRET, .account = { .id = id, .secret = "An0ther:secret#1" } }, 0);
	assert_int_equal(set_login(set, "An0ther:secret#1"), 200);
	set_find(set, "API.Payroll@apps.example", 1);
	assert_string_equal(set_member(set, "id"), id);
	set_call(set, (struct au_call){ .op = AU_CALL_GET, .account = { .id = id } }, 0);
	assert_string_equal(set_member(set, "rights"), set->rights);
	set_call(set, (struct au_call){ .op = AU_CALL_GET, .account = { .id = "99999" } }, AU_ENOENT);
	set_call(set, (struct au_call){ .op = AU_CALL_GET, .account = { .id = "1/../2" } }, AU_EINVAL);
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	assert_int_equal(set->last.accounts, 2);
	assert_int_equal(tenant_created(&set->room, LOGIN), 1);
}

/* Whatever nobody documents, the outcome is the same. */
static void
account_lives_on_every_kind_of_tenant(void **state)
{
	static const char *const kinds[][9] = {
		{ "--takes-password", "on", NULL },
		{ "--takes-password", "on", "--post-min", "on", "--id-as-person-id", "on", NULL },
		{ "--takes-password", "on", "--put-clears", "off", "--locale-only", "on", "--born-active", "on", NULL },
		{ "--takes-password", "on", "--renamed-roles", "on", "--dead-status", "403", NULL },
	};

	(void)state;
	for (size_t b = 0; b < AU_COUNT(brands); b++) {
		for (size_t i = 0; i < AU_COUNT(kinds); i++) {
			struct set *set =
			    set_begin(brands[b], kinds[i], json_pack("{s:s}", "password_member", "password"));

			live_through(set);
			assert_int_equal(set_end((void **)&set), 0);
		}
	}
}

/* ---- what a person must do ------------------------------------------------------------ */

/* Value of an order's field by its label, in whichever line. */
static const char *
order_field(const json_t *order, const char *label)
{
	json_t *line, *field;
	size_t i, j;

	json_array_foreach (json_object_get(order, "lines"), i, line) {
		json_array_foreach (json_object_get(line, "fields"), j, field) {
			if (au_streq(au_json_get_str(field, "label"), label))
				return au_json_get_str(field, "value");
		}
	}
	return NULL;
}

static bool
order_leads_to(const json_t *order, const char *screen)
{
	json_t *line;
	size_t i;

	json_array_foreach (json_object_get(order, "lines"), i, line) {
		const char *where = au_json_get_str(line, "where");

		if (where != NULL && strstr(where, screen) != NULL)
			return true;
	}
	return false;
}

/* The operator does what the order says, word by word, and knows nothing else. */
static void
follow(struct set *set, const json_t *order)
{
	const char *user = order_field(order, "User Name");

	assert_string_equal(au_json_get_str(order, "secret"), "typed");
	assert_non_null(user);
	if (order_leads_to(order, "Application Management > Global > User Configuration > Legacy API Access"))
		assert_int_equal(
		    tenant_screen(&set->room, "legacy-api", json_pack("{s:s, s:s}", "email", user, "password", SECRET)),
		    200);
	else if (order_leads_to(order, "Application Management > Global > User Configuration > Users"))
		assert_int_equal(
		    tenant_screen(&set->room, "password", json_pack("{s:s, s:s}", "email", user, "password", SECRET)),
		    200);
	if (au_streq(order_field(order, "WFM Views"), "EnterpriseView"))
		assert_int_equal(tenant_screen(&set->room, "user-edit",
				     json_pack("{s:s, s:{s:[{s:i, s:s, s:b}]}}", "email", user, "set", "views", "id", 1,
					 "name", "EnterpriseView", "main", 1)),
		    200);
}

static void
a_person_enters_the_password_where_no_call_does(void **state)
{
	(void)state;
	for (size_t b = 0; b < AU_COUNT(brands); b++) {
		struct set *set = set_begin(brands[b], NULL, NULL);

		set_resolve(set, TEMPLATE);
		set_create(set, AU_EMANUAL);
		assert_string_equal(set_member(set, "mark"), MARK);
		assert_string_equal(set_member(set, "rights"), set->rights);
		assert_int_equal(set_login(set, SECRET), 401);
		assert_non_null(set->last.order);
		assert_non_null(strstr(
		    au_json_get_str(set->last.order, "title"), b == 0 ? "Calabrio ONE" : "Workforce Optimization"));
		follow(set, set->last.order);
		assert_int_equal(set_login(set, SECRET), 200);
		assert_int_equal(set_end((void **)&set), 0);
	}
}

static void
own_brands_have_their_own_words(void **state)
{
	struct set *set = set_begin("workforce-optimization", NULL,
	    json_pack("{s:s, s:s}", "product_name", "Desk Planner", "support", "the service desk"));

	(void)state;
	set_resolve(set, TEMPLATE);
	set_create(set, AU_EMANUAL);
	assert_non_null(strstr(au_json_get_str(set->last.order, "title"), "Desk Planner"));
	assert_non_null(strstr(au_json_get_str(set->last.order, "confirm"), "the service desk"));
	assert_int_equal(set_end((void **)&set), 0);
}

static void
on_an_iam_tenant_a_person_enables_legacy_api_access(void **state)
{
	static const char *const options[] = { "--iam", "on", "--takes-password", "on", NULL };
	struct set *set =
	    set_begin("calabrio-one", options, json_pack("{s:b, s:s}", "iam", 1, "password_member", "password"));

	(void)state;
	set_resolve(set, TEMPLATE);
	set_create(set, AU_EMANUAL);
	assert_true(order_leads_to(set->last.order, "Legacy API Access"));
	follow(set, set->last.order);
	assert_int_equal(set_login(set, SECRET), 200);
	assert_int_equal(set_end((void **)&set), 0);
}

static void
a_password_that_is_not_taken_goes_to_a_person(void **state)
{
	struct set *set = *state;

	set_switch(set, "takes-password", "off");
	set_create(set, AU_EMANUAL);
	follow(set, set->last.order);
	assert_int_equal(set_login(set, SECRET), 200);
	set_find(set, LOGIN, 1);
	set_call(set,
	    (struct au_call){ .op = AU_CALL_RESET_SECRET,
		.account = { .id = set_member(set, "id"), .secret = "An0ther:secret#1" },
		.known = { .id = set_member(set, "id"), .login = LOGIN, .active = 1 } },
	    AU_EMANUAL);
	assert_non_null(set->last.order);
}

static void
where_the_api_knows_no_views_a_person_assigns_them(void **state)
{
	static const char *const options[] = { "--tells-views", "off", NULL };
	struct set *set = set_begin("calabrio-one", options, json_pack("{s:b}", "views", 0));
	json_t *person;

	(void)state;
	set_resolve(set, TEMPLATE);
	assert_null(strstr(set->rights, "view"));
	set_create(set, AU_EMANUAL);
	assert_string_equal(set_member(set, "rights"), set->rights);
	follow(set, set->last.order);
	person = set_person(set);
	assert_int_equal(json_array_size(json_object_get(person, "views")), 1);
	json_decref(person);
	assert_int_equal(set_end((void **)&set), 0);
}

/* What a tenant knows from its own guide it can add, and passwords are then set without anybody. */
static void
a_tenant_adds_to_the_map_of_calls(void **state)
{
	static const char *const options[] = { "--guide", "on", NULL };
	struct set *set = set_begin("calabrio-one", options,
	    json_pack("{s:[s, s, s]}", "endpoints", "password_set PUT /api/rest/org/common/guide/person/{id}/password",
		"role_list GET /api/rest/org/common/guide/roles", "view_list GET /api/rest/org/common/guide/views"));

	(void)state;
	set_resolve(set, "{\"tenant\":true,\"roles\":[\"Administrator\",\"Analyst\"],\"views\":[\"West\"]}");
	set_create(set, 0);
	assert_int_equal(set_login(set, SECRET), 200);
	assert_string_equal(set_member(set, "rights"), set->rights);
	assert_string_equal(set->rights,
	    "{\"groups\":[],\"main_view\":1,\"roles\":[1,4],\"team\":1,\"teams\":[],\"tenant\":true,\"views\":[1,2]}");
	assert_int_equal(set_end((void **)&set), 0);
}

static void
a_wrong_map_is_refused_when_it_is_read(void **state)
{
	static const char *const bad[] = { "fly GET /x", "person_get GET /person", "person_list GET person",
		"person_list FLY /person", "person_list", "password_set PUT /a/{id}/{id}",
		"team_list GET //other.example/x" };
	struct set *set = *state;
	struct au_err err;

	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		assert_int_equal(
		    set_try_open(set, TENANT_ADMIN, ROOM_PASSWORD, json_pack("{s:[s]}", "endpoints", bad[i]), &err),
		    AU_EINVAL);
		assert_non_null(strstr(err.text, "endpoint '"));
	}
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, json_pack("{s:[s]}", "endpoints", "team_list none"));
	set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, AU_ENOSUP);
}

/* ---- sessions --------------------------------------------------------------------------- */

static json_int_t
calls(struct set *set, const char *route)
{
	json_t *state = tenant_state(&set->room);
	json_int_t count = json_integer_value(json_object_get(json_object_get(state, "calls"), route));

	json_decref(state);
	return count;
}

static void
a_refused_log_in_is_tried_once(void **state)
{
	struct set *set = *state;
	json_int_t before;

	set_open(set, TENANT_ADMIN, "wrong", NULL);
	before = calls(set, "POST /api/rest/authorize");
	for (int i = 0; i < 6; i++)
		set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, AU_EAUTH);
	assert_int_equal(calls(set, "POST /api/rest/authorize"), before + 1);
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, NULL);
	set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
}

static void
a_session_that_ended_is_replaced_and_none_is_left(void **state)
{
	struct set *set = *state;
	json_t *now;

	set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
	room_call(&set->room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 7201), NULL);
	set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, NULL);
	now = tenant_state(&set->room);
	/* The one that was idle for too long is dead, and the simulator keeps it until its end. */
	assert_int_equal(json_integer_value(json_object_get(now, "sessions")), 1);
	json_decref(now);
}

/* A session's lists know nobody who came after it; ours must. */
static void
who_came_after_the_log_in_is_found_and_listed(void **state)
{
	struct set *set = *state;

	set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
	set_create(set, 0);
	set_find(set, LOGIN, 1);
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	assert_int_equal(set->last.accounts, 2);
}

static void
somebody_elses_user_is_a_conflict(void **state)
{
	struct set *set = *state;

	tenant_screen(&set->room, "user-create", json_pack("{s:s, s:{}}", "email", LOGIN, "set"));
	set_create(set, AU_EEXIST);
	set_switch(set, "duplicate-status", "409");
	set_create(set, AU_EEXIST);
	assert_int_equal(tenant_created(&set->room, LOGIN), 0);
}

/* ---- faults ------------------------------------------------------------------------------ */

static void
create_that_is_not_heard_happens_once_and_is_found(void **state)
{
	static const char *const kinds[] = { "drop-after-commit", "truncate" };
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(kinds); i++) {
		set_fault(set, "POST", TENANT_PERSON, json_pack("{s:s}", "do", kinds[i]));
		set_create(set, AU_EUNKNOWN);
		set_find(set, LOGIN, 1);
		assert_string_equal(set_member(set, "mark"), MARK);
		assert_int_equal(tenant_created(&set->room, LOGIN), 1);
		room_call(&set->room, "POST", "/__sim/reset", NULL, NULL);
		set_switch(set, "takes-password", "on");
		set_call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0); /* a session that the reset has not ended */
	}
}

static void
create_that_is_not_finished_is_known_to_be_ours(void **state)
{
	struct set *set = *state;

	set_switch(set, "post-min", "on");
	set_fault(
	    set, "PUT", TENANT_PERSON "/*", json_pack("{s:s, s:i, s:i}", "do", "status", "status", 503, "count", 2));
	set_create(set, AU_EUNKNOWN);
	set_find(set, LOGIN, 1);
	assert_string_equal(set_member(set, "mark"), MARK);
	assert_string_not_equal(set_member(set, "rights"), set->rights);
	set_call(set,
	    (struct au_call){
		.op = AU_CALL_SET_RIGHTS, .account = { .id = set_member(set, "id"), .rights = set->rights } },
	    0);
	assert_string_equal(set_member(set, "rights"), set->rights);
	assert_int_equal(tenant_created(&set->room, LOGIN), 1);
}

static void
one_lost_put_of_a_create_is_repeated(void **state)
{
	struct set *set = *state;

	set_fault(set, "PUT", TENANT_PERSON "/*", json_pack("{s:s}", "do", "reset"));
	set_create(set, 0);
	assert_string_equal(set_member(set, "rights"), set->rights);
}

static void
create_under_other_faults_leaves_nothing_behind(void **state)
{
	struct set *set = *state;

	set_fault(set, "POST", TENANT_PERSON, json_pack("{s:s}", "do", "reset"));
	set_create(set, AU_EUNKNOWN);
	set_fault(set, "POST", TENANT_PERSON, json_pack("{s:s}", "do", "html"));
	set_create(set, AU_EUNKNOWN);
	set_fault(set, "POST", TENANT_PERSON, json_pack("{s:s, s:i}", "do", "status", "status", 503));
	set_create(set, AU_EUNKNOWN);
	set_fault(
	    set, "POST", TENANT_PERSON, json_pack("{s:s, s:i, s:i}", "do", "status", "status", 429, "retry_after", 12));
	set_create(set, AU_EBUSY);
	assert_int_equal(set->last.err.retry_after_s, 12);
	set_find(set, LOGIN, 0);
	set_create(set, 0);
}

static void
a_list_is_whole_or_fails(void **state)
{
	static const char *const options[] = { "--people", "40", NULL };
	struct set *set = set_begin("calabrio-one", options, NULL);

	(void)state;
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	/* Those without e-mail address cannot be API users and are left out: 26 of 40, and the administrator. */
	assert_int_equal(set->last.accounts, 27);
	set_fault(set, "GET", TENANT_LIST, json_pack("{s:s}", "do", "html"));
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_EPROTO);
	set_fault(set, "GET", TENANT_LIST, json_pack("{s:s, s:i}", "do", "truncate", "count", 2));
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_ETEMP);
	assert_int_equal(room_call(&set->room, "DELETE", "/__sim/fault", NULL, NULL), 200);
	set_fault(set, "GET", TENANT_PERSON "/12[0-9]", json_pack("{s:s, s:i}", "do", "status", "status", 500));
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_ETEMP);
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	assert_int_equal(set->last.accounts, 27);
	assert_int_equal(set_end((void **)&set), 0);
}

/* Each is one call more, so there is a limit; who is not watched is told by the list alone, and is none of ours. */
static void
who_is_watched_is_read_in_full_within_a_limit(void **state)
{
	static const char *const options[] = { "--people", "40", NULL };
	struct set *set = set_begin("calabrio-one", options, json_pack("{s:i}", "read_most", 26));
	json_int_t before;

	(void)state;
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_ELIMIT);
	assert_non_null(strstr(set->last.err.text, "27 users match 'watch'"));
	before = calls(set, "GET /api/rest/org/common/person/{id}");
	set_open(set, TENANT_ADMIN, ROOM_PASSWORD, json_pack("{s:i, s:[s]}", "read_most", 26, "watch", "ADMIN@*"));
	set_call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	assert_int_equal(set->last.accounts, 27);
	assert_int_equal(calls(set, "GET /api/rest/org/common/person/{id}"), before + 1);
	set_resolve(set, TEMPLATE);
	set_create(set, AU_EINVAL);
	assert_non_null(strstr(set->last.err.text, "matches none of option 'watch'"));
	assert_int_equal(set_end((void **)&set), 0);
}

#define USUAL(test) cmocka_unit_test_setup_teardown(test, set_begin_usual, set_end)
#define PASSWORD(test) cmocka_unit_test_setup_teardown(test, set_begin_password, set_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(account_lives_on_every_kind_of_tenant),
		cmocka_unit_test(a_person_enters_the_password_where_no_call_does),
		cmocka_unit_test(own_brands_have_their_own_words),
		cmocka_unit_test(on_an_iam_tenant_a_person_enables_legacy_api_access),
		PASSWORD(a_password_that_is_not_taken_goes_to_a_person),
		cmocka_unit_test(where_the_api_knows_no_views_a_person_assigns_them),
		cmocka_unit_test(a_tenant_adds_to_the_map_of_calls),
		USUAL(a_wrong_map_is_refused_when_it_is_read),
		USUAL(a_refused_log_in_is_tried_once),
		USUAL(a_session_that_ended_is_replaced_and_none_is_left),
		PASSWORD(who_came_after_the_log_in_is_found_and_listed),
		PASSWORD(somebody_elses_user_is_a_conflict),
		PASSWORD(create_that_is_not_heard_happens_once_and_is_found),
		PASSWORD(create_that_is_not_finished_is_known_to_be_ours),
		PASSWORD(one_lost_put_of_a_create_is_repeated),
		PASSWORD(create_under_other_faults_leaves_nothing_behind),
		cmocka_unit_test(a_list_is_whole_or_fails),
		cmocka_unit_test(who_is_watched_is_read_in_full_within_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
