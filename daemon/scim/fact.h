/* SPDX-License-Identifier: ISC */
/* What a resource says about a person or group, stated as a fact of its client.  For work functions. */
#ifndef SCIM_FACT_H
#define SCIM_FACT_H

#include "model/resource.h"
#include "scim/request.h"

/*
 * Insert or change the entry that belongs to a resource, and what a user is granted; `was` is the document before, NULL
 * for a new resource.  The client is a source from its first entry on.
 */
int au_fact_put(struct au_store_tx *tx, struct au_request *r, const struct au_resource *resource, const json_t *was,
    const json_t *doc, struct au_err *err);
/* Remove it with its memberships. */
int au_fact_remove(struct au_store_tx *tx, struct au_request *r, const char *id, const json_t *doc, struct au_err *err);

#endif
