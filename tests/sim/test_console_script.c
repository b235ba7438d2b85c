/* SPDX-License-Identifier: ISC */
/* What the stand-ins for products with screens share: the fault script, the clock, the log, and back to the start. */
#include "tests/sim/console_client.h"

#include "tests/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGN_IN "/__sim/ui/sign-in"

static int
start(void **state)
{
	static struct room_client room;

	console_begin(&room, "iris-hr");
	*state = &room;
	return 0;
}

static int
stop(void **state)
{
	room_end(*state);
	return 0;
}

static json_t *
operator(void)
{
	return json_pack("{s:s, s:[s]}", "who", "bob", "rights", "set-rights");
}

static long
sign_in(struct room_client *room)
{
	return room_call(room, "POST", SIGN_IN, operator(), NULL);
}

static size_t
calls_logged(struct room_client *room, const char *path)
{
	json_t *log = console_call(room, "/__sim/log", NULL), *line;
	size_t index, count = 0;

	json_array_foreach (log, index, line)
		count += strcmp(json_string_value(json_object_get(line, "path")), path) == 0;
	json_decref(log);
	return count;
}

static void
each_fault_is_as_in_the_other_simulators(void **state)
{
	static const struct {
		const char *kind;
		long status; /* 0: no whole answer */
		bool served;
	} rows[] = {
		{ "status", 503, false },
		{ "delay", 200, true },
		{ "drop", 0, false },
		{ "drop-after-commit", 0, true },
		{ "truncate", 0, true },
		{ "reset", 0, false },
		{ "html", 200, false },
	};
	struct room_client *room = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer = NULL;
		room_fault(room, json_pack("{s:{s:s, s:i}, s:s, s:i, s:i}", "match", "path", SIGN_IN, "nth", 2, "do",
				     rows[i].kind, "status", 503, "ms", 1));
		assert_int_equal(sign_in(room), 200);
		if (sign_in(room) != rows[i].status)
			fail_msg("%s: not %ld", rows[i].kind, rows[i].status);
		assert_int_equal(sign_in(room), 200);
		answer = console_call(room, "/__sim/fault", NULL);
		assert_int_equal(
		    json_integer_value(json_object_get(json_array_get(json_object_get(answer, "rules"), 0), "struck")),
		    1);
		json_decref(answer);
		assert_int_equal(room_call(room, "DELETE", "/__sim/fault", NULL, NULL), 200);
		/* Who signed in has a desk, heard or not. */
		answer = NULL;
		assert_int_equal(room_call(room, "POST", SIGN_IN, operator(), &answer), 200);
		if (json_is_object(answer)) {
			char desk[32];
			snprintf(desk, sizeof(desk), "desk-%d", rows[i].served ? 4 : 3);
			assert_string_equal(json_string_value(json_object_get(answer, "desk")), desk);
		}
		json_decref(answer);
		json_decref(console_call(room, "/__sim/reset", json_object()));
		assert_int_equal(calls_logged(room, SIGN_IN), 0);
	}
	assert_int_equal(
	    room_call(room, "POST", "/__sim/fault", json_pack("{s:[{s:s}]}", "rules", "do", "sulk"), NULL), 400);
}

/* Base64 of old0001:Shown-once. */
static long
old_user_reads(struct room_client *room)
{
	return room_call_raw(
	    room, "Authorization: Basic b2xkMDAwMTpTaG93bi1vbmNl", "GET", "/data/Self/Personal", NULL, NULL);
}

/* IR-R11: users from before October 2024 are on no screen, work on, and are refused some day. */
static void
the_clock_brings_the_last_day_of_old_users(void **state)
{
	struct room_client *room = *state;

	json_decref(console_call(room, "/__sim/clock", json_pack("{s:I}", "advance_s", (json_int_t)0)));
	json_decref(console_call(room, "/__sim/seed",
	    json_pack(
		"{s:s, s:s, s:s, s:b}", "name", "old", "username", "old0001", "password", "Shown-once", "legacy", 1)));
	assert_int_equal(old_user_reads(room), 200);
	console_switch(room, "legacy_until", json_string("2100-01-01"));
	assert_int_equal(old_user_reads(room), 200);
	json_decref(console_call(room, "/__sim/clock", json_pack("{s:I}", "advance_s", (json_int_t)80 * 366 * 86400)));
	assert_int_equal(old_user_reads(room), 401);
}

static void
the_log_masks_secrets(void **state)
{
	struct room_client *room = *state;
	json_t *log;
	char *text;

	json_decref(
	    console_call(room, "/__sim/seed", json_pack("{s:s, s:s}", "name", "crm", "password", "Shown-once")));
	log = console_call(room, "/__sim/log", NULL);
	text = json_dumps(log, 0);
	assert_non_null(strstr(text, "(masked)"));
	assert_null(strstr(text, "Shown-once"));
	free(text);
	json_decref(log);
	log = console_call(room, "/__sim/state", NULL);
	text = json_dumps(log, 0);
	assert_non_null(strstr(text, "crm"));
	assert_null(strstr(text, "Shown-once"));
	free(text);
	json_decref(log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_fault_is_as_in_the_other_simulators, start, stop),
		cmocka_unit_test_setup_teardown(the_clock_brings_the_last_day_of_old_users, start, stop),
		cmocka_unit_test_setup_teardown(the_log_masks_secrets, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
