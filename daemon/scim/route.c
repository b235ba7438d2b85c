/* SPDX-License-Identifier: ISC */
/* Routes are rows; a path is cut into segments and laid beside each pattern. */
#include "scim/route.h"

#include "base/str.h"

#include <string.h>
#include <strings.h>

/*
 * "{type}" and "{offer}" stand for the endpoint of a resource type, one that is kept or offered, "{id}" for anything
 * but ".search", which is no id anywhere.
 */
static const struct au_route routes[] = {
	{ "GET", "/ServiceProviderConfig", AU_NEED_NOTHING, AU_SHAPE_CONFIG, au_show_provider_config },
	{ "GET", "/Schemas", AU_NEED_CLIENT, AU_SHAPE_SCHEMAS, au_list_schemas },
	{ "GET", "/Schemas/{id}", AU_NEED_CLIENT, AU_SHAPE_SCHEMA, au_show_schema },
	{ "GET", "/ResourceTypes", AU_NEED_CLIENT, AU_SHAPE_TYPES, au_list_types },
	{ "GET", "/ResourceTypes/{id}", AU_NEED_CLIENT, AU_SHAPE_TYPE, au_show_type },
	{ NULL, "/Me", AU_NEED_CLIENT, AU_SHAPE_REFUSED, au_refuse_me },
	{ "GET", "/openapi.json", AU_NEED_CLIENT, AU_SHAPE_OPENAPI, au_show_openapi },
	{ "POST", "/Bulk", AU_NEED_CLIENT, AU_SHAPE_BULK, au_bulk },
	{ "GET", "/AsyncRequests/{id}", AU_NEED_CLIENT, AU_SHAPE_ASYNC, au_show_async },
	{ "GET", "/", AU_NEED_READ, AU_SHAPE_LIST, au_list_resources },
	{ "POST", "/.search", AU_NEED_READ, AU_SHAPE_SEARCH, au_search_resources },
	{ "POST", "/{type}/.search", AU_NEED_READ, AU_SHAPE_SEARCH, au_search_resources },
	{ "GET", "/{offer}", AU_NEED_READ, AU_SHAPE_LIST, au_list_offers },
	{ "GET", "/{offer}/{id}", AU_NEED_READ, AU_SHAPE_READ, au_show_offer },
	{ "POST", "/{offer}/.search", AU_NEED_READ, AU_SHAPE_SEARCH, au_search_offers },
	{ "GET", "/{type}", AU_NEED_READ, AU_SHAPE_LIST, au_list_resources },
	{ "POST", "/{type}", AU_NEED_CHANGE, AU_SHAPE_CREATE, au_change_resource },
	{ "GET", "/{type}/{id}", AU_NEED_READ, AU_SHAPE_READ, au_read_resource },
	{ "PUT", "/{type}/{id}", AU_NEED_CHANGE, AU_SHAPE_REPLACE, au_change_resource },
	{ "PATCH", "/{type}/{id}", AU_NEED_CHANGE, AU_SHAPE_PATCH, au_change_resource },
	{ "DELETE", "/{type}/{id}", AU_NEED_CHANGE, AU_SHAPE_DELETE, au_change_resource },
};

#define MAX_SEGMENTS 2

struct segments {
	const char *text[MAX_SEGMENTS];
	size_t count;
};

/* ---- cutting the path ---- */

/* Drop a prefix of whole segments, in any letter case. */
static const char *
without(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len > 0 && strncasecmp(path, prefix, len) == 0 && (path[len] == '/' || path[len] == '\0'))
		return path + len;
	return path;
}

/* The path of the base URL: what stands behind the host. */
static const char *
base_path(const char *url)
{
	const char *host = strstr(url, "://");
	const char *path = host != NULL ? strchr(host + 3, '/') : NULL;

	return path != NULL ? path : "";
}

/* What stands behind the base URL. */
static const char *
relative(const char *path, const char *base_url)
{
	path = without(path, base_path(base_url));
	return without(without(path, "/scim"), "/v2");
}

static int
cut(struct au_arena *arena, const char *path, struct segments *ret, struct au_fault *fault)
{
	struct au_err err = { .code = 0 };

	ret->count = 0;
	for (;;) {
		size_t len;

		path += strspn(path, "/");
		if (*path == '\0')
			return 0;
		if (ret->count == MAX_SEGMENTS)
			return au_fault_set(fault, AU_FAULT_NOT_FOUND, "no such endpoint");
		len = strcspn(path, "/");
		if (au_http_decode_path(arena, au_arena_strndup(arena, path, len), &ret->text[ret->count], &err) != 0)
			return au_fault_set(fault, AU_FAULT_NOT_FOUND, "%s", err.text);
		ret->count++;
		path += len;
	}
}

/* ---- matching ---- */

static const struct au_resource_type *
type_at(const struct au_catalog *catalog, const char *segment, bool offered)
{
	for (const struct au_resource_type *const *type = catalog->types; *type != NULL; type++)
		if (au_type_is_offer(*type) == offered && strcasecmp((*type)->endpoint + 1, segment) == 0)
			return *type;
	return NULL;
}

/* "{type}" or "{offer}" */
static bool
is_word(const char *pattern, size_t len, const char *word)
{
	return strlen(word) == len && strncmp(pattern, word, len) == 0;
}

/* Whether it can be the beginning of a match: cheap, and no for most. */
static bool
begins_alike(const char *pattern, const char *segment)
{
	return *pattern == '{' || ((*pattern ^ *segment) & ~('a' ^ 'A')) == 0;
}

static bool
matches_segment(struct au_request *r, const char *pattern, size_t len, const char *segment)
{
	bool offered;

	if (*pattern != '{')
		return strncasecmp(pattern, segment, len) == 0 && segment[len] == '\0';
	offered = is_word(pattern, len, "{offer}");
	if (offered || is_word(pattern, len, "{type}")) {
		r->type = type_at(r->catalog, segment, offered);
		return r->type != NULL;
	}
	r->id = segment;
	return strcasecmp(segment, ".search") != 0;
}

static bool
matches(struct au_request *r, const struct au_route *route, const struct segments *segments)
{
	const char *pattern = route->pattern + 1;

	r->type = NULL;
	r->id = NULL;
	for (size_t i = 0; i < segments->count; i++) {
		size_t len;

		if (!begins_alike(pattern, segments->text[i]))
			return false;
		len = strcspn(pattern, "/");
		if (len == 0 || !matches_segment(r, pattern, len, segments->text[i]))
			return false;
		pattern += len;
		pattern += *pattern == '/';
	}
	return *pattern == '\0';
}

/* HEAD is GET without a body; the server leaves it out. */
static bool
allows(const struct au_route *route, const char *method)
{
	return route->method == NULL || strcmp(route->method, method) == 0 ||
	       (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

const struct au_route *
au_route_rows(size_t *ret_count)
{
	*ret_count = AU_COUNT(routes);
	return routes;
}

bool
au_route_is_taken(const char *endpoint)
{
	static const char *const others[] = { "/scim", "/v2", "/" AU_SCOPE_READ_ONLY };

	for (size_t i = 0; i < AU_COUNT(others); i++)
		if (au_strcaseeq(endpoint, others[i]))
			return true;
	for (size_t i = 0; i < AU_COUNT(routes); i++) {
		size_t len = 1 + strcspn(routes[i].pattern + 1, "/");

		if (strlen(endpoint) == len && strncasecmp(endpoint, routes[i].pattern, len) == 0)
			return true;
	}
	return type_at(&au_catalog_core, endpoint + 1, false) != NULL ||
	       type_at(&au_catalog_offers, endpoint + 1, true) != NULL;
}

int
au_route_find(struct au_request *r)
{
	const char *path = relative(au_http_path(r->x), r->base_url);
	struct au_str allow = AU_STR_INIT;
	struct segments segments;

	if (cut(r->arena, path, &segments, &r->fault) != 0)
		return AU_EINVAL;
	for (size_t i = 0; i < AU_COUNT(routes); i++) {
		if (!matches(r, &routes[i], &segments))
			continue;
		if (allows(&routes[i], au_http_method(r->x))) {
			r->route = &routes[i];
			au_str_done(&allow);
			return 0;
		}
		au_str_printf(&allow, "%s%s", allow.len > 0 ? ", " : "", routes[i].method);
	}
	if (allow.len == 0)
		return au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "no such endpoint");
	au_http_set(r->x, "Allow", au_str_get(&allow));
	au_str_done(&allow);
	return au_fault_set(&r->fault, AU_FAULT_METHOD, "method %.20s is not allowed here", au_http_method(r->x));
}

int
au_route_resource(struct au_arena *arena, const struct au_catalog *catalog, const char *base_url, const char *path,
    struct au_resource_path *ret, struct au_fault *fault)
{
	const struct au_resource_type *type = NULL;
	struct segments segments;

	if (cut(arena, relative(path, base_url), &segments, fault) != 0)
		return AU_EINVAL;
	if (segments.count > 0)
		type = type_at(catalog, segments.text[0], false);
	if (type == NULL)
		return au_fault_set(fault, AU_FAULT_NOT_FOUND, "'path': '%.100s' is no endpoint of resources", path);
	*ret = (struct au_resource_path){ type, segments.count > 1 ? segments.text[1] : NULL };
	return 0;
}
