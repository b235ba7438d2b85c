/* SPDX-License-Identifier: ISC */
/* A user object of the API, as an account and back. */
#ifndef AA_USER_H
#define AA_USER_H

#include "automation-anywhere/session.h"

/* Text is in the arena or in the object.  AU_EPROTO when it has no id or no user name. */
int aa_user_to_account(struct au_arena *arena, const json_t *user, struct au_target_account *ret, struct au_err *err);

/* The body of a create.  Holds the password: wipe it. */
int aa_user_for_create(const struct au_target_account *want, json_t **ret, struct au_err *err);
/*
 * The body of an update that changes nothing: everything in a user object that a client may write, and nothing that
 * the server keeps (AA-R12).  Setters below change it.
 */
json_t *aa_user_for_update(const json_t *user);
/* Names and mail that are not NULL, and the ownership mark. */
void aa_user_set_profile(json_t *body, const struct au_target_account *want);

/* Our mark in a description, lower case, in the arena; NULL when there is none. */
const char *aa_mark_of(struct au_arena *arena, const char *description);

#endif
