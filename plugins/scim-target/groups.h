/* SPDX-License-Identifier: ISC */
/* Groups (RFC 7643 section 4.2): their names, who is in which, and changing that.  A user's own `groups` is read only.
 */
#ifndef SC_GROUPS_H
#define SC_GROUPS_H

#include "scim-target/session.h"

/* Who is in which group, read from the groups themselves. */
struct sc_members;

/*
 * Read it, where memberships are read from groups; where users tell them, *ret is NULL.  The service must have been
 * asked what it supports.
 */
int sc_members_read(struct au_session *session, struct sc_members **ret, struct au_err *err);
void sc_members_freep(struct sc_members **members);
/* Ids of a user's groups, direct ones, without those that the service fills by itself; a new array. */
json_t *sc_groups_of(const struct au_session *session, const struct sc_members *members, const json_t *user);

/* The id of a group given by name, or as "#ID".  AU_EINVAL when there is none or the name has several.  Caller frees.
 */
int sc_groups_resolve(struct au_session *session, const char *name, char **ret_id, struct au_err *err);
/* Take a user out of those groups of `is` that are not in `want`, then put it into those that are missing. */
int sc_groups_change(
    struct au_session *session, const char *user_id, const json_t *is, const json_t *want, struct au_err *err);

#endif
