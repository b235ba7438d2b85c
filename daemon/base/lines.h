/* SPDX-License-Identifier: ISC */
/* Texts of lines, as a column of the store keeps a short list. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/mem.h"

#include <stdbool.h>

/* The first line of *rest, in the arena, and *rest goes on behind it; NULL at the end.  *rest may be NULL. */
const char *au_lines_next(struct au_arena *arena, const char **rest);
bool au_lines_has(struct au_arena *arena, const char *lines, const char *line);
/* The lines of both, each once, in the arena or as they came; either may be NULL. */
const char *au_lines_union(struct au_arena *arena, const char *some, const char *more);

#endif
