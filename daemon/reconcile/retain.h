/* SPDX-License-Identifier: ISC */
/* Retaining: rights that a source cannot be trusted to take away now stay until it can; what it adds is added.  Pure.
 */
#ifndef RECONCILE_RETAIN_H
#define RECONCILE_RETAIN_H

#include "reconcile/wanted.h"

/*
 * Whether going from what the account holds to what is wanted takes rights away; *ret is then what is wanted together
 * with what is there, in the arena.  An account that is being born with more than it shall have is not retained.
 */
bool au_retain_rights(struct au_arena *arena, const struct au_target_block *target, const struct au_account *account,
    const struct au_wanted *wanted, struct au_wanted *ret);

#endif
