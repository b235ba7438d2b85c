/* SPDX-License-Identifier: ISC */
/*
 * Products that nobody but a person can ask: what is known of their accounts is what somebody attested, and it grows
 * old.  Whoever shows such an account says so, and never more.
 */
#ifndef RECONCILE_FRESHNESS_H
#define RECONCILE_FRESHNESS_H

#include "settings/settings.h"
#include "store/evidence.h"
#include "store/store.h"

/* Whether what is known of its accounts is somebody's word. */
bool au_freshness_by_word(const struct au_target_block *target);

/* Store work: by whose word the account is known; in the arena, NULL where the product can be asked.  "as attested on
 * 2026-01-02 by eve", "nobody has attested it". */
int au_freshness_word(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const char *account_id, const char **ret, struct au_err *err);

/* Of a target: when what was attested is out of date, and when people are told before. */
int au_freshness_age(struct au_store_tx *tx, const struct au_target_block *target, long long now_ms,
    struct au_evidence_age *ret, struct au_err *err);
/* What is wrong with that: some are out of date, or will be soon; NULL when nothing is. */
const char *au_freshness_trouble(
    struct au_arena *arena, const struct au_target_block *target, const struct au_evidence_age *age);

/*
 * Store work: what people have yet to be told of a target, once each time it becomes true or stops being so, also over
 * restarts; in the arena, NULL = nothing.  only_look: it is not taken for told.
 */
int au_freshness_news(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    bool only_look, long long now_ms, const char **ret, struct au_err *err);

/* Store work: [{"target", "accounts", "stale", "soon", "oldest_ms", "trouble"}] of the targets that are known by word
 * and hold accounts; name NULL = all. */
int au_freshness_list(struct au_store_tx *tx, struct au_arena *arena, const struct au_settings *settings,
    const char *name, long long now_ms, json_t **ret, struct au_err *err);

#endif
