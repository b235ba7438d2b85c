/* SPDX-License-Identifier: ISC */
/* Marks that facts leave behind; the public calls on dirty keys are in fact.h. */
#ifndef STORE_DIRTY_H
#define STORE_DIRTY_H

#include "model/entry.h"
#include "store/tx.h"

/* What marking needs to know of an entry. */
struct au_brief {
	long long num; /* 0: there is no such entry */
	enum au_entry_kind kind;
	const char *id, *key;
};
void au_row_brief(const struct au_value *row, struct au_arena *arena, void *object);

/* The entry's key; a group stands for everybody in it.  No entry, no mark. */
int au_dirty_mark_brief(struct au_store_tx *tx, const struct au_brief *brief, struct au_err *err);
/* Everybody in the group of that number, directly or through groups within it. */
int au_dirty_mark_group(struct au_store_tx *tx, long long group, struct au_err *err);

#endif
