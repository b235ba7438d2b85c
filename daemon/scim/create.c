/* SPDX-License-Identifier: ISC */
/* POST (RFC 7644 section 3.3): the id was made before, so that the work may run twice. */
#include "scim/change.h"

#include "scim/fact.h"
#include "scim/index.h"
#include "scim/members.h"
#include "scim/render.h"
#include "store/resource.h"

int
au_create_insert(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err)
{
	struct au_resource resource = { .id = r->id,
		.client = r->client,
		.type = r->type->name,
		.version = 1,
		.created_ms = r->now_ms,
		.modified_ms = r->now_ms };
	int rc;

	au_change_columns(r, r->checked.doc, &resource);
	rc = au_store_resource_insert(tx, &resource, err);
	if (rc == 0)
		rc = au_index_put(tx, r->arena, r->type, &resource, NULL, r->checked.doc, err);
	if (rc == 0)
		rc = au_fact_put(tx, r, &resource, NULL, r->checked.doc, err);
	if (rc == 0)
		*ret = resource;
	return rc;
}

int
au_create_fill(struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, struct au_err *err)
{
	struct au_member_change members = { .op = AU_MEMBERS_ADD, .elements = r->checked.members };
	struct au_members_count count = { 0, 0 };
	int rc = 0;

	if (r->checked.members != NULL)
		rc = au_members_apply(tx, r, r->id, &members, 1, NULL, &count, err);
	if (rc == 0)
		rc = au_change_audit(tx, r, "resource.create", resource, count.added, 0, err);
	return rc == 0 ? au_render_reply(tx, r, 201, resource, err) : rc;
}

int
au_change_create(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct au_resource resource;
	int rc = au_create_insert(tx, r, &resource, err);

	return rc == 0 ? au_create_fill(tx, r, &resource, err) : rc;
}
