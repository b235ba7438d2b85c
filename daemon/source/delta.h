/* SPDX-License-Identifier: ISC */
/*
 * A change of a large group's members: who joined and who left, against the list told before.  It costs what changed,
 * whatever the group's size.  The rules are those of members.h.
 */
#ifndef SOURCE_DELTA_H
#define SOURCE_DELTA_H

#include "source/members.h"

struct au_delta {
	struct au_member_list joined, left;
};

/* Adds to apply->questions what must be looked up first. */
int au_delta_ask(struct au_apply *apply, const struct au_delta *delta, struct au_err *err);
/*
 * The group must be there.  *ret_changed: known members came or left.  Where we hold other members than were told
 * before, as somebody was renamed whom the directory renamed in the group without telling, the group is read again.
 */
int au_delta_apply(struct au_apply *apply, const struct au_entry *group, const struct au_delta *delta,
    bool *ret_changed, struct au_err *err);
/* We do not hold the group that the change is of: its members are wanted as a whole. */
void au_delta_refuse(struct au_apply *apply, const struct au_entry *group);

#endif
