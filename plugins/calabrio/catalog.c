/* SPDX-License-Identifier: ISC */
/* Ids are what is compared and sent; names are for templates and people. */
#include "calabrio/catalog.h"

#include "base/near.h"
#include "base/str.h"
#include "calabrio/login.h"
#include "calabrio/people.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *word, *id;
} kinds[] = {
	[CA_KIND_ROLE] = { "role", "id" },
	[CA_KIND_VIEW] = { "view", "id" },
	[CA_KIND_TEAM] = { "team", "groupId" },
	[CA_KIND_GROUP] = { "group", "groupId" },
};

static const json_t *
table(const struct au_session *session, enum ca_kind kind)
{
	const json_t *const tables[] = { [CA_KIND_ROLE] = session->roles,
		[CA_KIND_VIEW] = session->known_views,
		[CA_KIND_TEAM] = session->teams,
		[CA_KIND_GROUP] = session->groups };

	return tables[kind];
}

const json_t *
ca_catalog_get(const struct au_session *session, enum ca_kind kind, long long id)
{
	const json_t *items = table(session, kind);

	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);
		const json_t *found = json_object_get(item, kinds[kind].id);

		if (json_is_integer(found) && json_integer_value(found) == id)
			return item;
	}
	return NULL;
}

/* ---- learning ------------------------------------------------------------------- */

/* What is told later is what holds: a role may have been renamed. */
static void
keep(json_t *items, const json_t *told)
{
	for (size_t i = 0; i < json_array_size(told); i++) {
		json_t *item = json_array_get(told, i);
		json_t *id = json_object_get(item, "id");
		size_t at = 0;

		if (!json_is_integer(id))
			continue;
		while (at < json_array_size(items) && !json_equal(json_object_get(json_array_get(items, at), "id"), id))
			at++;
		if (at < json_array_size(items))
			json_array_set_new(items, at, json_deep_copy(item));
		else
			json_array_append_new(items, json_deep_copy(item));
	}
}

void
ca_catalog_learn(struct au_session *session, const json_t *person)
{
	json_t *tenant = json_object_get(json_object_get(person, "scope"), "tenant");

	keep(session->roles, json_object_get(person, "roles"));
	keep(session->known_views, json_object_get(person, "views"));
	if (tenant == NULL || json_is_null(tenant))
		return;
	json_decref(session->tenant);
	session->tenant = json_deep_copy(tenant);
}

static int
learn_list(struct au_session *session, enum ca_endpoint_id endpoint, json_t *items, struct au_err *err)
{
	const struct ca_call call = { .endpoint = endpoint };
	struct au_http_answer answer = { 0 };
	int r;

	if (!ca_endpoints_know(&session->endpoints, endpoint))
		return 0;
	if ((r = ca_session_array(session, &call, &answer, err)) != 0)
		return r;
	keep(items, answer.json);
	au_http_answer_done(&answer);
	return 0;
}

static int
read_list(struct au_session *session, enum ca_endpoint_id endpoint, json_t **place, struct au_err *err)
{
	const struct ca_call call = { .endpoint = endpoint };
	struct au_http_answer answer = { 0 };
	int r = ca_session_array(session, &call, &answer, err);

	if (r != 0)
		return r;
	json_decref(*place);
	*place = json_deep_copy(answer.json);
	au_http_answer_done(&answer);
	return 0;
}

/* The log-in's own person: CA-R01 says that it holds the role that API users get. */
static int
learn_self(struct au_session *session, struct au_err *err)
{
	json_t *self = NULL;
	int r;

	if (session->knows_self)
		return 0;
	if ((r = ca_people_named(session, session->username, &self, err)) != 0)
		return r;
	if (self == NULL)
		session->host->log(4, "user '%s' does not see itself: its view or scope is too narrow (CA-R10, CA-R11)",
		    session->username);
	session->knows_self = self != NULL;
	json_decref(self);
	return 0;
}

int
ca_catalog_fill(struct au_session *session, struct au_err *err)
{
	int r = ca_login_current(session, err);

	if (r == 0)
		r = read_list(session, CA_TEAM_LIST, &session->teams, err);
	if (r == 0)
		r = read_list(session, CA_GROUP_LIST, &session->groups, err);
	if (r == 0)
		r = learn_list(session, CA_ROLE_LIST, session->roles, err);
	if (r == 0)
		r = learn_list(session, CA_VIEW_LIST, session->known_views, err);
	if (r == 0)
		r = learn_self(session, err);
	return r;
}

/* ---- finding ---------------------------------------------------------------------- */

static bool
read_id(const char *text, long long *ret)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*ret = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0';
}

static bool
is_called(const json_t *item, const char *name)
{
	return au_streq(au_json_get_str(item, "name"), name) || au_streq(au_json_get_str(item, "label"), name);
}

static int
fail_unknown(const struct au_session *session, enum ca_kind kind, const char *name, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str near = AU_STR_INIT;
	const char *word = kinds[kind].word;

	au_near_put_among(&near, name, table(session, kind), "name");
	if (kind == CA_KIND_ROLE || kind == CA_KIND_VIEW)
		return au_fail(err, AU_EINVAL,
		    "%s '%s' is not known: nobody this plugin has seen holds it; name somebody who does in 'like', "
		    "give \"#ID\", or add the call '%s_list' to 'endpoints'%s",
		    word, name, word, au_str_get(&near));
	return au_fail(err, AU_EINVAL, "%s '%s' is not known, or not in the scope of user '%s'%s", word, name,
	    session->username, au_str_get(&near));
}

int
ca_catalog_find(
    const struct au_session *session, enum ca_kind kind, const char *name, long long *ret, struct au_err *err)
{
	const json_t *items = table(session, kind);
	const char *word = kinds[kind].word;
	size_t hits = 0;

	/* Of teams and groups every one is known; a role or view by number may be one that nobody we saw holds. */
	if (name[0] == '#' && read_id(name + 1, ret) &&
	    (kind == CA_KIND_ROLE || kind == CA_KIND_VIEW || ca_catalog_get(session, kind, *ret) != NULL))
		return 0;
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);

		if (!is_called(item, name))
			continue;
		*ret = au_json_get_int(item, kinds[kind].id);
		hits++;
	}
	if (hits > 1)
		return au_fail(err, AU_EINVAL, "%s '%s': %zu have this name, give \"#ID\"", word, name, hits);
	if (hits == 1)
		return 0;
	return fail_unknown(session, kind, name, err);
}

bool
ca_catalog_is_administrator(const struct au_session *session, long long role)
{
	return json_is_true(json_object_get(ca_catalog_get(session, CA_KIND_ROLE, role), "isAdminDefault"));
}

int
ca_catalog_administrator(const struct au_session *session, long long *ret, struct au_err *err)
{
	for (size_t i = 0; i < json_array_size(session->roles); i++) {
		const json_t *role = json_array_get(session->roles, i);

		if (!json_is_true(json_object_get(role, "isAdminDefault")))
			continue;
		*ret = au_json_get_int(role, "id");
		return 0;
	}
	return au_fail(err, AU_EINVAL,
	    "the default system administrator role is not known: user '%s' does not hold it (CA-R01); name somebody "
	    "who "
	    "does in 'like', or say 'roles'",
	    session->username);
}
