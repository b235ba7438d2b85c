/* SPDX-License-Identifier: ISC */
/*
 * Attributes by which resources are found without reading the others: rows of the schemas with the flag `indexed`.
 * The store keeps some of them as columns; the values of the rest are rows of its index, which this keeps in step.
 */
#ifndef SCIM_INDEX_H
#define SCIM_INDEX_H

#include "model/resource.h"
#include "scim/attr_path.h"
#include "scim/service.h"
#include "store/resource_index.h"

/* Which order of the store has the values of an attribute; false: none has, or it is not complete yet.  On the loop
 * thread, since settings may change what is indexed. */
bool au_index_order(const struct au_scim *scim, const struct au_resource_type *type, const struct au_attr_path *path,
    enum au_resource_order *ret);
/* The attribute's name in the index, in the arena: "emails.value", with the URN of its extension in front; behind it
 * "=" when letter case matters, and "!" when there is one value at most.  Of those every resource has a place in the
 * order, with AU_TEXT_NONE when it has no value. */
const char *au_index_name(struct au_arena *arena, const struct au_attr_path *path);

/* Bring the index from one document to another; NULL = none, before the resource and after it.  For work functions. */
int au_index_put(struct au_store_tx *tx, struct au_arena *arena, const struct au_resource_type *type,
    const struct au_resource *resource, const json_t *was, const json_t *is, struct au_err *err);

/* See which attributes are indexed by now, and fill the index for the others bit by bit.  At the start and whenever
 * the catalog has changed.  On the loop thread. */
void au_index_fill(struct au_scim *scim);

#endif
