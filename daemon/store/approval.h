/* SPDX-License-Identifier: ISC */
/* Approvals of held steps: one row for each person, so that two are two. */
#ifndef STORE_APPROVAL_H
#define STORE_APPROVAL_H

#include "store/store.h"

struct au_approval {
	long long step;
	const char *actor; /* "uid:1000", as the kernel told it */
	const char *name;  /* of that user; NULL = not known */
	const char *reason;
	const char *digest; /* of what was approved: it is worth nothing for anything else */
	long long at_ms;
};

/* AU_EEXIST: the same person has approved the same already.  An approval of something else is replaced. */
int au_store_approval_add(struct au_store_tx *tx, const struct au_approval *approval, struct au_err *err);
/* Of a step, oldest first. */
int au_store_approval_list(struct au_store_tx *tx, struct au_arena *arena, long long step, struct au_approval **ret,
    size_t *ret_count, struct au_err *err);
/* Those of one digest alone. */
int au_store_approval_count(
    struct au_store_tx *tx, long long step, const char *digest, long long *ret, struct au_err *err);

/* How many steps are held, by lane and by the names of the guards (struct au_step); one row each, in no order. */
struct au_held_count {
	int lane; /* enum au_lane */
	const char *guards;
	long long count;
};
int au_store_held_counts(
    struct au_store_tx *tx, struct au_arena *arena, struct au_held_count **ret, size_t *ret_count, struct au_err *err);

#endif
