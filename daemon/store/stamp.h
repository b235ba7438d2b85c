/* SPDX-License-Identifier: ISC */
/*
 * Stamps tell whether what was read is still so, without asking the database.  Whoever keeps something made from rows
 * takes the stamps of those rows before reading them; what he keeps is true for as long as all of them hold.
 *
 * A stamp moves when a statement changes its rows, and once more when the commit is on disk, before anybody is told.
 * In between it cannot be had and none that was had before holds: readers see the old rows or the new ones, so only
 * they can say.  That this is exact rests on the store's folder being this process's alone (backend.h, open).
 */
#ifndef STORE_STAMP_H
#define STORE_STAMP_H

#include "store/store.h"

enum au_stamp_of {
	AU_STAMP_NOTHING = 0,
	/* One client's resources of one type: those with this id, folded name, external id. */
	AU_STAMP_ID,
	AU_STAMP_NAME,
	AU_STAMP_EXTERNAL_ID,
	/* All of them at once. */
	AU_STAMP_GROUPS,   /* who is in which group, what groups are called, and their place in others */
	AU_STAMP_ENTRIES,  /* what people and groups are called, whatever the source */
	AU_STAMP_ACCOUNTS, /* API users, accounts, steps and targets */
	AU_STAMP_TOKENS,   /* which tokens are good; not when they were last used */
	AU_STAMP_COUNT
};

struct au_stamp {
	unsigned slot;
	unsigned long long count;
};

/* Any thread.  False while such rows are being changed.  client, type and value are NULL for the kinds that mean all. */
bool au_store_stamp(struct au_store *store, enum au_stamp_of what, const char *client, const char *type,
    const char *value, struct au_stamp *ret);
bool au_store_stamp_holds(struct au_store *store, const struct au_stamp *stamp);

#endif
