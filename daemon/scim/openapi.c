/* SPDX-License-Identifier: ISC */
/* Routes as paths and operations: each route has a shape, and a shape is a row here. */
#include "scim/openapi.h"

#include "base/json.h"
#include "base/text.h"
#include "scim/route.h"

#include <ctype.h>
#include <string.h>

#define SCIM_JSON "application/scim+json"

/* In request and response, what stands for the resource type at hand. */
#define RESOURCE "*"
#define LIST "List.*"

static const struct shape {
	const char *verb;    /* in front of the operation's id */
	const char *summary; /* with %s for the endpoint or the resource type */
	bool plural;         /* summary and id are about the endpoint, not about one resource */
	const char *request, *status, *response;
	const char *parameters, *errors, *headers; /* words with blanks between */
} shapes[] = {
	[AU_SHAPE_CONFIG] = { "get", "What this service provider can do", true, NULL, "200", "ServiceProviderConfig",
	    "", "", "" },
	[AU_SHAPE_SCHEMAS] = { "list", "All schemas", true, NULL, "200", "List.Schema", "", "401 403", "" },
	[AU_SHAPE_SCHEMA] = { "get", "A schema by its URN", true, NULL, "200", "Schema", "id", "401 404", "" },
	[AU_SHAPE_TYPES] = { "list", "All resource types", true, NULL, "200", "List.ResourceType", "", "401 403", "" },
	[AU_SHAPE_TYPE] = { "get", "A resource type by its name", true, NULL, "200", "ResourceType", "id", "401 404",
	    "" },
	[AU_SHAPE_REFUSED] = { "use", "Not supported", true, NULL, NULL, NULL, "", "401 501", "" },
	[AU_SHAPE_BULK] = { "run", "Many changes in one request", true, "Message.BulkRequest", "200",
	    "Message.BulkResponse", "", "400 401 403 413", "" },
	[AU_SHAPE_ASYNC] = { "get", "What came of an asynchronous request", true, NULL, "200", "", "id", "401 404",
	    "" },
	[AU_SHAPE_LIST] = { "list", "%s that fulfil a filter, page by page", true, NULL, "200", LIST,
	    "filter sortBy sortOrder startIndex count cursor attributes excludedAttributes", "400 401 403", "" },
	[AU_SHAPE_SEARCH] = { "search", "%s that fulfil a filter, asked for by a message", true,
	    "Message.SearchRequest", "200", LIST, "", "400 401 403", "" },
	[AU_SHAPE_CREATE] = { "create", "Make a resource of type %s", false, RESOURCE, "201", RESOURCE,
	    "attributes excludedAttributes", "400 401 403 409 413", "Location ETag" },
	[AU_SHAPE_READ] = { "get", "A resource of type %s", false, NULL, "200", RESOURCE,
	    "id attributes excludedAttributes ifNoneMatch", "401 403 404", "Location ETag" },
	[AU_SHAPE_REPLACE] = { "replace", "Replace a resource of type %s", false, RESOURCE, "200", RESOURCE,
	    "id attributes excludedAttributes ifMatch", "400 401 403 404 409 412 413", "Location ETag" },
	[AU_SHAPE_PATCH] = { "patch", "Change parts of a resource of type %s", false, "Message.PatchOp", "200",
	    RESOURCE, "id attributes excludedAttributes ifMatch prefer", "400 401 403 404 409 412 413",
	    "Location ETag" },
	[AU_SHAPE_DELETE] = { "delete", "Remove a resource of type %s", false, NULL, "204", NULL, "id ifMatch",
	    "401 403 404 412", "" },
	[AU_SHAPE_OPENAPI] = { "get", "This description", true, NULL, "200", "", "", "401", "" },
};

/* One operation under way. */
struct operation {
	const struct au_route *route;
	const struct shape *shape;
	const struct au_resource_type *type; /* NULL where the path has none */
};

/* Called with each of the words. */
static void
each_word(const char *words, void (*visit)(void *ctx, const char *word), void *ctx)
{
	while (*words != '\0') {
		char word[32];
		size_t len = strcspn(words, " ");

		snprintf(word, sizeof word, "%.*s", (int)len, words);
		visit(ctx, word);
		words += len + (words[len] == ' ');
	}
}

/* ---- names ---- */

/* "listUsers", "createUser", "getServiceProviderConfig", "listAll" at the root. */
static void
set_id(const struct operation *op, const char *method, json_t *out)
{
	AU_CLEANUP(au_str_done) struct au_str id = AU_STR_INIT;
	const char *noun;

	au_str_put(&id, op->route->method != NULL ? op->shape->verb : "");
	for (const char *c = op->route->method == NULL ? method : ""; *c != '\0'; c++)
		au_str_putc(&id, (char)tolower((unsigned char)*c));
	if (op->type != NULL) {
		au_str_put(&id, op->shape->plural ? op->type->endpoint + 1 : op->type->name);
	} else {
		noun = op->route->pattern + 1;
		if (*noun == '\0' || *noun == '.')
			au_str_put(&id, "All");
		else if (strchr(noun, '/') != NULL)
			au_str_putn(&id, noun, strcspn(noun, "/") - 1); /* one of them */
		else
			au_str_putn(&id, noun, strcspn(noun, "."));
	}
	au_json_set_str(out, "operationId", au_str_get(&id));
}

static void
set_summary(const struct operation *op, json_t *out)
{
	const char *noun = "Resources of all types", *place = strstr(op->shape->summary, "%s");
	AU_CLEANUP(au_str_done) struct au_str summary = AU_STR_INIT;

	if (op->type != NULL)
		noun = op->shape->plural ? op->type->endpoint + 1 : op->type->name;
	if (place == NULL) {
		au_json_set_str(out, "summary", op->shape->summary);
		return;
	}
	au_str_putn(&summary, op->shape->summary, (size_t)(place - op->shape->summary));
	au_str_put(&summary, noun);
	au_str_put(&summary, place + 2);
	au_json_set_str(out, "summary", au_str_get(&summary));
}

/* ---- bodies ---- */

/* The star stands for the type, or for any where there is none. */
static json_t *
schema_ref(const struct operation *op, const char *name)
{
	const char *star = strchr(name, '*');
	AU_CLEANUP(au_str_done) struct au_str whole = AU_STR_INIT;

	au_str_putn(&whole, name, star != NULL ? (size_t)(star - name) : strlen(name));
	if (star != NULL)
		au_str_put(&whole, op->type != NULL ? op->type->name : "Any");
	return au_openapi_ref("schemas", au_str_get(&whole));
}

static json_t *
content(const struct operation *op, const char *name)
{
	if (*name == '\0')
		return json_pack("{s{s{ss}}}", AU_OPENAPI_TYPE, "schema", "type", "object");
	return json_pack("{s{so}}", SCIM_JSON, "schema", schema_ref(op, name));
}

static void
add_header(void *ctx, const char *word)
{
	json_object_set_new(ctx, word, au_openapi_ref("headers", word));
}

static json_t *
success(const struct operation *op)
{
	json_t *out =
	    json_pack("{ss}", "description", op->shape->response != NULL ? "Done." : "Done; there is no body.");
	json_t *headers = json_object();

	each_word(op->shape->headers, add_header, headers);
	if (json_object_size(headers) > 0)
		json_object_set(out, "headers", headers);
	json_decref(headers);
	if (op->shape->response != NULL)
		json_object_set_new(out, "content", content(op, op->shape->response));
	return out;
}

static void
add_error(void *ctx, const char *word)
{
	json_object_set_new(ctx, word, au_openapi_ref("responses", "Error"));
}

static json_t *
responses(const struct operation *op)
{
	json_t *out = json_object();

	if (op->shape->status != NULL)
		json_object_set_new(out, op->shape->status, success(op));
	each_word(op->shape->errors, add_error, out);
	if (op->route->shape == AU_SHAPE_PATCH)
		json_object_set_new(out, "204", json_pack("{ss}", "description", "Done; there is no body."));
	/* whatever else there is: too many requests, a fault of the server */
	json_object_set_new(out, "default", au_openapi_ref("responses", "Error"));
	return out;
}

static void
add_parameter(void *ctx, const char *word)
{
	json_array_append_new(ctx, au_openapi_ref("parameters", word));
}

/* ---- operations ---- */

static json_t *
operation(const struct operation *op, const char *method)
{
	json_t *out = json_object(), *parameters = json_array();

	set_id(op, method, out);
	set_summary(op, out);
	each_word(op->shape->parameters, add_parameter, parameters);
	if (json_array_size(parameters) > 0)
		json_object_set(out, "parameters", parameters);
	json_decref(parameters);
	if (op->shape->request != NULL)
		json_object_set_new(out, "requestBody",
		    json_pack("{sb, so}", "required", 1, "content", content(op, op->shape->request)));
	json_object_set_new(out, "responses", responses(op));
	if (op->route->need == AU_NEED_NOTHING)
		json_object_set_new(out, "security", json_array());
	return out;
}

/* A route without a method is one for all of them. */
static void
add_operation(const struct operation *op, json_t *item)
{
	static const char *const all[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

	for (size_t i = 0; i < AU_COUNT(all); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

		if (op->route->method == NULL || strcmp(op->route->method, all[i]) == 0)
			json_object_set_new(item, au_text_fold(arena, all[i]), operation(op, all[i]));
	}
}

static json_t *
item_at(json_t *paths, const char *path)
{
	json_t *item = json_object_get(paths, path);

	if (item == NULL) {
		item = json_object();
		json_object_set_new(paths, path, item);
	}
	return item;
}

/* The pattern with the type's endpoint in place of its first segment. */
static void
add_typed(const struct au_route *route, const struct au_resource_type *type, json_t *paths)
{
	struct operation op = { route, &shapes[route->shape], type };
	const char *rest = route->pattern + 1 + strcspn(route->pattern + 1, "/");
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s%s", type->endpoint, rest);

	add_operation(&op, item_at(paths, path));
}

static void
add_route(const struct au_catalog *catalog, const struct au_route *route, json_t *paths)
{
	bool offered = strncmp(route->pattern, "/{offer}", strlen("/{offer}")) == 0;
	struct operation op = { route, &shapes[route->shape], NULL };

	if (!offered && strncmp(route->pattern, "/{type}", strlen("/{type}")) != 0) {
		add_operation(&op, item_at(paths, route->pattern));
		return;
	}
	for (const struct au_resource_type *const *type = catalog->types; *type != NULL; type++)
		if (au_type_is_offer(*type) == offered)
			add_typed(route, *type, paths);
}

json_t *
au_openapi(const struct au_catalog *catalog)
{
	json_t *paths = json_object();
	size_t count;
	const struct au_route *routes = au_route_rows(&count);

	for (size_t i = 0; i < count; i++)
		add_route(catalog, &routes[i], paths);
	/* relative to where the description itself is */
	return json_pack("{ss, s{ss, ss, ss}, s[{ss}], s[{s[]}, {s[]}], so, so}", "openapi", "3.1.0", "info", "title",
	    "apiuserd: SCIM 2.0", "version", "2.0", "description",
	    "Users, groups and other resources of one client (RFC 7643, RFC 7644); see apiuserd-scim(7).", "servers",
	    "url", ".", "security", "bearer", "certificate", "paths", paths, "components",
	    au_openapi_components(catalog));
}
