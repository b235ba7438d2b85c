/* SPDX-License-Identifier: ISC */
/*
 * Owners that entries name by DN: what those DNs' own entries are called, as far
 * as the source was asked.  Whoever puts an entry with owner_dn has it wanted.
 */
#ifndef STORE_OWNER_H
#define STORE_OWNER_H

#include "store/store.h"

/* *ret_or_null: NULL when there is no such entry, or nobody could say yet. */
int au_store_owner_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *dn_norm,
    const char **ret_or_null, struct au_err *err);
/*
 * Those that were not asked for since a time, longest first.  One that no entry names any more is forgotten on the way
 * and not among them.
 */
int au_store_owner_due(struct au_store_tx *tx, struct au_arena *arena, const char *source, long long since_ms,
    size_t limit, const char *const **ret, size_t *ret_count, struct au_err *err);
/* What one is called (NULL: there is none); everybody of whom it is the owner is marked when that is news. */
int au_store_owner_put(struct au_store_tx *tx, const char *source, const char *dn_norm, const char *name,
    long long asked_ms, bool *ret_changed, struct au_err *err);
/* Nobody could say: it stays as it is, and counts as asked for at that time. */
int au_store_owner_asked(
    struct au_store_tx *tx, const char *source, const char *dn_norm, long long asked_ms, struct au_err *err);
/* The entry of this DN changed: if it is an owner, it is to be asked for again. */
int au_store_owner_doubt(struct au_store_tx *tx, const char *source, const char *dn_norm, struct au_err *err);
/* The same of all owners of a source. */
int au_store_owner_doubt_all(struct au_store_tx *tx, const char *source, struct au_err *err);

#endif
