/* SPDX-License-Identifier: ISC */
/* Who may do what at the control socket. */
#ifndef CONTROL_ROLE_H
#define CONTROL_ROLE_H

#include "base/opt.h"

#include <sys/types.h>

enum au_role { AU_ROLE_NONE = 0, AU_ROLE_VIEWER = 1, AU_ROLE_OPERATOR = 2 }; /* each may do what the ones before may */

struct au_roles;

/*
 * Resolve the lists "operators" and "viewers" of the control settings to numbers, so that no name is looked up while
 * somebody waits.  Names that do not exist are given to unknown (may be NULL) and have no effect.
 */
struct au_roles *au_roles_new(
    const struct au_values *control, void (*unknown)(void *ctx, const char *option, const char *name), void *ctx);
void au_roles_free(struct au_roles *roles); /* NULL is fine */
/* The highest role of a user with these groups.  Root and the daemon's own user are operators. */
enum au_role au_role_of(const struct au_roles *roles, uid_t uid, gid_t gid, const gid_t *groups, size_t group_count);
/* The name of a user whom the lists name, root's and that of the daemon's own user; NULL for others. */
const char *au_role_name(const struct au_roles *roles, uid_t uid);

#endif
