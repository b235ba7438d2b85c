/* SPDX-License-Identifier: ISC */
/*
 * The member lists of large groups as the daemon was told them last.  A directory that pushes a change of a group sends
 * all of its members; with the list from before, only those who joined or left have to be told.
 */
#ifndef SOURCED_ROLLS_H
#define SOURCED_ROLLS_H

#include "sourced/mapping.h"

/* Groups below so many members are told as a whole. */
#define AU_ROLLS_LEAST 500

struct au_rolls;

struct au_rolls *au_rolls_new(void);
void au_rolls_free(struct au_rolls *rolls); /* NULL is fine */
/* Forget one list, or all: they will be told as a whole. */
void au_rolls_forget(struct au_rolls *rolls, const char *group_id);
void au_rolls_clear(struct au_rolls *rolls);

struct au_rolls_change {
	const char **joined, **left; /* in the arena */
	size_t joined_count, left_count;
};
/*
 * Take a group's list.  true: *ret says how it differs from the one taken before.  false: it has to be told as a whole,
 * as it is new, or small, or mostly others are in it.
 */
bool au_rolls_take(
    struct au_rolls *rolls, struct au_arena *arena, const struct au_mapped *group, struct au_rolls_change *ret);

#endif
