/* SPDX-License-Identifier: ISC */
/*
 * The operations that change a resource (RFC 7644 sections 3.3, 3.5, 3.6), each a function over a transaction and one
 * au_request that says what to do and takes the outcome: a request of its own, or one operation of a Bulk.
 */
#ifndef SCIM_CHANGE_H
#define SCIM_CHANGE_H

#include "model/resource.h"
#include "scim/request.h"

struct au_change {
	const char *method;
	int (*read)(struct au_request *r); /* r->body into r->checked or r->patch; NULL: there is no body */
	au_revise *revise;                 /* of a resource that is there; NULL: it is made, or goes */
	int (*apply)(struct au_store_tx *tx, struct au_request *r, struct au_err *err);
};
/* By HTTP method, letter by letter; NULL when it changes nothing. */
const struct au_change *au_change_find(const char *method);

/*
 * Carry it out.  r names client, type, id and condition, and holds what `read` made of its body; it was restarted
 * (au_request_restart).  On 0 r->reply is filled; a negative code comes with r->fault or, from the store, with err:
 * whatever was written must then be rolled back.
 */
int au_change_create(struct au_store_tx *tx, struct au_request *r, struct au_err *err);
int au_change_replace(struct au_store_tx *tx, struct au_request *r, struct au_err *err);
int au_change_patch(struct au_store_tx *tx, struct au_request *r, struct au_err *err);
int au_change_delete(struct au_store_tx *tx, struct au_request *r, struct au_err *err);

/* The two halves of creating: new resources that hold each other are all inserted before any is filled. */
int au_create_insert(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err);
int au_create_fill(
    struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, struct au_err *err);

/* ---- what they share ---- */

/* Read the resource of the request and check its condition: 404, 412. */
int au_change_load(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err);
/* The same of all but its document. */
int au_change_look(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err);
/* One row of the audit chain.  verb: "resource.create", ...; added and removed count members. */
int au_change_audit(struct au_store_tx *tx, struct au_request *r, const char *verb, const struct au_resource *resource,
    long long added, long long removed, struct au_err *err);
/* Membership changed by something else than a change of the group: its version moves all the same. */
int au_change_touch(struct au_store_tx *tx, struct au_request *r, const char *group_id, struct au_err *err);
/* The columns that follow from the document; they live in the arena and in doc. */
void au_change_columns(struct au_request *r, const json_t *doc, struct au_resource *resource);
/* The attribute whose values clients write and the store keeps as rows; NULL when the type has none. */
const struct au_attr *au_change_members(const struct au_resource_type *type);

#endif
