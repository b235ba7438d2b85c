/* SPDX-License-Identifier: ISC */
/*
 * What the vendor's page asks of an API user is what is taken when a template is silent: the default administrator
 * role (CA-R08), the Default Team (CA-R09), EnterpriseView as main view (CA-R11).  The scope has no default (CA-R10).
 */
#include "calabrio/template.h"

#include "base/str.h"
#include "calabrio/catalog.h"
#include "calabrio/people.h"
#include "calabrio/rights.h"

#include <string.h>

#define TEAM_DEFAULT "Default Team"
#define VIEW_DEFAULT "EnterpriseView"

/* A template on its way. */
struct drawing {
	struct au_session *session;
	const json_t *wish; /* as written */
	json_t *rights;     /* what comes of it; begins as those of the reference person */
	bool has_reference;
};

/* ---- the reference person ------------------------------------------------------------ */

static int
take_reference(struct drawing *d, struct au_err *err)
{
	const char *like = au_json_get_str(d->wish, "like");
	AU_CLEANUP(au_json_decrefp) json_t *person = NULL;
	int r;

	if (like == NULL)
		return 0;
	if ((r = ca_people_named(d->session, like, &person, err)) != 0)
		return r;
	if (person == NULL)
		return au_fail(err, AU_EINVAL, "right 'like': user '%s' sees no user '%s'", d->session->username, like);
	json_decref(d->rights);
	d->rights = ca_rights_object(d->session, person);
	if (d->rights == NULL)
		return au_fail(err, AU_EINVAL, "right 'like': the product does not tell all rights of '%s'", like);
	d->has_reference = true;
	return 0;
}

/* ---- parts ---------------------------------------------------------------------------- */

static int
find_all(const struct drawing *d, enum ca_kind kind, const char *right, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *ids = json_array();
	const json_t *names = json_object_get(d->wish, right);
	long long id;
	int r;

	for (size_t i = 0; i < json_array_size(names); i++) {
		if ((r = ca_catalog_find(d->session, kind, json_string_value(json_array_get(names, i)), &id, err)) != 0)
			return au_err_prefix(err, r, "right '%s'", right);
		json_array_append_new(ids, json_integer(id));
	}
	*ret = ca_rights_ids(ids);
	return 0;
}

/* Whether the right's value is taken from the reference person: it has one, and the template says nothing. */
static bool
is_inherited(const struct drawing *d, const char *right)
{
	return d->has_reference && json_object_get(d->wish, right) == NULL;
}

static int
check_roles(const struct drawing *d, const json_t *roles, struct au_err *err)
{
	for (size_t i = 0; i < json_array_size(roles); i++) {
		if (ca_catalog_is_administrator(d->session, json_integer_value(json_array_get(roles, i))))
			return 0;
	}
	if (au_json_get_bool(d->wish, "roles_suffice", 0))
		return 0;
	return au_fail(err, AU_EINVAL,
	    "right 'roles': an API user needs the default system administrator role (CA-R08); say roles_suffice = true "
	    "when these give the same permissions");
}

static int
draw_roles(struct drawing *d, struct au_err *err)
{
	json_t *roles = NULL;
	long long id;
	int r;

	if (is_inherited(d, "roles"))
		return check_roles(d, json_object_get(d->rights, "roles"), err);
	if (json_object_get(d->wish, "roles") == NULL) {
		if ((r = ca_catalog_administrator(d->session, &id, err)) != 0)
			return r;
		json_object_set_new(d->rights, "roles", json_pack("[I]", (json_int_t)id));
		return 0;
	}
	if ((r = find_all(d, CA_KIND_ROLE, "roles", &roles, err)) != 0)
		return r;
	json_object_set_new(d->rights, "roles", roles);
	if (json_array_size(roles) == 0)
		return au_fail(err, AU_EINVAL, "right 'roles': expected at least one role (CA-R08)");
	return check_roles(d, roles, err);
}

static int
draw_team(struct drawing *d, struct au_err *err)
{
	const char *name = au_json_get_str(d->wish, "team");
	long long id;
	int r;

	if (is_inherited(d, "team"))
		return 0;
	r = ca_catalog_find(d->session, CA_KIND_TEAM, name != NULL ? name : TEAM_DEFAULT, &id, err);
	if (r == 0)
		json_object_set_new(d->rights, "team", json_integer(id));
	return r == 0 ? 0 : au_err_prefix(err, r, "right 'team'");
}

static int
draw_scope(struct drawing *d, struct au_err *err)
{
	bool whole = au_json_get_bool(d->wish, "tenant", 0);
	bool parts = json_object_get(d->wish, "teams") != NULL || json_object_get(d->wish, "groups") != NULL;
	json_t *teams = NULL, *groups = NULL;
	int r;

	if (!whole && !parts && d->has_reference)
		return 0;
	if (whole == parts)
		return au_fail(err, AU_EINVAL,
		    "right '%s': expected either tenant = true or some teams and groups that the user is to see "
		    "(CA-R10)",
		    whole ? "tenant" : "teams");
	if (whole && d->session->tenant == NULL)
		return au_fail(err, AU_EINVAL,
		    "right 'tenant': the tenant's id is not known, as user '%s' has no scope over it (CA-R10)",
		    d->session->username);
	if ((r = find_all(d, CA_KIND_TEAM, "teams", &teams, err)) != 0)
		return r;
	if ((r = find_all(d, CA_KIND_GROUP, "groups", &groups, err)) != 0) {
		json_decref(teams);
		return r;
	}
	json_object_set_new(d->rights, "tenant", json_boolean(whole));
	json_object_set_new(d->rights, "teams", teams);
	json_object_set_new(d->rights, "groups", groups);
	if (!whole && json_array_size(teams) + json_array_size(groups) == 0)
		return au_fail(err, AU_EINVAL, "right 'teams': an API user without any team sees nobody (CA-R10)");
	return 0;
}

/* The main view is one of the views, whether the template says so or not. */
static int
draw_views(struct drawing *d, struct au_err *err)
{
	const char *name = au_json_get_str(d->wish, "main_view");
	json_t *views = NULL;
	long long main;
	int r;

	if (!d->session->views) {
		json_object_del(d->rights, "views");
		json_object_del(d->rights, "main_view");
		return 0;
	}
	if (is_inherited(d, "views") && name == NULL)
		return 0;
	if ((r = ca_catalog_find(d->session, CA_KIND_VIEW, name != NULL ? name : VIEW_DEFAULT, &main, err)) != 0)
		return au_err_prefix(err, r, "right 'main_view'");
	if ((r = find_all(d, CA_KIND_VIEW, "views", &views, err)) != 0)
		return r;
	json_array_append_new(views, json_integer(main));
	json_object_set_new(d->rights, "views", ca_rights_ids(views));
	json_object_set_new(d->rights, "main_view", json_integer(main));
	json_decref(views);
	return 0;
}

/* ---- the whole -------------------------------------------------------------------------- */

int
ca_template_resolve(struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	static int (*const parts[])(
	    struct drawing *, struct au_err *) = { take_reference, draw_roles, draw_team, draw_scope, draw_views };
	AU_CLEANUP(au_json_decrefp) json_t *wish = NULL;
	AU_CLEANUP(au_freep) char *text = NULL;
	struct drawing d = { .session = session };
	int r = au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &wish, err);

	if (r != 0 || (r = ca_catalog_fill(session, err)) != 0)
		return r;
	d.wish = wish;
	d.rights = json_object();
	for (size_t i = 0; r == 0 && i < AU_COUNT(parts); i++)
		r = parts[i](&d, err);
	if (r == 0)
		text = au_json_canonical(d.rights);
	json_decref(d.rights);
	return r == 0 ? emit(ctx, text) : r;
}
