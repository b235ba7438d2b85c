/* SPDX-License-Identifier: ISC */
/*
 * GET of one resource (RFC 7644 section 3.4.1).  A user's version tells of the user's own attributes: `groups` follows
 * from the groups, whose versions move instead.
 */
#include "scim/render.h"
#include "scim/route.h"
#include "store/resource.h"

static int
read_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	const char *known = au_http_header(r->x, "If-None-Match");
	struct au_resource resource;
	int rc;

	au_request_restart(r);
	rc = au_store_resource_get(tx, r->arena, r->client, r->type->name, r->id, &resource, err);
	if (rc == AU_ENOENT)
		return au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "%s '%.100s' does not exist", r->type->name, r->id);
	if (rc != 0)
		return rc;
	if (known != NULL && au_etag_matches(known, resource.version)) {
		r->reply.status = 304;
		au_etag(resource.version, r->reply.etag);
		return 0;
	}
	return au_render_reply(tx, r, 200, &resource, err);
}

void
au_read_resource(struct au_request *r)
{
	if (au_cache_answer(r))
		return;
	if (au_request_query(r) != 0) {
		au_request_refuse(r);
		return;
	}
	au_cache_watch(r, AU_STAMP_ID, r->id);
	au_request_read(r, au_render_is_short(r->type, &r->projection) ? AU_READ_POINT : AU_READ_SCAN, read_work);
}
