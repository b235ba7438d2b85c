/* SPDX-License-Identifier: ISC */
/*
 * Drift: what others changed in a target, told apart from what we want to
 * change there ourselves.  An account remembers the wishes that were fulfilled
 * last: where the target differs and the wish is still the same, somebody else
 * was there.  Values that the product owns are no part of any wish.  Pure.
 */
#ifndef RECONCILE_DRIFT_H
#define RECONCILE_DRIFT_H

#include "reconcile/wanted.h"

enum au_drift_policy { AU_DRIFT_RESTORE = 0, AU_DRIFT_REPORT, AU_DRIFT_ACCEPT };

/* What can differ. */
enum au_drift_part {
	AU_DRIFT_RIGHTS = 1,
	AU_DRIFT_PROFILE = 2, /* names and mail */
	AU_DRIFT_ACTIVE = 4,
	AU_DRIFT_LOGIN = 8, /* of itself: nothing that we can do sets it back */
	AU_DRIFT_GONE = 16, /* the whole account */
	AU_DRIFT_MARK = 32, /* the mark by which it is known as ours */
};

struct au_drift {
	unsigned differs; /* parts in which the target does not hold what is wanted */
	unsigned moved;   /* those of them that others changed */
};

enum au_drift_policy au_drift_policy(const struct au_target_block *target);
const char *au_drift_policy_name(enum au_drift_policy policy);

/* wanted->wanted is true.  An account of any state; one that is not there yet differs in nothing. */
void au_drift_find(const struct au_target_block *target, const struct au_wanted *wanted,
    const struct au_account *account, struct au_drift *ret);
/* What the account is to remember after it was looked at; in the arena or the account. */
const char *au_drift_settle(struct au_arena *arena, enum au_drift_policy policy, const struct au_wanted *wanted,
    const struct au_account *account, const struct au_drift *drift);

/* Whether the account had the rights of a wish before: those that it has are not just what the product gave it. */
bool au_drift_had_rights(const struct au_account *account);

/*
 * The values of some parts, one by one: [{"name": "rights.roles", "was": [...], "is": [...]}]; what is wanted stands
 * for what was.  Caller owns it.
 */
json_t *au_drift_values(const struct au_wanted *wanted, const struct au_account *account, unsigned parts);
/* The same for people: "rights.roles: [\"run\"] became [\"admin\",\"run\"]; active: true became false". */
const char *au_drift_text(
    struct au_arena *arena, const struct au_wanted *wanted, const struct au_account *account, unsigned parts);

#endif
