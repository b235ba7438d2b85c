/* SPDX-License-Identifier: ISC */
/*
 * End to end: a real worker with the real plugin against the Control Room
 * simulator, which shares no code with either.
 */
#include "tests/sim/room_client.h"
#include "tests/targetd/worker.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#define MARK "0b0e5a52-3c84-4d5e-9d55-1f1e7a3c9b10"
#define LOGIN "apiuser-crm"
#define SECRET "Zt7-kq_Wm3.Rv9x"
#define TEMPLATE "{\"roles\":[\"AAE_Basic\"],\"license_features\":[\"RUNTIME\"]}"

struct set {
	struct room_client room;
	struct worker worker;
	char *rights; /* TEMPLATE, resolved */
	struct outcome last;
};

static void
call(struct set *set, struct au_call call, int code)
{
	struct outcome outcome;

	worker_call(&set->worker, &call, &outcome);
	outcome_done(&set->last);
	set->last = outcome;
	if (set->last.err.code != code)
		fail_msg(
		    "%s: %d '%s', expected %d", au_call_op_name(call.op), set->last.err.code, set->last.err.text, code);
}

static const char *
member(const struct set *set, const char *name)
{
	return au_json_get_str(set->last.account, name);
}

static void
open_as(struct set *set, const char *username, const char *password, json_t *more)
{
	char *plugin =
	    au_xasprintf("%s/plugins/automation-anywhere/.libs/automation-anywhere.so", getenv("top_builddir"));
	json_t *options = json_pack("{s:s, s:s, s:s, s:i}", "url", set->room.base, "username", username, "password",
	    password, "request_limit", 0);
	struct au_err err;

	json_object_update(options, more);
	json_decref(more);
	if (worker_open_path(&set->worker, plugin, options, &err) != 0)
		fail_msg("%s", err.text);
	free(plugin);
}

static void
resolve(struct set *set, const char *rights)
{
	call(set, (struct au_call){ .op = AU_CALL_RESOLVE, .rights_in = rights }, 0);
	free(set->rights);
	set->rights = au_xstrdup(set->last.text);
}

static struct set *
begin(const char *const *options, json_t *more)
{
	struct set *set = au_xcalloc(1, sizeof(*set));

	room_begin(&set->room, options);
	worker_start(&set->worker);
	open_as(set, ROOM_ADMIN, ROOM_PASSWORD, more);
	return set;
}

static int
begin_usual(void **state)
{
	struct set *set = begin(NULL, NULL);

	resolve(set, TEMPLATE);
	*state = set;
	return 0;
}

static int
end(void **state)
{
	struct set *set = *state;
	char *log = worker_log(&set->worker);

	assert_null(strstr(log, ROOM_PASSWORD));
	assert_null(strstr(log, SECRET));
	free(log);
	assert_int_equal(worker_stop(&set->worker), 0);
	room_end(&set->room);
	outcome_done(&set->last);
	free(set->rights);
	free(set);
	return 0;
}

static void
create(struct set *set, int code)
{
	call(set,
	    (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = LOGIN,
		    .first_name = "API",
		    .last_name = "CRM",
		    .mail = "crm@example.com",
		    .mark = MARK,
		    .rights = set->rights,
		    .secret = SECRET,
		    .active = 1 } },
	    code);
}

static long
check_login(struct set *set, const char *secret)
{
	return room_login_as(&set->room, LOGIN, secret, NULL);
}

static void
find(struct set *set, size_t count)
{
	call(set, (struct au_call){ .op = AU_CALL_FIND, .account = { .login = LOGIN } }, 0);
	assert_int_equal(set->last.accounts, count);
}

/* ---- the main job ------------------------------------------------------------- */

static void
live_through(struct set *set)
{
	AU_CLEANUP(au_freep) char *id = NULL;

	call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
	resolve(set, TEMPLATE);
	find(set, 0);
	create(set, 0);
	id = au_xstrdup(member(set, "id"));
	assert_string_equal(member(set, "mark"), MARK);
	assert_string_equal(member(set, "rights"), set->rights);
	assert_int_equal(check_login(set, SECRET), 200);
	create(set, AU_EEXIST);

	call(set, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 0 } }, 0);
	assert_false(json_is_true(json_object_get(set->last.account, "active")));
	assert_int_equal(check_login(set, SECRET), 401);
	call(set, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = id, .active = 1 } }, 0);
	assert_int_equal(check_login(set, SECRET), 200);

	resolve(set, "{\"roles\":[\"AAE_Basic\",\"AAE_Admin\"],\"auto_login\":false}");
	call(set, (struct au_call){ .op = AU_CALL_SET_RIGHTS, .account = { .id = id, .rights = set->rights } }, 0);
	assert_string_equal(member(set, "rights"), set->rights);
	call(set,
	    (struct au_call){
		.op = AU_CALL_SET_RIGHTS, .account = { .id = id, .rights = set->rights, .version = "0" } },
	    AU_ETEMP);

	call(set,
	    (struct au_call){
		.op = AU_CALL_SET_PROFILE, .account = { .id = id, .last_name = "New", .mail = "new@example.com" } },
	    0);
	assert_string_equal(member(set, "last_name"), "New");
	assert_string_equal(member(set, "first_name"), "API");
	assert_string_equal(member(set, "mark"), MARK);
	assert_string_equal(member(set, "rights"), set->rights);

	call(set, (struct au_call){ .op = AU_CALL_RESET_SECRET, .account = { .id = id, .secret = "An0ther-secret." } },
	    0);
	assert_int_equal(check_login(set, SECRET), 401);
	assert_int_equal(check_login(set, "An0ther-secret."), 200);

	call(set, (struct au_call){ .op = AU_CALL_GET, .account = { .id = id } }, 0);
	assert_string_equal(member(set, "login"), LOGIN);
	call(set, (struct au_call){ .op = AU_CALL_REMOVE, .account = { .id = id } }, 0);
	call(set, (struct au_call){ .op = AU_CALL_REMOVE, .account = { .id = id } }, 0);
	call(set, (struct au_call){ .op = AU_CALL_GET, .account = { .id = id } }, AU_ENOENT);
	find(set, 0);
	assert_int_equal(room_state_created(&set->room, LOGIN), 1);
}

static void
account_lives_on_every_kind_of_control_room(void **state)
{
	static const struct {
		const char *profile, *ours;
		const char *more, *value;
	} rows[] = {
		{ "aae11", "aae11", "--put-clears", "on" },
		{ "aae11", "aae11", "--put-clears", "off" },
		{ "aae11", "aae11", "--unknown-role-status", "404" },
		{ "a360", "a360", "--licence-status", "409" },
		{ "a360-cloud", "a360", "--seed", "7" },
		{ "a360-cloud", "a360", "--page-max", "200" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *options[] = { "--profile", rows[i].profile, rows[i].more, rows[i].value, NULL };
		struct set *set = begin(options, json_pack("{s:s}", "profile", rows[i].ours));

		live_through(set);
		assert_int_equal(end((void **)&set), 0);
	}
}

/* ---- log-in --------------------------------------------------------------------- */

static void
wrong_password_costs_one_bad_login_however_often_it_is_probed(void **state)
{
	struct set *set = *state;

	open_as(set, ROOM_ADMIN, "wrong-password", NULL);
	for (int i = 0; i < 5; i++)
		call(set, (struct au_call){ .op = AU_CALL_PROBE }, AU_EAUTH);
	assert_int_equal(room_login_as(&set->room, ROOM_ADMIN, ROOM_PASSWORD, NULL), 200);
}

static void
token_that_another_login_ended_is_replaced(void **state)
{
	struct set *set = *state;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(room_login_as(&set->room, ROOM_ADMIN, ROOM_PASSWORD, NULL), 200);
		call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	}
}

static void
expired_token_is_replaced(void **state)
{
	struct set *set = *state;

	call(set, (struct au_call){ .op = AU_CALL_PROBE }, 0);
	assert_int_equal(
	    room_call(&set->room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 1300), NULL), 200);
	create(set, 0);
}

static void
missing_permissions_pause_and_are_named(void **state)
{
	struct set *set = *state;

	create(set, 0);
	open_as(set, LOGIN, SECRET, NULL);
	call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_EPERM);
	assert_non_null(strstr(set->last.err.text, "'View users'"));
	call(set, (struct au_call){ .op = AU_CALL_REMOVE, .account = { .id = "1" } }, AU_EPERM);
	assert_non_null(strstr(set->last.err.text, "'Delete users'"));
}

/* ---- lists ------------------------------------------------------------------------ */

static void
long_lists_are_whole_whatever_the_page(void **state)
{
	static const int lengths[] = { 1, 7, 200, 1000 };
	static const char *const options[] = { "--users", "450", NULL };
	struct set *set = begin(options, NULL);

	(void)state;
	for (size_t i = 0; i < AU_COUNT(lengths); i++) {
		open_as(set, ROOM_ADMIN, ROOM_PASSWORD, json_pack("{s:i}", "page_length", lengths[i]));
		call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
		assert_int_equal(set->last.accounts, 451);
	}
	assert_int_equal(end((void **)&set), 0);
}

/* ---- faults ------------------------------------------------------------------------ */

static void
fault(struct set *set, const char *method, const char *path, json_t *rule)
{
	json_object_set_new(rule, "match", json_pack("{s:s, s:s}", "method", method, "path", path));
	room_fault(&set->room, rule);
}

static void
create_that_is_not_heard_happens_once_and_is_found(void **state)
{
	static const char *const kinds[] = { "drop-after-commit", "truncate" };
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(kinds); i++) {
		fault(set, "POST", "/v1/usermanagement/users", json_pack("{s:s}", "do", kinds[i]));
		create(set, AU_EUNKNOWN);
		find(set, 1);
		assert_string_equal(member(set, "mark"), MARK);
		assert_int_equal(room_state_created(&set->room, LOGIN), i + 1);
		call(set, (struct au_call){ .op = AU_CALL_REMOVE, .account = { .id = member(set, "id") } }, 0);
	}
}

static void
create_under_other_faults_leaves_nothing_behind(void **state)
{
	struct set *set = *state;

	fault(set, "POST", "/v1/usermanagement/users", json_pack("{s:s}", "do", "reset"));
	create(set, AU_EUNKNOWN);
	fault(set, "POST", "/v1/usermanagement/users", json_pack("{s:s}", "do", "html"));
	create(set, AU_EUNKNOWN);
	fault(set, "POST", "/v1/usermanagement/users", json_pack("{s:s, s:i}", "do", "status", "status", 503));
	create(set, AU_EUNKNOWN);
	fault(set, "POST", "/v1/usermanagement/users",
	    json_pack("{s:s, s:i, s:i}", "do", "status", "status", 429, "retry_after", 12));
	create(set, AU_EBUSY);
	assert_int_equal(set->last.err.retry_after_s, 12);
	find(set, 0);
	create(set, 0);
}

static void
reading_faults_are_temporary_or_protocol(void **state)
{
	struct set *set = *state;
	const char *path = "/v1/usermanagement/users/list";

	fault(set, "POST", path, json_pack("{s:s}", "do", "html"));
	call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_EPROTO);
	fault(set, "POST", path, json_pack("{s:s, s:i}", "do", "reset", "count", 3));
	call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_ETEMP);
	assert_int_equal(room_call(&set->room, "DELETE", "/__sim/fault", NULL, NULL), 200);
	fault(set, "POST", path, json_pack("{s:s, s:i}", "do", "status", "status", 500));
	call(set, (struct au_call){ .op = AU_CALL_LIST }, 0);
	fault(set, "POST", path, json_pack("{s:s, s:i, s:i}", "do", "status", "status", 500, "count", 2));
	call(set, (struct au_call){ .op = AU_CALL_LIST }, AU_ETEMP);
}

static void
last_licence_waits_and_leaves_nobody_behind(void **state)
{
	static const char *const statuses[] = { "400", "409" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(statuses); i++) {
		const char *options[] = { "--licence", "RUNTIME=0", "--licence-status", statuses[i], NULL };
		struct set *set = begin(options, NULL);

		resolve(set, TEMPLATE);
		create(set, AU_EQUOTA);
		assert_non_null(strstr(set->last.err.text, "RUNTIME"));
		find(set, 0);
		assert_int_equal(room_call(&set->room, "POST", "/__sim/licence",
				     json_pack("{s:s, s:s}", "feature", "RUNTIME", "count", "1"), NULL),
		    200);
		create(set, 0);
		assert_int_equal(end((void **)&set), 0);
	}
}

static void
expect_pool(struct set *set, long long limit, long long used)
{
	call(set, (struct au_call){ .op = AU_CALL_POOLS }, 0);
	const json_t *pool = json_object_get(set->last.pools, "seats:RUNTIME");
	assert_int_equal(au_json_get_int(pool, "limit"), limit);
	assert_int_equal(au_json_get_int(pool, "used"), used);
	assert_null(json_object_get(set->last.pools, "seats:IQBOTRUNTIME"));
}

static void
licences_are_counted_with_those_of_other_control_rooms(void **state)
{
	static const char *const profiles[] = { "aae11", "a360" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(profiles); i++) {
		const char *options[] = { "--profile", profiles[i], "--licence", "RUNTIME=5/2", "--licence",
			"IQBOTRUNTIME=off", NULL };
		struct set *set = begin(options, json_pack("{s:s}", "profile", profiles[i]));

		expect_pool(set, 5, 2);
		resolve(set, TEMPLATE);
		create(set, 0);
		expect_pool(set, 5, 3);
		assert_int_equal(end((void **)&set), 0);
	}
}

static void
licence_that_is_switched_off_is_refused_with_the_template(void **state)
{
	static const char *const options[] = { "--licence", "RUNTIME=off", NULL };
	struct set *set = begin(options, NULL);

	(void)state;
	call(set, (struct au_call){ .op = AU_CALL_RESOLVE, .rights_in = TEMPLATE }, AU_EINVAL);
	assert_non_null(strstr(set->last.err.text, "'RUNTIME' is switched off"));
	assert_int_equal(end((void **)&set), 0);
}

static void
password_that_an_update_ignores_is_told(void **state)
{
	struct set *set = *state;

	create(set, 0);
	room_switch(&set->room, "put-password", "off");
	call(set,
	    (struct au_call){
		.op = AU_CALL_RESET_SECRET, .account = { .id = member(set, "id"), .secret = "An0ther-secret." } },
	    AU_ENOSUP);
	assert_int_equal(check_login(set, SECRET), 200);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, begin_usual, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(account_lives_on_every_kind_of_control_room),
		IN_ROOM(wrong_password_costs_one_bad_login_however_often_it_is_probed),
		IN_ROOM(token_that_another_login_ended_is_replaced),
		IN_ROOM(expired_token_is_replaced),
		IN_ROOM(missing_permissions_pause_and_are_named),
		cmocka_unit_test(long_lists_are_whole_whatever_the_page),
		IN_ROOM(create_that_is_not_heard_happens_once_and_is_found),
		IN_ROOM(create_under_other_faults_leaves_nothing_behind),
		IN_ROOM(reading_faults_are_temporary_or_protocol),
		cmocka_unit_test(last_licence_waits_and_leaves_nobody_behind),
		cmocka_unit_test(licences_are_counted_with_those_of_other_control_rooms),
		cmocka_unit_test(licence_that_is_switched_off_is_refused_with_the_template),
		IN_ROOM(password_that_an_update_ignores_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
