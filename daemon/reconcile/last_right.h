/* SPDX-License-Identifier: ISC */
/* What a product demands of accounts together (AU_RULE_ADMIN, AU_RULE_EACH), as checks of au_last_guards. */
#ifndef RECONCILE_LAST_RIGHT_H
#define RECONCILE_LAST_RIGHT_H

#include "reconcile/last.h"

int au_last_check_admin(const struct au_last_case *c, const char **ret_why, struct au_err *err);
int au_last_check_each(const struct au_last_case *c, const char **ret_why, struct au_err *err);

#endif
