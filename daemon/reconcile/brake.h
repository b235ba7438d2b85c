/* SPDX-License-Identifier: ISC */
/* How hard guards brake: the options of a target, where it has its own, over those of `reconcile`.  Pure. */
#ifndef RECONCILE_BRAKE_H
#define RECONCILE_BRAKE_H

#include "base/opt.h"
#include "model/step.h"

#define AU_LANES (AU_LANE_DESTRUCTIVE + 1)

/* One limit and where it comes from, so that a guard can name what a person would change. */
struct au_brake_num {
	long long num;
	const char *option; /* "guard_count" */
	const char *target; /* whose own it is; NULL: that of reconcile */
};

struct au_brake {
	struct au_brake_num count, percent;               /* of accounts that are disabled or deleted */
	struct au_brake_num rights_count, rights_percent; /* of accounts that lose rights */
	struct au_brake_num small_percent;                /* of a small set, of either */
	long long window_ms;
	long long approvals[AU_LANES]; /* people who must approve what is held, by lane */
	bool approve_own;              /* who asked for a step may approve it, too */
	long long held_expiry_ms;      /* 0 = never */
};

/* target_values may be NULL: the options of reconcile alone.  Text belongs to the rows and the caller. */
void au_brake_read(
    const struct au_values *reconcile, const struct au_values *target_values, const char *target, struct au_brake *ret);

#endif
