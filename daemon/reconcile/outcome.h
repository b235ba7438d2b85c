/* SPDX-License-Identifier: ISC */
/* What the answer to a step means for the step, the account and the target.  Pure: time and randomness come in. */
#ifndef RECONCILE_OUTCOME_H
#define RECONCILE_OUTCOME_H

#include "model/account.h"
#include "model/step.h"
#include "target/target.h"

enum au_sealed_fate { AU_SEALED_KEEP = 0, AU_SEALED_READY, AU_SEALED_ERASE };

/* Whose failure it was. */
enum au_blame {
	AU_BLAME_NOBODY = 0,
	AU_BLAME_OBJECT, /* the account's */
	AU_BLAME_EITHER, /* the account's if the target turns out to work otherwise */
};

/* What the answer says of the target's health. */
enum au_health_sign { AU_SIGN_NONE = 0, AU_SIGN_WELL, AU_SIGN_ILL };

struct au_outcome {
	enum au_sealed_fate sealed;
	enum au_blame blame;
	enum au_health_sign sign;
	const char *pause;     /* the target must not be sent anything until a probe succeeds; why */
	long long throttle_ms; /* nothing more to this target before now + this */
	bool full;             /* the product has no room: the step waits for what it takes */
	bool reset_secret;     /* which password the product kept is not known: set a new one */
};

struct au_outcome_rules {
	long long now_ms, retry_failed_ms, retry_base_ms, retry_cap_ms;
	unsigned random;
	bool rights_later; /* the product gives new accounts rights of its own, which a step of their own sets right */
	unsigned creates; /* how many creates this account has seen, this one included */
	bool by_hand;     /* the product has no calls, so that none can have changed anything */
	bool may_reset;   /* the product takes a new secret for an account that is there */
	bool late_secret; /* a create gives the secret after the account is there, and may have been cut off between */
};

/*
 * Changes step and account in place; new text is in the arena.  The step ends DONE or FAILED, goes back to QUEUED with
 * next_ms set, or is WITH_PERSON from now on.  One row for each error code: its reaction, how long it waits, and whose failure it is.
 */
void au_outcome_apply(struct au_arena *arena, const struct au_outcome_rules *rules, const struct au_call_result *result,
    struct au_step *step, struct au_account *account, struct au_outcome *ret);

/*
 * The same for a step that was not sent, because a fresh look at its account found it otherwise: moved says how
 * (reconcile/fresh.h).  The account takes over what is there and the step ends CANCELLED; where it is not ours any
 * more, the account is in conflict and the step FAILED.
 */
void au_outcome_moved(struct au_arena *arena, const struct au_outcome_rules *rules, const struct au_target_account *now,
    const char *moved, struct au_step *step, struct au_account *account, struct au_outcome *ret);

/* Copy what a target reports into the account's observed part.  *ret_changed (may be NULL): anything but the time. */
void au_outcome_observe(struct au_arena *arena, const struct au_target_account *seen, long long now_ms,
    struct au_account *account, bool *ret_changed);

#endif
