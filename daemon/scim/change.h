/* SPDX-License-Identifier: ISC */
/* What the changing handlers share: load, condition, write.  For work functions. */
#ifndef SCIM_CHANGE_H
#define SCIM_CHANGE_H

#include "model/resource.h"
#include "scim/request.h"

/* Read the resource of the request and check If-Match: 404, 412. */
int au_change_load(struct au_store_tx *tx, struct au_request *r, struct au_resource *ret, struct au_err *err);
/* One row of the audit chain.  verb: "resource.create", ...; added and removed count members. */
int au_change_audit(struct au_store_tx *tx, struct au_request *r, const char *verb, const struct au_resource *resource,
    long long added, long long removed, struct au_err *err);
/* Membership changed by something else than a change of the group: its version moves all the same. */
int au_change_touch(struct au_store_tx *tx, struct au_request *r, const char *group_id, struct au_err *err);

#endif
