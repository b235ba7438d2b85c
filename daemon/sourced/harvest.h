/* SPDX-License-Identifier: ISC */
/*
 * Runs the searches by which a group's members are found (recipe.h), one after the other and page by page, and adds
 * them to its roll.  A search that does not come to its end leaves members unknown, and never says that there are none.
 */
#ifndef SOURCED_HARVEST_H
#define SOURCED_HARVEST_H

#include "sourced/line.h"
#include "sourced/mapping.h"

struct au_harvest;

typedef void au_harvest_ended(void *ctx);

/* groups outlives it. */
struct au_harvest *au_harvest_new(const struct au_mapping *groups, au_harvest_ended *ended, void *ctx);
void au_harvest_free(struct au_harvest *harvest); /* NULL is fine */
/*
 * arena and group last until ended is called, or au_harvest_stop.  Then the roll has whom the searches found, and
 * lacks says why there may be more.
 */
void au_harvest_start(struct au_harvest *harvest, struct au_line *line, int64_t operation_timeout_ms,
    struct au_arena *arena, struct au_mapped *group);
void au_harvest_stop(struct au_harvest *harvest); /* the line is going away, or the group is not wanted any more */

#endif
