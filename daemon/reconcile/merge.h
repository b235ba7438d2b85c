/* SPDX-License-Identifier: ISC */
/* Merge: the entries of one correlation key become one API user.  Pure. */
#ifndef RECONCILE_MERGE_H
#define RECONCILE_MERGE_H

#include "reconcile/gather.h"

/*
 * The API user as it should be: of each value the first source's that has one (entries come ordered).
 * Two entries of one source for one key are a conflict: told in `conflict`, values of the first are kept.
 * id, created_ms and changed_ms are left as in g->user.  Text is in the arena or in g.
 */
void au_merge(struct au_arena *arena, const struct au_gathered *g, struct au_apiuser *ret);
/* Whether two records differ in anything but id and times. */
bool au_merge_differs(const struct au_apiuser *a, const struct au_apiuser *b);

#endif
