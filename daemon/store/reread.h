/* SPDX-License-Identifier: ISC */
/*
 * Groups that are to be read again, as their directory may have changed them
 * without telling anybody; kept until a reading of all groups that began later
 * has ended well.
 */
#ifndef STORE_REREAD_H
#define STORE_REREAD_H

#include "store/store.h"

struct au_reread_row {
	const char *id, *dn; /* the group's, as it is known by now */
};

/* generation: the latest mark that was given to a reading of the source.  Replaces an earlier wish. */
int au_store_reread_put(
    struct au_store_tx *tx, const char *source, const char *id, long long generation, struct au_err *err);
/* All that are still known and have a DN. */
int au_store_reread_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_reread_row **ret,
    size_t *ret_count, struct au_err *err);
/* A reading of all groups with this mark has ended well. */
int au_store_reread_done(struct au_store_tx *tx, const char *source, long long generation, struct au_err *err);

#endif
