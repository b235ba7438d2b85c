/* SPDX-License-Identifier: ISC */
/* What happens to memberships when entries move; the public calls on members are in fact.h. */
#ifndef STORE_MEMBER_H
#define STORE_MEMBER_H

#include "store/dirty.h"

/* An entry has that DN from now on: memberships waiting for the DN get its id.  *ret_resolved: how many. */
int au_member_resolve(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm,
    long long *ret_resolved, struct au_err *err);
/* The memberships that hold this id follow it to its new DN. */
int au_member_move(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm, struct au_err *err);
/* The person whose user name the reference has; ret is left as it is when that is not exactly one. */
int au_name_find(struct au_store_tx *tx, const char *source, const char *ref, struct au_brief *ret, struct au_err *err);
/* Who has that name may have changed: groups that hold somebody by it, or wait for somebody, follow. */
int au_name_settle(struct au_store_tx *tx, const char *source, const char *ref, struct au_err *err);
/* It leaves all groups, and its own members leave it. */
int au_member_drop(struct au_store_tx *tx, const char *source, const char *id, long long num, struct au_err *err);
/* Reads the columns that every statement returning entries begins with. */
#define AU_ROW_ENTRY 15 /* columns of an entry */
void au_row_entry(const struct au_value *row, struct au_arena *arena, void *object);

#endif
