/* SPDX-License-Identifier: ISC */
/* Memberships, which are rows of the store: shown, and changed one by one.  For work functions. */
#ifndef SCIM_MEMBERS_H
#define SCIM_MEMBERS_H

#include "scim/request.h"

/* Append a JSON array: a group's members, the one of a given id (or none), a member's groups. */
int au_members_put(
    struct au_store_tx *tx, struct au_request *r, const char *group_id, struct au_str *out, struct au_err *err);
int au_members_put_one(struct au_store_tx *tx, struct au_request *r, const char *group_id, const char *member_id,
    struct au_str *out, struct au_err *err);
int au_members_put_groups(
    struct au_store_tx *tx, struct au_request *r, const char *member_id, struct au_str *out, struct au_err *err);

struct au_members_count {
	long long added, removed;
};
/*
 * Carry out changes in order.  A member must be a resource of the same client (invalidValue); removing one that is not
 * there is fine.
 */
int au_members_apply(struct au_store_tx *tx, struct au_request *r, const char *group_id,
    const struct au_member_change *changes, size_t count, const struct au_attr *attr, struct au_members_count *ret,
    struct au_err *err);

#endif
