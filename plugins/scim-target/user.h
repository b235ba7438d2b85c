/* SPDX-License-Identifier: ISC */
/* A User resource (RFC 7643 section 4.1), as an account and back. */
#ifndef SC_USER_H
#define SC_USER_H

#include "scim-target/session.h"

/*
 * An account whose texts are in the arena.  groups: ids of the user's groups (array), or NULL when they are not known;
 * then, and when another kind of rights that is managed cannot be read, the rights are NULL.
 * AU_EPROTO: it has no id or no userName.
 */
int sc_user_to_account(const struct au_session *session, struct au_arena *arena, const json_t *user,
    const json_t *groups, struct au_target_account *ret, struct au_err *err);

/* The body of a create; it may hold a secret. */
json_t *sc_user_for_create(const struct au_session *session, const struct au_target_account *want);
/* Names, mail and mark that are not NULL. */
void sc_user_set_profile(const struct au_session *session, json_t *user, const struct au_target_account *want);
/* A list of values (RFC 7643 section 2.4) such as `roles`: those that stay keep what else they hold. */
void sc_user_set_values(json_t *user, const char *attribute, const json_t *values);

#endif
