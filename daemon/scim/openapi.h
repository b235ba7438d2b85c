/* SPDX-License-Identifier: ISC */
/*
 * The endpoint as OpenAPI 3.1 describes it, made from the routes and from the rows of the schemas, so that it says
 * nothing of its own about either.
 */
#ifndef SCIM_OPENAPI_H
#define SCIM_OPENAPI_H

#include "scim/schema.h"

#define AU_OPENAPI_TYPE "application/vnd.oai.openapi+json;version=3.1"

/* New reference. */
json_t *au_openapi(const struct au_catalog *catalog);

/* For au_openapi: its parts that do not depend on routes.  New references. */
json_t *au_openapi_components(const struct au_catalog *catalog);
json_t *au_openapi_ref(const char *kind, const char *name); /* {"$ref": "#/components/KIND/NAME"} */

#endif
