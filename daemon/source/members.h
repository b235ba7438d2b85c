/* SPDX-License-Identifier: ISC */
/*
 * References to members: what they lead to, and what becomes of groups when that changes.  "DN" below stands for any
 * reference (model/ref.h).
 */
#ifndef SOURCE_MEMBERS_H
#define SOURCE_MEMBERS_H

#include "source/apply.h"
#include "source/seen.h"

/* The DNs of one group as reported, gathered over frames. */
struct au_member_list {
	const char **dns; /* normal, point into the frames */
	size_t count, cap;
};
void au_member_list_add(struct au_member_list *list, struct au_arena *arena, const char *dn);

/* What is a member's name?  In apply->questions until the directory has said so. */
void au_members_question(struct au_apply *apply, const char *dn);
/* 1 when a reference leads to an entry, else 0. */
int au_members_find(struct au_apply *apply, const char *ref, struct au_entry *ret, struct au_err *err);
/*
 * An entry has come, changed or moved (change, not AU_SEEN_SAME): groups that now name it, have named it, or named it
 * by what it has left behind are to be read again.  So are groups that wait for one of the same name from elsewhere:
 * perhaps it has moved here, and the directory has rewritten them without telling.
 */
int au_members_doubt(
    struct au_apply *apply, const char *id, const char *dn_norm, enum au_seen_change change, struct au_err *err);
/* A person's user name is taken into use: if groups wait for it and others have it too, the trail says so. */
int au_members_tell_rivals(struct au_apply *apply, const char *ref, struct au_err *err);
/* Remove an entry.  Groups go on naming its DN, so there it becomes an unknown member.  *ret_was as in the store. */
int au_members_remove_entry(struct au_apply *apply, const char *id, bool *ret_was, struct au_err *err);

#endif
