/* SPDX-License-Identifier: ISC */
/* Everything that goes wrong in here fails the test at once, so that tests read as what they are about. */
#include "tests/sim/tenant_client.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
tenant_begin(struct room_client *room, const char *const *options)
{
	room_begin_other(room, "calabrio-sim", TENANT_ADMIN, options);
}

long
tenant_call_as(
    struct room_client *room, const char *session, const char *method, const char *path, json_t *body, json_t **ret)
{
	char *header = NULL;

	if (session != NULL)
		assert_true(asprintf(&header, "Cookie: hazelcast.sessionId=%s", session) > 0);
	return room_call_headed(room, header, method, path, body, ret);
}

long
tenant_call(struct room_client *room, const char *method, const char *path, json_t *body, json_t **ret)
{
	return tenant_call_as(room, room->token, method, path, body, ret);
}

long
tenant_login_as(struct room_client *room, const char *mail, const char *password, char **ret_session)
{
	json_t *answer = NULL;
	const char *session;
	long status = tenant_call_as(room, NULL, "POST", "/api/rest/authorize",
	    json_pack("{s:s, s:s, s:s}", "userId", mail, "password", password, "locale", "en"), &answer);

	session = json_string_value(json_object_get(answer, "sessionId"));
	if (ret_session != NULL)
		*ret_session = session != NULL ? strdup(session) : NULL;
	json_decref(answer);
	return status;
}

void
tenant_login(struct room_client *room)
{
	free(room->token);
	assert_int_equal(tenant_login_as(room, TENANT_ADMIN, ROOM_PASSWORD, &room->token), 200);
}

json_t *
tenant_body(const char *mail)
{
	return json_pack("{s:s, s:s, s:s, s:[{s:i}]}", "firstName", "Interface", "lastName", "Payroll", "email", mail,
	    "roles", "id", 1);
}

json_int_t
tenant_person(struct room_client *room, json_t *body)
{
	json_t *answer = NULL;
	json_int_t id;

	assert_int_equal(tenant_call(room, "POST", TENANT_PERSON, body, &answer), 200);
	id = json_integer_value(json_object_get(answer, "id"));
	assert_true(id > 0);
	json_decref(answer);
	return id;
}

const char *
tenant_path(json_int_t id, const char *rest)
{
	static char path[128];

	snprintf(path, sizeof(path), TENANT_PERSON "/%lld%s", (long long)id, rest);
	return path;
}

long
tenant_screen(struct room_client *room, const char *screen, json_t *body)
{
	char path[64];

	snprintf(path, sizeof(path), "/__sim/ui/%s", screen);
	return tenant_call_as(room, NULL, "POST", path, body, NULL);
}

json_t *
tenant_state(struct room_client *room)
{
	json_t *state = NULL;

	assert_int_equal(tenant_call_as(room, NULL, "GET", "/__sim/state", NULL, &state), 200);
	assert_non_null(state);
	return state;
}

json_t *
tenant_state_person(struct room_client *room, const char *mail)
{
	json_t *state = tenant_state(room), *person, *found = NULL;
	size_t i;

	json_array_foreach (json_object_get(state, "people"), i, person) {
		const char *theirs = json_string_value(json_object_get(person, "email"));

		if (theirs != NULL && strcasecmp(theirs, mail) == 0)
			found = json_incref(person);
	}
	json_decref(state);
	return found;
}

json_int_t
tenant_created(struct room_client *room, const char *mail)
{
	json_t *state = tenant_state(room);
	json_int_t count = json_integer_value(json_object_get(json_object_get(state, "created"), mail));

	json_decref(state);
	return count;
}
