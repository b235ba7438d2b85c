/* SPDX-License-Identifier: ISC */
/* The Control Room's roles, by name (AA-R15: ids differ from one Control Room to the next). */
#ifndef AA_ROLES_H
#define AA_ROLES_H

#include "automation-anywhere/session.h"

/* All roles as a JSON array of their objects.  Caller decrefs. */
int aa_roles_list(struct au_session *session, json_t **ret, struct au_err *err);
/*
 * The id of a role given by name, as "#ID", or as digits when no role has such a name.
 * AU_EINVAL when there is none or the name has several.
 */
int aa_roles_find(const json_t *roles, const char *name, long long *ret_id, struct au_err *err);

#endif
