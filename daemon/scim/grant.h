/* SPDX-License-Identifier: ISC */
/*
 * The roles and entitlements of a user as facts: memberships in groups that rules can name (model/entry.h).  All values
 * are stated, whether or not a rule is about them today.  For work functions.
 */
#ifndef SCIM_GRANT_H
#define SCIM_GRANT_H

#include "scim/request.h"

/* From one document to another; NULL = none, before the resource and after it.  The user's entry is there. */
int au_grant_put(struct au_store_tx *tx, struct au_request *r, const char *id, const json_t *was, const json_t *is,
    struct au_err *err);

#endif
