/* SPDX-License-Identifier: ISC */
/* Persons: users of the product, agents and API users alike. */
#include "../common/text.h"
#include "tenant.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct person *
person_find(const struct tenant *tenant, long long id)
{
	for (size_t i = 0; i < tenant->person_count; i++) {
		if (tenant->people[i]->id == id)
			return tenant->people[i];
	}
	return NULL;
}

struct person *
person_find_mail(const struct tenant *tenant, const char *mail)
{
	for (size_t i = 0; i < tenant->person_count; i++) {
		const char *theirs = json_string_value(json_object_get(tenant->people[i]->body, "email"));

		if (theirs != NULL && strcasecmp(theirs, mail) == 0)
			return tenant->people[i];
	}
	return NULL;
}

struct person *
person_add(struct tenant *tenant, json_t *body)
{
	struct person *person = need(calloc(1, sizeof(*person)));

	person->id = tenant->next_person++;
	person->body = need(body);
	if (tenant->person_count == tenant->person_cap) {
		tenant->person_cap = tenant->person_cap == 0 ? 16 : tenant->person_cap * 2;
		tenant->people = need(realloc(tenant->people, tenant->person_cap * sizeof(*tenant->people)));
	}
	tenant->people[tenant->person_count++] = person;
	return person;
}

void
person_free(struct person *person)
{
	json_decref(person->body);
	free(person);
}

/* The later of the two dates that have come; without any, what it was born as (CA-R17). */
static bool
is_active(const struct tenant *tenant, const struct person *person)
{
	long long on = json_integer_value(json_object_get(person->body, "activated"));
	long long off = json_integer_value(json_object_get(person->body, "deactivated"));
	long long now = tenant_now(tenant);

	if (on > now)
		on = 0;
	if (off > now)
		off = 0;
	if (on == 0 && off == 0)
		return person->active;
	return on >= off;
}

bool
person_is_admin(const struct tenant *tenant, const struct person *person)
{
	json_t *roles = json_object_get(person->body, "roles");

	for (size_t i = 0; i < json_array_size(roles); i++) {
		long long id = json_integer_value(json_object_get(json_array_get(roles, i), "id"));

		if (json_is_true(json_object_get(tenant_find(tenant->roles, "id", id), "isAdminDefault")))
			return true;
	}
	return false;
}

/* Roles as they are now, whatever they were called when they were given. */
static json_t *
roles_view(const struct tenant *tenant, const struct person *person)
{
	json_t *roles = json_object_get(person->body, "roles"), *view = json_array();

	for (size_t i = 0; i < json_array_size(roles); i++) {
		long long id = json_integer_value(json_object_get(json_array_get(roles, i), "id"));

		json_array_append_new(view, json_deep_copy(tenant_find(tenant->roles, "id", id)));
	}
	return view;
}

/* Choosing the tenant chooses every team in it (CA-R10). */
static json_t *
scope_view(const struct tenant *tenant, const struct person *person)
{
	json_t *scope = json_deep_copy(json_object_get(person->body, "scope")), *teams;

	if (!json_is_integer(json_object_get(scope, "tenant")))
		return scope;
	teams = json_array();
	for (size_t i = 0; i < json_array_size(tenant->teams); i++)
		json_array_append(teams, json_object_get(json_array_get(tenant->teams, i), "groupId"));
	json_object_set_new(scope, "teams", teams);
	return scope;
}

json_t *
person_view(const struct tenant *tenant, const struct person *person)
{
	json_t *view = need(json_deep_copy(person->body));

	json_object_set_new(view, "id", json_integer(person->id));
	json_object_set_new(view, "personId", json_integer(person->id));
	json_object_set_new(view, "active", json_boolean(is_active(tenant, person)));
	json_object_set_new(view, "roles", roles_view(tenant, person));
	json_object_set_new(view, "scope", scope_view(tenant, person));
	if (!tenant->options.tells_views)
		json_object_del(view, "views");
	return view;
}

static json_t *
or_null(const struct person *person, const char *member)
{
	json_t *value = json_object_get(person->body, member);

	return value != NULL ? json_incref(value) : json_null();
}

json_t *
person_listed(const struct tenant *tenant, const struct person *person)
{
	return need(json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:b}", "personId", (json_int_t)person->id, "displayId",
	    json_sprintf("P%lld", person->id), "firstName", or_null(person, "firstName"), "lastName",
	    or_null(person, "lastName"), "email", or_null(person, "email"), "adLogin", or_null(person, "adLogin"),
	    "active", is_active(tenant, person)));
}

/* ---- the state file ---------------------------------------------------------------- */

static void
put_digest(json_t *record, const char *name, const struct digest *digest)
{
	char text[DIGEST_TEXT_SIZE];

	if (digest_text(digest, text) != NULL)
		json_object_set_new(record, name, json_string(text));
}

static void
get_digest(const json_t *record, const char *name, struct digest *digest)
{
	const char *text = json_string_value(json_object_get(record, name));

	if (text != NULL)
		digest_from_text(digest, text);
}

json_t *
person_record(const struct person *person)
{
	json_t *record = need(json_pack("{s:I, s:O, s:b, s:b, s:b, s:i, s:I}", "id", (json_int_t)person->id, "body",
	    person->body, "active", person->active, "locked", person->locked, "legacy", person->legacy, "badLogins",
	    person->bad_logins, "passwordSet", (json_int_t)person->password_set));

	put_digest(record, "password", &person->password);
	put_digest(record, "apiPassword", &person->api_password);
	for (int i = 0; i < HISTORY_MAX; i++) {
		char name[16];

		snprintf(name, sizeof(name), "earlier%d", i);
		put_digest(record, name, &person->earlier[i]);
	}
	return record;
}

struct person *
person_restore(const json_t *record)
{
	struct person *person = need(calloc(1, sizeof(*person)));
	int active, locked, legacy;
	json_int_t id, password_set;

	if (json_unpack((json_t *)record, "{s:I, s:O, s:b, s:b, s:b, s:i, s:I}", "id", &id, "body", &person->body,
		"active", &active, "locked", &locked, "legacy", &legacy, "badLogins", &person->bad_logins,
		"passwordSet", &password_set) != 0) {
		free(person);
		return NULL;
	}
	person->id = id;
	person->active = active;
	person->locked = locked;
	person->legacy = legacy;
	person->password_set = password_set;
	get_digest(record, "password", &person->password);
	get_digest(record, "apiPassword", &person->api_password);
	for (int i = 0; i < HISTORY_MAX; i++) {
		char name[16];

		snprintf(name, sizeof(name), "earlier%d", i);
		get_digest(record, name, &person->earlier[i]);
	}
	return person;
}
