/* SPDX-License-Identifier: ISC */
/*
 * From stored row to answer.  The usual answer is the stored text with groups or members and meta put in front of its
 * last brace: nothing is parsed.  Only a projection costs a parse, and values of configured schemas.
 */
#ifndef SCIM_RENDER_H
#define SCIM_RENDER_H

#include "model/resource.h"
#include "scim/request.h"

/* Append the resource as JSON.  For work functions. */
int au_render(struct au_store_tx *tx, struct au_request *r, const struct au_resource_type *type,
    const struct au_resource *resource, const struct au_projection *projection, struct au_str *out, struct au_err *err);
/* Fill reply: status, body, ETag, Location. */
int au_render_reply(
    struct au_store_tx *tx, struct au_request *r, int status, const struct au_resource *resource, struct au_err *err);
/* Whether the answer is short whatever the resource: it has no list that clients can make as long as they like. */
bool au_render_is_short(const struct au_resource_type *type, const struct au_projection *projection);

/* For filters (au_filter_supply); ctx is this. */
struct au_render_subject {
	struct au_store_tx *tx;
	struct au_request *r;
	const struct au_resource_type *type;
	const struct au_resource *resource;
	struct au_err *err;
	int rc; /* of the first store call that failed */
};
json_t *au_render_supply(void *ctx, const struct au_attr *attr, const char *value);

#endif
