/* SPDX-License-Identifier: ISC */
/* Names of groups, and memberships as users or groups tell them. */
#include "scim-target/groups.h"

#include "base/map.h"
#include "base/near.h"
#include "base/str.h"
#include "scim-target/listing.h"
#include "scim-target/query.h"
#include "scim-target/resource.h"

#include <string.h>

static bool
is_foreign(const struct au_session *session, const char *id, const char *name)
{
	for (char **one = session->foreign_groups; *one != NULL; one++)
		if (au_streq(*one, id) || au_streq(*one, name))
			return true;
	return false;
}

/* ---- who is in which group -------------------------------------------------------------------- */

struct sc_members {
	struct au_map *of; /* user id -> array of group ids */
};

static void
drop_ids(void *ids)
{
	json_decref(ids);
}

void
sc_members_freep(struct sc_members **members)
{
	if (*members == NULL)
		return;
	au_map_free((*members)->of, drop_ids);
	free(*members);
}

static void
add_membership(struct sc_members *members, const char *user, const char *group)
{
	json_t *ids = au_map_get(members->of, user);

	if (ids == NULL) {
		ids = json_array();
		au_map_put(members->of, user, ids);
	}
	json_array_append_new(ids, json_string(group));
}

static int
take_members(struct sc_members *members, const char *group, const json_t *list, struct au_err *err)
{
	const json_t *one;
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)list, i, one) {
		const char *user = au_json_get_str(one, "value");

		if (au_str_empty(user))
			return au_fail(err, AU_EPROTO, "group '%s': a member has no value", group);
		if (!au_strcaseeq(au_json_get_str(one, "type"), "group"))
			add_membership(members, user, group);
	}
	return 0;
}

static int
keep_group(void *ctx, const json_t *group, struct au_err *err)
{
	(void)err;
	json_array_append_new(ctx, json_deep_copy(group));
	return 0;
}

static void
forget_groups(void *ctx)
{
	json_array_clear(ctx);
}

static int
list_groups(struct au_session *session, const char *filter, json_t *ret, struct au_err *err)
{
	const struct sc_listing listing = { .endpoint = session->service.groups,
		.filter = filter,
		.take = keep_group,
		.restart = forget_groups,
		.ctx = ret };

	return sc_listing_walk(session, &listing, err);
}

/* Lists may leave out members, which the group itself has then. */
static int
take_group(struct au_session *session, struct sc_members *members, const json_t *group, struct au_err *err)
{
	const char *id = au_json_get_str(group, "id");
	const json_t *list = json_object_get(group, "members");
	struct sc_resource whole;
	int r;

	if (is_foreign(session, id, au_json_get_str(group, "displayName")))
		return 0;
	if (json_is_array(list))
		return take_members(members, id, list, err);
	if ((r = sc_resource_fetch(session, session->service.groups, id, &whole, err)) != 0)
		return r;
	r = take_members(members, id, json_object_get(whole.json, "members"), err);
	sc_resource_done(&whole);
	return r;
}

int
sc_members_read(struct au_session *session, struct sc_members **ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *groups = json_array();
	struct sc_members *members;
	int r;

	*ret = NULL;
	if (!session->managed.groups || session->service.groups == NULL ||
	    session->memberships == SC_MEMBERSHIPS_USER ||
	    (session->memberships == SC_MEMBERSHIPS_AUTO && session->service.tells_groups))
		return 0;
	if ((r = list_groups(session, NULL, groups, err)) != 0)
		return r;
	members = au_xcalloc(1, sizeof *members);
	members->of = au_map_new();
	for (size_t i = 0; r == 0 && i < json_array_size(groups); i++)
		r = take_group(session, members, json_array_get(groups, i), err);
	if (r != 0)
		sc_members_freep(&members);
	else
		*ret = members;
	return r;
}

/* As the user tells them; RFC 7643 section 4.1.2 has "indirect" for those that come of a group within another. */
static json_t *
told_groups(const struct au_session *session, const json_t *user)
{
	json_t *ids = json_array();
	const json_t *group;
	size_t i;

	json_array_foreach (json_object_get(user, "groups"), i, group) {
		if (!au_strcaseeq(au_json_get_str(group, "type"), "indirect") &&
		    !is_foreign(session, au_json_get_str(group, "value"), au_json_get_str(group, "display")))
			json_array_append(ids, json_object_get(group, "value"));
	}
	return ids;
}

json_t *
sc_groups_of(const struct au_session *session, const struct sc_members *members, const json_t *user)
{
	json_t *ids;

	if (members == NULL)
		return told_groups(session, user);
	ids = au_map_get(members->of, au_json_get_str(user, "id"));
	return ids != NULL ? json_copy(ids) : json_array();
}

/* ---- names ----------------------------------------------------------------------------------------- */

static int
resolve_id(struct au_session *session, const char *id, char **ret_id, struct au_err *err)
{
	struct sc_resource group;
	int r = sc_resource_fetch(session, session->service.groups, id, &group, err);

	if (r == AU_ENOENT)
		return au_fail(err, AU_EINVAL, "group '#%s' is unknown to the service", id);
	if (r != 0)
		return r;
	sc_resource_done(&group);
	*ret_id = au_xstrdup(id);
	return 0;
}

/* What there is in place of a group that was given; a filter has left it out. */
static int
fail_unknown(struct au_session *session, const char *name, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *groups = json_array();
	AU_CLEANUP(au_str_done) struct au_str near = AU_STR_INIT;
	int r = list_groups(session, NULL, groups, err);

	if (r != 0)
		return r;
	au_near_put_among(&near, name, groups, "displayName");
	return au_fail(err, AU_EINVAL, "group '%s' is unknown to the service%s", name, au_str_get(&near));
}

int
sc_groups_resolve(struct au_session *session, const char *name, char **ret_id, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *groups = json_array();
	AU_CLEANUP(au_freep) char *filter = NULL;
	const char *id = NULL;
	size_t hits = 0;
	int r;

	if (au_str_empty(name))
		return au_fail(err, AU_EINVAL, "right 'groups': expected a list of names");
	if (is_foreign(session, name[0] == '#' ? name + 1 : name, name))
		return au_fail(err, AU_EINVAL, "group '%s' is filled by the service (option foreign_groups)", name);
	if (name[0] == '#')
		return resolve_id(session, name + 1, ret_id, err);
	if (sc_resource_filters(session))
		filter = sc_query_filter("displayName", name);
	if ((r = list_groups(session, filter, groups, err)) != 0)
		return r;
	for (size_t i = 0; i < json_array_size(groups); i++) {
		const json_t *group = json_array_get(groups, i);

		if (!au_streq(au_json_get_str(group, "displayName"), name))
			continue;
		id = au_json_get_str(group, "id");
		hits++;
	}
	if (hits > 1)
		return au_fail(err, AU_EINVAL, "group '%s': %zu groups have this name, give \"#ID\"", name, hits);
	if (hits == 0)
		return fail_unknown(session, name, err);
	*ret_id = au_xstrdup(id);
	return 0;
}
