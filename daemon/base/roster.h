/* SPDX-License-Identifier: ISC */
/*
 * A compact table from texts to records of one size, for a million of them: texts are not kept, but hashes of 128 bits
 * under a key that is made anew for each table.  Two texts that nobody could choose by the key have the same hash once
 * in 2^64 tables of 2^32 texts: taken for never.
 */
#ifndef BASE_ROSTER_H
#define BASE_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

struct au_roster;

/* record_size may be 0: a set. */
struct au_roster *au_roster_new(size_t record_size);
void au_roster_free(struct au_roster *roster); /* NULL is fine */
size_t au_roster_count(const struct au_roster *roster);
size_t au_roster_bytes(const struct au_roster *roster); /* that it takes */

/*
 * The record of a text, aligned for numbers; it stays where it is until the next put or remove.  NULL when absent.
 * Texts that are asked for in the order in which they came are found next to each other.
 */
void *au_roster_get(struct au_roster *roster, const char *text);
/* The same, made of zeros when absent (*ret_is_new). */
void *au_roster_put(struct au_roster *roster, const char *text, bool *ret_is_new);
/* The same for one of which the caller knows that it is not there. */
void *au_roster_append(struct au_roster *roster, const char *text);
bool au_roster_remove(struct au_roster *roster, const char *text); /* whether it was there */
/* Walk all records in no order: start with *cursor = 0; NULL at the end. */
void *au_roster_next(const struct au_roster *roster, size_t *cursor);

#endif
