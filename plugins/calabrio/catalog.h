/* SPDX-License-Identifier: ISC */
/*
 * Names and ids of roles, views, teams, groups and the tenant.  Teams and groups can be listed; roles and views are
 * learnt from the persons that hold them, beginning with the plugin's own log-in, unless the tenant's map has a call.
 */
#ifndef CA_CATALOG_H
#define CA_CATALOG_H

#include "calabrio/session.h"

enum ca_kind { CA_KIND_ROLE, CA_KIND_VIEW, CA_KIND_TEAM, CA_KIND_GROUP };

/* Keep what a person object tells of its roles, views and tenant. */
void ca_catalog_learn(struct au_session *session, const json_t *person);
/* Have everything that can be had. */
int ca_catalog_fill(struct au_session *session, struct au_err *err);
/* The object of that id, or NULL. */
const json_t *ca_catalog_get(const struct au_session *session, enum ca_kind kind, long long id);
/* The id of that name, or of "#ID".  AU_EINVAL: unknown, or several have the name. */
int ca_catalog_find(
    const struct au_session *session, enum ca_kind kind, const char *name, long long *ret, struct au_err *err);
/* The default system administrator role, by its flag: it may have been renamed (CA-R12). */
int ca_catalog_administrator(const struct au_session *session, long long *ret, struct au_err *err);
bool ca_catalog_is_administrator(const struct au_session *session, long long role);

#endif
