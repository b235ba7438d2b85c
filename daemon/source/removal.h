/* SPDX-License-Identifier: ISC */
/* Entries that go: one by one as the directory pushes it, or at a reading's end. */
#ifndef SOURCE_REMOVAL_H
#define SOURCE_REMOVAL_H

#include "source/apply.h"

/*
 * 1 when we have an entry of this search, else 0.  Servers name entries that we never saw; and entries of the other
 * search that changed: seen from this one, they are not (any more) among what it finds.
 */
int au_removal_is_held(
    struct au_apply *apply, enum au_search which, const char *id, struct au_entry *ret, struct au_err *err);
/* Remove one, if we have it.  1: it is gone now; 0: there was none. */
int au_removal_entry(struct au_apply *apply, enum au_search which, const char *id, struct au_err *err);
/*
 * Removals that the directory pushes, all of one batch.  They are real; but while the search is in doubt, or falls into
 * it by too many of them, they wait for the reading that lifts the doubt.
 */
int au_removal_pushed(struct au_apply *apply, const struct au_unit *unit, struct au_err *err);

/* Ids that a batch names as removed, those that we have, in the arena. */
int au_removal_named(
    struct au_apply *apply, const struct au_unit *unit, const char ***ret_ids, size_t *ret_count, struct au_err *err);

#endif
