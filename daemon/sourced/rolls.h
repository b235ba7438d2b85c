/* SPDX-License-Identifier: ISC */
/*
 * The member lists of large groups as the daemon was told them last.  A directory that pushes a change of a group sends
 * all of its members; with the list from before, only those who joined or left have to be told.
 *
 * Lists are kept as they came, so that whoever is in both of two lists costs a comparison of his bytes and no more:
 * only a value that is new or gone is read as a name at all.
 */
#ifndef SOURCED_ROLLS_H
#define SOURCED_ROLLS_H

#include "sourced/mapping.h"

/* Groups below so many members are told as a whole. */
#define AU_ROLLS_LEAST 500

struct au_rolls;

/* most: bytes that all lists may take; a group that does not fit is told as a whole. */
struct au_rolls *au_rolls_new(size_t most);
void au_rolls_free(struct au_rolls *rolls); /* NULL is fine */
/* Forget one list, or all: they will be told as a whole. */
void au_rolls_forget(struct au_rolls *rolls, const char *group_id);
void au_rolls_clear(struct au_rolls *rolls);

struct au_rolls_change {
	const char **joined, **left; /* in the arena */
	size_t joined_count, left_count;
};
/*
 * Take a group's list.  1: *ret says how it differs from the one taken before.  0: it has to be told as a whole, as it
 * is new, or small, or mostly others are in it, or names somebody twice; then it is decoded.  AU_EPROTO: a value of it
 * names nobody; the list from before is forgotten.
 */
int au_rolls_take(struct au_rolls *rolls, struct au_arena *arena, struct au_mapped *group, struct au_rolls_change *ret,
    struct au_err *err);

#endif
