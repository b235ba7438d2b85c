/* SPDX-License-Identifier: ISC */
/* The calls about persons, and what the product demands of one. */
#include "../common/text.h"
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

/* What a client may write, and what it is when it is left out. */
static const struct member {
	const char *name;
	const char *empty; /* JSON; NULL: what it was stays (names, mail, roles, team: see check) */
	bool in_minimum;   /* kept by POST with --post-min */
} members[] = {
	{ "firstName", NULL, true },
	{ "lastName", NULL, true },
	{ "email", NULL, true },
	{ "timeZone", NULL, true },
	{ "displayName", NULL, false },
	{ "groupId", NULL, false },
	{ "roles", NULL, false },
	{ "locale", "null", false },
	{ "enabledForSchedule", "false", false },
	{ "adLogin", "null", false },
	{ "acdId", "null", false },
	{ "acdServerId", "null", false },
	{ "scope", "{\"tenant\":null,\"groups\":[],\"teams\":[]}", false },
	{ "views", "[]", false },
	{ "qmViews", "[]", false },
	{ "isSynchronized", "false", false },
	{ "isReconcileOnly", "false", false },
	{ "isMerged", "false", false },
	{ "isSystemUser", "false", false },
	{ "isHotdeskDefaultUser", "false", false },
};
#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

/* ---- checks --------------------------------------------------------------------- */

static bool
is_mail(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL && strpbrk(text, " \t") == NULL;
}

static bool
has_text(const json_t *body, const char *name)
{
	const char *text = json_string_value(json_object_get(body, name));

	return text != NULL && text[0] != '\0';
}

/* Every item's id is in the tenant's table. */
static bool
all_known(const json_t *items, const json_t *table, const char *member)
{
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);
		const json_t *id = json_is_object(item) ? json_object_get(item, "id") : item;

		if (!json_is_integer(id) || tenant_find(table, member, json_integer_value(id)) == NULL)
			return false;
	}
	return true;
}

static bool
scope_fits(const struct tenant *tenant, const json_t *scope)
{
	const json_t *whole = json_object_get(scope, "tenant");

	return json_is_object(scope) && all_known(json_object_get(scope, "teams"), tenant->teams, "groupId") &&
	       all_known(json_object_get(scope, "groups"), tenant->groups, "groupId") &&
	       (!json_is_integer(whole) || json_integer_value(whole) == TENANT_ID);
}

/* The person as it would be; self is who may have its e-mail address. */
static int
check(struct exchange *exchange, const json_t *body, const struct person *self)
{
	const struct tenant *tenant = exchange->tenant;
	const char *mail = json_string_value(json_object_get(body, "email"));
	const json_t *roles = json_object_get(body, "roles");
	struct person *other;

	if (!has_text(body, "firstName") || !has_text(body, "lastName"))
		return exchange_refuse(exchange, 400, "CA-R05", "first and last name are required");
	if (mail == NULL || !is_mail(mail))
		return exchange_refuse(exchange, 400, "CA-R06", "the user name must be an e-mail address");
	other = person_find_mail(tenant, mail);
	if (other != NULL && other != self)
		return exchange_refuse(
		    exchange, (int)tenant->options.duplicate_status, "CA-R06", "the user name is taken");
	if (json_array_size(roles) == 0 || !all_known(roles, tenant->roles, "id"))
		return exchange_refuse(exchange, 400, "CA-R08", "at least one role that exists is required");
	if (tenant_find(tenant->teams, "groupId", json_integer_value(json_object_get(body, "groupId"))) == NULL)
		return exchange_refuse(exchange, 400, "CA-R09", "there is no such team");
	if (!scope_fits(tenant, json_object_get(body, "scope")))
		return exchange_refuse(exchange, 400, "CA-R10", "there is no such team, group or tenant");
	if (!all_known(json_object_get(body, "views"), tenant->views, "id"))
		return exchange_refuse(exchange, 400, "CA-R11", "there is no such view");
	return 0;
}

/* ---- from a body ------------------------------------------------------------------ */

static void
settle_names(const struct tenant *tenant, json_t *body)
{
	const json_t *team =
	    tenant_find(tenant->teams, "groupId", json_integer_value(json_object_get(body, "groupId")));

	json_object_set(body, "parentGroup", json_object_get(team, "parentGroupId"));
	if (!tenant->options.keeps_display_name || !has_text(body, "displayName"))
		json_object_set_new(body, "displayName",
		    json_sprintf("%s %s", json_string_value(json_object_get(body, "firstName")),
			json_string_value(json_object_get(body, "lastName"))));
}

static void
take(const struct tenant *tenant, json_t *body, const json_t *sent, bool minimum, bool clears)
{
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		json_t *value = json_object_get(sent, members[i].name);

		if (value != NULL && (!minimum || members[i].in_minimum))
			json_object_set_new(body, members[i].name, json_deep_copy(value));
		else if (members[i].empty != NULL && (clears || json_object_get(body, members[i].name) == NULL))
			json_object_set_new(body, members[i].name, json_loads(members[i].empty, JSON_DECODE_ANY, NULL));
	}
	if (json_is_integer(json_object_get(sent, "activated")))
		json_object_set(body, "activated", json_object_get(sent, "activated"));
	if (json_is_integer(json_object_get(sent, "deactivated")))
		json_object_set(body, "deactivated", json_object_get(sent, "deactivated"));
	(void)tenant;
}

/* A member of PUT and POST that nobody has seen: a switch says whether it does anything. */
static int
take_password(struct exchange *exchange, struct person *person)
{
	const char *password = json_string_value(json_object_get(exchange->body, "password"));
	const char *problem;

	if (password == NULL || !exchange->tenant->options.takes_password)
		return 0;
	problem = password_problem(exchange->tenant, person, password);
	if (problem != NULL)
		return exchange_refuse(exchange, 400, "CA-R07", problem);
	password_set(exchange->tenant, person, password);
	return 0;
}

static int
need_admin(struct exchange *exchange, const char *rule)
{
	return person_is_admin(exchange->tenant, exchange->caller)
		   ? 0
		   : exchange_refuse(exchange, 403, rule, "the caller may not do this");
}

static void
count_birth(struct tenant *tenant, const struct person *person)
{
	const char *mail = json_string_value(json_object_get(person->body, "email"));

	json_object_set_new(
	    tenant->births, mail, json_integer(json_integer_value(json_object_get(tenant->births, mail)) + 1));
}

/* ---- calls -------------------------------------------------------------------------- */

/* In no order that anybody promised: here the last comes first. */
int
person_list(struct exchange *exchange)
{
	const struct tenant *tenant = exchange->tenant;
	json_t *list = json_array();

	for (size_t i = tenant->person_count; i-- > 0;) {
		if (session_sees_person(exchange->session, tenant, tenant->people[i]))
			json_array_append_new(list, person_listed(tenant, tenant->people[i]));
	}
	return exchange_answer(exchange, list);
}

int
person_create(struct exchange *exchange)
{
	struct tenant *tenant = exchange->tenant;
	json_t *body = json_pack("{s:i, s:[o], s:s}", "groupId", TEAM_DEFAULT, "roles",
	    json_deep_copy(tenant_find(tenant->roles, "id", ROLE_AGENT)), "timeZone", "America/Chicago");
	struct person trial = { .body = body }, *person;
	int status = need_admin(exchange, "CA-R01");

	if (status == 0) {
		/* Even what is not kept must be right. */
		take(tenant, body, exchange->body, false, false);
		status = check(exchange, body, NULL);
	}
	if (status == 0 && tenant->options.post_min) {
		json_object_clear(body);
		json_object_update_new(body, json_pack("{s:i, s:[o]}", "groupId", TEAM_DEFAULT, "roles",
						 json_deep_copy(tenant_find(tenant->roles, "id", ROLE_AGENT))));
		take(tenant, body, exchange->body, true, false);
	}
	if (status == 0)
		settle_names(tenant, body);
	if (status == 0)
		status = take_password(exchange, &trial);
	if (status != 0) {
		json_decref(body);
		return status;
	}
	person = person_add(tenant, body);
	trial.id = person->id;
	trial.active = tenant->options.born_active;
	*person = trial;
	count_birth(tenant, person);
	tenant_save(tenant);
	return exchange_answer(
	    exchange, json_pack("{s:I}", tenant->options.id_as_person_id ? "personId" : "id", (json_int_t)person->id));
}

static struct person *
find_one(struct exchange *exchange)
{
	struct person *person = person_find(exchange->tenant, exchange->id);

	if (person == NULL)
		exchange->status = exchange_refuse(exchange, 404, "path", "there is no such person");
	return person;
}

int
person_get(struct exchange *exchange)
{
	const struct person *person = find_one(exchange);

	return person != NULL ? exchange_answer(exchange, person_view(exchange->tenant, person)) : exchange->status;
}

int
person_put(struct exchange *exchange)
{
	struct tenant *tenant = exchange->tenant;
	struct person *person = find_one(exchange);
	json_t *body;
	int status;

	if (person == NULL)
		return exchange->status;
	if ((status = need_admin(exchange, "CA-R01")) != 0)
		return status;
	body = json_deep_copy(person->body);
	take(tenant, body, exchange->body, false, tenant->options.put_clears);
	status = check(exchange, body, person);
	if (status == 0)
		status = take_password(exchange, person);
	if (status != 0) {
		json_decref(body);
		return status;
	}
	settle_names(tenant, body);
	json_decref(person->body);
	person->body = body;
	tenant_save(tenant);
	return exchange_answer(exchange, person_view(tenant, person));
}

int
status_get(struct exchange *exchange)
{
	const struct person *person = find_one(exchange);

	return person != NULL
		   ? exchange_answer(exchange, json_pack("{s:s}", "status", person->locked ? "locked" : "unlocked"))
		   : exchange->status;
}

int
status_put(struct exchange *exchange)
{
	const char *wanted = json_string_value(json_object_get(exchange->body, "status"));
	struct person *person = find_one(exchange);
	int status;

	if (person == NULL)
		return exchange->status;
	if ((status = need_admin(exchange, "CA-R20")) != 0)
		return status;
	if (wanted == NULL || strcmp(wanted, "unlocked") != 0)
		return exchange_refuse(exchange, 400, "status", "expected unlocked");
	if (!person->locked)
		return exchange_refuse(exchange, 400, "status", "the person is not locked");
	person->locked = false;
	person->bad_logins = 0;
	tenant_save(exchange->tenant);
	return exchange_answer(exchange, json_pack("{s:s}", "status", "unlocked"));
}
