/* SPDX-License-Identifier: ISC */
/* What goes over the wire for users, and what comes of each answer. */
#include "room.h"

#include "base/mem.h"

#include "tests/unit.h"

#include <string.h>

#define MARK "0b0e5a52-3c84-4d5e-9d55-1f1e7a3c9b10"
#define MARKED "managed by apiuserd " MARK
#define RIGHTS "{\"auto_login\":true,\"license_features\":[\"RUNTIME\"],\"roles\":[2,13]}"
#define SECRET "Zt7-kq_Wm3.Rv9x"

static const struct au_target_account want = { .login = "apiuser-crm",
	.first_name = "API",
	.last_name = "CRM",
	.mail = "crm@example.com",
	.mark = MARK,
	.active = 1,
	.rights = RIGHTS,
	.secret = SECRET };

static int
create(struct room *room)
{
	return room->table->create(room->session, &want, room_emit, room, &room->err);
}

static int
list(struct room *room)
{
	return room->table->list(room->session, room_emit, room, &room->err);
}

static int
find(struct room *room, const char *login)
{
	return room->table->find(room->session, login, room_emit, room, &room->err);
}

static void
answer_user(struct room *room, const char *method, const char *path, char *user)
{
	room_answer(room, method, path, 200, user);
	free(user);
}

static void
answer_page(struct room *room, const char *path, long long offset, long long total, char *rows)
{
	char *page = room_page(offset, total, rows);

	room_answer(room, "POST", path, 200, page);
	free(page);
	free(rows);
}

static json_t *
page_of(struct room *room, size_t request)
{
	return json_object_get(json_object_get(fake_seen(room->fake, request), "body"), "page");
}

/* ---- listing ------------------------------------------------------------------ */

static void
list_walks_pages_by_id_whatever_their_length(void **state)
{
	struct room *room = *state;
	const json_t *sort;
	char *one, *two;

	room_open(room, json_pack("{s:i}", "page_length", 3));
	room_login(room, 1);
	one = room_user(1, "a", NULL);
	two = room_user(4, "b", NULL);
	answer_page(room, ROOM_USER_LIST, 0, 3, au_xasprintf("%s,%s", one, two));
	answer_page(room, ROOM_USER_LIST, 2, 3, room_user(9, "c", NULL));
	free(one);
	free(two);
	room_expect(room, list(room), 0, NULL);
	assert_int_equal(json_array_size(room->accounts), 3);
	assert_string_equal(room_member(room, 2, "id"), "9");
	sort = json_array_get(json_object_get(json_object_get(fake_seen(room->fake, 1), "body"), "sort"), 0);
	assert_string_equal(au_json_get_str(sort, "field"), "id");
	assert_string_equal(au_json_get_str(sort, "direction"), "asc");
	assert_int_equal(au_json_get_int(page_of(room, 1), "offset"), 0);
	assert_int_equal(au_json_get_int(page_of(room, 1), "length"), 3);
	assert_int_equal(au_json_get_int(page_of(room, 2), "offset"), 2);
}

static void
list_that_moves_once_is_read_again(void **state)
{
	struct room *room = *state;
	char *one = room_user(1, "a", NULL), *two = room_user(2, "b", NULL);

	room_login(room, 1);
	answer_page(room, ROOM_USER_LIST, 0, 3, au_xasprintf("%s,%s", one, two));
	answer_page(room, ROOM_USER_LIST, 2, 2, au_xstrdup(""));
	answer_page(room, ROOM_USER_LIST, 0, 2, au_xasprintf("%s,%s", one, two));
	free(one);
	free(two);
	room_expect(room, list(room), 0, NULL);
	assert_int_equal(json_array_size(room->accounts), 2);
}

static void
list_that_keeps_moving_is_no_list(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_page(room, ROOM_USER_LIST, 0, 2, room_user(1, "a", NULL));
	answer_page(room, ROOM_USER_LIST, 1, 3, room_user(2, "b", NULL));
	answer_page(room, ROOM_USER_LIST, 0, 2, room_user(5, "a", NULL));
	answer_page(room, ROOM_USER_LIST, 1, 2, room_user(4, "b", NULL));
	room_expect(room, list(room), AU_ETEMP, "moved twice");
	assert_int_equal(json_array_size(room->accounts), 0);
}

static void
list_that_ends_too_early_is_no_list(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	for (int tries = 0; tries < 2; tries++) {
		answer_page(room, ROOM_USER_LIST, 0, 5, room_user(1, "a", NULL));
		answer_page(room, ROOM_USER_LIST, 1, 5, au_xstrdup(""));
	}
	room_expect(room, list(room), AU_ETEMP, "moved twice");
	assert_int_equal(json_array_size(room->accounts), 0);
}

static void
list_without_a_total_is_refused(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USER_LIST, 200, "{\"list\":[]}");
	room_expect(room, list(room), AU_EPROTO, "totalFilter");
	room_answer(room, "POST", ROOM_USER_LIST, 404, "{}");
	room_expect(room, list(room), AU_EPROTO, "404");
}

/* ---- reading ------------------------------------------------------------------- */

static void
account_tells_what_the_user_object_tells(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7",
	    room_user(7, "crm",
		json_pack("{s:s, s:b}", "description", "for the CRM; Managed by Apiuserd " MARK ".", "disabled", 1)));
	room_expect(room, room->table->get(room->session, "7", room_emit, room, &room->err), 0, NULL);
	assert_string_equal(room_member(room, 0, "id"), "7");
	assert_string_equal(room_member(room, 0, "login"), "crm");
	assert_string_equal(room_member(room, 0, "first_name"), "API");
	assert_string_equal(room_member(room, 0, "mail"), "a@example.com");
	assert_string_equal(room_member(room, 0, "mark"), MARK);
	assert_string_equal(room_member(room, 0, "version"), "3");
	assert_string_equal(
	    room_member(room, 0, "rights"), "{\"auto_login\":true,\"license_features\":[\"RUNTIME\"],\"roles\":[2]}");
}

static void
unknown_rights_are_unknown_and_not_none(void **state)
{
	struct room *room = *state;
	json_t *user = json_pack("{s:i, s:s, s:[], s:n}", "id", 7, "username", "crm", "roles", "licenseFeatures");

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", au_json_text(user));
	json_decref(user);
	room_expect(room, room->table->get(room->session, "7", room_emit, room, &room->err), 0, NULL);
	assert_null(room_member(room, 0, "rights"));
	assert_null(room_member(room, 0, "version"));
	assert_null(room_member(room, 0, "mark"));
}

static void
description_without_a_uuid_is_no_mark(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7",
	    room_user(7, "crm", json_pack("{s:s}", "description", "managed by apiuserd but not really")));
	room_expect(room, room->table->get(room->session, "7", room_emit, room, &room->err), 0, NULL);
	assert_null(room_member(room, 0, "mark"));
}

static void
get_refuses_ids_that_are_no_numbers(void **state)
{
	struct room *room = *state;

	room_expect(room, room->table->get(room->session, "7/../8", room_emit, room, &room->err), AU_EINVAL, "user id");
	room_expect(room, room->table->remove(room->session, "", &room->err), AU_EINVAL, "user id");
	room_login(room, 1);
	room_answer(room, "GET", ROOM_USERS "/8", 404, "{\"message\":\"none\"}");
	room_expect(room, room->table->get(room->session, "8", room_emit, room, &room->err), AU_ENOENT, "none");
}

static void
find_filters_by_name_and_takes_other_spellings(void **state)
{
	struct room *room = *state;
	const json_t *filter;

	room_login(room, 1);
	answer_page(room, ROOM_USER_LIST, 0, 1, room_user(7, "ApiUser-CRM", NULL));
	room_expect(room, find(room, "apiuser-crm"), 0, NULL);
	assert_string_equal(room_member(room, 0, "login"), "ApiUser-CRM");
	filter = json_object_get(json_object_get(fake_seen(room->fake, 1), "body"), "filter");
	assert_string_equal(au_json_get_str(filter, "operator"), "eq");
	assert_string_equal(au_json_get_str(filter, "field"), "username");
	assert_string_equal(au_json_get_str(filter, "value"), "apiuser-crm");
	answer_page(room, ROOM_USER_LIST, 0, 0, au_xstrdup(""));
	room_forget(room);
	room_expect(room, find(room, "nobody"), 0, NULL);
	assert_int_equal(json_array_size(room->accounts), 0);
}

static void
find_refuses_a_server_that_ignores_the_filter(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_page(room, ROOM_USER_LIST, 0, 1, room_user(7, "somebody-else", NULL));
	room_expect(room, find(room, "apiuser-crm"), AU_EPROTO, "another user");
	assert_int_equal(json_array_size(room->accounts), 0);
}

/* ---- create --------------------------------------------------------------------- */

static void
create_sends_everything_once(void **state)
{
	struct room *room = *state;
	const json_t *body;

	room_login(room, 1);
	answer_user(room, "POST", ROOM_USERS,
	    room_user(1513, "apiuser-crm", json_pack("{s:s, s:i}", "description", MARKED, "version", 0)));
	room_expect(room, create(room), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 1), "body");
	assert_string_equal(au_json_get_str(body, "username"), "apiuser-crm");
	assert_string_equal(au_json_get_str(body, "email"), "crm@example.com");
	assert_string_equal(au_json_get_str(body, "password"), SECRET);
	assert_string_equal(au_json_get_str(body, "description"), MARKED);
	assert_true(json_is_true(json_object_get(body, "enableAutoLogin")));
	assert_int_equal(json_array_size(json_object_get(body, "roles")), 2);
	assert_int_equal(au_json_get_int(json_array_get(json_object_get(body, "roles"), 1), "id"), 13);
	assert_null(json_object_get(body, "sysAssignedRoles"));
	assert_null(json_object_get(body, "disabled"));
	assert_string_equal(room_member(room, 0, "id"), "1513");
	assert_string_equal(room_member(room, 0, "version"), "0");
	assert_string_equal(room_member(room, 0, "mark"), MARK);
	assert_null(room_member(room, 0, "secret"));
}

static void
create_without_an_answer_is_unknown_and_not_sent_twice(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_page(room, ROOM_USER_LIST, 0, 0, au_xstrdup(""));
	room_expect(room, list(room), 0, NULL);
	fake_expect(room->fake, &(struct fake_step){ .method = "POST", .path = ROOM_USERS, .drop = 1 });
	room_expect(room, create(room), AU_EUNKNOWN, "no answer");
	fake_check(room->fake);
	fake_expect(room->fake, &(struct fake_step){ .method = "POST", .path = ROOM_USERS, .hang = 1 });
	room_expect(room, create(room), AU_EUNKNOWN, "no answer");
	fake_check(room->fake);
	room_answer(room, "POST", ROOM_USERS, 200, "{\"id\":");
	room_expect(room, create(room), AU_EUNKNOWN, "expected JSON");
	room_answer(room, "POST", ROOM_USERS, 201, "{}");
	room_expect(room, create(room), AU_EUNKNOWN, "does not tell the id");
	room_answer(room, "POST", ROOM_USERS, 504, NULL);
	room_expect(room, create(room), AU_EUNKNOWN, "504");
}

static void
create_of_a_taken_name_is_told_from_other_conflicts(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	room_answer(room, "POST", ROOM_USERS, 409, "{\"message\":\"conflict\"}");
	answer_page(room, ROOM_USER_LIST, 0, 1, room_user(7, "APIUSER-CRM", NULL));
	room_expect(room, create(room), AU_EEXIST, "conflict");
	room_answer(room, "POST", ROOM_USERS, 409, "{\"message\":\"conflict\"}");
	answer_page(room, ROOM_USER_LIST, 0, 0, au_xstrdup(""));
	room_answer(room, "GET", "/v2/license", 200,
	    "{\"products\":[{\"features\":[{\"name\":\"RUNTIME\",\"enable\":true,\"availableCount\":0}]}]}");
	room_expect(room, create(room), AU_EQUOTA, "no licence 'RUNTIME' is left");
	room_answer(room, "POST", ROOM_USERS, 400, "{\"message\":\"none left\"}");
	room_answer(room, "GET", "/v2/license", 200, "[{\"name\":\"RUNTIME\",\"purchasedCount\":5,\"usedCount\":5}]");
	room_expect(room, create(room), AU_EQUOTA, "no licence 'RUNTIME' is left");
	room_answer(room, "POST", ROOM_USERS, 400, "{\"message\":\"wrong\"}");
	room_answer(room, "GET", "/v2/license", 200, "[{\"name\":\"RUNTIME\",\"purchasedCount\":5}]");
	room_expect(room, create(room), AU_EINVAL, "wrong");
	room_answer(room, "POST", ROOM_USERS, 400, "{\"message\":\"wrong\"}");
	room_answer(room, "GET", "/v2/license", 403, "{}");
	room_expect(room, create(room), AU_EINVAL, "wrong");
	assert_int_equal(json_array_size(room->accounts), 0);
}

static void
create_repeats_after_401_because_nothing_was_done(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_page(room, ROOM_USER_LIST, 0, 0, au_xstrdup(""));
	room_expect(room, list(room), 0, NULL);
	room_answer(room, "POST", ROOM_USERS, 401, "{}");
	room_login(room, 2);
	answer_user(room, "POST", ROOM_USERS, room_user(8, "apiuser-crm", NULL));
	room_expect(room, create(room), 0, NULL);
	room_used_token(room, 4, 2);
}

/* ---- update ---------------------------------------------------------------------- */

static void
update_sends_back_all_that_is_known_and_nothing_of_the_servers(void **state)
{
	struct room *room = *state;
	const json_t *body;
	static const char *const absent[] = { "sysAssignedRoles", "permissions", "createdOn", "emailVerified",
		"deleted", "password" };

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	answer_user(room, "PUT", ROOM_USERS "/7", room_user(7, "crm", json_pack("{s:i}", "version", 4)));
	room_expect(room, room->table->set_active(room->session, "7", false, room_emit, room, &room->err), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 2), "body");
	assert_true(json_is_true(json_object_get(body, "disabled")));
	assert_int_equal(au_json_get_int(body, "version"), 3);
	assert_int_equal(au_json_get_int(body, "principalId"), 7);
	assert_string_equal(au_json_get_str(body, "domain"), "");
	assert_string_equal(au_json_get_str(body, "username"), "crm");
	assert_int_equal(json_array_size(json_object_get(body, "licenseFeatures")), 1);
	assert_int_equal(au_json_get_int(json_array_get(json_object_get(body, "roles"), 0), "id"), 2);
	assert_int_equal(json_object_size(json_array_get(json_object_get(body, "roles"), 0)), 1);
	for (size_t i = 0; i < AU_COUNT(absent); i++)
		assert_null(json_object_get(body, absent[i]));
	assert_string_equal(room_member(room, 0, "version"), "4");
}

static void
rights_replace_roles_and_features(void **state)
{
	struct room *room = *state;
	struct au_target_account change = { .rights = "{\"auto_login\":false,\"license_features\":[],\"roles\":[13]}",
		.version = "3" };
	const json_t *body;

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_answer(room, "PUT", ROOM_USERS "/7", 200, NULL);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", json_pack("{s:i}", "version", 4)));
	room_expect(room, room->table->set_rights(room->session, "7", &change, room_emit, room, &room->err), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 2), "body");
	assert_int_equal(json_array_size(json_object_get(body, "roles")), 1);
	assert_int_equal(au_json_get_int(json_array_get(json_object_get(body, "roles"), 0), "id"), 13);
	assert_int_equal(json_array_size(json_object_get(body, "licenseFeatures")), 0);
	assert_true(json_is_false(json_object_get(body, "enableAutoLogin")));
	assert_string_equal(room_member(room, 0, "version"), "4");
}

static void
moved_version_stops_the_change(void **state)
{
	struct room *room = *state;
	struct au_target_account change = { .rights = RIGHTS, .version = "2" };

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_expect(room, room->table->set_rights(room->session, "7", &change, room_emit, room, &room->err), AU_ETEMP,
	    "from version 2 to 3");
	change.version = "3";
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_answer(room, "PUT", ROOM_USERS "/7", 409, "{\"message\":\"stale\"}");
	room_answer(room, "GET", "/v2/license", 200, "[]");
	room_expect(
	    room, room->table->set_rights(room->session, "7", &change, room_emit, room, &room->err), AU_ETEMP, "stale");
}

static void
profile_changes_names_and_keeps_other_peoples_words(void **state)
{
	struct room *room = *state;
	struct au_target_account change = { .first_name = "New", .mail = "new@example.com", .mark = MARK };
	const json_t *body;

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", json_pack("{s:s}", "description", "ask Mary")));
	answer_user(room, "PUT", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_expect(room, room->table->set_profile(room->session, "7", &change, room_emit, room, &room->err), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 2), "body");
	assert_string_equal(au_json_get_str(body, "firstName"), "New");
	assert_string_equal(au_json_get_str(body, "lastName"), "CRM");
	assert_string_equal(au_json_get_str(body, "email"), "new@example.com");
	assert_string_equal(au_json_get_str(body, "description"), "ask Mary; " MARKED);
	answer_user(room, "GET", ROOM_USERS "/7",
	    room_user(7, "crm",
		json_pack("{s:s}", "description", "managed by apiuserd 11111111-2222-4333-8444-555555555555 (Mary)")));
	answer_user(room, "PUT", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_expect(room, room->table->set_profile(room->session, "7", &change, room_emit, room, &room->err), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 4), "body");
	assert_string_equal(au_json_get_str(body, "description"), MARKED " (Mary)");
}

static void
new_secret_is_put_with_the_rest(void **state)
{
	struct room *room = *state;
	const json_t *body;

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	answer_user(room, "PUT", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_login(room, 5);
	room_expect(room, room->table->reset_secret(room->session, "7", SECRET, room_emit, room, &room->err), 0, NULL);
	body = json_object_get(fake_seen(room->fake, 2), "body");
	assert_string_equal(au_json_get_str(body, "password"), SECRET);
	assert_string_equal(au_json_get_str(body, "username"), "crm");
	body = json_object_get(fake_seen(room->fake, 3), "body");
	assert_string_equal(au_json_get_str(body, "password"), SECRET);
	assert_string_equal(au_json_get_str(body, "username"), "crm");
	assert_null(room_member(room, 0, "secret"));
	/* The session is still ours. */
	answer_page(room, ROOM_USER_LIST, 0, 0, au_xstrdup(""));
	room_expect(room, list(room), 0, NULL);
	room_used_token(room, 4, 1);
}

static void
new_secret_that_is_not_taken_is_told(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	answer_user(room, "PUT", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_answer(room, "POST", "/v1/authentication", 401, "{}");
	room_expect(room, room->table->reset_secret(room->session, "7", SECRET, room_emit, room, &room->err), AU_ENOSUP,
	    "takes none by an update");
	assert_int_equal(json_array_size(room->accounts), 0);
	/* An inactive user cannot log in, so nothing is tried. */
	answer_user(room, "GET", ROOM_USERS "/7", room_user(7, "crm", NULL));
	answer_user(room, "PUT", ROOM_USERS "/7", room_user(7, "crm", json_pack("{s:b}", "disabled", 1)));
	room_expect(room, room->table->reset_secret(room->session, "7", SECRET, room_emit, room, &room->err), 0, NULL);
}

/* ---- remove ---------------------------------------------------------------------- */

static void
removal_of_what_is_gone_is_success(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_user(room, "DELETE", ROOM_USERS "/7", room_user(7, "crm", NULL));
	room_expect(room, room->table->remove(room->session, "7", &room->err), 0, NULL);
	room_answer(room, "DELETE", ROOM_USERS "/7", 404, "{\"message\":\"none\"}");
	room_expect(room, room->table->remove(room->session, "7", &room->err), 0, NULL);
	room_answer(room, "DELETE", ROOM_USERS "/7", 204, NULL);
	room_expect(room, room->table->remove(room->session, "7", &room->err), 0, NULL);
}

static void
removal_does_not_believe_a_page_that_says_404(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	fake_expect(room->fake, &(struct fake_step){ .method = "DELETE",
				    .path = ROOM_USERS "/7",
				    .status = 404,
				    .body = "<html>no such page</html>",
				    .type = "text/html" });
	room_expect(room, room->table->remove(room->session, "7", &room->err), AU_EPROTO, "text/html");
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_start, room_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ROOM(list_walks_pages_by_id_whatever_their_length),
		IN_ROOM(list_that_moves_once_is_read_again),
		IN_ROOM(list_that_keeps_moving_is_no_list),
		IN_ROOM(list_that_ends_too_early_is_no_list),
		IN_ROOM(list_without_a_total_is_refused),
		IN_ROOM(account_tells_what_the_user_object_tells),
		IN_ROOM(unknown_rights_are_unknown_and_not_none),
		IN_ROOM(description_without_a_uuid_is_no_mark),
		IN_ROOM(get_refuses_ids_that_are_no_numbers),
		IN_ROOM(find_filters_by_name_and_takes_other_spellings),
		IN_ROOM(find_refuses_a_server_that_ignores_the_filter),
		IN_ROOM(create_sends_everything_once),
		IN_ROOM(create_without_an_answer_is_unknown_and_not_sent_twice),
		IN_ROOM(create_of_a_taken_name_is_told_from_other_conflicts),
		IN_ROOM(create_repeats_after_401_because_nothing_was_done),
		IN_ROOM(update_sends_back_all_that_is_known_and_nothing_of_the_servers),
		IN_ROOM(rights_replace_roles_and_features),
		IN_ROOM(moved_version_stops_the_change),
		IN_ROOM(profile_changes_names_and_keeps_other_peoples_words),
		IN_ROOM(new_secret_is_put_with_the_rest),
		IN_ROOM(new_secret_that_is_not_taken_is_told),
		IN_ROOM(removal_of_what_is_gone_is_success),
		IN_ROOM(removal_does_not_believe_a_page_that_says_404),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
