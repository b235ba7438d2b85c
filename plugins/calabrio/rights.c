/* SPDX-License-Identifier: ISC */
/* Equal rights give equal text, whichever side they come from. */
#include "calabrio/rights.h"

#include "base/str.h"
#include "calabrio/catalog.h"

#include <string.h>

/* How a view may say that it is the main one; nobody has told, so where none of these is there the first one is. */
static const char *const main_members[] = { "main", "isMain", "mainView" };

static int
by_number(const void *a, const void *b)
{
	long long left = *(const long long *)a, right = *(const long long *)b;

	return (left > right) - (left < right);
}

json_t *
ca_rights_ids(const json_t *items)
{
	size_t count = json_array_size(items);
	AU_CLEANUP(au_freep) long long *ids = au_xcalloc(count + 1, sizeof(*ids));
	json_t *array;

	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(items, i);
		const json_t *id = json_is_object(item) ? json_object_get(item, "id") : item;

		if (!json_is_integer(id))
			return NULL;
		ids[i] = json_integer_value(id);
	}
	qsort(ids, count, sizeof(*ids), by_number);
	array = json_array();
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || ids[i] != ids[i - 1])
			json_array_append_new(array, json_integer(ids[i]));
	}
	return array;
}

/* ---- of a person ------------------------------------------------------------------ */

static const char *
main_member(const json_t *view)
{
	for (size_t i = 0; i < AU_COUNT(main_members); i++) {
		if (json_is_boolean(json_object_get(view, main_members[i])))
			return main_members[i];
	}
	return NULL;
}

/* 0 when there is none. */
static long long
main_view(const json_t *views)
{
	bool marked = false;

	for (size_t i = 0; i < json_array_size(views); i++) {
		const json_t *view = json_array_get(views, i);
		const char *member = main_member(view);

		marked = marked || member != NULL;
		if (member != NULL && json_is_true(json_object_get(view, member)))
			return au_json_get_int(view, "id");
	}
	return marked ? 0 : au_json_get_int(json_array_get(views, 0), "id");
}

/* Sets what is told; false when something is not. */
static bool
put_ids(json_t *rights, const char *name, const json_t *items)
{
	json_t *ids = json_is_array(items) ? ca_rights_ids(items) : NULL;

	if (ids == NULL)
		return false;
	json_object_set_new(rights, name, ids);
	return true;
}

static bool
put_scope(json_t *rights, const json_t *scope)
{
	const json_t *tenant = json_object_get(scope, "tenant");
	bool whole = tenant != NULL && !json_is_null(tenant);

	if (tenant == NULL)
		return false;
	json_object_set_new(rights, "tenant", json_boolean(whole));
	if (!whole)
		return put_ids(rights, "teams", json_object_get(scope, "teams")) &&
		       put_ids(rights, "groups", json_object_get(scope, "groups"));
	json_object_set_new(rights, "teams", json_array());
	json_object_set_new(rights, "groups", json_array());
	return true;
}

json_t *
ca_rights_object(const struct au_session *session, const json_t *person)
{
	const json_t *team = json_object_get(person, "groupId"), *views = json_object_get(person, "views");
	json_t *rights = json_object();
	bool told = json_is_integer(team) && put_ids(rights, "roles", json_object_get(person, "roles")) &&
		    put_scope(rights, json_object_get(person, "scope"));

	if (told) {
		json_object_set_new(rights, "team", json_integer(json_integer_value(team)));
		if (session->views) {
			told = put_ids(rights, "views", views);
			json_object_set_new(rights, "main_view", json_integer(main_view(views)));
		}
	}
	if (told)
		return rights;
	json_decref(rights);
	return NULL;
}

char *
ca_rights_of_person(const struct au_session *session, const json_t *person)
{
	AU_CLEANUP(au_json_decrefp) json_t *rights = ca_rights_object(session, person);

	return rights != NULL ? au_json_canonical(rights) : NULL;
}

/* ---- into a person ------------------------------------------------------------------ */

/* Objects as the product tells them where we have seen them, else the id alone. */
static json_t *
objects(const struct au_session *session, enum ca_kind kind, const json_t *ids)
{
	json_t *array = json_array();

	for (size_t i = 0; i < json_array_size(ids); i++) {
		json_t *id = json_array_get(ids, i);
		const json_t *known = ca_catalog_get(session, kind, json_integer_value(id));

		json_array_append_new(array, known != NULL ? json_deep_copy(known) : json_pack("{s:O}", "id", id));
	}
	return array;
}

/* The main one first, and marked where views bear a mark. */
static json_t *
view_objects(const struct au_session *session, const json_t *ids, long long main)
{
	json_t *views = objects(session, CA_KIND_VIEW, ids), *view;
	size_t i;

	json_array_foreach (views, i, view) {
		bool is_main = au_json_get_int(view, "id") == main;
		const char *member = main_member(view);

		if (member != NULL)
			json_object_set_new(view, member, json_boolean(is_main));
		else
			json_object_set_new(view, main_members[0], json_boolean(is_main));
		if (is_main && i > 0) {
			json_incref(view);
			json_array_remove(views, i);
			json_array_insert_new(views, 0, view);
		}
	}
	return views;
}

static void
put_team(const struct au_session *session, json_t *body, json_t *team)
{
	const json_t *known = ca_catalog_get(session, CA_KIND_TEAM, json_integer_value(team));
	json_t *parent = json_object_get(known, "parentGroupId");

	if (!json_equal(json_object_get(body, "groupId"), team))
		json_object_del(body, "parentGroup");
	json_object_set(body, "groupId", team);
	if (parent != NULL)
		json_object_set(body, "parentGroup", parent);
}

static json_t *
scope_object(const struct au_session *session, const json_t *rights)
{
	json_t *tenant = json_is_true(json_object_get(rights, "tenant")) ? session->tenant : NULL;

	return json_pack("{s:o, s:O, s:O}", "tenant", tenant != NULL ? json_deep_copy(tenant) : json_null(), "groups",
	    json_object_get(rights, "groups"), "teams", json_object_get(rights, "teams"));
}

static bool
is_canonical(const json_t *rights)
{
	return json_is_array(json_object_get(rights, "roles")) && json_is_integer(json_object_get(rights, "team")) &&
	       json_is_array(json_object_get(rights, "teams")) && json_is_array(json_object_get(rights, "groups")) &&
	       json_is_boolean(json_object_get(rights, "tenant"));
}

int
ca_rights_into_person(const struct au_session *session, const char *rights, json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	const json_t *views;

	if (rights == NULL || au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, NULL) != 0 ||
	    !is_canonical(parsed))
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	if (json_array_size(json_object_get(parsed, "roles")) == 0)
		return au_fail(err, AU_EINVAL, "rights: expected at least one role (CA-R08)");
	if (json_is_true(json_object_get(parsed, "tenant")) && session->tenant == NULL)
		return au_fail(err, AU_EINVAL,
		    "right 'tenant': the tenant's id is not known, as user '%s' has no scope over it (CA-R10)",
		    session->username);
	json_object_set_new(body, "roles", objects(session, CA_KIND_ROLE, json_object_get(parsed, "roles")));
	json_object_set_new(body, "scope", scope_object(session, parsed));
	put_team(session, body, json_object_get(parsed, "team"));
	views = json_object_get(parsed, "views");
	if (views != NULL)
		json_object_set_new(body, "views", view_objects(session, views, au_json_get_int(parsed, "main_view")));
	return 0;
}
