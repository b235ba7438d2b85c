/* SPDX-License-Identifier: ISC */
/* Counting, when a target has been listed, what accounts that are not ours take of its pools, and what there is. */
#ifndef RECONCILE_CENSUS_H
#define RECONCILE_CENSUS_H

#include "base/map.h"
#include "settings/settings.h"
#include "store/store.h"

/* What the target told of its pools, if it could be asked. */
struct au_told_pools {
	bool is_known; /* false: it could not be asked this time */
	const struct au_pool_state *items;
	size_t count;
};

/*
 * seen: remote id to struct au_seen, of which is known whose they are.  What explains why a pool was full opens it
 * again.
 */
int au_census_write(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_map *seen, const struct au_told_pools *told, long long now_ms, struct au_err *err);

#endif
