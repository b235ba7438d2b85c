/* SPDX-License-Identifier: ISC */
/* Counting, when a target has been listed, what accounts that are not ours take of its pools. */
#ifndef RECONCILE_CENSUS_H
#define RECONCILE_CENSUS_H

#include "base/map.h"
#include "settings/settings.h"
#include "store/store.h"

/*
 * seen: remote id to struct au_seen, of which is known whose they are.  What explains why a pool was full opens it
 * again.
 */
int au_census_write(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_map *seen, long long now_ms, struct au_err *err);

#endif
