/* SPDX-License-Identifier: ISC */
/* Templates become canonical rights, and the same rights read the same from a user. */
#include "room.h"

#include "base/mem.h"

#include "tests/unit.h"

#include <string.h>

#define LICENCES                                                                                                       \
	"{\"list\":[{\"feature\":\"development\",\"enabled\":true,\"availableCount\":0},"                              \
	"{\"feature\":\"RUNTIME\",\"enabled\":false,\"availableCount\":5}]}"

static int
resolve(struct room *room, const char *rights)
{
	return room->table->resolve(room->session, rights, room_emit_text, room, &room->err);
}

static void
answer_roles(struct room *room)
{
	char *page = room_page(0, 4,
	    "{\"id\":2,\"name\":\"AAE_Basic\"},{\"id\":13,\"name\":\"Twin\"},{\"id\":14,\"name\":\"Twin\"},"
	    "{\"id\":21,\"name\":\"7\"}");

	room_answer(room, "POST", ROOM_ROLE_LIST, 200, page);
	free(page);
}

static void
names_and_ids_become_sorted_ids(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_roles(room);
	room_expect(room, resolve(room, "{\"roles\":[\"#13\",\"AAE_Basic\",\"2\",\"#2\"]}"), 0, NULL);
	assert_string_equal(room->text, "{\"auto_login\":true,\"license_features\":[],\"roles\":[2,13]}");
}

static void
name_of_digits_comes_before_an_id(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_roles(room);
	room_expect(room, resolve(room, "{\"roles\":[\"7\"],\"auto_login\":false}"), 0, NULL);
	assert_string_equal(room->text, "{\"auto_login\":false,\"license_features\":[],\"roles\":[21]}");
	answer_roles(room);
	room_expect(room, resolve(room, "{\"roles\":[\"#7\"]}"), AU_EINVAL, "role '#7' is unknown");
}

static void
unknown_and_ambiguous_roles_are_named(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_roles(room);
	room_expect(room, resolve(room, "{\"roles\":[\"aae_basic\"]}"), AU_EINVAL, "role 'aae_basic' is unknown");
	answer_roles(room);
	room_expect(room, resolve(room, "{\"roles\":[\"Twin\"]}"), AU_EINVAL, "2 roles have this name");
	room_expect(room, resolve(room, "{\"roles\":[]}"), AU_EINVAL, "AA-R04");
	room_expect(room, resolve(room, "{}"), AU_EINVAL, "AA-R04");
}

static void
features_are_sorted_and_those_of_the_other_profile_refused(void **state)
{
	struct room *room = *state;

	room_login(room, 1);
	answer_roles(room);
	room_answer(room, "GET", "/v2/license", 404, "{}");
	room_expect(room,
	    resolve(room, "{\"roles\":[\"#2\"],\"license_features\":[\"RUNTIME\",\"ANALYTICSAPI\",\"RUNTIME\"]}"), 0,
	    NULL);
	assert_string_equal(
	    room->text, "{\"auto_login\":true,\"license_features\":[\"ANALYTICSAPI\",\"RUNTIME\"],\"roles\":[2]}");
	answer_roles(room);
	room_expect(room, resolve(room, "{\"roles\":[\"#2\"],\"license_features\":[\"AARIUSER\"]}"), AU_EINVAL,
	    "'AARIUSER' does not exist in profile 'aae11'");
}

static void
feature_that_is_switched_off_is_no_right(void **state)
{
	struct room *room = *state;

	room_open(room, json_pack("{s:s}", "profile", "a360"));
	room_login(room, 1);
	answer_roles(room);
	room_answer(room, "POST", "/v2/license/product/list", 200, LICENCES);
	room_expect(room, resolve(room, "{\"roles\":[\"#2\"],\"license_features\":[\"RUNTIME\"]}"), AU_EINVAL,
	    "'RUNTIME' is switched off");
	assert_int_equal(json_object_size(json_object_get(fake_seen(room->fake, 2), "body")), 0);
	answer_roles(room);
	room_answer(room, "POST", "/v2/license/product/list", 200, LICENCES);
	room_expect(
	    room, resolve(room, "{\"roles\":[\"#2\"],\"license_features\":[\"DEVELOPMENT\",\"AARIUSER\"]}"), 0, NULL);
}

static void
user_reads_back_as_the_template_was_resolved(void **state)
{
	struct room *room = *state;
	json_t *more = json_pack(
	    "{s:[{s:i},{s:i}], s:[s,s]}", "roles", "id", 13, "id", 2, "licenseFeatures", "RUNTIME", "DEVELOPMENT");
	char *user = room_user(7, "crm", more);

	room_login(room, 1);
	answer_roles(room);
	room_answer(room, "GET", "/v2/license", 200, "{}");
	room_expect(room,
	    resolve(room, "{\"roles\":[\"AAE_Basic\",\"#13\"],\"license_features\":[\"DEVELOPMENT\",\"RUNTIME\"]}"), 0,
	    NULL);
	room_answer(room, "GET", ROOM_USERS "/7", 200, user);
	free(user);
	room_expect(room, room->table->get(room->session, "7", room_emit, room, &room->err), 0, NULL);
	assert_string_equal(room_member(room, 0, "rights"), room->text);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_start, room_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ROOM(names_and_ids_become_sorted_ids),
		IN_ROOM(name_of_digits_comes_before_an_id),
		IN_ROOM(unknown_and_ambiguous_roles_are_named),
		IN_ROOM(features_are_sorted_and_those_of_the_other_profile_refused),
		IN_ROOM(feature_that_is_switched_off_is_no_right),
		IN_ROOM(user_reads_back_as_the_template_was_resolved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
