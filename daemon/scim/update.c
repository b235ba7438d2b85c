/* SPDX-License-Identifier: ISC */
/* PUT and PATCH (RFC 7644 section 3.5): what was, what shall be, and whether they differ. */
#include "scim/change.h"

#include "base/json.h"
#include "scim/fact.h"
#include "scim/index.h"
#include "scim/members.h"
#include "scim/render.h"
#include "store/fact.h"
#include "store/resource.h"

#include <string.h>

/* Above this many members the answer to a PATCH is 204, unless attributes are asked for: adding one stays cheap. */
#define BIG_GROUP 1000

/* ---- both ---- */

struct update {
	const struct au_member_change *members;
	size_t member_count;
	const char *verb;
};

/* What the document tells others, when it is another one. */
static int
write_values(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	const struct au_revision *revision = &r->revision;
	int rc;

	if (revision->same)
		return 0;
	rc = au_index_put(tx, r->arena, r->type, &revision->is, revision->old, revision->doc, err);
	return rc == 0 ? au_fact_put(tx, r, &revision->is, revision->old, revision->doc, err) : rc;
}

/* Nothing moves when nothing changed: neither version nor lastModified, and no facts.  *ret is the resource then. */
static int
write_update(struct au_store_tx *tx, struct au_request *r, const struct update *update, const struct au_resource **ret,
    struct au_err *err)
{
	const struct au_revision *revision = &r->revision;
	struct au_members_count count;
	/* members first: they tell whether they changed */
	int rc = au_members_apply(
	    tx, r, r->id, update->members, update->member_count, au_change_members(r->type), &count, err);

	*ret = &revision->was;
	if (rc != 0 || (revision->same && count.added == 0 && count.removed == 0))
		return rc;
	*ret = &revision->is;
	rc = au_store_resource_update(tx, &revision->was, &revision->is, err);
	if (rc == 0)
		rc = write_values(tx, r, err);
	if (rc == 0)
		rc = au_change_audit(tx, r, update->verb, &revision->is, count.added, count.removed, err);
	return rc;
}

/* ---- PUT ---- */

/* The body says nothing of members, and the client is known not to mean "none" by that. */
static bool
keeps_members(const struct au_request *r)
{
	return r->checked.members == NULL && au_profile_has(r->profile, AU_QUIRK_KEEP_MEMBERS);
}

int
au_change_replace(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *nobody = json_array();
	struct au_member_change members = { .op = AU_MEMBERS_REPLACE,
		.elements = r->checked.members != NULL ? r->checked.members : nobody };
	struct update update = { &members, 0, "resource.replace" };
	const struct au_resource *now;
	int rc = au_revision_settle(tx, r, err);

	if (rc != 0)
		return rc;
	update.member_count = au_change_members(r->type) != NULL && !keeps_members(r);
	rc = write_update(tx, r, &update, &now, err);
	return rc == 0 ? au_render_reply(tx, r, 200, now, err) : rc;
}

/* ---- PATCH ---- */

/* RFC 7240; asking for attributes asks for a body (RFC 7644 section 3.5.2). */
static bool
wants_minimal(const struct au_request *r)
{
	return r->prefer != NULL && strcasestr(r->prefer, "return=minimal") != NULL &&
	       r->query.mode == AU_PROJECT_DEFAULT;
}

/* Whether the answer does without the group: it is big, or the client wants none. */
static int
is_brief(struct au_store_tx *tx, struct au_request *r, bool *ret, struct au_err *err)
{
	bool may = au_change_members(r->type) != NULL && r->query.mode == AU_PROJECT_DEFAULT;
	bool always = au_profile_has(r->profile, AU_QUIRK_BRIEF_GROUPS);
	long long count = 0;
	int rc = may && !always ? au_store_member_count(tx, r->client, r->id, &count, err) : 0;

	*ret = may && (always || count > BIG_GROUP);
	return rc;
}

static int
patch_reply(struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, struct au_err *err)
{
	bool brief;
	int rc = is_brief(tx, r, &brief, err);

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

int
au_change_patch(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct update update = { r->patch.members, r->patch.member_count, "resource.patch" };
	const struct au_resource *now;
	int rc = au_revision_settle(tx, r, err);

	if (rc == 0)
		rc = write_update(tx, r, &update, &now, err);
	return rc == 0 ? patch_reply(tx, r, now, err) : rc;
}
