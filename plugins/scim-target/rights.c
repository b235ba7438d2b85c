/* SPDX-License-Identifier: ISC */
/* Equal rights give equal text, whichever side they come from. */
#include "scim-target/rights.h"

#include "base/str.h"
#include "scim-target/groups.h"
#include "scim-target/offers.h"

#include <string.h>

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool
sc_rights_has(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (au_streq(json_string_value(json_array_get(list, i)), text))
			return true;
	return false;
}

/* A new array of an array of texts; NULL when there is something else in it. */
static json_t *
sorted(const json_t *texts)
{
	size_t count = json_array_size(texts);
	AU_CLEANUP(au_freep) const char **all = au_xcalloc(count + 1, sizeof(*all));
	json_t *array;

	for (size_t i = 0; i < count; i++)
		if ((all[i] = json_string_value(json_array_get(texts, i))) == NULL)
			return NULL;
	qsort(all, count, sizeof(*all), by_text);
	array = json_array();
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(all[i], all[i - 1]) != 0)
			json_array_append_new(array, json_string(all[i]));
	return array;
}

/* Put a kind of rights in, unless nobody manages it; false when it is not known. */
static bool
put_kind(json_t *rights, const char *kind, bool managed, const json_t *texts)
{
	json_t *list;

	if (!managed)
		return true;
	if ((list = sorted(texts)) == NULL)
		return false;
	json_object_set_new(rights, kind, list);
	return true;
}

/* Values of a multi-valued attribute; some services have plain texts there.  What has no value is not known. */
static json_t *
values_of(const json_t *user, const char *attribute)
{
	json_t *values = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(user, attribute), i, one) {
		const char *value = json_is_string(one) ? json_string_value(one) : au_json_get_str(one, "value");

		json_array_append_new(values, value != NULL ? json_string(value) : json_null());
	}
	return values;
}

char *
sc_rights_of_user(const struct au_session *session, const json_t *user, const json_t *groups)
{
	AU_CLEANUP(au_json_decrefp) json_t *rights = json_object();
	AU_CLEANUP(au_json_decrefp) json_t *roles = values_of(user, "roles");
	AU_CLEANUP(au_json_decrefp) json_t *entitlements = values_of(user, "entitlements");

	if ((session->managed.groups && groups == NULL) ||
	    !put_kind(rights, "groups", session->managed.groups, groups) ||
	    !put_kind(rights, "roles", session->managed.roles, roles) ||
	    !put_kind(rights, "entitlements", session->managed.entitlements, entitlements))
		return NULL;
	return au_json_canonical(rights);
}

int
sc_rights_parse(const char *rights, json_t **ret, struct au_err *err)
{
	json_t *parsed = NULL;

	if (rights == NULL || au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, NULL) != 0 ||
	    !json_is_object(parsed)) {
		json_decref(parsed);
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	}
	*ret = parsed;
	return 0;
}

/* ---- templates ---------------------------------------------------------------------------------- */

static int
check_kind(const json_t *rights, const char *kind, bool managed, bool exists, struct au_err *err)
{
	const json_t *list = json_object_get(rights, kind);

	if (json_array_size(list) == 0)
		return 0;
	if (!managed)
		return au_fail(err, AU_EINVAL, "right '%s': option 'managed' of the target leaves it out", kind);
	if (!exists)
		return au_fail(err, AU_EINVAL, "right '%s': the service has none (it says so in its schemas)", kind);
	return 0;
}

static int
check_kinds(const struct au_session *session, const json_t *rights, struct au_err *err)
{
	const struct sc_service *service = &session->service;
	int r;

	if ((r = check_kind(rights, "groups", session->managed.groups, service->groups != NULL, err)) != 0 ||
	    (r = check_kind(rights, "roles", session->managed.roles, service->roles, err)) != 0)
		return r;
	return check_kind(rights, "entitlements", session->managed.entitlements, service->entitlements, err);
}

static int
resolve_groups(struct au_session *session, const json_t *names, json_t *ids, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *id = NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_array_size(names); i++) {
		free(id);
		id = NULL;
		r = sc_groups_resolve(session, json_string_value(json_array_get(names, i)), &id, err);
		if (r == 0)
			json_array_append_new(ids, json_string(id));
	}
	return r;
}

int
sc_rights_resolve(struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *given = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *groups = json_array();
	AU_CLEANUP(au_json_decrefp) json_t *roles = json_array();
	AU_CLEANUP(au_json_decrefp) json_t *entitlements = json_array();
	AU_CLEANUP(au_json_decrefp) json_t *canonical = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;
	int r;

	if ((r = au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &given, err)) != 0 ||
	    (r = sc_service_ensure(session, err)) != 0 || (r = check_kinds(session, given, err)) != 0 ||
	    (r = resolve_groups(session, json_object_get(given, "groups"), groups, err)) != 0 ||
	    (r = sc_offers_resolve(
		 session, session->service.roles_offered, "role", json_object_get(given, "roles"), roles, err)) != 0 ||
	    (r = sc_offers_resolve(session, session->service.entitlements_offered, "entitlement",
		 json_object_get(given, "entitlements"), entitlements, err)) != 0)
		return r;
	if (!put_kind(canonical, "groups", session->managed.groups, groups) ||
	    !put_kind(canonical, "roles", session->managed.roles, roles) ||
	    !put_kind(canonical, "entitlements", session->managed.entitlements, entitlements))
		return au_fail(err, AU_EINVAL, "rights: expected lists of names");
	text = au_json_canonical(canonical);
	return emit(ctx, text);
}
