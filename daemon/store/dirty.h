/* SPDX-License-Identifier: ISC */
/* Marks that facts leave behind; the public calls on dirty keys are in fact.h. */
#ifndef STORE_DIRTY_H
#define STORE_DIRTY_H

#include "store/tx.h"

/* The key of one member; a group that is a member stands for everybody in it.  Unknown ids mark nothing. */
int au_dirty_mark_member(struct au_store_tx *tx, const char *source, const char *id, struct au_err *err);
/* Everybody in the group of that number, directly or through groups within it. */
int au_dirty_mark_group(struct au_store_tx *tx, long long group, struct au_err *err);

#endif
