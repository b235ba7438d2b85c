/* SPDX-License-Identifier: ISC */
/* The start state, and the state file: one JSON object, written anew by rename after each change. */
#include "tenant.h"

#include "../common/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

long long
tenant_now(const struct tenant *tenant)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000 + tenant->clock_offset_ms;
}

const char *
tenant_word(const struct tenant *tenant)
{
	return tenant->options.wfo ? "Workforce Optimization" : "Calabrio ONE";
}

json_t *
tenant_find(const json_t *array, const char *member, long long id)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		json_t *item = json_array_get(array, i);
		const json_t *found = json_object_get(item, member);

		if (json_is_integer(found) && json_integer_value(found) == id)
			return item;
	}
	return NULL;
}

/* ---- the start state ------------------------------------------------------------ */

static json_t *
role(const struct options *options, long long id, const char *name)
{
	return json_pack("{s:I, s:o, s:s, s:b, s:b, s:b}", "id", (json_int_t)id, "label",
	    json_sprintf("%s%s", options->renamed_roles ? "Our " : "", name), "name", name, "isAgentDefault",
	    id == ROLE_AGENT, "isAdminDefault", id == ROLE_ADMIN, "isSupervisorDefault", id == ROLE_SUPERVISOR);
}

static json_t *
team(long long id, const char *name)
{
	return json_pack(
	    "{s:I, s:I, s:s}", "groupId", (json_int_t)id, "parentGroupId", (json_int_t)GROUP_DEFAULT, "name", name);
}

static void
start_org(struct tenant *tenant)
{
	const struct options *options = &tenant->options;

	tenant->roles = need(
	    json_pack("[o, o, o, o]", role(options, ROLE_ADMIN, "Administrator"), role(options, ROLE_AGENT, "Agent"),
		role(options, ROLE_SUPERVISOR, "Supervisor"), role(options, ROLE_ANALYST, "Analyst")));
	if (options->renamed_roles) {
		for (size_t i = 0; i < 3; i++)
			json_object_set(json_array_get(tenant->roles, i), "name",
			    json_object_get(json_array_get(tenant->roles, i), "label"));
	}
	tenant->groups = need(json_pack("[{s:i, s:s}, {s:i, s:s}]", "groupId", GROUP_DEFAULT, "name", "Default Group",
	    "groupId", 3, "name", "Sales"));
	tenant->teams = need(
	    json_pack("[o, o, o]", team(TEAM_DEFAULT, "Default Team"), team(12, "Payroll"), team(13, "Sales West")));
	json_object_set_new(json_array_get(tenant->teams, 2), "parentGroupId", json_integer(3));
	tenant->views = need(json_pack(
	    "[{s:i, s:s}, {s:i, s:s}]", "id", VIEW_ENTERPRISE, "name", "EnterpriseView", "id", 2, "name", "West"));
	tenant->next_group = 20;
	tenant->next_person = 101;
}

static void
start_admin(struct tenant *tenant)
{
	char *password = text_from_file(tenant->options.admin_password_file);
	struct person *admin = person_add(tenant,
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:[O], s:{s:i, s:[], s:[]}, s:[{s:i, s:s, s:b}], s:[]}",
		"firstName", "First", "lastName", "Administrator", "email", tenant->options.admin_user, "displayName",
		"First Administrator", "timeZone", "America/Chicago", "groupId", TEAM_DEFAULT, "parentGroup",
		GROUP_DEFAULT, "roles", json_array_get(tenant->roles, 0), "scope", "tenant", TENANT_ID, "groups",
		"teams", "views", "id", VIEW_ENTERPRISE, "name", "EnterpriseView", "main", 1, "qmViews"));

	admin->active = true;
	admin->legacy = true;
	password_set(tenant, admin, password);
	digest_set(&admin->api_password, password);
	free(password);
}

/* Agents, as an installation has them: some without e-mail address, every seventh inactive. */
static void
start_people(struct tenant *tenant)
{
	for (long i = 0; i < tenant->options.people; i++) {
		struct person *person = person_add(tenant,
		    json_pack("{s:s, s:o, s:n, s:s, s:i, s:i, s:[O], s:{s:n, s:[], s:[]}, s:[], s:[]}", "firstName",
			"Agent", "lastName", json_sprintf("%06ld", i), "email", "timeZone", "America/Chicago",
			"groupId", 12, "parentGroup", GROUP_DEFAULT, "roles", json_array_get(tenant->roles, 1), "scope",
			"tenant", "groups", "teams", "views", "qmViews"));

		if (i % 3 != 0)
			json_object_set_new(person->body, "email", json_sprintf("agent%06ld@tenant.example", i));
		person->active = i % 7 != 0;
	}
}

static void
fill(struct tenant *tenant)
{
	tenant->options = tenant->started_with;
	tenant->clock_offset_ms = 0;
	tenant->calls = json_object();
	tenant->births = json_object();
	start_org(tenant);
	start_admin(tenant);
	start_people(tenant);
}

static void
empty(struct tenant *tenant)
{
	for (size_t i = 0; i < tenant->person_count; i++)
		person_free(tenant->people[i]);
	free(tenant->people);
	tenant->people = NULL;
	tenant->person_count = tenant->person_cap = 0;
	session_end_all(tenant, 0);
	fault_clear(&tenant->faults);
	json_decref(tenant->roles);
	json_decref(tenant->teams);
	json_decref(tenant->groups);
	json_decref(tenant->views);
	json_decref(tenant->calls);
	json_decref(tenant->births);
}

/* ---- the state file --------------------------------------------------------------- */

static void
restore(struct tenant *tenant, const json_t *state)
{
	json_t *people = json_object_get(state, "people");

	for (size_t i = 0; i < tenant->person_count; i++)
		person_free(tenant->people[i]);
	tenant->person_cap = tenant->person_count = json_array_size(people);
	tenant->people = need(realloc(tenant->people, (tenant->person_cap + 1) * sizeof(*tenant->people)));
	for (size_t i = 0; i < tenant->person_count; i++)
		tenant->people[i] = need(person_restore(json_array_get(people, i)));
	json_array_clear(tenant->roles);
	json_array_extend(tenant->roles, json_object_get(state, "roles"));
	json_array_clear(tenant->teams);
	json_array_extend(tenant->teams, json_object_get(state, "teams"));
	json_object_update(tenant->births, json_object_get(state, "births"));
	tenant->next_person = json_integer_value(json_object_get(state, "nextPerson"));
	tenant->next_group = json_integer_value(json_object_get(state, "nextGroup"));
}

static void
load(struct tenant *tenant)
{
	json_t *state;

	if (tenant->options.state_file == NULL || access(tenant->options.state_file, F_OK) != 0)
		return;
	state = json_load_file(tenant->options.state_file, 0, NULL);
	if (state == NULL) {
		fprintf(stderr, "calabrio-sim: %s is damaged\n", tenant->options.state_file);
		exit(1);
	}
	restore(tenant, state);
	json_decref(state);
}

void
tenant_save(const struct tenant *tenant)
{
	const char *path = tenant->options.state_file;
	char fresh[4096];
	json_t *people, *state;

	if (path == NULL)
		return;
	people = json_array();
	for (size_t i = 0; i < tenant->person_count; i++)
		json_array_append_new(people, person_record(tenant->people[i]));
	state = need(json_pack("{s:o, s:O, s:O, s:O, s:I, s:I}", "people", people, "roles", tenant->roles, "teams",
	    tenant->teams, "births", tenant->births, "nextPerson", (json_int_t)tenant->next_person, "nextGroup",
	    (json_int_t)tenant->next_group));
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	if (json_dump_file(state, fresh, JSON_COMPACT) != 0 || rename(fresh, path) != 0) {
		perror("calabrio-sim: state file");
		exit(1);
	}
	json_decref(state);
}

/* ---- life -------------------------------------------------------------------------- */

static FILE *
open_to_append(const char *path)
{
	FILE *file = path != NULL ? fopen(path, "ae") : NULL;

	if (path != NULL && file == NULL) {
		perror(path);
		exit(1);
	}
	return file;
}

void
tenant_start(struct tenant *tenant, const struct options *options, struct event_base *base)
{
	memset(tenant, 0, sizeof(*tenant));
	tenant->started_with = *options;
	tenant->base = base;
	tenant->log = open_to_append(options->log_file);
	fill(tenant);
	load(tenant);
	tenant->passwords = open_to_append(options->keep_passwords);
}

void
tenant_reset(struct tenant *tenant)
{
	empty(tenant);
	fill(tenant);
	tenant_save(tenant);
}

void
tenant_done(struct tenant *tenant)
{
	empty(tenant);
	if (tenant->log != NULL)
		fclose(tenant->log);
	if (tenant->passwords != NULL)
		fclose(tenant->passwords);
}
