/* SPDX-License-Identifier: ISC */
/* What a session may see is settled when it begins (D): scope, teams, and who was there. */
#include "../common/text.h"
#include "tenant.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define ID_BYTES 18

static bool
holds(const json_t *array, long long id)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (json_integer_value(json_array_get(array, i)) == id)
			return true;
	}
	return false;
}

static json_t *
teams_of(const struct tenant *tenant, const struct person *person)
{
	const json_t *scope = json_object_get(person->body, "scope"), *team;
	long long own = json_integer_value(json_object_get(person->body, "groupId"));
	json_t *teams = json_array();
	size_t i;

	json_array_foreach (tenant->teams, i, team) {
		long long id = json_integer_value(json_object_get(team, "groupId"));
		long long group = json_integer_value(json_object_get(team, "parentGroupId"));

		if (id == own || json_is_integer(json_object_get(scope, "tenant")) ||
		    holds(json_object_get(scope, "teams"), id) || holds(json_object_get(scope, "groups"), group))
			json_array_append_new(teams, json_integer(id));
	}
	return teams;
}

struct session *
session_open(struct tenant *tenant, const struct person *person)
{
	struct session *session = need(calloc(1, sizeof(*session)));
	unsigned char bytes[ID_BYTES];

	session->id = need(malloc(ID_BYTES * 2 + 1));
	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(session->id, ID_BYTES * 2 + 1, bytes, sizeof(bytes));
	session->person_id = person->id;
	session->used = tenant_now(tenant);
	session->person_limit = tenant->next_person;
	session->team_limit = tenant->next_group;
	session->teams = teams_of(tenant, person);
	session->next = tenant->sessions;
	tenant->sessions = session;
	return session;
}

static void
end_where(struct tenant *tenant, const struct session *one, long long person_id)
{
	struct session **place = &tenant->sessions;

	while (*place != NULL) {
		struct session *session = *place;

		if (one != NULL ? session != one : person_id != 0 && session->person_id != person_id) {
			place = &session->next;
			continue;
		}
		*place = session->next;
		json_decref(session->teams);
		free(session->id);
		free(session);
	}
}

void
session_end(struct tenant *tenant, const struct session *session)
{
	end_where(tenant, session, 0);
}

void
session_end_all(struct tenant *tenant, long long person_id)
{
	end_where(tenant, NULL, person_id);
}

struct session *
session_find(struct tenant *tenant, const char *id)
{
	for (struct session *session = tenant->sessions; session != NULL; session = session->next) {
		if (strcmp(session->id, id) != 0)
			continue;
		if (tenant_now(tenant) - session->used >= tenant->options.idle_s * 1000LL)
			return NULL;
		session->used = tenant_now(tenant);
		return session;
	}
	return NULL;
}

bool
session_sees_team(const struct session *session, const struct tenant *tenant, long long team_id)
{
	const struct person *caller = person_find(tenant, session->person_id);
	const json_t *scope = json_object_get(caller != NULL ? caller->body : NULL, "scope");
	bool whole = json_is_integer(json_object_get(scope, "tenant"));

	return holds(session->teams, team_id) || (!tenant->options.hide_new && whole && team_id >= session->team_limit);
}

/* EnterpriseView as main view shows everybody of the scope; without it only the own team (CA-R11). */
static bool
has_enterprise_view(const struct person *caller)
{
	const json_t *view, *views = json_object_get(caller->body, "views");
	size_t i;

	json_array_foreach (views, i, view) {
		if (json_integer_value(json_object_get(view, "id")) == VIEW_ENTERPRISE &&
		    json_is_true(json_object_get(view, "main")))
			return true;
	}
	return false;
}

bool
session_sees_person(const struct session *session, const struct tenant *tenant, const struct person *person)
{
	const struct person *caller = person_find(tenant, session->person_id);
	long long team = json_integer_value(json_object_get(person->body, "groupId"));

	if (caller == NULL || (tenant->options.hide_new && person->id >= session->person_limit))
		return false;
	if (!has_enterprise_view(caller))
		return team == json_integer_value(json_object_get(caller->body, "groupId"));
	return session_sees_team(session, tenant, team);
}
