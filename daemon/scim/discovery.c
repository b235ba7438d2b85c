/* SPDX-License-Identifier: ISC */
/* What this service provider can do (RFC 7644 section 4): nothing here depends on who asks. */
#include "base/json.h"
#include "scim/bulk.h"
#include "scim/openapi.h"
#include "scim/route.h"

#include <string.h>
#include <strings.h>

#define LIST_URN "urn:ietf:params:scim:api:messages:2.0:ListResponse"

/* ---- answering ---- */

static void
set_meta(struct au_request *r, json_t *resource, const char *type, const char *path)
{
	json_t *meta = json_object();

	au_json_set_str(meta, "resourceType", type);
	au_json_set_str(meta, "location", au_arena_printf(r->arena, "%s%s", r->base_url, path));
	json_object_set_new(resource, "meta", meta);
}

/* Takes over the reference. */
static void
reply_json(struct au_request *r, json_t *body)
{
	AU_CLEANUP(au_freep) char *text = au_json_text(body);

	json_decref(body);
	r->reply.status = 200;
	au_str_put(&r->reply.body, text);
	au_request_reply(r);
}

static void
reply_list(struct au_request *r, json_t *resources)
{
	json_t *list = json_object(), *schemas = json_array();

	json_array_append_new(schemas, json_string(LIST_URN));
	json_object_set_new(list, "schemas", schemas);
	au_json_set_int(list, "totalResults", (long long)json_array_size(resources));
	au_json_set_int(list, "startIndex", 1);
	au_json_set_int(list, "itemsPerPage", (long long)json_array_size(resources));
	json_object_set_new(list, "Resources", resources);
	reply_json(r, list);
}

/* Paging and sorting are ignored, filters are refused (RFC 7644 section 4). */
static bool
refuses_filter(struct au_request *r)
{
	const char *filter = NULL;

	if (au_http_query_get(r->arena, au_http_query(r->x), "filter", &filter, NULL) == 0 && filter == NULL)
		return false;
	au_fault_set(&r->fault, AU_FAULT_FORBIDDEN, "discovery cannot be filtered");
	au_request_refuse(r);
	return true;
}

static void
not_found(struct au_request *r, const char *what)
{
	au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "%s '%.100s' does not exist", what, r->id);
	au_request_refuse(r);
}

/* ---- schemas and resource types ---- */

/* Some clients know roles and entitlements in another dress only. */
static const struct au_schema *
dressed_schema(const struct au_request *r, const struct au_schema *schema)
{
	return au_profile_has(r->profile, AU_QUIRK_OKTA_OFFERS) ? au_schema_for_okta(schema) : schema;
}

static const struct au_resource_type *
dressed_type(const struct au_request *r, const struct au_resource_type *type)
{
	return au_profile_has(r->profile, AU_QUIRK_OKTA_OFFERS) ? au_type_for_okta(type) : type;
}

static const struct au_schema *
find_schema(const struct au_request *r, const char *urn)
{
	for (const struct au_schema *const *schema = r->catalog->schemas; *schema != NULL; schema++)
		if (strcasecmp(dressed_schema(r, *schema)->id, urn) == 0)
			return dressed_schema(r, *schema);
	return NULL;
}

static json_t *
schema_resource(struct au_request *r, const struct au_schema *schema)
{
	json_t *resource = au_schema_json(schema);

	set_meta(r, resource, "Schema", au_arena_printf(r->arena, "/Schemas/%s", schema->id));
	return resource;
}

static json_t *
type_resource(struct au_request *r, const struct au_resource_type *type)
{
	json_t *resource = au_type_json(type);

	set_meta(r, resource, "ResourceType", au_arena_printf(r->arena, "/ResourceTypes/%s", type->name));
	return resource;
}

void
au_list_schemas(struct au_request *r)
{
	json_t *all;

	if (refuses_filter(r))
		return;
	all = json_array();
	for (const struct au_schema *const *schema = r->catalog->schemas; *schema != NULL; schema++)
		json_array_append_new(all, schema_resource(r, dressed_schema(r, *schema)));
	reply_list(r, all);
}

void
au_show_schema(struct au_request *r)
{
	const struct au_schema *schema = find_schema(r, r->id);

	if (schema == NULL)
		not_found(r, "schema");
	else
		reply_json(r, schema_resource(r, schema));
}

void
au_list_types(struct au_request *r)
{
	json_t *all;

	if (refuses_filter(r))
		return;
	all = json_array();
	for (const struct au_resource_type *const *type = r->catalog->types; *type != NULL; type++)
		json_array_append_new(all, type_resource(r, dressed_type(r, *type)));
	reply_list(r, all);
}

void
au_show_type(struct au_request *r)
{
	const struct au_resource_type *type = au_type_find(r->catalog, r->id);

	if (type == NULL)
		not_found(r, "resource type");
	else
		reply_json(r, type_resource(r, dressed_type(r, type)));
}

/* ---- the service provider's configuration ---- */

static json_t *
supported(bool is)
{
	return json_pack("{sb}", "supported", (int)is);
}

static json_t *
bulk(const struct au_settings *settings)
{
	json_int_t most = au_values_num(settings->scim, "bulk_max_operations");

	return json_pack("{sb, sI, sI}", "supported", (int)(most > 0), "maxOperations", most, "maxPayloadSize",
	    (json_int_t)au_bulk_max_payload(settings));
}

/* RFC 7643 section 5; certificates have no type there. */
static json_t *
authentication(const struct au_settings *settings)
{
	json_t *schemes = json_pack("[{ss, ss, ss, ss, sb}]", "type", "oauthbearertoken", "name", "Bearer token",
	    "description", "A token issued by the operator, sent in the Authorization header.", "specUri",
	    "https://www.rfc-editor.org/info/rfc6750", "primary", 1);

	if (settings->issuer_count > 0)
		json_array_append_new(schemes,
		    json_pack("{ss, ss, ss, ss, sb}", "type", "oauth2", "name", "OAuth 2.0 access token", "description",
			"A JWT of a configured authorization server, sent in the Authorization header.", "specUri",
			"https://www.rfc-editor.org/info/rfc9068", "primary", 0));
	return schemes;
}

/*
 * A member of the draft on roles and entitlements, with its own spelling; there only where something is offered.  The
 * schema of this resource does not describe it: it has complex values inside complex ones.
 */
static void
set_offers(const struct au_catalog *catalog, json_t *config)
{
	static const struct {
		const char *name, *multiple;
		const struct au_resource_type *type;
	} offers[] = { { "roles", "multipleRolesSupported", &au_type_role },
		{ "entitlements", "multipleEntitlementsSupported", &au_type_entitlement } };
	json_t *both;

	if (au_type_find(catalog, au_type_role.name) == NULL)
		return;
	both = json_object();
	for (size_t i = 0; i < AU_COUNT(offers); i++)
		json_object_set_new(both, offers[i].name,
		    json_pack("{sb, sb, sb, sb}", "supported", 1, offers[i].multiple, 1, "primarySupported", 1,
			"typeSupported", 1));
	json_object_set_new(config, "RolesAndEntitlements", both);
}

static json_t *
pagination(const struct au_settings *settings)
{
	long long most = au_values_num(settings->scim, "max_results"),
		  usual = au_values_num(settings->scim, "page_size");

	return json_pack("{sb, sb, ss, sI, sI, sI}", "cursor", 1, "index", 1, "defaultPaginationMethod", "index",
	    "defaultPageSize", (json_int_t)(usual < most ? usual : most), "maxPageSize", (json_int_t)most,
	    "cursorTimeout", (json_int_t)(au_values_num(settings->scim, "cursor_timeout") / 1000));
}

/* Whoever has shown no token is told what holds for everybody. */
static bool
is_interoperable(const struct au_request *r)
{
	const struct au_settings *settings = r->settings;

	if (r->client != NULL)
		return r->profile->interop;
	for (size_t i = 0; i < settings->client_count; i++)
		if (!au_profile_find(au_values_str(settings->clients[i].values, "profile"))->interop)
			return false;
	return settings->client_count > 0;
}

void
au_show_provider_config(struct au_request *r)
{
	json_t *config = json_object(), *schemas = json_array();

	json_array_append_new(schemas, json_string(au_schema_provider_config.id));
	json_object_set_new(config, "schemas", schemas);
	json_object_set_new(config, "patch", supported(true));
	json_object_set_new(config, "bulk", bulk(r->settings));
	json_object_set_new(config, "filter",
	    json_pack(
		"{sb, sI}", "supported", 1, "maxResults", (json_int_t)au_values_num(r->settings->scim, "max_results")));
	json_object_set_new(config, "changePassword", supported(false));
	json_object_set_new(config, "sort", supported(true));
	json_object_set_new(config, "etag", supported(true));
	json_object_set_new(config, "pagination", pagination(r->settings));
	json_object_set_new(config, "authenticationSchemes", authentication(r->settings));
	json_object_set_new(config, "securityEvents",
	    json_pack(
		"{ss, s[s]}", "asyncRequest", "request", "eventUris", "urn:ietf:params:scim:event:misc:asyncresp"));
	if (is_interoperable(r))
		json_object_set_new(config, "interopProfileConformant", json_true());
	set_offers(r->catalog, config);
	set_meta(r, config, "ServiceProviderConfig", "/ServiceProviderConfig");
	reply_json(r, config);
}

/* ---- OpenAPI ---- */

/* It takes a while to make, so it is made once for each catalog. */
void
au_show_openapi(struct au_request *r)
{
	struct au_scim *scim = r->scim;

	if (scim->openapi == NULL) {
		json_t *description = au_openapi(scim->catalog);

		scim->openapi = au_json_text(description);
		json_decref(description);
	}
	r->reply.status = 200;
	r->reply.type = AU_OPENAPI_TYPE;
	au_str_put(&r->reply.body, scim->openapi);
	au_request_reply(r);
}

/* ---- what is not offered ---- */

void
au_refuse_me(struct au_request *r)
{
	au_fault_set(&r->fault, AU_FAULT_UNSUPPORTED, "/Me is not supported: clients are no users");
	au_request_refuse(r);
}
