/* SPDX-License-Identifier: ISC */
/*
 * Rights of a user in their one canonical form:
 *
 *   {"groups":[],"main_view":1,"roles":[1],"team":1,"teams":[12,13],"tenant":false,"views":[1]}
 *
 * ids sorted as numbers, nothing twice.  With "tenant" the product itself adds every team (CA-R10), so then teams and
 * groups are empty.  Where a tenant's API knows no views, "views" and "main_view" are no part of it.
 */
#ifndef CA_RIGHTS_H
#define CA_RIGHTS_H

#include "calabrio/session.h"

/* The canonical text of a person object; NULL when it does not tell all of it.  Caller frees. */
char *ca_rights_of_person(const struct au_session *session, const json_t *person);
/* Put canonical rights into a body for POST or PUT.  AU_EBUG when the text is not canonical rights. */
int ca_rights_into_person(const struct au_session *session, const char *rights, json_t *body, struct au_err *err);
/* The same as an object; NULL likewise. */
json_t *ca_rights_object(const struct au_session *session, const json_t *person);
/* The integers of an array, or the ids of its objects, sorted and each once; NULL when one is neither. */
json_t *ca_rights_ids(const json_t *items);

#endif
