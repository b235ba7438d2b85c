/* SPDX-License-Identifier: ISC */
/* Two applications come with the portal; a company may have more, made for it, and names them in the target's options.
 */
#include "movius/rights.h"

#include "base/json.h"
#include "base/str.h"
#include "movius/session.h"

#include <string.h>

static const char *const with_portal[] = { "HttpApi", "Salesforce" };

static bool
is_known(const struct au_session *session, const char *name, const char **ret_near)
{
	for (size_t i = 0; i < AU_COUNT(with_portal); i++) {
		if (au_streq(name, with_portal[i]))
			return true;
		if (au_strcaseeq(name, with_portal[i]))
			*ret_near = with_portal[i];
	}
	for (char **own = session->applications; *own != NULL; own++) {
		if (au_streq(name, *own))
			return true;
		if (au_strcaseeq(name, *own))
			*ret_near = *own;
	}
	return false;
}

static int
check_application(const struct au_session *session, const char *name, struct au_err *err)
{
	const char *near = NULL;

	if (name == NULL)
		return au_fail(err, AU_EINVAL, "right 'applications': expected a list of names");
	if (is_known(session, name, &near))
		return 0;
	if (near != NULL)
		return au_fail(err, AU_EINVAL, "application '%s' does not exist; expected '%s' (MV-R04)", name, near);
	return au_fail(err, AU_EINVAL,
	    "application '%s' is neither HttpApi nor Salesforce nor in the target's option 'applications' (MV-R04)",
	    name);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
canonical(const json_t *names)
{
	size_t count = json_array_size(names);
	AU_CLEANUP(au_freep) const char **sorted = au_xcalloc(count + 1, sizeof(*sorted));
	AU_CLEANUP(au_json_decrefp) json_t *rights = json_object();
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		sorted[i] = json_string_value(json_array_get(names, i));
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !au_streq(sorted[i], sorted[i - 1]))
			json_array_append_new(array, json_string(sorted[i]));
	}
	json_object_set_new(rights, "applications", array);
	return au_json_canonical(rights);
}

static bool
holds(const json_t *names, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach (names, i, item)
		if (au_streq(json_string_value(item), name))
			return true;
	return false;
}

int
movius_rights_resolve(struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	AU_CLEANUP(au_freep) char *text = NULL;
	const json_t *names;
	const char *purpose;
	int r;

	if ((r = au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, err)) != 0 ||
	    (r = au_json_str(parsed, "purpose", "any", &purpose, err)) != 0)
		return r;
	names = json_object_get(parsed, "applications");
	if (json_array_size(names) == 0)
		return au_fail(err, AU_EINVAL, "right 'applications': expected at least one application (MV-R04)");
	for (size_t i = 0; i < json_array_size(names); i++) {
		if ((r = check_application(session, json_string_value(json_array_get(names, i)), err)) != 0)
			return r;
	}
	if (au_streq(purpose, "salesforce") && !holds(names, "Salesforce"))
		return au_fail(err, AU_EINVAL,
		    "MultiLine for Salesforce needs the application 'Salesforce'; HttpApi does not do for it (MV-R05)");
	text = canonical(names);
	return emit(ctx, text);
}

int
movius_rights_write(const char *rights, struct au_paper *paper, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	const json_t *names, *name;
	size_t i;

	if (rights == NULL || au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, NULL) != 0)
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	names = json_object_get(parsed, "applications");
	if (json_array_size(names) == 0)
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	json_array_foreach (names, i, name)
		au_paper_field(paper, "External Application", json_string_value(name));
	return 0;
}
