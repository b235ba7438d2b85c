/* SPDX-License-Identifier: ISC */
/* Three documents, each of which may be missing; what is taken from them is checked as anything from outside is. */
#include "scim-target/service.h"

#include "base/str.h"
#include "scim-target/session.h"

#include <string.h>

#define NUMBER_MOST 1000000

void
sc_service_done(struct sc_service *service)
{
	free(service->users);
	free(service->groups);
	free(service->roles_offered);
	free(service->entitlements_offered);
	*service = (struct sc_service){ .known = false };
}

void
sc_service_forget(struct sc_service *service)
{
	service->known = false;
}

/* What holds where nothing is published: most services PATCH and filter, and all have users. */
static void
set_defaults(struct sc_service *service)
{
	sc_service_done(service);
	service->patch = true;
	service->filter = true;
	service->tells_groups = true;
	service->roles = true;
	service->entitlements = true;
	service->users = au_xstrdup("/Users");
	service->groups = au_xstrdup("/Groups");
}

/* ---- /ServiceProviderConfig (RFC 7643 section 5) -------------------------------------- */

/* Booleans are as texts with some. */
static bool
is_true(const json_t *value, bool dflt)
{
	if (json_is_boolean(value))
		return json_is_true(value);
	if (!json_is_string(value))
		return dflt;
	return au_strcaseeq(json_string_value(value), "true");
}

static bool
supports(const json_t *config, const char *feature, bool dflt)
{
	return is_true(json_object_get(json_object_get(config, feature), "supported"), dflt);
}

static long long
least_positive(long long a, long long b)
{
	if (a <= 0 || b <= 0)
		return a > b ? a : b;
	return a < b ? a : b;
}

static void
take_config(struct sc_service *service, const json_t *config)
{
	const json_t *paging = json_object_get(config, "pagination");
	long long results = au_json_get_int(json_object_get(config, "filter"), "maxResults");
	long long page = au_json_get_int(paging, "maxPageSize");

	service->patch = supports(config, "patch", false);
	service->filter = supports(config, "filter", false);
	service->etag = supports(config, "etag", false);
	service->cursor = is_true(json_object_get(paging, "cursor"), false);
	service->page_most = least_positive(results, page);
	if (service->page_most > NUMBER_MOST)
		service->page_most = NUMBER_MOST;
}

/* ---- /ResourceTypes (section 6) ------------------------------------------------------- */

/* A ListResponse, or, with some, the bare array. */
static const json_t *
resources_of(const json_t *answer)
{
	return json_is_array(answer) ? answer : json_object_get(answer, "Resources");
}

static const json_t *
named(const json_t *list, const char *member, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		if (au_strcaseeq(au_json_get_str(one, member), name))
			return one;
	}
	return NULL;
}

/* A path below the base url and nothing else. */
static bool
is_endpoint(const char *text)
{
	return text != NULL && text[0] == '/' && text[1] != '\0' && text[1] != '/' && strlen(text) < 256 &&
	       strstr(text, "..") == NULL && strpbrk(text, "?#%\\ \t\r\n") == NULL;
}

static char *
endpoint_of(const json_t *types, const char *name, const char *dflt)
{
	const json_t *type = named(types, "name", name);
	const char *endpoint = type != NULL ? au_json_get_str(type, "endpoint") : NULL;

	if (type == NULL)
		return NULL;
	/* the final slash of some leads to the same place */
	if (is_endpoint(endpoint) && endpoint[strlen(endpoint) - 1] == '/')
		return au_xstrndup(endpoint, strlen(endpoint) - 1);
	return au_xstrdup(is_endpoint(endpoint) ? endpoint : dflt);
}

static void
take_types(struct sc_service *service, const json_t *answer)
{
	const json_t *types = resources_of(answer);
	char *users = endpoint_of(types, "User", "/Users");

	/* a list without users is no list of resource types */
	if (users == NULL)
		return;
	free(service->users);
	free(service->groups);
	service->users = users;
	service->groups = endpoint_of(types, "Group", "/Groups");
	/* nothing was there by default */
	service->roles_offered = endpoint_of(types, "Role", "/Roles");
	service->entitlements_offered = endpoint_of(types, "Entitlement", "/Entitlements");
}

/* ---- /Schemas (section 7) --------------------------------------------------------------- */

static bool
has_attribute(const json_t *schema, const char *name)
{
	return named(json_object_get(schema, "attributes"), "name", name) != NULL;
}

static void
take_schemas(struct sc_service *service, const json_t *answer)
{
	const json_t *user = named(resources_of(answer), "id", SC_USER);

	if (json_array_size(json_object_get(user, "attributes")) == 0)
		return;
	service->tells_groups = has_attribute(user, "groups");
	service->roles = has_attribute(user, "roles");
	service->entitlements = has_attribute(user, "entitlements");
}

/* ---- all of it --------------------------------------------------------------------------- */

/* Statuses that say that there is no such document, or none for us. */
static bool
is_unpublished(int code)
{
	return code == AU_EPROTO || code == AU_ENOENT || code == AU_EPERM || code == AU_ENOSUP || code == AU_EINVAL;
}

static int
read_one(
    struct au_session *session, const char *path, void (*take)(struct sc_service *, const json_t *), struct au_err *err)
{
	struct sc_call call = { .method = "GET", .path = path, .about_one = true };
	struct au_http_answer answer = { 0 };
	struct au_err why = { 0 };
	int r = sc_call(session, &call, &answer, &why);

	if (r == 0)
		take(&session->service, answer.json);
	else if (is_unpublished(r))
		session->host->log(6, "the service does not publish %s: %s", path, why.text);
	else if (err != NULL)
		*err = why;
	au_http_answer_done(&answer);
	return is_unpublished(r) ? 0 : r;
}

static bool
is_fresh(const struct au_session *session)
{
	return session->service.known &&
	       session->host->mono_ms() - session->service.read_mono < session->discovery_age_ms;
}

int
sc_service_ensure(struct au_session *session, struct au_err *err)
{
	struct sc_service *service = &session->service;
	int r = 0;

	if (is_fresh(session))
		return 0;
	set_defaults(service);
	if (session->discovers && (r = read_one(session, "/ServiceProviderConfig", take_config, err)) == 0 &&
	    (r = read_one(session, "/ResourceTypes", take_types, err)) == 0)
		r = read_one(session, "/Schemas", take_schemas, err);
	if (r != 0)
		return r;
	service->known = true;
	service->read_mono = session->host->mono_ms();
	return 0;
}
