/* SPDX-License-Identifier: ISC */
/* The fault script, and what outlives the simulator's process. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USERS "/v1/usermanagement/users"

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

/* One create under one fault. */
static long
create_under(struct room_client *room, json_t *rule, json_t **ret)
{
	json_object_set_new(rule, "match", json_pack("{s:s, s:s}", "method", "POST", "path", USERS));
	room_fault(room, rule);
	return room_call(room, "POST", USERS, room_user_body("crm-sync"), ret);
}

static bool
exists(struct room_client *room)
{
	json_t *user = room_state_user(room, "crm-sync");

	json_decref(user);
	return user != NULL;
}

static void
a_status_is_answered_as_often_as_counted(void **state)
{
	json_t *rule = json_pack("{s:s, s:i, s:i}", "do", "status", "status", 503, "count", 2);

	assert_int_equal(create_under(*state, rule, NULL), 503);
	assert_int_equal(room_call(*state, "POST", USERS, room_user_body("crm-sync"), NULL), 503);
	assert_false(exists(*state));
	assert_int_equal(room_call(*state, "POST", USERS, room_user_body("crm-sync"), NULL), 200);
}

static void
a_status_can_come_after_the_change(void **state)
{
	assert_int_equal(
	    create_under(*state, json_pack("{s:s, s:i, s:b}", "do", "status", "status", 500, "commit", 1), NULL), 500);
	assert_true(exists(*state));
}

static void
the_nth_request_can_be_struck(void **state)
{
	room_fault(*state, json_pack("{s:s, s:i, s:{s:s, s:i}}", "do", "status", "status", 500, "match", "path",
			       USERS "/[0-9]*", "nth", 2));
	assert_int_equal(room_call(*state, "GET", USERS "/1", NULL, NULL), 200);
	assert_int_equal(room_call(*state, "GET", USERS "/1", NULL, NULL), 500);
	assert_int_equal(room_call(*state, "GET", USERS "/1", NULL, NULL), 200);
}

static void
a_drop_changes_nothing(void **state)
{
	assert_int_equal(create_under(*state, json_pack("{s:s}", "do", "drop"), NULL), 0);
	assert_false(exists(*state));
}

static void
a_drop_after_commit_leaves_the_user(void **state)
{
	assert_int_equal(create_under(*state, json_pack("{s:s}", "do", "drop-after-commit"), NULL), 0);
	assert_true(exists(*state));
	assert_int_equal(room_state_created(*state, "crm-sync"), 1);
}

static void
a_reset_reaches_the_client_as_one(void **state)
{
	struct room_client *room = *state;

	assert_int_equal(create_under(room, json_pack("{s:s}", "do", "reset"), NULL), 0);
	assert_int_equal(room->code, CURLE_RECV_ERROR);
	assert_false(exists(room));
}

static void
half_an_answer_comes_after_the_change(void **state)
{
	struct room_client *room = *state;
	json_t *answer;

	assert_int_equal(create_under(room, json_pack("{s:s}", "do", "truncate"), &answer), 0);
	assert_int_equal(room->code, CURLE_PARTIAL_FILE);
	assert_null(answer);
	assert_true(exists(room));
}

static void
a_page_for_people_looks_like_success(void **state)
{
	struct room_client *room = *state;
	json_t *answer;

	assert_int_equal(create_under(room, json_pack("{s:s}", "do", "html"), &answer), 200);
	assert_null(answer);
	assert_non_null(strstr(room->type, "text/html"));
	assert_false(exists(room));
}

static void
a_delay_is_served_in_the_end(void **state)
{
	assert_int_equal(create_under(*state, json_pack("{s:s, s:i}", "do", "delay", "ms", 50), NULL), 200);
	assert_true(exists(*state));
}

static void
a_client_that_gave_up_waiting_finds_the_change_made(void **state)
{
	struct room_client *room = *state, impatient = *room;
	json_t *body = room_user_body("crm-sync");
	char *text = json_dumps(body, 0), header[2048], url[256];
	struct curl_slist *headers;

	room_fault(room, json_pack("{s:s, s:i, s:{s:s}}", "do", "delay", "ms", 300, "match", "method", "POST"));
	snprintf(header, sizeof(header), "X-Authorization: %s", room->token);
	snprintf(url, sizeof(url), "%s" USERS, room->base);
	headers = curl_slist_append(NULL, header);
	impatient.curl = curl_easy_init();
	curl_easy_setopt(impatient.curl, CURLOPT_URL, url);
	curl_easy_setopt(impatient.curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(impatient.curl, CURLOPT_POSTFIELDS, text);
	curl_easy_setopt(impatient.curl, CURLOPT_TIMEOUT_MS, 100L);
	assert_int_equal(curl_easy_perform(impatient.curl), CURLE_OPERATION_TIMEDOUT);
	curl_easy_cleanup(impatient.curl);
	curl_slist_free_all(headers);
	free(text);
	json_decref(body);
	for (int i = 0; i < 500 && !exists(room); i++)
		usleep(20000);
	assert_true(exists(room));
}

static void
retry_after_is_sent_when_asked_for(void **state)
{
	struct room_client *room = *state;
	struct curl_header *found;

	create_under(room, json_pack("{s:s, s:i, s:i}", "do", "status", "status", 429, "retry_after", 7), NULL);
	assert_int_equal(curl_easy_header(room->curl, "Retry-After", 0, CURLH_HEADER, -1, &found), CURLHE_OK);
	assert_string_equal(found->value, "7");
}

static void
a_script_with_an_unknown_word_is_refused(void **state)
{
	json_t *script = json_pack("{s:[{s:s}, {s:s}]}", "rules", "do", "drop", "do", "explode");

	assert_int_equal(room_call(*state, "POST", "/__sim/fault", script, NULL), 400);
	script = json_pack("{s:[{s:s, s:i}]}", "rules", "do", "drop", "often", 3);
	assert_int_equal(room_call(*state, "POST", "/__sim/fault", script, NULL), 400);
	assert_int_equal(room_call(*state, "POST", USERS, room_user_body("crm-sync"), NULL), 200);
}

static void
users_and_roles_outlive_kill_9(void **state)
{
	struct room_client room;
	char file[128];
	const char *options[] = { "--state-file", file, NULL };
	json_t *answer;
	json_int_t kept, id;

	(void)state;
	snprintf(file, sizeof(file), "/tmp/control-room-state.%ld", (long)getpid());
	unlink(file);
	room_begin(&room, options);
	room_login(&room);
	kept = room_user(&room, "kept");
	id = room_user(&room, "gone");
	assert_int_equal(
	    room_call(&room, "POST", "/v1/usermanagement/roles", json_pack("{s:s}", "name", "Robots"), NULL), 200);
	assert_int_equal(
	    room_call(&room, "POST", "/__sim/console/user-delete", json_pack("{s:s}", "username", "gone"), NULL), 200);
	for (int round = 0; round < 2; round++) {
		room_kill(&room, SIGKILL);
		room_again(&room, options);
		assert_int_equal(room_call(&room, "POST", USERS "/list", json_object(), NULL), 401);
		room_login(&room);
		assert_int_equal(room_login_as(&room, "kept", "Good-pass.1", NULL), 200);
		assert_int_equal(room_state_created(&room, "gone"), 1);
		assert_null(room_state_user(&room, "gone"));
	}
	assert_int_equal(room_call(&room, "GET", "/__sim/state", NULL, &answer), 200);
	assert_int_equal(json_array_size(json_object_get(answer, "users")), 2);
	assert_int_equal(json_array_size(json_object_get(answer, "roles")), 12);
	json_decref(answer);
	assert_true(room_user(&room, "next") > id);
	assert_true(id > kept);
	room_end(&room);
	unlink(file);
}

static void
the_console_acts_without_taking_a_session(void **state)
{
	struct room_client *room = *state;
	json_t *user, *body = json_pack("{s:s, s:{s:b, s:s}}", "username", "crm-sync", "set", "disabled", 1,
			  "description", "by hand");

	room_user(room, "crm-sync");
	assert_int_equal(room_call(room, "POST", "/__sim/console/user-edit", body, NULL), 200);
	user = room_state_user(room, "crm-sync");
	assert_true(json_is_true(json_object_get(user, "disabled")));
	assert_string_equal(json_string_value(json_object_get(user, "description")), "by hand");
	json_decref(user);
	assert_int_equal(room_call(room, "GET", USERS "/1", NULL, NULL), 200);
	body = json_pack("{s:s, s:{s:[]}}", "username", "crm-sync", "set", "roles");
	assert_int_equal(room_call(room, "POST", "/__sim/console/user-edit", body, NULL), 400);
	assert_int_equal(room_call(room, "POST", "/__sim/console/user-create", room_user_body("by-hand"), NULL), 200);
}

static void
login_check_tells_whether_a_password_fits(void **state)
{
	json_t *answer;
	int exists_there, matches;

	room_user(*state, "crm-sync");
	for (int right = 0; right < 2; right++) {
		json_t *body =
		    json_pack("{s:s, s:s}", "username", "crm-sync", "password", right ? "Good-pass.1" : "wrong-one");

		assert_int_equal(room_call(*state, "POST", "/__sim/login-check", body, &answer), 200);
		assert_int_equal(json_unpack(answer, "{s:b, s:b}", "exists", &exists_there, "matches", &matches), 0);
		assert_true(exists_there);
		assert_int_equal(matches, right);
		json_decref(answer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_status_is_answered_as_often_as_counted, start_anew),
		cmocka_unit_test_setup(a_status_can_come_after_the_change, start_anew),
		cmocka_unit_test_setup(the_nth_request_can_be_struck, start_anew),
		cmocka_unit_test_setup(a_drop_changes_nothing, start_anew),
		cmocka_unit_test_setup(a_drop_after_commit_leaves_the_user, start_anew),
		cmocka_unit_test_setup(a_reset_reaches_the_client_as_one, start_anew),
		cmocka_unit_test_setup(half_an_answer_comes_after_the_change, start_anew),
		cmocka_unit_test_setup(a_page_for_people_looks_like_success, start_anew),
		cmocka_unit_test_setup(a_delay_is_served_in_the_end, start_anew),
		cmocka_unit_test_setup(a_client_that_gave_up_waiting_finds_the_change_made, start_anew),
		cmocka_unit_test_setup(retry_after_is_sent_when_asked_for, start_anew),
		cmocka_unit_test_setup(a_script_with_an_unknown_word_is_refused, start_anew),
		cmocka_unit_test_setup(the_console_acts_without_taking_a_session, start_anew),
		cmocka_unit_test_setup(login_check_tells_whether_a_password_fits, start_anew),
		cmocka_unit_test(users_and_roles_outlive_kill_9),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
