/* SPDX-License-Identifier: ISC */
/*
 * What roles and entitlements a service has, where it tells (draft-ietf-scim-roles-entitlements): /Roles and
 * /Entitlements, whose `value` a user's attribute holds.
 */
#ifndef SC_OFFERS_H
#define SC_OFFERS_H

#include "scim-target/session.h"

/*
 * Values for the names of a template, added to the array `ret`: those that the endpoint lists, given by value, by name,
 * or by id as "#ID".  endpoint NULL: the service does not tell, so the names are the values.  AU_EINVAL names what the
 * service does not have or does not give, and what is near; word is "role" or "entitlement".
 */
int sc_offers_resolve(struct au_session *session, const char *endpoint, const char *word, const json_t *names,
    json_t *ret, struct au_err *err);

#endif
