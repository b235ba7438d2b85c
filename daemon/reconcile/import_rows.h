/* SPDX-License-Identifier: ISC */
/* The rows of a list that a person has brought, as accounts.  Pure. */
#ifndef RECONCILE_IMPORT_ROWS_H
#define RECONCILE_IMPORT_ROWS_H

#include "base/mem.h"
#include "settings/settings.h"

#define AU_IMPORT_ROWS 100000

/*
 * Columns are found by name, whatever the case: login, id, active, label, first_name, last_name, mail, or what the
 * target's option import_columns calls them ("login=Username"); others are ignored.  Without id the login stands for
 * it.  What a list does not show is NULL, or -1.  AU_EINVAL names the line: no login, a status that is no status, the
 * same account twice; AU_ELIMIT: too many rows.
 */
int au_import_rows(struct au_arena *arena, const struct au_target_block *target, const char *csv,
    struct au_target_account **ret, size_t *ret_count, struct au_err *err);

#endif
