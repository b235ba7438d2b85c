/* SPDX-License-Identifier: ISC */
/* A person object of the API, as an account and back. */
#ifndef CA_PERSON_H
#define CA_PERSON_H

#include "calabrio/session.h"

/*
 * Text is in the arena or in the object.  With whole, it is what GET tells; else a row of the list, which does not tell
 * rights, mark and label.  AU_EPROTO when it has no id or no user name.
 */
int ca_person_to_account(const struct au_session *session, struct au_arena *arena, const json_t *person, bool whole,
    struct au_target_account *ret, struct au_err *err);
/* Its id as text in the arena, whichever member tells it; NULL when none does. */
const char *ca_person_id(struct au_arena *arena, const json_t *person);

/* The body of a create, without a password. */
int ca_person_for_create(
    const struct au_session *session, const struct au_target_account *want, json_t **ret, struct au_err *err);
/* The body of an update that changes nothing: everything that was told, but what the product keeps. */
json_t *ca_person_for_update(const json_t *person);
/* Names that are not NULL, and the ownership mark where marks are wanted. */
void ca_person_set_profile(const struct au_session *session, json_t *body, const struct au_target_account *want);
/* From now on; the date of the other state goes. */
void ca_person_set_active(const struct au_session *session, json_t *body, bool active);

#endif
