/* SPDX-License-Identifier: ISC */
/*
 * The guard: removals beyond a limit, or of a group that has become empty, are
 * held until a person approves.  Creates go on.  Pure; counting is the caller's.
 */
#ifndef RECONCILE_GUARD_H
#define RECONCILE_GUARD_H

#include "base/mem.h"

#include <stdbool.h>

struct au_guard_counts {
	long long active;  /* accounts of the target (or members of the group) that are there now */
	long long removed; /* removals queued, running or done within the window */
	long long planned; /* new removals of the plan at hand */
	bool emptied;      /* the group that gave the accounts exists no more or has no member left */
};

/* How many removals within the window are let through: max(count, percent of what there was before them). */
long long au_guard_limit(const struct au_guard_counts *counts, long long count, long long percent);
/* NULL when the removals may go on, else the text that names the guard.  `what` names the target or group. */
const char *au_guard_check(struct au_arena *arena, const struct au_guard_counts *counts, long long count,
    long long percent, long long window_ms, const char *what);

#endif
