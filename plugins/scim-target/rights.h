/* SPDX-License-Identifier: ISC */
/*
 * Rights of a user in their one canonical form:
 *
 *   {"entitlements":["api"],"groups":["9f1c..."],"roles":["viewer"]}
 *
 * ids of groups, values of roles and entitlements; sorted, nothing twice; only the kinds that option `managed` names,
 * and without the groups that the service fills by itself.
 */
#ifndef SC_RIGHTS_H
#define SC_RIGHTS_H

#include "scim-target/session.h"

/* The canonical text of a User resource whose groups are these; NULL when not all of it is known.  Caller frees. */
char *sc_rights_of_user(const struct au_session *session, const json_t *user, const json_t *groups);
/* Canonical rights as an object, in *ret.  AU_EBUG when the text is not that. */
int sc_rights_parse(const char *rights, json_t **ret, struct au_err *err);
/* Whether a list of the object has the text. */
bool sc_rights_has(const json_t *list, const char *text);
/* A template's rights made canonical; names of groups are looked up.  AU_EINVAL names what is unknown. */
int sc_rights_resolve(
    struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);

#endif
