/* SPDX-License-Identifier: ISC */
/*
 * Quarantine of accounts: one that keeps failing is left alone, so that it
 * costs the others nothing, until its wish or the target changes or a person
 * releases it.
 */
#ifndef RECONCILE_QUARANTINE_H
#define RECONCILE_QUARANTINE_H

#include "model/account.h"
#include "model/step.h"
#include "reconcile/outcome.h"
#include "reconcile/wanted.h"
#include "store/store.h"
#include "store/trouble.h"

#define AU_PREMISE_SIZE 33

struct au_quarantine_rules {
	long long now_ms;
	long long failures;   /* so many failures quarantine; 0 = none do */
	long long failing_ms; /* failing for so long does, too; 0 = does not */
	long long proven_ms;  /* when the target last worked, for failures that may have been its own */
};

/* Count a failure.  trouble: as it was, zero with account_id set when there was none.  Whether it quarantines.  Pure.
 */
bool au_quarantine_count(
    const struct au_quarantine_rules *rules, enum au_blame blame, const char *reason, struct au_trouble *trouble);

/*
 * Inside the write that records an outcome, after au_outcome_apply: counts, and quarantines with its audit row; then
 * the step has FAILED.  A step that is done ends the trouble.
 */
int au_quarantine_note(struct au_store_tx *tx, struct au_arena *arena, const struct au_quarantine_rules *rules,
    const struct au_outcome *outcome, struct au_step *step, struct au_account *account, struct au_err *err);

/*
 * Digest of what a quarantine rests on: what is wanted, what is there, and the target's options.  account may not be
 * NULL.  Returns digest, which holds AU_PREMISE_SIZE bytes.  Pure.
 */
const char *au_quarantine_premise(const struct au_target_block *target, const struct au_wanted *wanted,
    const struct au_account *account, char *digest);
/* What people are told of it, in the arena. */
const char *au_quarantine_text(struct au_arena *arena, const struct au_trouble *trouble);
/* End it, with its audit row. */
int au_quarantine_end(struct au_store_tx *tx, const char *account_id, const char *actor, const char *reason,
    long long now_ms, struct au_err *err);

#endif
