/* SPDX-License-Identifier: ISC */
/* Logging in, keeping a token, and what each kind of refusal means. */
#include "room.h"

#include "base/clock.h"
#include "base/mem.h"

#include "tests/unit.h"

#include <string.h>

#define EMPTY_PAGE "{\"page\":{\"offset\":0,\"total\":0,\"totalFilter\":0},\"list\":[]}"
#define REFUSED "{\"code\":\"um1\",\"message\":\"no entry\",\"details\":\"\"}"

static int
list(struct room *room)
{
	return room->table->list(room->session, room_emit, room, &room->err);
}

static void
login_sends_name_and_password_and_the_token_is_shared(void **state)
{
	struct room *room = *state;
	const json_t *body;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, room->table->probe(room->session, &room->err), 0, NULL);
	room_expect(room, list(room), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 0), "body");
	assert_string_equal(au_json_get_str(body, "username"), "api-admin");
	assert_string_equal(au_json_get_str(body, "password"), ROOM_PASSWORD);
	assert_null(json_object_get(body, "apiKey"));
	assert_null(au_json_get_str(fake_seen(room->fake, 0), "token"));
	assert_null(au_json_get_str(fake_seen(room->fake, 1), "authorization"));
	room_used_token(room, 1, 1);
	room_used_token(room, 2, 1);
}

static void
api_key_is_sent_instead_of_the_password(void **state)
{
	struct room *room = *state;
	const json_t *body;

	room_open(room, json_pack("{s:s}", "api_key", "key\\with\"signs"));
	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, room->table->probe(room->session, &room->err), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 0), "body");
	assert_string_equal(au_json_get_str(body, "apiKey"), "key\\with\"signs");
	assert_null(json_object_get(body, "password"));
}

static void
exactly_one_credential_is_wanted(void **state)
{
	struct room *room = *state;

	room_expect(room, room_try_open(room, json_pack("{s:s}", "no_password", "")), AU_EINVAL, "exactly one");
	room_expect(room, room_try_open(room, json_pack("{s:s, s:s}", "api_key", "key", "password", "word")), AU_EINVAL,
	    "exactly one");
}

static void
refused_login_is_never_tried_again(void **state)
{
	struct room *room = *state;

	room_answer(room, "POST", "/v1/authentication", 401, REFUSED);
	room_expect(room, room->table->probe(room->session, &room->err), AU_EAUTH, "no entry");
	room_expect(room, room->table->probe(room->session, &room->err), AU_EAUTH, "not tried again");
	room_expect(room, list(room), AU_EAUTH, "not tried again");
	fake_check(room->fake);
	room_open(room, json_object());
	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, room->table->probe(room->session, &room->err), 0, NULL);
}

static void
login_trouble_that_is_no_refusal_may_be_tried_again(void **state)
{
	struct room *room = *state;

	room_answer(room, "POST", "/v1/authentication", 503, NULL);
	room_expect(room, room->table->probe(room->session, &room->err), AU_ETEMP, "503");
	room_answer(room, "POST", "/v1/authentication", 404, "{}");
	room_expect(room, room->table->probe(room->session, &room->err), AU_EPROTO, "404");
	room_answer(room, "POST", "/v1/authentication", 200, "{\"user\":{}}");
	room_expect(room, room->table->probe(room->session, &room->err), AU_EPROTO, "without a token");
	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, room->table->probe(room->session, &room->err), 0, NULL);
}

static void
dead_token_is_replaced_once_and_the_call_repeated(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_answer(room, "POST", ROOM_USER_LIST, 401, REFUSED);
	room_login(room, 2);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_used_token(room, 2, 1);
	room_used_token(room, 4, 2);
}

static void
fresh_token_that_is_refused_ends_the_call(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 401, REFUSED);
	room_expect(room, list(room), AU_EAUTH, "right after its log-in");
	fake_check(room->fake);
	room_login(room, 2);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_answer(room, "POST", ROOM_USER_LIST, 401, REFUSED);
	room_login(room, 3);
	room_answer(room, "POST", ROOM_USER_LIST, 401, REFUSED);
	room_expect(room, list(room), AU_EAUTH, "no entry");
}

static void
server_error_logs_in_once_more_and_then_waits(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_answer(room, "POST", ROOM_USER_LIST, 500, REFUSED);
	room_login(room, 2);
	room_answer(room, "POST", ROOM_USER_LIST, 500, REFUSED);
	room_expect(room, list(room), AU_ETEMP, "500");
}

static void
server_errors_do_not_become_a_stream_of_logins(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	for (int i = 2; i <= 10; i++) {
		room_answer(room, "POST", ROOM_USER_LIST, 500, REFUSED);
		room_login(room, i);
		room_answer(room, "POST", ROOM_USER_LIST, 500, REFUSED);
		room_expect(room, list(room), AU_ETEMP, "500");
	}
	room_answer(room, "POST", ROOM_USER_LIST, 500, REFUSED);
	room_expect(room, list(room), AU_ETEMP, "500");
}

static void
token_is_renewed_after_three_quarters_of_its_life(void **state)
{
	struct room *room = *state;
	const char *renewed = "{\"token\":\"renewed-token\"}";

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	au_clock_fake_advance(899 * 1000);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	au_clock_fake_advance(2 * 1000);
	room_answer(room, "POST", "/v1/authentication/token", 200, renewed);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_used_token(room, 3, 1);
	assert_string_equal(au_json_get_str(fake_seen(room->fake, 4), "token"), "renewed-token");
}

static void
renewal_that_fails_keeps_the_token_or_logs_in(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	au_clock_fake_advance(1000 * 1000);
	room_answer(room, "POST", "/v1/authentication/token", 503, NULL);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_used_token(room, 3, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	au_clock_fake_advance(31 * 1000);
	room_answer(room, "POST", "/v1/authentication/token", 401, REFUSED);
	room_login(room, 2);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	room_used_token(room, 7, 2);
}

static void
token_past_its_life_is_not_used(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
	au_clock_fake_advance(1201 * 1000);
	room_login(room, 2);
	room_answer(room, "POST", ROOM_USER_LIST, 200, EMPTY_PAGE);
	room_expect(room, list(room), 0, NULL);
}

static void
missing_permission_is_named(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 403, REFUSED);
	room_expect(room, list(room), AU_EPERM, "'View users'");
	room_answer(room, "DELETE", ROOM_USERS "/7", 403, REFUSED);
	room_expect(room, room->table->remove(room->session, "7", &room->err), AU_EPERM, "'Delete users'");
}

static void
throttling_tells_how_long_to_wait(void **state)
{
	/* Seconds, or a date (RFC 9110 section 10.2.3); a day at the most. */
	static const struct {
		const char *said;
		unsigned seconds;
	} rows[] = { { "37", 37 }, { "999999999", 86400 }, { "Wed, 21 Oct 2099 07:28:00 GMT", 86400 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 0 }, { "soon", 0 } };
	struct room *room = *state;

	room_login(room, 1);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		fake_expect(room->fake, &(struct fake_step){ .method = "POST",
					    .path = ROOM_USER_LIST,
					    .status = 429,
					    .retry_after = rows[i].said,
					    .body = "<html>slow down</html>",
					    .type = "text/html" });
		int r = list(room);
		if (room->err.retry_after_s != rows[i].seconds)
			fail_msg("%s: %u", rows[i].said, room->err.retry_after_s);
		assert_int_equal(room->err.http_status, 429);
		room_expect(room, r, AU_EBUSY, "429");
	}
}

static void
page_instead_of_json_is_a_protocol_error_and_the_next_call_logs_in(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	fake_expect(room->fake, &(struct fake_step){ .method = "POST",
				    .path = ROOM_USER_LIST,
				    .status = 200,
				    .body = "<html>log in</html>",
				    .type = "text/html" });
	room_expect(room, list(room), AU_EPROTO, "text/html");
	room_login(room, 2);
	room_answer(room, "POST", ROOM_USER_LIST, 200, "{\"page\":");
	room_expect(room, list(room), AU_EPROTO, "expected JSON");
}

static void
product_words_reach_the_operator_on_one_line(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 400,
	    "{\"code\":\"x\",\"message\":\"bad\\nrequest\",\"details\":\"field 'id'\"}");
	room_expect(room, list(room), AU_EINVAL, "bad\\x0arequest; field 'id'");
}

static void
no_answer_is_temporary_for_reading(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	fake_expect(room->fake, &(struct fake_step){ .method = "POST", .path = ROOM_USER_LIST, .hang = 1 });
	room_expect(room, list(room), AU_ETEMP, ROOM_USER_LIST);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_start, room_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ROOM(login_sends_name_and_password_and_the_token_is_shared),
		IN_ROOM(api_key_is_sent_instead_of_the_password),
		IN_ROOM(exactly_one_credential_is_wanted),
		IN_ROOM(refused_login_is_never_tried_again),
		IN_ROOM(login_trouble_that_is_no_refusal_may_be_tried_again),
		IN_ROOM(dead_token_is_replaced_once_and_the_call_repeated),
		IN_ROOM(fresh_token_that_is_refused_ends_the_call),
		IN_ROOM(server_error_logs_in_once_more_and_then_waits),
		IN_ROOM(server_errors_do_not_become_a_stream_of_logins),
		IN_ROOM(token_is_renewed_after_three_quarters_of_its_life),
		IN_ROOM(renewal_that_fails_keeps_the_token_or_logs_in),
		IN_ROOM(token_past_its_life_is_not_used),
		IN_ROOM(missing_permission_is_named),
		IN_ROOM(throttling_tells_how_long_to_wait),
		IN_ROOM(page_instead_of_json_is_a_protocol_error_and_the_next_call_logs_in),
		IN_ROOM(product_words_reach_the_operator_on_one_line),
		IN_ROOM(no_answer_is_temporary_for_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
