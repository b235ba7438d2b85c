/* SPDX-License-Identifier: ISC */
/* Sessions of a calabrio-sim, what they see, the fault script, and what outlives the process. */
#include "tests/sim/tenant_client.h"

#include "tests/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAIL "api.payroll@apps.example"

static int
begin(void **state)
{
	static struct room_client room;

	tenant_begin(&room, NULL);
	tenant_login(&room);
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

static void
authorize_takes_locale_or_language(void **state)
{
	struct room_client *room = *state;
	const char *const words[] = { "locale", "language" };

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    tenant_call_as(room, NULL, "POST", "/api/rest/authorize",
			json_pack("{s:s, s:s, s:s}", "userId", TENANT_ADMIN, "password", ROOM_PASSWORD, words[i], "en"),
			NULL),
		    200);
	room_switch(room, "locale-only", "on");
	assert_int_equal(
	    tenant_call_as(room, NULL, "POST", "/api/rest/authorize",
		json_pack("{s:s, s:s, s:s}", "userId", TENANT_ADMIN, "password", ROOM_PASSWORD, "language", "en"),
		NULL),
	    400);
}

static void
a_refusal_says_nothing_and_bears_a_request_id(void **state)
{
	json_t *unknown = NULL, *wrong = NULL, *no_session = NULL;

	assert_int_equal(
	    tenant_call_as(*state, NULL, "POST", "/api/rest/authorize",
		json_pack("{s:s, s:s, s:s}", "userId", "nobody@x.example", "password", "a", "locale", "en"), &unknown),
	    401);
	assert_int_equal(
	    tenant_call_as(*state, NULL, "POST", "/api/rest/authorize",
		json_pack("{s:s, s:s, s:s}", "userId", TENANT_ADMIN, "password", "a", "locale", "en"), &wrong),
	    401);
	assert_true(json_equal(unknown, wrong));
	assert_non_null(json_object_get(wrong, "requestId"));
	assert_int_equal(tenant_call_as(*state, "forged", "GET", TENANT_LIST, NULL, &no_session), 401);
	json_decref(unknown);
	json_decref(wrong);
	json_decref(no_session);
}

static void
a_session_ends_by_logout_and_by_two_idle_hours(void **state)
{
	struct room_client *room = *state;

	assert_int_equal(tenant_call(room, "GET", TENANT_LIST, NULL, NULL), 200);
	room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 7199), NULL);
	assert_int_equal(tenant_call(room, "GET", TENANT_LIST, NULL, NULL), 200);
	room_call(room, "POST", "/__sim/clock", json_pack("{s:i}", "advance_s", 7201), NULL);
	assert_int_equal(tenant_call(room, "GET", TENANT_LIST, NULL, NULL), 401);
	tenant_login(room);
	assert_int_equal(tenant_call(room, "DELETE", "/api/rest/authorize", NULL, NULL), 200);
	assert_int_equal(tenant_call(room, "GET", TENANT_LIST, NULL, NULL), 401);
}

static size_t
count(struct room_client *room, const char *path)
{
	json_t *list = NULL;
	size_t size;

	assert_int_equal(tenant_call(room, "GET", path, NULL, &list), 200);
	size = json_array_size(list);
	json_decref(list);
	return size;
}

static void
what_came_after_the_log_in_is_seen_by_the_next(void **state)
{
	struct room_client *room = *state;

	assert_int_equal(tenant_screen(room, "team-create", json_pack("{s:s}", "name", "Night")), 200);
	tenant_person(room, tenant_body(MAIL));
	assert_int_equal(count(room, "/api/rest/org/common/team/permission/ViewOrg"), 3);
	assert_int_equal(count(room, TENANT_LIST), 1);
	tenant_login(room);
	assert_int_equal(count(room, "/api/rest/org/common/team/permission/ViewOrg"), 4);
	assert_int_equal(count(room, TENANT_LIST), 2);
}

static void
on_an_iam_tenant_only_legacy_access_authorizes(void **state)
{
	struct room_client *room = *state;
	const char *ui = "Quite-g00d#pw", *api = "Another-g00d#pw";

	room_switch(room, "iam", "on");
	room_switch(room, "born-active", "on");
	tenant_person(room, tenant_body(MAIL));
	tenant_screen(room, "password", json_pack("{s:s, s:s}", "email", MAIL, "password", ui));
	assert_int_equal(tenant_login_as(room, MAIL, ui, NULL), 401);
	assert_int_equal(
	    tenant_screen(room, "legacy-api", json_pack("{s:s, s:s}", "email", MAIL, "password", api)), 200);
	assert_int_equal(tenant_login_as(room, MAIL, ui, NULL), 401);
	assert_int_equal(tenant_login_as(room, MAIL, api, NULL), 200);
	assert_int_equal(tenant_screen(room, "legacy-api", json_pack("{s:s, s:b}", "email", MAIL, "enable", 0)), 200);
	assert_int_equal(tenant_login_as(room, MAIL, api, NULL), 401);
}

static void
calls_of_the_guide_are_there_when_switched_on(void **state)
{
	struct room_client *room = *state;
	json_int_t id = tenant_person(room, tenant_body(MAIL));
	char path[128];

	snprintf(path, sizeof(path), "/api/rest/org/common/guide/person/%lld", (long long)id);
	assert_int_equal(tenant_call(room, "DELETE", path, NULL, NULL), 404);
	room_switch(room, "guide", "on");
	assert_int_equal(count(room, "/api/rest/org/common/guide/roles"), 4);
	assert_int_equal(count(room, "/api/rest/org/common/guide/views"), 2);
	assert_int_equal(tenant_call(room, "DELETE", path, NULL, NULL), 200);
	assert_int_equal(tenant_call(room, "DELETE", path, NULL, NULL), 404);
}

static void
a_drop_after_commit_leaves_the_person(void **state)
{
	struct room_client *room = *state;

	room_fault(room, json_pack("{s:{s:s, s:s}, s:s}", "match", "method", "POST", "path", TENANT_PERSON, "do",
			     "drop-after-commit"));
	assert_int_equal(tenant_call(room, "POST", TENANT_PERSON, tenant_body(MAIL), NULL), 0);
	assert_int_equal(tenant_created(room, MAIL), 1);
	room_fault(room, json_pack("{s:s, s:i}", "do", "status", "status", 503));
	assert_int_equal(tenant_call(room, "GET", TENANT_LIST, NULL, NULL), 503);
	assert_int_equal(tenant_call(room, "GET", TENANT_LIST, NULL, NULL), 200);
}

static void
the_white_label_has_its_own_words(void **state)
{
	const char *const options[] = { "--wfo", "on", "--renamed-roles", "on", NULL };
	struct room_client room;
	json_t *now;
	const char *word;

	(void)state;
	tenant_begin(&room, options);
	tenant_login(&room);
	now = tenant_state(&room);
	word = json_string_value(json_object_get(now, "product"));
	assert_string_equal(word, "Workforce Optimization");
	json_decref(now);
	room_end(&room);
}

/* Whatever a kill interrupts, the next one knows every person, and no password is in any file. */
static void
persons_outlive_a_kill_and_no_file_shows_a_password(void **state)
{
	const char *options[] = { "--state-file", NULL, NULL };
	char path[128], command[512];
	struct room_client room;
	json_t *person;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/calabrio-sim-state.%d", (int)getpid());
	options[1] = path;
	tenant_begin(&room, options);
	tenant_login(&room);
	tenant_person(&room, tenant_body(MAIL));
	tenant_screen(&room, "password", json_pack("{s:s, s:s}", "email", MAIL, "password", "Quite-g00d#pw"));
	room_kill(&room, SIGKILL);
	room_again(&room, options);
	person = tenant_state_person(&room, MAIL);
	assert_non_null(person);
	assert_string_equal(json_string_value(json_object_get(person, "password")), "set");
	assert_int_equal(tenant_created(&room, MAIL), 1);
	json_decref(person);
	snprintf(command, sizeof(command), "grep -rqF -e 'Quite-g00d#pw' -e '" ROOM_PASSWORD "' '%s/log' '%s'",
	    room.folder, path);
	assert_int_not_equal(system(command), 0);
	room_end(&room);
	unlink(path);
}

#define ANEW(test) cmocka_unit_test_setup(test, start_anew)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ANEW(authorize_takes_locale_or_language),
		ANEW(a_refusal_says_nothing_and_bears_a_request_id),
		ANEW(a_session_ends_by_logout_and_by_two_idle_hours),
		ANEW(what_came_after_the_log_in_is_seen_by_the_next),
		ANEW(on_an_iam_tenant_only_legacy_access_authorizes),
		ANEW(calls_of_the_guide_are_there_when_switched_on),
		ANEW(a_drop_after_commit_leaves_the_person),
		cmocka_unit_test(the_white_label_has_its_own_words),
		cmocka_unit_test(persons_outlive_a_kill_and_no_file_shows_a_password),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
