/* SPDX-License-Identifier: ISC */
/* What a person does on the product's screens, without anybody's session.  The way in is scaffolding. */
#include "../common/text.h"
#include "exchange.h"

#include <string.h>

static int
refuse(struct exchange *exchange, const char *rule, const char *problem)
{
	return exchange_refuse(exchange, 400, rule, problem);
}

static struct person *
named(struct exchange *exchange)
{
	const char *mail = json_string_value(json_object_get(exchange->body, "email"));
	struct person *person = mail != NULL ? person_find_mail(exchange->tenant, mail) : NULL;

	if (person == NULL)
		exchange->status = refuse(exchange, "screen", "there is no such user");
	return person;
}

static int
done(struct exchange *exchange)
{
	tenant_save(exchange->tenant);
	return exchange_answer(exchange, json_object());
}

/* {"email", "set": {...}} of a person that is new; what is left out is as on a fresh form. */
int
screen_create(struct exchange *exchange)
{
	struct tenant *tenant = exchange->tenant;
	json_t *more = json_object_get(exchange->body, "set"), *body;
	const char *mail = json_string_value(json_object_get(exchange->body, "email"));

	if (mail == NULL || person_find_mail(tenant, mail) != NULL)
		return refuse(exchange, "CA-R06", "the user name is missing or taken");
	body = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:[O], s:{s:n, s:[], s:[]}, s:[], s:[]}", "email", mail,
	    "firstName", "By", "lastName", "Hand", "displayName", "By Hand", "groupId", TEAM_DEFAULT, "parentGroup",
	    GROUP_DEFAULT, "roles", json_array_get(tenant->roles, 1), "scope", "tenant", "groups", "teams", "views",
	    "qmViews");
	json_object_update(body, more);
	person_add(tenant, body)->active = true;
	return done(exchange);
}

int
screen_edit(struct exchange *exchange)
{
	struct person *person = named(exchange);

	if (person == NULL)
		return exchange->status;
	json_object_update(person->body, json_object_get(exchange->body, "set"));
	return done(exchange);
}

int
screen_password(struct exchange *exchange)
{
	struct person *person = named(exchange);
	const char *password = json_string_value(json_object_get(exchange->body, "password"));
	const char *problem;

	if (person == NULL)
		return exchange->status;
	problem = password != NULL ? password_problem(exchange->tenant, person, password) : "expected password";
	if (problem != NULL)
		return refuse(exchange, "CA-R07", problem);
	password_set(exchange->tenant, person, password);
	return done(exchange);
}

/* Screen "Legacy API Access" of an IAM tenant: enabling sets a password of its own; {"enable": false} takes it away. */
int
screen_legacy(struct exchange *exchange)
{
	struct person *person = named(exchange);
	const char *password = json_string_value(json_object_get(exchange->body, "password"));

	if (person == NULL)
		return exchange->status;
	if (!exchange->tenant->options.iam)
		return refuse(exchange, "legacy", "there is no such screen outside IAM tenants");
	person->legacy = !json_is_false(json_object_get(exchange->body, "enable"));
	if (person->legacy && password == NULL)
		return refuse(exchange, "legacy", "expected password");
	if (person->legacy)
		digest_set(&person->api_password, password);
	return done(exchange);
}

/* {"email", "active": bool} */
int
screen_activate(struct exchange *exchange)
{
	struct person *person = named(exchange);
	bool on = json_is_true(json_object_get(exchange->body, "active"));

	if (person == NULL)
		return exchange->status;
	json_object_set_new(person->body, on ? "activated" : "deactivated", json_integer(tenant_now(exchange->tenant)));
	return done(exchange);
}

/* {"name", "group"}: a new team; its id is answered. */
int
screen_team(struct exchange *exchange)
{
	struct tenant *tenant = exchange->tenant;
	const char *name = NULL;
	int group = GROUP_DEFAULT;
	long long id = tenant->next_group;

	if (json_unpack(exchange->body, "{s:s, s?i !}", "name", &name, "group", &group) != 0)
		return refuse(exchange, "screen", "expected name");
	tenant->next_group++;
	json_array_append_new(tenant->teams,
	    json_pack("{s:I, s:i, s:s}", "groupId", (json_int_t)id, "parentGroupId", group, "name", name));
	tenant_save(tenant);
	return exchange_answer(exchange, json_pack("{s:I}", "groupId", (json_int_t)id));
}

/* ---- roles and views --------------------------------------------------------------- */

static bool
is_default_role(const json_t *role)
{
	return json_is_true(json_object_get(role, "isAgentDefault")) ||
	       json_is_true(json_object_get(role, "isAdminDefault")) ||
	       json_is_true(json_object_get(role, "isSupervisorDefault"));
}

int
screen_role_rename(struct exchange *exchange)
{
	json_int_t id = 0;
	const char *name = NULL;
	json_t *role;

	if (json_unpack(exchange->body, "{s:I, s:s !}", "id", &id, "name", &name) != 0 ||
	    (role = tenant_find(exchange->tenant->roles, "id", id)) == NULL)
		return refuse(exchange, "screen", "expected id and name");
	json_object_set_new(role, "name", json_string(name));
	json_object_set_new(role, "label", json_string(name));
	return done(exchange);
}

int
screen_role_delete(struct exchange *exchange)
{
	json_t *roles = exchange->tenant->roles;
	long long id = json_integer_value(json_object_get(exchange->body, "id"));
	json_t *role;
	size_t i;

	json_array_foreach (roles, i, role) {
		if (json_integer_value(json_object_get(role, "id")) != id)
			continue;
		if (is_default_role(role))
			return refuse(exchange, "CA-R12", "a default role cannot be deleted");
		json_array_remove(roles, i);
		return done(exchange);
	}
	return refuse(exchange, "screen", "there is no such role");
}

static int
change_view(struct exchange *exchange, bool remove)
{
	json_t *views = exchange->tenant->views;
	long long id = json_integer_value(json_object_get(exchange->body, "id"));
	json_t *view;
	size_t i;

	if (id == VIEW_ENTERPRISE)
		return refuse(exchange, "CA-R13", "EnterpriseView can be neither renamed nor deleted");
	json_array_foreach (views, i, view) {
		if (json_integer_value(json_object_get(view, "id")) != id)
			continue;
		if (remove)
			json_array_remove(views, i);
		else
			json_object_set(view, "name", json_object_get(exchange->body, "name"));
		return done(exchange);
	}
	return refuse(exchange, "screen", "there is no such view");
}

int
screen_view_rename(struct exchange *exchange)
{
	return change_view(exchange, false);
}

int
screen_view_delete(struct exchange *exchange)
{
	return change_view(exchange, true);
}

/* ---- files -------------------------------------------------------------------------- */

/* {"columns": [...], "rows": [[...]]} stands for people.csv; a column that is empty or missing wipes (CA-R22). */
int
screen_import(struct exchange *exchange)
{
	static const char *const wiped[] = { "adLogin", "locale", "acdId", "acdServerId" };
	const json_t *columns = json_object_get(exchange->body, "columns");
	json_t *rows = json_object_get(exchange->body, "rows"), *row;
	size_t r, c;

	json_array_foreach (rows, r, row) {
		const char *mail = json_string_value(json_array_get(row, 0));
		struct person *person = mail != NULL ? person_find_mail(exchange->tenant, mail) : NULL;

		if (person == NULL)
			return refuse(exchange, "CA-R22", "the first column must be the user name of somebody");
		for (c = 0; c < sizeof(wiped) / sizeof(wiped[0]); c++)
			json_object_set_new(person->body, wiped[c], json_null());
		for (c = 1; c < json_array_size(columns); c++)
			json_object_set(
			    person->body, json_string_value(json_array_get(columns, c)), json_array_get(row, c));
	}
	return done(exchange);
}

/*
 * File-based sync of Users.csv (CA-R24): acdId and acdServerId are required; a file without them goes to the penalty
 * folder and is not tried again.  It changes people, and neither deletes nor reactivates anybody.
 */
int
screen_sync(struct exchange *exchange)
{
	json_t *rows = json_object_get(exchange->body, "rows"), *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (!json_is_string(json_object_get(row, "acdId")) ||
		    !json_is_string(json_object_get(row, "acdServerId")))
			return exchange_answer(exchange, json_pack("{s:s, s:b}", "folder", "penalty", "retried", 0));
	}
	json_array_foreach (rows, i, row) {
		const char *mail = json_string_value(json_object_get(row, "email"));
		struct person *person = mail != NULL ? person_find_mail(exchange->tenant, mail) : NULL;

		if (person != NULL)
			json_object_update(person->body, row);
	}
	tenant_save(exchange->tenant);
	return exchange_answer(exchange, json_pack("{s:s}", "folder", "archive"));
}
