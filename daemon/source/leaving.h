/* SPDX-License-Identifier: ISC */
/*
 * Members that a group's list does not name any more: whether they leave now.
 * A change that the directory pushes is real; that a reading of everything does
 * not bring a member is believed when another one says the same.
 */
#ifndef SOURCE_LEAVING_H
#define SOURCE_LEAVING_H

#include "source/apply.h"
#include "store/reading.h"

/* Known members of a group: `before` of them, of whom `gone` are not named any more. */
struct au_leaving {
	const char *group_id;
	long long before, gone;
	bool is_change; /* of a list told before: it says nothing of those who were missing already */
};

/* 1: they leave now.  0: they stay, and so many of them are to be noted as missing. */
int au_leaving_judge(struct au_apply *apply, const struct au_leaving *leaving, size_t *ret_notes, struct au_err *err);
int au_leaving_note(struct au_apply *apply, const char *group_id, const char *member_id, struct au_err *err);
/*
 * At a reading's good end: those leave that are due, by rows of the store, from *at on, which moves behind them; to
 * *gone is added how many did.  1: all of them; 0: to be called again in another transaction.
 */
int au_leaving_due(struct au_apply *apply, const struct au_missing *due, size_t count, size_t *at, long long *gone,
    struct au_err *err);

#endif
