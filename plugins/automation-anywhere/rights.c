/* SPDX-License-Identifier: ISC */
/* Equal rights give equal text, whichever side they come from. */
#include "automation-anywhere/rights.h"

#include "automation-anywhere/features.h"
#include "automation-anywhere/roles.h"
#include "base/str.h"

#include <string.h>

static int
by_number(const void *a, const void *b)
{
	long long left = *(const long long *)a, right = *(const long long *)b;

	return (left > right) - (left < right);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *
sorted_ids(long long *ids, size_t count)
{
	json_t *array = json_array();

	qsort(ids, count, sizeof(*ids), by_number);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || ids[i] != ids[i - 1])
			json_array_append_new(array, json_integer(ids[i]));
	}
	return array;
}

static json_t *
sorted_names(const json_t *names)
{
	size_t count = json_array_size(names);
	AU_CLEANUP(au_freep) const char **sorted = au_xcalloc(count + 1, sizeof(*sorted));
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		sorted[i] = json_string_value(json_array_get(names, i));
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0)
			json_array_append_new(array, json_string(sorted[i]));
	}
	return array;
}

static char *
canonical(long long *ids, size_t count, const json_t *features, bool auto_login)
{
	AU_CLEANUP(au_json_decrefp) json_t *rights = json_object();

	json_object_set_new(rights, "auto_login", json_boolean(auto_login));
	json_object_set_new(rights, "license_features", sorted_names(features));
	json_object_set_new(rights, "roles", sorted_ids(ids, count));
	return au_json_canonical(rights);
}

static bool
all_text(const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (!json_is_string(json_array_get(array, i)))
			return false;
	}
	return true;
}

char *
aa_rights_of_user(const json_t *user)
{
	const json_t *roles = json_object_get(user, "roles");
	const json_t *features = json_object_get(user, "licenseFeatures");
	const json_t *auto_login = json_object_get(user, "enableAutoLogin");
	size_t count = json_array_size(roles);
	AU_CLEANUP(au_freep) long long *ids = au_xcalloc(count + 1, sizeof(*ids));

	/* No features may be told as null; anything else that is missing is not known, and so the rights are not. */
	if (!json_is_array(roles) || !json_is_boolean(auto_login) ||
	    (!json_is_array(features) && !json_is_null(features)) || !all_text(features))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const json_t *id = json_object_get(json_array_get(roles, i), "id");

		if (!json_is_integer(id))
			return NULL;
		ids[i] = json_integer_value(id);
	}
	return canonical(ids, count, features, json_is_true(auto_login));
}

int
aa_rights_into_user(const char *rights, json_t *user, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	const json_t *ids, *features;
	json_t *roles;

	if (rights == NULL || au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, NULL) != 0)
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	ids = json_object_get(parsed, "roles");
	features = json_object_get(parsed, "license_features");
	if (json_array_size(ids) == 0)
		return au_fail(err, AU_EINVAL, "rights: expected at least one role (AA-R04)");
	if (!json_is_array(features) || !json_is_boolean(json_object_get(parsed, "auto_login")))
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	roles = json_array();
	for (size_t i = 0; i < json_array_size(ids); i++)
		json_array_append_new(roles, json_pack("{s:O}", "id", json_array_get(ids, i)));
	json_object_set_new(user, "roles", roles);
	json_object_set_new(user, "licenseFeatures", json_deep_copy(features));
	json_object_set(user, "enableAutoLogin", json_object_get(parsed, "auto_login"));
	return 0;
}

/* ---- templates ----------------------------------------------------------------- */

static int
check_features(struct au_session *session, const json_t *features, struct au_err *err)
{
	int r;

	if (!all_text(features) || (features != NULL && !json_is_array(features)))
		return au_fail(err, AU_EINVAL, "right 'license_features': expected a list of names");
	for (size_t i = 0; i < json_array_size(features); i++) {
		const char *name = json_string_value(json_array_get(features, i));

		if (!aa_feature_known(session, name))
			return au_fail(err, AU_EINVAL, "licence feature '%s' does not exist in profile '%s'", name,
			    session->a360 ? "a360" : "aae11");
	}
	/* None left today is no fault of the template. */
	r = aa_features_check(session, features, err);
	return r == AU_EQUOTA ? 0 : r;
}

static int
resolve_roles(struct au_session *session, const json_t *names, long long *ids, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *roles = NULL;
	int r;

	if (json_array_size(names) == 0 || !all_text(names))
		return au_fail(err, AU_EINVAL, "right 'roles': expected at least one role (AA-R04)");
	if ((r = aa_roles_list(session, &roles, err)) != 0)
		return r;
	for (size_t i = 0; r == 0 && i < json_array_size(names); i++)
		r = aa_roles_find(roles, json_string_value(json_array_get(names, i)), &ids[i], err);
	return r;
}

int
aa_rights_resolve(struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	AU_CLEANUP(au_freep) long long *ids = NULL;
	AU_CLEANUP(au_freep) char *text = NULL;
	const json_t *names, *features;
	int auto_login;
	int r;

	if ((r = au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, err)) != 0 ||
	    (r = au_json_bool(parsed, "auto_login", 1, &auto_login, err)) != 0)
		return r;
	names = json_object_get(parsed, "roles");
	features = json_object_get(parsed, "license_features");
	ids = au_xcalloc(json_array_size(names) + 1, sizeof(*ids));
	if ((r = resolve_roles(session, names, ids, err)) != 0 || (r = check_features(session, features, err)) != 0)
		return r;
	text = canonical(ids, json_array_size(names), features, auto_login);
	return emit(ctx, text);
}
