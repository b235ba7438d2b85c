/* SPDX-License-Identifier: ISC */
/* One resource: reading it, and sending it back changed, by PATCH of what differs or by PUT of the whole. */
#ifndef SC_RESOURCE_H
#define SC_RESOURCE_H

#include "scim-target/session.h"

struct sc_resource {
	json_t *json;
	char *id;
	char etag[AU_HTTP_ETAG]; /* for If-Match; empty: none, or the service does not heed it */
};

/* GET it.  AU_ENOENT; AU_EPROTO when the answer is not the resource of that id. */
int sc_resource_fetch(
    struct au_session *session, const char *endpoint, const char *id, struct sc_resource *ret, struct au_err *err);
void sc_resource_done(struct sc_resource *resource); /* wipes */

/* PUT a body in its place, without what only the service writes, unless it was changed meanwhile (AU_ETEMP). */
int sc_resource_put(
    struct au_session *session, const char *endpoint, const struct sc_resource *was, json_t *body, struct au_err *err);
/* The same by the way that the service has; nothing is sent when nothing differs.  body may hold a secret. */
int sc_resource_update(
    struct au_session *session, const char *endpoint, const struct sc_resource *was, json_t *body, struct au_err *err);

/* What the service has, or an option says that it has. */
bool sc_resource_patches(const struct au_session *session);
bool sc_resource_filters(const struct au_session *session);

#endif
