/* SPDX-License-Identifier: ISC */
/*
 * The roll of a group is called: whom its list names as the directory has it now, against the members that we hold.
 * "DN" below stands for any reference (model/ref.h).
 *
 * Members are held by id, directories name them by DN.  When one is renamed, the
 * group may be told before the person: the old DN has left, the new one is not
 * known, and taken word for word somebody would lose his rights for a moment.
 * So nobody is removed from a group while a DN that is new to it is unknown;
 * that DN is looked up first.
 *
 * A list may be as long as the directory.  Its names stay in the frames that
 * brought them, beside a hash of each; what is held is never loaded, but walked
 * page by page; and a long list is worked on in several transactions.  Whoever is
 * new comes first, and those whom the list does not name leave last, when all of
 * it was compared and judged: a crash in between leaves members too many, never
 * too few, and as the cookie is stored behind all of it, the list is told again.
 */
#ifndef SOURCE_MUSTER_H
#define SOURCE_MUSTER_H

#include "source/apply.h"

struct au_muster;

/*
 * The list begins at the cursor, right behind the group's PUT, or SOME; the unit outlives the muster.  With is_some the
 * list need not be whole: whoever is named joins, and nobody leaves.
 */
struct au_muster *au_muster_new(
    const char *group_id, const struct au_unit *unit, const struct au_unit_cursor *list, bool is_some);
void au_muster_free(struct au_muster *muster); /* NULL is fine */
void au_muster_freep(struct au_muster **muster);

/*
 * Adds to apply->questions what must be looked up before a short list can be put, so that those of all groups of a
 * batch are asked at once.  The group need not be known yet.
 */
int au_muster_ask(struct au_apply *apply, struct au_muster *muster, struct au_err *err);
/*
 * Make the group's members the list; the group must be there.  1: done, and the cursor is moved behind the list; 0: to
 * be called again in another transaction, when apply->questions are answered or, without any, at once.
 */
int au_muster_run(struct au_apply *apply, struct au_muster *muster, struct au_unit_cursor *cursor, struct au_err *err);
const char *au_muster_group(const struct au_muster *muster); /* its id */
/* Known members came or left, so far. */
bool au_muster_has_changed(const struct au_muster *muster);

#endif
