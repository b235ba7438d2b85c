/* SPDX-License-Identifier: ISC */
/*
 * Strangers: accounts that a list of a target shows and that are not ours.
 * They are written down for people and never touched.
 */
#ifndef RECONCILE_STRANGERS_H
#define RECONCILE_STRANGERS_H

#include "base/map.h"
#include "reconcile/ignores.h"

/* An account as a list showed it. */
struct au_seen {
	struct au_target_account account;
	bool is_ours; /* ours, or perhaps ours: never a stranger */
};

/* A copy in the arena, without its secret. */
struct au_target_account *au_seen_copy(struct au_arena *arena, const struct au_target_account *from);

/* The row of one that was first seen at first_ms; texts are shared. */
struct au_stranger au_stranger_of(const char *target, const struct au_target_account *seen, long long first_ms);

struct au_strangers {
	long long all, active, ignored;
	long long fresh;   /* that the last list did not show */
	const char *first; /* log-in name of one of those; in the arena */
};

/* Write down who is there and forget who is not any more.  seen: remote id -> struct au_seen. */
int au_strangers_keep(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_map *seen, long long now_ms, struct au_strangers *ret, struct au_err *err);

/* One that was come across outside of a list, so that people find it at once. */
int au_strangers_note(struct au_store_tx *tx, const char *target, const struct au_target_account *seen,
    long long now_ms, struct au_err *err);

#endif
