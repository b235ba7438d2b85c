/* SPDX-License-Identifier: ISC */
/* meta, groups and members are written as text; whoever needs them as values parses that text. */
#include "scim/render.h"

#include "base/json.h"
#include "base/when.h"
#include "scim/account.h"
#include "scim/members.h"

#include <string.h>

#define META_ROOM 512 /* of meta and what else is put behind a document, mostly */

static void
put_meta(
    struct au_request *r, const struct au_resource_type *type, const struct au_resource *resource, struct au_str *out)
{
	char created[AU_WHEN_SIZE], modified[AU_WHEN_SIZE];

	au_str_put(out, "{\"resourceType\":");
	au_str_json(out, type->name);
	au_str_put(out, ",\"created\":\"");
	au_str_put(out, au_when_format(resource->created_ms, created));
	au_str_put(out, "\",\"lastModified\":\"");
	au_str_put(out, au_when_format(resource->modified_ms, modified));
	au_str_put(out, "\",\"location\":");
	au_str_json(out, au_request_location(r, type, resource->id));
	au_str_put(out, ",\"version\":");
	au_etag_json(out, resource->version);
	au_str_putc(out, '}');
}

/* Lists kept as rows: what clients write (members) and what follows from it (groups). */
static int
put_rows(struct au_store_tx *tx, struct au_request *r, const struct au_attr *attr, const struct au_resource *resource,
    struct au_str *out, struct au_err *err)
{
	if (attr->mutability != AU_ATTR_READ_ONLY)
		return au_members_put(tx, r, resource->id, out, err);
	if (!resource->in_no_group)
		return au_members_put_groups(tx, r, resource->id, out, err);
	au_str_put(out, "[]");
	return 0;
}

/* Whether a list without elements is shown: that of an empty group may say so, others are unassigned and left out. */
static bool
shows_empty(const struct au_request *r, const struct au_attr *attr)
{
	return attr->mutability != AU_ATTR_READ_ONLY && au_profile_has(r->profile, AU_QUIRK_EMPTY_MEMBERS);
}

static int
put_row_attrs(struct au_store_tx *tx, struct au_request *r, const struct au_resource_type *type,
    const struct au_resource *resource, const struct au_projection *projection, struct au_str *out, struct au_err *err)
{
	for (const struct au_attr *attr = type->schema->attrs; attr->name != NULL; attr++) {
		size_t before = out->len, start;
		int rc;

		if (!attr->in_rows || !au_projection_wants(projection, attr))
			continue;
		au_str_put(out, ",\"");
		au_str_put(out, attr->name);
		au_str_put(out, "\":");
		start = out->len;
		if ((rc = put_rows(tx, r, attr, resource, out, err)) != 0)
			return rc;
		if (out->len - start == 2 && !shows_empty(r, attr)) {
			out->len = before;
			out->data[before] = '\0';
		}
	}
	return 0;
}

/* The extension that is made from accounts; nothing for a user without any. */
static int
put_accounts(struct au_store_tx *tx, struct au_request *r, const struct au_resource_type *type, const char *id,
    const struct au_projection *projection, struct au_str *out, struct au_err *err)
{
	size_t count = 0;
	int rc;

	if (type->kind != AU_TYPE_USER || !au_account_is_shown(r) ||
	    !au_projection_wants_of(projection, &au_schema_account, au_schema_account.attrs))
		return 0;
	au_str_put(out, ",\"");
	au_str_put(out, au_schema_account.id);
	au_str_put(out, "\":{\"accounts\":");
	rc = au_account_put(tx, r, id, out, &count, err);
	au_str_putc(out, '}');
	if (rc != 0 || count == 0)
		au_str_done(out);
	return rc;
}

/* The document without its last brace.  `schemas` stands first in it; it gets the extension's URN where there is one.
 */
static void
put_document(const char *doc, bool with_accounts, struct au_str *out)
{
	const char *end = with_accounts ? strchr(doc, ']') : doc;

	au_str_putn(out, doc, (size_t)(end - doc));
	if (with_accounts) {
		au_str_put(out, ",\"");
		au_str_put(out, au_schema_account.id);
		au_str_putc(out, '"');
	}
	au_str_putn(out, end, strlen(end) - 1);
}

static const struct au_attr *
meta_attr(void)
{
	return au_attr_find(au_common_attrs, "meta", 4);
}

static int
splice(struct au_store_tx *tx, struct au_request *r, const struct au_resource_type *type,
    const struct au_resource *resource, const struct au_projection *projection, struct au_str *out, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str accounts = AU_STR_INIT;
	int rc = put_accounts(tx, r, type, resource->id, projection, &accounts, err);

	if (rc != 0)
		return rc;
	au_str_room(out, strlen(resource->doc) + accounts.len + META_ROOM);
	put_document(resource->doc, accounts.len > 0, out);
	r->reply.doc_len = accounts.len > 0 ? 0 : strlen(resource->doc) - 1;
	au_str_putn(out, au_str_get(&accounts), accounts.len);
	if ((rc = put_row_attrs(tx, r, type, resource, projection, out, err)) != 0)
		return rc;
	if (au_projection_wants(projection, meta_attr())) {
		au_str_put(out, ",\"meta\":");
		put_meta(r, type, resource, out);
	}
	au_str_putc(out, '}');
	return 0;
}

/* Whether the projection says nothing about what the stored document itself holds. */
static bool
is_plain(const struct au_projection *projection)
{
	if (projection->mode == AU_PROJECT_ONLY)
		return false;
	for (size_t i = 0; i < projection->count; i++) {
		const struct au_attr_path *path = &projection->paths[i];

		if (path->attr == NULL || path->sub != NULL || !(path->attr->in_rows || path->attr == meta_attr()))
			return false;
	}
	return true;
}

int
au_render(struct au_store_tx *tx, struct au_request *r, const struct au_resource_type *type,
    const struct au_resource *resource, const struct au_projection *projection, struct au_str *out, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *whole = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *part = NULL;
	AU_CLEANUP(au_freep) char *part_text = NULL;
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	int rc;

	if (is_plain(projection) && au_document_is_built_in(type, resource->doc))
		return splice(tx, r, type, resource, projection, out, err);
	if ((rc = splice(tx, r, type, resource, projection, &text, err)) != 0)
		return rc;
	r->reply.doc_len = 0;
	whole = json_loadb(text.data, text.len, 0, NULL);
	if (whole == NULL)
		return au_fail(err, AU_EBUG, "resource '%s': its document is not JSON", resource->id);
	part = au_projection_apply(projection, type, whole);
	part_text = au_json_text(part);
	au_str_put(out, part_text);
	return 0;
}

int
au_render_reply(
    struct au_store_tx *tx, struct au_request *r, int status, const struct au_resource *resource, struct au_err *err)
{
	r->reply.status = status;
	au_etag(resource->version, r->reply.etag);
	r->reply.location = au_request_location(r, r->type, resource->id);
	if (r->brief)
		return 0;
	return au_render(tx, r, r->type, resource, &r->projection, &r->reply.body, err);
}

bool
au_render_is_short(const struct au_resource_type *type, const struct au_projection *projection)
{
	for (const struct au_attr *attr = type->schema->attrs; attr->name != NULL; attr++)
		if (attr->in_rows && attr->mutability != AU_ATTR_READ_ONLY && au_projection_wants(projection, attr))
			return false;
	return true;
}

json_t *
au_render_supply(void *ctx, const struct au_attr *attr, const char *value)
{
	struct au_render_subject *s = ctx;
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	size_t count;
	int rc = 0;

	if (attr == meta_attr())
		put_meta(s->r, s->type, s->resource, &text);
	else if (attr == au_schema_account.attrs && !au_account_is_shown(s->r))
		return NULL;
	else if (attr == au_schema_account.attrs)
		rc = au_account_put(s->tx, s->r, s->resource->id, &text, &count, s->err);
	else if (attr->in_rows && attr->mutability != AU_ATTR_READ_ONLY && value != NULL)
		rc = au_members_put_one(s->tx, s->r, s->resource->id, value, &text, s->err);
	else if (attr->in_rows)
		rc = put_rows(s->tx, s->r, attr, s->resource, &text, s->err);
	else
		return NULL;
	if (rc != 0 && s->rc == 0)
		s->rc = rc;
	return rc == 0 ? json_loadb(text.data, text.len, 0, NULL) : NULL;
}
