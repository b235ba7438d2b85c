/* SPDX-License-Identifier: ISC */
/*
 * One user in or out of one group, and nobody else touched: by PATCH of that member alone.  Without PATCH the whole
 * list must be sent back, which is right only where a group shows all of it; an option says so.
 */
#include "base/str.h"
#include "scim-target/groups.h"
#include "scim-target/query.h"
#include "scim-target/resource.h"
#include "scim-target/rights.h"

/* ---- by PATCH ------------------------------------------------------------------------------- */

static json_t *
one_member(const char *user)
{
	return json_pack("[{s:s}]", "value", user);
}

static json_t *
add_operation(const struct au_session *session, const char *user)
{
	if (session->whole_values)
		return json_pack("{s:s, s:{s:o}}", "op", "add", "value", "members", one_member(user));
	return json_pack("{s:s, s:s, s:o}", "op", "add", "path", "members", "value", one_member(user));
}

static json_t *
remove_operation(const struct au_session *session, const char *user)
{
	AU_CLEANUP(au_freep) char *filter = NULL;

	if (session->removes_by_list)
		return json_pack("{s:s, s:s, s:o}", "op", "remove", "path", "members", "value", one_member(user));
	filter = sc_query_filter("value", user);
	return json_pack("{s:s, s:o}", "op", "remove", "path", json_sprintf("members[%s]", filter));
}

static int
patch_member(struct au_session *session, const char *group, const char *user, bool in, struct au_err *err)
{
	json_t *operation = in ? add_operation(session, user) : remove_operation(session, user);
	AU_CLEANUP(au_json_decrefp)
	json_t *body = json_pack("{s:[s], s:[o]}", "schemas", SC_PATCH, "Operations", operation);
	AU_CLEANUP(au_freep) char *path = sc_query_path(session->service.groups, group);
	struct sc_call call = { .method = "PATCH", .path = path, .body = body, .about_one = true };
	struct au_http_answer answer = { 0 };
	int r = sc_call(session, &call, &answer, err);

	au_http_answer_done(&answer);
	return r;
}

/* ---- by PUT ------------------------------------------------------------------------------------ */

static json_t *
members_with(const json_t *members, const char *user, bool in)
{
	json_t *all = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach ((json_t *)(uintptr_t)members, i, one) {
		if (!au_streq(au_json_get_str(one, "value"), user))
			json_array_append_new(all, json_deep_copy(one));
	}
	if (in)
		json_array_append_new(all, json_pack("{s:s}", "value", user));
	return all;
}

static int
put_member(struct au_session *session, const char *group, const char *user, bool in, struct au_err *err)
{
	struct sc_resource whole;
	json_t *body;
	int r;

	if (!session->puts_members)
		return au_fail(err, AU_ENOSUP,
		    "group '%s': the service has no PATCH, and a PUT of all members needs option put_members", group);
	if ((r = sc_resource_fetch(session, session->service.groups, group, &whole, err)) != 0)
		return r;
	body = json_deep_copy(whole.json);
	json_object_set_new(body, "members", members_with(json_object_get(whole.json, "members"), user, in));
	r = sc_resource_put(session, session->service.groups, &whole, body, err);
	json_decref(body);
	sc_resource_done(&whole);
	return r;
}

/* ---- all of them --------------------------------------------------------------------------------- */

static int
move(struct au_session *session, const char *group, const char *user, bool in, struct au_err *err)
{
	int r = (sc_resource_patches(session) ? patch_member : put_member)(session, group, user, in, err);

	/* to be in already is what was wanted, and nobody is in a group that is gone */
	if ((in && r == AU_EEXIST) || (!in && r == AU_ENOENT))
		return 0;
	if (r == AU_ENOENT)
		return au_err_recode(err, AU_EINVAL);
	return r;
}

int
sc_groups_change(
    struct au_session *session, const char *user_id, const json_t *is, const json_t *want, struct au_err *err)
{
	const json_t *lists[] = { is, want };
	int r = 0;

	for (int in = 0; in < 2; in++)
		for (size_t i = 0; r == 0 && i < json_array_size(lists[in]); i++) {
			const char *group = json_string_value(json_array_get(lists[in], i));

			if (!sc_rights_has(lists[!in], group))
				r = move(session, group, user_id, in, err);
		}
	return r;
}
