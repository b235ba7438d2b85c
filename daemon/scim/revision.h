/* SPDX-License-Identifier: ISC */
/*
 * What PUT or PATCH makes of a resource: what was, what shall be, and whether they differ.  It follows from the request
 * and from the resource's version alone, so most of the work is done before the store's writer has its turn; the writer
 * only asks whether the version is still the same, and makes the revision anew where it is not.
 */
#ifndef SCIM_REVISION_H
#define SCIM_REVISION_H

#include "base/err.h"
#include "model/resource.h"

#include <jansson.h>
#include <stdbool.h>

struct au_request;
struct au_store_tx;

struct au_revision {
	struct au_resource was,
	    is; /* in the request's arena and in doc; until it is settled, some columns are unknown */
	json_t *old, *doc;          /* owned; NULL: nothing was made */
	bool same;                  /* the document stays as it is; version and time move only if members do */
};

/* For the transaction that writes: what was made before if it still holds, else made anew.  404, 412, and what the
 * change itself is refused for. */
int au_revision_settle(struct au_store_tx *tx, struct au_request *r, struct au_err *err);
/* Work on a request whose body was read: make one ahead.  Never fails: what cannot be made, and what is too long for
 * the loop, is left to au_revision_settle. */
int au_revision_ahead(struct au_store_tx *tx, void *request, struct au_err *err);
/* The same from what a ready answer tells of the resource, without asking the store; on the loop. */
bool au_revision_from_cache(struct au_request *r);
void au_revision_done(struct au_revision *revision);

/* The ways to make the new document: PUT keeps what is immutable, PATCH changes a copy.  *ret is the caller's, even
 * after a failure. */
typedef int au_revise(struct au_request *r, const json_t *old, json_t **ret);
au_revise au_revision_replace, au_revision_patch;

#endif
