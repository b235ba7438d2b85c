/* SPDX-License-Identifier: ISC */
/* Names are for people and templates, ids for the API. */
#include "automation-anywhere/roles.h"

#include "automation-anywhere/listing.h"
#include "base/near.h"
#include "base/str.h"

#include <errno.h>
#include <string.h>

static int
keep_role(void *ctx, const json_t *role, struct au_err *err)
{
	(void)err;
	json_array_append_new(ctx, json_deep_copy(role));
	return 0;
}

static void
forget_roles(void *ctx)
{
	json_array_clear(ctx);
}

int
aa_roles_list(struct au_session *session, json_t **ret, struct au_err *err)
{
	json_t *roles = json_array();
	const struct aa_listing listing = { .path = "/v1/usermanagement/roles/list",
		.permission = "View roles",
		.take = keep_role,
		.restart = forget_roles,
		.ctx = roles };
	int r = aa_listing_walk(session, &listing, err);

	if (r != 0)
		json_decref(roles);
	else
		*ret = roles;
	return r;
}

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
has_id(const json_t *roles, long long id)
{
	for (size_t i = 0; i < json_array_size(roles); i++) {
		if (au_json_get_int(json_array_get(roles, i), "id") == id)
			return true;
	}
	return false;
}

static int
fail_unknown(const json_t *roles, const char *name, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str near = AU_STR_INIT;

	au_near_put_among(&near, name, roles, "name");
	return au_fail(err, AU_EINVAL, "role '%s' is unknown to the Control Room%s", name, au_str_get(&near));
}

int
aa_roles_find(const json_t *roles, const char *name, long long *ret_id, struct au_err *err)
{
	long long id = 0;
	size_t hits = 0;

	for (size_t i = 0; name[0] != '#' && i < json_array_size(roles); i++) {
		const json_t *role = json_array_get(roles, i);

		if (!au_streq(au_json_get_str(role, "name"), name))
			continue;
		id = au_json_get_int(role, "id");
		hits++;
	}
	if (hits > 1)
		return au_fail(err, AU_EINVAL, "role '%s': %zu roles have this name, give \"#ID\"", name, hits);
	if (hits == 0 && (!read_id(name[0] == '#' ? name + 1 : name, &id) || !has_id(roles, id)))
		return fail_unknown(roles, name, err);
	*ret_id = id;
	return 0;
}
