/* SPDX-License-Identifier: ISC */
/*
 * A draft: what looking at one correlation key comes to.  Merge, wanted and
 * compare, for every target, plus the book-keeping that goes with it.  Pure.
 */
#ifndef RECONCILE_DRAFT_H
#define RECONCILE_DRAFT_H

#include "model/plan.h"
#include "reconcile/gather.h"

struct au_draft {
	const char *key;
	struct au_apiuser user;
	bool user_exists;            /* is in the store */
	bool user_put;               /* new or changed: to be written */
	bool user_remove;            /* nobody states it and it has no account left */
	struct au_account *accounts; /* rows whose book-keeping changed */
	size_t account_count;
	struct au_trouble **troubles; /* quarantines that end, and those whose premise is known by now */
	size_t trouble_count;
	bool waits; /* a removal waits for a source; the key must be looked at again */
};

/*
 * Steps and findings of the key go into plan.  A step that is already open keeps its id, state and guard; an open
 * step that nobody wants any more is in the plan with its id and state CANCELLED.  new_id names the API user if it is
 * a new one.  Text is in arena, g or plan->arena.
 */
void au_draft_make(struct au_arena *arena, const struct au_policy *policy, const struct au_readiness *readiness,
    size_t readiness_count, const struct au_gathered *g, long long now_ms, const char *new_id, struct au_plan *plan,
    struct au_draft *ret);

#endif
