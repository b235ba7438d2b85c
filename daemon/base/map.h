/* SPDX-License-Identifier: ISC */
/* A hash table from text to a pointer.  Keys are copied, unless the map is a borrowing one; values belong to the
 * caller. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct au_map;

struct au_map *au_map_new(void);
/* One whose keys last at least as long as they are in it: parts of their values, say. */
struct au_map *au_map_new_borrowing(void);
void au_map_free(struct au_map *map, void (*free_value)(void *)); /* either may be NULL */
void *au_map_get(const struct au_map *map, const char *key);      /* NULL when absent */
bool au_map_has(const struct au_map *map, const char *key);
void *au_map_put(struct au_map *map, const char *key, void *value); /* returns the value replaced, or NULL */
void *au_map_remove(struct au_map *map, const char *key);           /* returns the value, or NULL */
size_t au_map_count(const struct au_map *map);
/* Walk in insertion order of what is still there: start with *cursor = 0; false at the end.  Removing on the way is
 * fine, putting a new key is not. */
bool au_map_next(const struct au_map *map, size_t *cursor, const char **ret_key, void **ret_value);

#endif
