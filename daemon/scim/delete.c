/* SPDX-License-Identifier: ISC */
/* DELETE (RFC 7644 section 3.6): the resource, its facts and its memberships go; its id never comes again. */
#include "scim/change.h"

#include "base/json.h"
#include "scim/fact.h"
#include "scim/index.h"
#include "store/fact.h"
#include "store/resource.h"

/* Groups that hold the resource have changed with its going. */
static int
touch_groups(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct au_entry *groups;
	size_t count;
	int rc = au_store_member_groups(tx, r->arena, r->client, r->id, &groups, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (!au_grant_is(groups[i].id))
			rc = au_change_touch(tx, r, groups[i].id, err);
	return rc;
}

/* What was made from the document goes with it. */
static int
forget(struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *doc = json_loads(resource->doc, 0, NULL);
	int rc;

	if (doc == NULL)
		return au_fail(err, AU_EBUG, "resource '%s': its document is not JSON", r->id);
	rc = au_index_put(tx, r->arena, r->type, resource, doc, NULL, err);
	if (rc == 0)
		rc = au_store_resource_delete(tx, r->client, r->type->name, r->id, err);
	return rc == 0 ? au_fact_remove(tx, r, r->id, doc, err) : rc;
}

int
au_change_delete(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct au_resource resource;
	int rc = au_change_load(tx, r, &resource, err);

	if (rc == 0)
		rc = touch_groups(tx, r, err);
	if (rc == 0)
		rc = forget(tx, r, &resource, err);
	if (rc == 0)
		rc = au_change_audit(tx, r, "resource.delete", &resource, 0, 0, err);
	r->reply.status = 204;
	return rc;
}
