/* SPDX-License-Identifier: ISC */
/*
 * POST, PUT and PATCH (RFC 7644 sections 3.3, 3.5).  Each is one write transaction that reads the resource itself, so
 * requests that come at the same time follow each other, and the loser of a race for a name gets its 409.
 */
#include "scim/change.h"

#include "base/json.h"
#include "base/rand.h"
#include "base/text.h"
#include "scim/fact.h"
#include "scim/members.h"
#include "scim/render.h"
#include "scim/route.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/resource.h"

#include <string.h>

/* Above this many members the answer to a PATCH is 204, unless attributes are asked for: adding one stays cheap. */
#define BIG_GROUP 1000

/* ---- shared ---- */

int
au_change_load(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err)
{
	const char *wanted = au_http_header(r->x, "If-Match");
	int rc = au_store_resource_get(tx, r->arena, r->client, r->type->name, r->id, ret, err);

	if (rc == AU_ENOENT)
		return au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "%s '%.100s' does not exist", r->type->name, r->id);
	if (rc == 0 && wanted != NULL && !au_etag_matches(wanted, ret->version))
		return au_fault_set(&r->fault, AU_FAULT_PRECONDITION,
		    "the resource has changed; its version is W/\"%lld\"", ret->version);
	return rc;
}

int
au_change_audit(struct au_store_tx *tx, struct au_request *r, const char *verb, const struct au_resource *resource,
    long long added, long long removed, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	const char *actor = au_arena_printf(r->arena, "scim:%s", r->client);

	au_json_set_str(detail, "type", resource->type);
	au_json_set_int(detail, "version", resource->version);
	if (added > 0)
		au_json_set_int(detail, "members_added", added);
	if (removed > 0)
		au_json_set_int(detail, "members_removed", removed);
	if (r->checked.unknown + r->patch.unknown > 0)
		au_json_set_int(
		    detail, "attributes_ignored", (long long)r->checked.unknown + (long long)r->patch.unknown);
	r->changed = true;
	return au_store_audit(tx, r->now_ms, actor, verb, resource->id, detail, err);
}

int
au_change_touch(struct au_store_tx *tx, struct au_request *r, const char *group_id, struct au_err *err)
{
	struct au_resource group;
	int rc = au_store_resource_get(tx, r->arena, r->client, au_type_group.name, group_id, &group, err);

	if (rc != 0)
		return rc;
	group.version++;
	group.modified_ms = r->now_ms;
	return au_store_resource_update(tx, &group, err);
}

/* The columns that follow from the document. */
static void
set_columns(struct au_request *r, const json_t *doc, struct au_resource *resource)
{
	AU_CLEANUP(au_freep) char *text = au_json_text(doc);
	const char *name = au_json_get_str(doc, r->type->name_attr);

	resource->name_fold = name != NULL ? au_text_fold(r->arena, name) : NULL;
	resource->external_id = au_json_get_str(doc, "externalId");
	resource->doc = au_arena_strdup(r->arena, text);
}

static const struct au_attr *
members_attr(const struct au_resource_type *type)
{
	for (const struct au_attr *attr = type->schema->attrs; attr->name != NULL; attr++)
		if (attr->in_rows && attr->mutability != AU_ATTR_READ_ONLY)
			return attr;
	return NULL;
}

/* ---- POST ---- */

static int
create_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	struct au_member_change members = { .op = AU_MEMBERS_ADD, .elements = r->checked.members };
	struct au_members_count count = { 0, 0 };
	struct au_resource resource = { .id = r->id,
		.client = r->client,
		.type = r->type->name,
		.version = 1,
		.created_ms = r->now_ms,
		.modified_ms = r->now_ms };
	int rc;

	au_request_restart(r);
	set_columns(r, r->checked.doc, &resource);
	rc = au_store_resource_insert(tx, &resource, err);
	if (rc == 0)
		rc = au_fact_put(tx, r, &resource, r->checked.doc, err);
	if (rc == 0 && r->checked.members != NULL)
		rc = au_members_apply(tx, r, r->id, &members, 1, NULL, &count, err);
	if (rc == 0)
		rc = au_change_audit(tx, r, "resource.create", &resource, count.added, 0, err);
	return rc == 0 ? au_render_reply(tx, r, 201, &resource, err) : rc;
}

void
au_create_resource(struct au_request *r)
{
	char id[AU_UUID_SIZE];

	r->id = au_arena_strdup(r->arena, au_uuid_new(id));
	if (au_request_query(r) != 0 || au_request_body(r) != 0 ||
	    au_check_body(r->scim->catalog, r->type, r->id, r->body, &r->checked, &r->fault) != 0)
		au_request_refuse(r);
	else
		au_request_write(r, create_work);
}

/* ---- PUT and PATCH: what was, what shall be, and whether they differ ---- */

struct update {
	struct au_resource resource;
	json_t *was, *doc;
	const struct au_member_change *members;
	size_t member_count;
	const char *verb;
	struct au_members_count count;
};

static void
update_done(struct update *update)
{
	au_json_decrefp(&update->was);
	au_json_decrefp(&update->doc);
}

static int
load(struct au_store_tx *tx, struct au_request *r, struct update *update, struct au_err *err)
{
	int rc = au_change_load(tx, r, &update->resource, err);

	if (rc != 0)
		return rc;
	update->was = json_loads(update->resource.doc, 0, NULL);
	if (update->was == NULL)
		return au_fail(err, AU_EBUG, "resource '%s': its document is not JSON", r->id);
	return 0;
}

/* Nothing moves when nothing changed: neither version nor lastModified, and no facts. */
static int
write_update(struct au_store_tx *tx, struct au_request *r, struct update *update, struct au_err *err)
{
	bool same = json_equal(update->was, update->doc);
	int rc;

	/* members first: they tell whether they changed */
	rc = au_members_apply(
	    tx, r, r->id, update->members, update->member_count, members_attr(r->type), &update->count, err);
	if (rc != 0 || (same && update->count.added == 0 && update->count.removed == 0))
		return rc;
	update->resource.version++;
	update->resource.modified_ms = r->now_ms;
	if (!same)
		set_columns(r, update->doc, &update->resource);
	rc = au_store_resource_update(tx, &update->resource, err);
	if (rc == 0 && !same)
		rc = au_fact_put(tx, r, &update->resource, update->doc, err);
	if (rc == 0)
		rc = au_change_audit(
		    tx, r, update->verb, &update->resource, update->count.added, update->count.removed, err);
	return rc;
}

/* ---- PUT ---- */

static int
replace_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	AU_CLEANUP(update_done) struct update update = { .verb = "resource.replace" };
	AU_CLEANUP(au_json_decrefp) json_t *nobody = json_array();
	struct au_member_change members = { .op = AU_MEMBERS_REPLACE,
		.elements = r->checked.members != NULL ? r->checked.members : nobody };
	int rc;

	au_request_restart(r);
	if ((rc = load(tx, r, &update, err)) != 0)
		return rc;
	update.doc = json_deep_copy(r->checked.doc);
	if (au_document_immutable(r->type, update.was, update.doc, &r->fault) != 0)
		return AU_EINVAL;
	update.members = &members;
	update.member_count = members_attr(r->type) != NULL;
	rc = write_update(tx, r, &update, err);
	return rc == 0 ? au_render_reply(tx, r, 200, &update.resource, err) : rc;
}

void
au_replace_resource(struct au_request *r)
{
	if (au_request_query(r) != 0 || au_request_body(r) != 0 ||
	    au_check_body(r->scim->catalog, r->type, r->id, r->body, &r->checked, &r->fault) != 0)
		au_request_refuse(r);
	else
		au_request_write(r, replace_work);
}

/* ---- PATCH ---- */

/* RFC 7240; asking for attributes asks for a body (RFC 7644 section 3.5.2). */
static bool
wants_minimal(const struct au_request *r)
{
	const char *prefer = au_http_header(r->x, "Prefer");

	return prefer != NULL && strcasestr(prefer, "return=minimal") != NULL && r->query.mode == AU_PROJECT_DEFAULT;
}

static int
is_big(struct au_store_tx *tx, struct au_request *r, bool *ret, struct au_err *err)
{
	long long count = 0;
	int rc = 0;

	if (members_attr(r->type) != NULL && r->query.mode == AU_PROJECT_DEFAULT)
		rc = au_store_member_count(tx, r->client, r->id, &count, err);
	*ret = count > BIG_GROUP;
	return rc;
}

static int
patch_reply(struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, struct au_err *err)
{
	bool brief;
	int rc = is_big(tx, r, &brief, err);

	if (rc != 0)
		return rc;
	r->reply.minimal = wants_minimal(r);
	if (!brief && !r->reply.minimal)
		return au_render_reply(tx, r, 200, resource, err);
	r->reply.status = 204;
	r->reply.location = au_request_location(r, r->type, r->id);
	au_etag(resource->version, r->reply.etag);
	return 0;
}

static int
patch_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	AU_CLEANUP(update_done) struct update update = { .verb = "resource.patch" };
	int rc;

	au_request_restart(r);
	if ((rc = load(tx, r, &update, err)) != 0)
		return rc;
	update.doc = json_deep_copy(update.was);
	if (au_patch_apply(r->arena, r->type, &r->patch, update.doc, &r->fault) != 0)
		return AU_EINVAL;
	update.members = r->patch.members;
	update.member_count = r->patch.member_count;
	rc = write_update(tx, r, &update, err);
	return rc == 0 ? patch_reply(tx, r, &update.resource, err) : rc;
}

void
au_patch_resource(struct au_request *r)
{
	struct au_patch_limits limits = { .max_operations = (size_t)au_values_num(r->settings->scim, "max_operations"),
		.filter = AU_FILTER_LIMITS };

	if (au_request_query(r) != 0 || au_request_body(r) != 0 ||
	    au_patch_parse(r->arena, r->type, &limits, r->body, &r->patch, &r->fault) != 0)
		au_request_refuse(r);
	else
		au_request_write(r, patch_work);
}
