/* SPDX-License-Identifier: ISC */
/* Documents are parsed, changed and written here, mostly on the loop: it has more time than the thread that writes. */
#include "scim/revision.h"

#include "base/json.h"
#include "scim/change.h"
#include "store/resource.h"

#include <string.h>

#define BIG_DOCUMENT (64 * 1024) /* above it, a document is left to the thread that writes */

void
au_revision_done(struct au_revision *revision)
{
	au_json_decrefp(&revision->old);
	au_json_decrefp(&revision->doc);
	*revision = (struct au_revision){ .doc = NULL };
}

int
au_revision_replace(struct au_request *r, const json_t *old, json_t **ret)
{
	*ret = json_deep_copy(r->checked.doc);
	return au_document_immutable(r->type, old, *ret, &r->fault);
}

int
au_revision_patch(struct au_request *r, const json_t *old, json_t **ret)
{
	*ret = au_patch_copy(&r->patch, old);
	return au_patch_apply(r->arena, r->type, &r->patch, *ret, &r->fault);
}

static int
make(struct au_request *r, const struct au_resource *resource, struct au_err *err)
{
	struct au_revision *revision = &r->revision;

	revision->was = revision->is = *resource;
	revision->old = json_loads(resource->doc, 0, NULL);
	if (revision->old == NULL)
		return au_fail(err, AU_EBUG, "resource '%s': its document is not JSON", r->id);
	if (r->change->revise(r, revision->old, &revision->doc) != 0)
		return AU_EINVAL;
	revision->same = json_equal(revision->old, revision->doc);
	revision->is.version++;
	revision->is.modified_ms = r->now_ms;
	if (!revision->same)
		au_change_columns(r, revision->doc, &revision->is);
	return 0;
}

/* Nothing is left of one that could not be made. */
static int
remake(struct au_request *r, const struct au_resource *resource, struct au_err *err)
{
	int rc;

	au_revision_done(&r->revision);
	rc = make(r, resource, err);
	if (rc != 0)
		au_revision_done(&r->revision);
	return rc;
}

static int
read_anew(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct au_resource resource;
	int rc = au_change_load(tx, r, &resource, err);

	return rc == 0 ? remake(r, &resource, err) : rc;
}

/* What a ready answer has not told; a document that stays has its columns, too. */
static void
complete(struct au_revision *revision, const struct au_resource *head)
{
	const char *old_text = revision->was.doc, *text = revision->is.doc;
	const char *name_fold = revision->is.name_fold, *external_id = revision->is.external_id;
	long long modified_ms = revision->is.modified_ms;

	revision->was = revision->is = *head;
	revision->was.doc = old_text;
	revision->is.doc = text;
	revision->is.version++;
	revision->is.modified_ms = modified_ms;
	if (revision->same)
		return;
	revision->is.name_fold = name_fold;
	revision->is.external_id = external_id;
}

int
au_revision_settle(struct au_store_tx *tx, struct au_request *r, struct au_err *err)
{
	struct au_resource head;
	int rc;

	if (r->revision.doc == NULL)
		return read_anew(tx, r, err);
	rc = au_change_look(tx, r, &head, err);
	if (rc != 0)
		return rc;
	/* an id never comes again, so the version says it all */
	if (head.version != r->revision.was.version)
		return read_anew(tx, r, err);
	complete(&r->revision, &head);
	return 0;
}

int
au_revision_ahead(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_request *r = arg;
	struct au_resource resource;
	int rc = au_change_load(tx, r, &resource, err);

	if (rc == 0 && (r->is_big || strlen(resource.doc) <= BIG_DOCUMENT))
		remake(r, &resource, err);
	return 0;
}

bool
au_revision_from_cache(struct au_request *r)
{
	struct au_resource resource = { .id = r->id, .client = r->client, .type = r->type->name };
	struct au_err err;

	return au_cache_document(r, &resource.doc, &resource.version) && strlen(resource.doc) <= BIG_DOCUMENT &&
	       remake(r, &resource, &err) == 0;
}
