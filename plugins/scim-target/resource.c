/* SPDX-License-Identifier: ISC */
/* A PATCH names whole attributes: paths into lists are where services differ most. */
#include "scim-target/resource.h"

#include "base/str.h"
#include "scim-target/query.h"

#include <string.h>

bool
sc_resource_patches(const struct au_session *session)
{
	if (session->update == SC_UPDATE_AUTO)
		return session->service.patch;
	return session->update == SC_UPDATE_PATCH;
}

bool
sc_resource_filters(const struct au_session *session)
{
	if (session->filter == SC_FILTER_AUTO)
		return session->service.filter;
	return session->filter == SC_FILTER_YES;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* The header is what If-Match compares; meta.version is the same where entity tags are supported (RFC 7644 3.14). */
static void
take_etag(const struct au_session *session, const struct au_http_answer *answer, struct sc_resource *resource)
{
	const char *version = au_json_get_str(json_object_get(answer->json, "meta"), "version");
	const char *etag = answer->etag[0] != '\0' ? answer->etag : session->service.etag ? version : NULL;

	if (etag != NULL && strlen(etag) < sizeof resource->etag && strpbrk(etag, "\r\n") == NULL)
		memcpy(resource->etag, etag, strlen(etag) + 1);
}

int
sc_resource_fetch(
    struct au_session *session, const char *endpoint, const char *id, struct sc_resource *ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	struct sc_call call = { .method = "GET", .about_one = true };
	struct au_http_answer answer = { 0 };
	int r;

	if (!sc_query_is_id(id))
		return au_fail(err, AU_EINVAL, "%s: the id is none that a service gives", endpoint);
	call.path = path = sc_query_path(endpoint, id);
	if ((r = sc_call(session, &call, &answer, err)) != 0)
		return r;
	if (!au_streq(json_is_object(answer.json) ? au_json_get_str(answer.json, "id") : NULL, id)) {
		au_http_answer_done(&answer);
		return au_fail(err, AU_EPROTO, "GET %s: the answer is not the resource of that id", path);
	}
	*ret = (struct sc_resource){ .json = answer.json, .id = au_xstrdup(id) };
	take_etag(session, &answer, ret);
	return 0;
}

void
sc_resource_done(struct sc_resource *resource)
{
	au_json_wipe(resource->json);
	json_decref(resource->json);
	free(resource->id);
	*resource = (struct sc_resource){ .json = NULL };
}

/* ---- changing --------------------------------------------------------------------------------- */

static int
send_change(struct au_session *session, const char *method, const char *endpoint, const struct sc_resource *was,
    const json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = sc_query_path(endpoint, was->id);
	struct sc_call call = { .method = method,
		.path = path,
		.body = body,
		.if_match = was->etag[0] != '\0' ? was->etag : NULL,
		.about_one = true };
	struct au_http_answer answer = { 0 };
	int r = sc_call(session, &call, &answer, err);

	au_http_answer_done(&answer);
	return r;
}

int
sc_resource_put(
    struct au_session *session, const char *endpoint, const struct sc_resource *was, json_t *body, struct au_err *err)
{
	json_object_del(body, "meta");
	json_object_del(body, "groups");
	return send_change(session, "PUT", endpoint, was, body, err);
}

static json_t *
replace(const struct au_session *session, const char *attribute, json_t *value)
{
	if (session->whole_values)
		return json_pack("{s:s, s:{s:O}}", "op", "replace", "value", attribute, value);
	return json_pack("{s:s, s:s, s:O}", "op", "replace", "path", attribute, "value", value);
}

static json_t *
operations_between(const struct au_session *session, const json_t *was, const json_t *is)
{
	json_t *operations = json_array(), *value;
	const char *name;

	json_object_foreach ((json_t *)(uintptr_t)was, name, value) {
		if (json_object_get(is, name) == NULL)
			json_array_append_new(operations, json_pack("{s:s, s:s}", "op", "remove", "path", name));
	}
	json_object_foreach ((json_t *)(uintptr_t)is, name, value) {
		if (!json_equal(json_object_get(was, name), value))
			json_array_append_new(operations, replace(session, name, value));
	}
	return operations;
}

int
sc_resource_update(
    struct au_session *session, const char *endpoint, const struct sc_resource *was, json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *operations = operations_between(session, was->json, body);
	AU_CLEANUP(au_json_decrefp)
	json_t *patch = json_pack("{s:[s], s:O}", "schemas", SC_PATCH, "Operations", operations);

	if (json_array_size(operations) == 0)
		return 0;
	if (!sc_resource_patches(session))
		return sc_resource_put(session, endpoint, was, body, err);
	return send_change(session, "PATCH", endpoint, was, patch, err);
}
