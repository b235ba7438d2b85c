/* SPDX-License-Identifier: ISC */
/*
 * Rights of a Control Room user in their one canonical form:
 *
 *   {"auto_login":true,"license_features":["DEVELOPMENT","RUNTIME"],"roles":[2,13]}
 *
 * features sorted as text, role ids sorted as numbers, nothing twice.  What the
 * server adds by itself (sysAssignedRoles) is no part of it (AA-R12).
 */
#ifndef AA_RIGHTS_H
#define AA_RIGHTS_H

#include "automation-anywhere/session.h"

/* The canonical text of a user object of the API; NULL when it does not tell all of it.  Caller frees. */
char *aa_rights_of_user(const json_t *user);
/* Put canonical rights into a user object for POST or PUT.  AU_EBUG when the text is not canonical rights. */
int aa_rights_into_user(const char *rights, json_t *user, struct au_err *err);
/* A template's rights made canonical; role names are looked up at the Control Room.  AU_EINVAL names what is unknown.
 */
int aa_rights_resolve(
    struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);

#endif
