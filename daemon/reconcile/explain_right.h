/* SPDX-License-Identifier: ISC */
/* One right by its name, as people ask for it.  Pure. */
#ifndef RECONCILE_EXPLAIN_RIGHT_H
#define RECONCILE_EXPLAIN_RIGHT_H

#include "model/rule.h"

/*
 * Whether rights (a JSON object as text; NULL gives false) have it: a member of that name that is neither empty nor
 * false, "MEMBER.VALUE", or a value of any member.
 */
bool au_right_is_in(const char *rights, const char *name);
/* Whether a template gives it, by the names of the configuration or by those of the product. */
bool au_right_is_given(const struct au_template *template, const char *name);
/* Whether an account has it: by name, or because all that a template gives which gives it is there. */
bool au_right_is_there(
    const struct au_template *templates, size_t count, const char *target, const char *rights, const char *name);

#endif
