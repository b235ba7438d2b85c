/* SPDX-License-Identifier: ISC */
/*
 * What POST, PUT, PATCH and DELETE share.  Each is one write transaction that reads the resource itself, so requests
 * that come at the same time follow each other, and the loser of a race for a name gets its 409.
 */
#include "scim/change.h"

#include "base/json.h"
#include "base/rand.h"
#include "base/text.h"
#include "scim/async.h"
#include "scim/detect.h"
#include "scim/route.h"
#include "store/audit.h"
#include "store/resource.h"

#include <string.h>

#define BIG_BODY (64 * 1024) /* above it, a body is read on another thread than the loop's */

/* ---- for work functions ---- */

/* What follows from looking for the resource. */
static int
check_found(struct au_request *r, int rc, const struct au_resource *found)
{
	if (rc == AU_ENOENT)
		return au_fault_set(&r->fault, AU_FAULT_NOT_FOUND, "%s '%.100s' does not exist", r->type->name, r->id);
	if (rc == 0 && r->if_match != NULL && !au_etag_matches(r->if_match, found->version))
		return au_fault_set(&r->fault, AU_FAULT_PRECONDITION,
		    "the resource has changed; its version is W/\"%lld\"", found->version);
	return rc;
}

int
au_change_load(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err)
{
	int rc = au_store_resource_get(tx, r->arena, r->client, r->type->name, r->id, ret, err);

	if (rc == 0)
		ret->in_no_group = false; /* the change may make it a member */
	return check_found(r, rc, ret);
}

int
au_change_look(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err)
{
	int rc = au_store_resource_head(tx, r->arena, r->client, r->type->name, r->id, ret, err);

	return check_found(r, rc, ret);
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
	struct au_resource was, is;
	int rc = au_store_resource_get(tx, r->arena, r->client, au_type_group.name, group_id, &was, err);

	if (rc != 0)
		return rc;
	is = was;
	is.version++;
	is.modified_ms = r->now_ms;
	return au_store_resource_update(tx, &was, &is, err);
}

static void
put_text(struct au_arena *arena, const json_t *doc, const char **ret)
{
	AU_CLEANUP(au_freep) char *text = au_json_text(doc);

	*ret = au_arena_strdup(arena, text);
}

void
au_change_columns(struct au_request *r, const json_t *doc, struct au_resource *resource)
{
	const char *name = r->type->name_attr != NULL ? au_json_get_str(doc, r->type->name_attr) : NULL;

	resource->name_fold = name != NULL ? au_text_fold(r->arena, name) : NULL;
	resource->external_id = au_json_get_str(doc, "externalId");
	if (doc == r->checked.doc && r->checked.text != NULL)
		resource->doc = r->checked.text;
	else
		put_text(r->arena, doc, &resource->doc);
}

const struct au_attr *
au_change_members(const struct au_resource_type *type)
{
	for (const struct au_attr *attr = type->schema->attrs; attr->name != NULL; attr++)
		if (attr->in_rows && attr->mutability != AU_ATTR_READ_ONLY)
			return attr;
	return NULL;
}

/* ---- reading the body ---- */

/* Credentials of API users are made here or by the product: a password of the client's is of no use to anybody. */
static bool
takes_password(const struct au_request *r)
{
	const struct au_block *client = au_settings_client(r->settings, r->client);
	const char *policy = client != NULL ? au_values_str(client->values, "password") : NULL;

	return policy != NULL ? au_streq(policy, "ignore") : au_profile_has(r->profile, AU_QUIRK_PASSWORD);
}

static int
check_password(struct au_request *r)
{
	if (!(r->checked.password || r->patch.password) || takes_password(r))
		return 0;
	return au_fault_set(&r->fault, AU_FAULT_INVALID_VALUE,
	    "attribute 'password': passwords are not taken from this client; send the resource without one");
}

/* Members are rows, each of which costs the store some time in which no other client is served. */
static int
check_members(struct au_request *r)
{
	size_t most = (size_t)au_values_num(r->settings->scim, "max_members");
	size_t count = json_array_size(r->checked.members);

	for (size_t i = 0; i < r->patch.member_count; i++)
		count += json_array_size(r->patch.members[i].elements);
	if (count <= most)
		return 0;
	return au_fault_set(
	    &r->fault, AU_FAULT_TOO_LARGE, "%zu members in one request are more than max_members (%zu)", count, most);
}

static int
check_all(struct au_request *r)
{
	return check_password(r) == 0 ? check_members(r) : AU_EINVAL;
}

static int
read_resource(struct au_request *r)
{
	int rc = au_check_body(r->catalog, r->type, r->profile, r->id, r->body, &r->checked, &r->fault);

	r->projection.wrote_all = true;
	return rc == 0 ? check_all(r) : rc;
}

static int
read_new(struct au_request *r)
{
	char id[AU_UUID_SIZE];
	int rc;

	if (r->id == NULL)
		r->id = au_arena_strdup(r->arena, au_uuid_at(r->now_ms, id));
	rc = read_resource(r);
	/* here, since the thread that writes has the least time of all */
	if (rc == 0)
		put_text(r->arena, r->checked.doc, &r->checked.text);
	return rc;
}

static void
note_written(struct au_request *r)
{
	size_t count = r->patch.change_count;
	struct au_attr_path *written = au_arena_alloc(r->arena, (count + 1) * sizeof *written);

	for (size_t i = 0; i < count; i++)
		written[i] = r->patch.changes[i].target.path;
	r->projection.written = written;
	r->projection.written_count = count;
}

static int
read_patch(struct au_request *r)
{
	struct au_patch_limits limits = { .max_operations = (size_t)au_values_num(r->settings->scim, "max_operations"),
		.filter = au_request_filter_limits(r) };

	if (au_patch_parse(r->arena, r->type, &limits, r->body, &r->patch, &r->fault) != 0)
		return AU_EINVAL;
	note_written(r);
	return check_all(r);
}

/* ---- the four ---- */

static const struct au_change changes[] = {
	{ "POST", read_new, NULL, au_change_create },
	{ "PUT", read_resource, au_revision_replace, au_change_replace },
	{ "PATCH", read_patch, au_revision_patch, au_change_patch },
	{ "DELETE", NULL, NULL, au_change_delete },
};

const struct au_change *
au_change_find(const char *method)
{
	for (size_t i = 0; i < AU_COUNT(changes); i++)
		if (strcmp(changes[i].method, method) == 0)
			return &changes[i];
	return NULL;
}

/* ---- requests of their own ---- */

static int
work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	int rc;

	au_request_restart(r);
	rc = r->change->apply(tx, r, err);
	return rc == 0 && r->txn != NULL ? au_async_settle(tx, r, err) : rc;
}

static int
read_body(struct au_request *r)
{
	if (au_request_parse(r, AU_JSON_DEPTH) != 0)
		return AU_EINVAL;
	/* what was recognised belongs to the loop; smaller bodies tell enough */
	if (!r->is_big)
		au_detect_body(r);
	return r->change->read(r);
}

static int
read_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	int rc = read_body(r);

	return rc == 0 && r->change->revise != NULL ? au_revision_ahead(tx, r, err) : rc;
}

static void
revised(void *arg, int rc, const struct au_err *err)
{
	(void)rc; /* the thread that writes will see for itself */
	(void)err;
	au_request_write(arg, work);
}

static void
read_done(void *arg, int rc, const struct au_err *err)
{
	struct au_request *r = arg;

	if (rc != 0) {
		au_request_store_fault(r, rc, err);
		au_request_refuse(r);
	} else if (r->change->revise != NULL && !r->is_big && !au_revision_from_cache(r)) {
		au_store_read(r->scim->store, AU_READ_POINT, au_revision_ahead, r, revised);
	} else {
		au_request_write(r, work);
	}
}

static bool
is_big(struct au_request *r)
{
	size_t len;

	(void)au_http_body(r->x, &len);
	r->is_big = len > BIG_BODY;
	return r->is_big;
}

void
au_change_resource(struct au_request *r)
{
	r->change = au_change_find(au_http_method(r->x));
	r->if_match = au_http_header(r->x, "If-Match");
	r->prefer = au_http_header(r->x, "Prefer");
	au_async_prepare(r);
	if (r->change->read == NULL)
		au_request_write(r, work);
	else if (au_request_query(r) != 0 || au_request_media_type(r) != 0)
		au_request_refuse(r);
	else if (is_big(r))
		au_store_read(r->scim->store, AU_READ_SCAN, read_work, r, read_done);
	else
		read_done(r, read_body(r), NULL);
}
