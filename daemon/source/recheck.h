/* SPDX-License-Identifier: ISC */
/*
 * When to ask for a comparing reading out of turn: while something is in doubt,
 * and to look a second time for what a whole reading missed.
 */
#ifndef SOURCE_RECHECK_H
#define SOURCE_RECHECK_H

#include "settings/settings.h"
#include "source/reading.h"

struct event_base;
struct au_recheck;

/* compare is called for each search that is to be read. */
struct au_recheck *au_recheck_new(struct event_base *base, const struct au_values *values,
    void (*compare)(void *ctx, enum au_search search), void *ctx);
void au_recheck_free(struct au_recheck *recheck); /* NULL is fine */
/* A round was committed; now lives as long as the recheck, and is looked at again when the time has come. */
void au_recheck_moved(struct au_recheck *recheck, const struct au_source_now *now);

#endif
