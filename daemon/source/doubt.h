/* SPDX-License-Identifier: ISC */
/* When a source's word is not taken: a search falls into doubt, and what made it. */
#ifndef SOURCE_DOUBT_H
#define SOURCE_DOUBT_H

#include "source/apply.h"

extern const enum au_entry_kind au_search_kinds[AU_SEARCHES];

/* Rows of what would go that are kept for people to look at; beyond it only their number. */
#define AU_DOUBT_SHOWN 1000

/* Removals are held from here on: so many of `before` would go.  The cookie is forgotten, as they must come again. */
int au_doubt_fall(struct au_apply *apply, enum au_search which, enum au_doubt doubt, long long doomed, long long before,
    struct au_err *err);
/* Keep for people who would go: ids of the search's entries, as many as are shown. */
int au_doubt_show(
    struct au_apply *apply, enum au_search which, const char *const *ids, size_t count, struct au_err *err);

/* Entries of a search, or members of its groups, as one lot of which some leave. */
enum au_lot { AU_LOT_ENTRIES, AU_LOT_MEMBERS };
/*
 * Before removals that come one by one.  1: they may go; 0: with those of the last while they are too many, and the
 * search is in doubt now.
 */
int au_doubt_bleeds(struct au_apply *apply, enum au_search which, enum au_lot lot, long long gone, struct au_err *err);
/* So many went, in this transaction. */
int au_doubt_bled(struct au_apply *apply, enum au_search which, enum au_lot lot, long long gone, struct au_err *err);

/* A canary that is neither among the entries nor stays there when `going` go; NULL when all do. */
int au_doubt_canary(struct au_apply *apply, enum au_search which, const char *const *going, size_t count,
    const char **ret_lost, struct au_err *err);
/* One was looked for, and is not seen any more. */
int au_doubt_canary_lost(struct au_apply *apply, enum au_search which, struct au_err *err);

#endif
