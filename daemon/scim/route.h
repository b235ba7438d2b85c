/* SPDX-License-Identifier: ISC */
/* From method and path to a handler. */
#ifndef SCIM_ROUTE_H
#define SCIM_ROUTE_H

#include "scim/request.h"

typedef void au_route_handler(struct au_request *r);

/* What a route is like, whatever its resource type: how the OpenAPI description puts it (openapi.c). */
enum au_shape {
	AU_SHAPE_CONFIG,
	AU_SHAPE_SCHEMAS,
	AU_SHAPE_SCHEMA,
	AU_SHAPE_TYPES,
	AU_SHAPE_TYPE,
	AU_SHAPE_REFUSED,
	AU_SHAPE_BULK,
	AU_SHAPE_ASYNC,
	AU_SHAPE_LIST,
	AU_SHAPE_SEARCH,
	AU_SHAPE_CREATE,
	AU_SHAPE_READ,
	AU_SHAPE_REPLACE,
	AU_SHAPE_PATCH,
	AU_SHAPE_DELETE,
	AU_SHAPE_OPENAPI,
};

struct au_route {
	const char *method; /* NULL: any */
	const char *pattern;
	enum au_need need; /* of whoever asks, on the type in the path */
	enum au_shape shape;
	au_route_handler *handler;
};

/*
 * Find the row and fill r->route, r->type and r->id.  The base URL's path, "/scim" and "/v2" in front, a final slash
 * and letter case of endpoint names do not matter.  404, or 405 with Allow set on the exchange.
 */
int au_route_find(struct au_request *r);

const struct au_route *au_route_rows(size_t *ret_count);

/* Whether an endpoint ("/Schemas") is one that is built in, or reads like a part of the base URL or of a scope. */
bool au_route_is_taken(const char *endpoint);

/* What a path inside a Bulk names. */
struct au_resource_path {
	const struct au_resource_type *type;
	const char *id; /* decoded; NULL: the endpoint itself */
};
/* "/Users", "/Groups/ID", as tolerant as au_route_find.  404. */
int au_route_resource(struct au_arena *arena, const struct au_catalog *catalog, const char *base_url, const char *path,
    struct au_resource_path *ret, struct au_fault *fault);

/* Handlers, by file. */
au_route_handler au_read_resource;                                          /* read.c */
au_route_handler au_list_resources, au_search_resources;                    /* list.c */
au_route_handler au_change_resource;                                        /* change.c */
au_route_handler au_list_offers, au_search_offers, au_show_offer;           /* offer.c */
au_route_handler au_show_openapi;                                           /* discovery.c */
au_route_handler au_show_provider_config, au_list_schemas, au_show_schema;  /* discovery.c */
au_route_handler au_list_types, au_show_type, au_refuse_me;                 /* discovery.c */
au_route_handler au_bulk;                                                   /* bulk_run.c */
au_route_handler au_show_async;                                             /* async.c */

#endif
