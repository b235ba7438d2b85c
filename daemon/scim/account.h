/* SPDX-License-Identifier: ISC */
/*
 * The state of a user's accounts in targets, as the read-only extension "Account" shows it.  Like `groups` it follows
 * from elsewhere, so a user's version does not move with it.  For work functions.
 */
#ifndef SCIM_ACCOUNT_H
#define SCIM_ACCOUNT_H

#include "scim/request.h"

/* Append a JSON array with the accounts of the API user that this user is part of; *ret_count: how many. */
int au_account_put(struct au_store_tx *tx, struct au_request *r, const char *user_id, struct au_str *out,
    size_t *ret_count, struct au_err *err);
/* Whether this client may see it, by its option. */
bool au_account_is_shown(const struct au_request *r);

#endif
