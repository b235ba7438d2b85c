/* SPDX-License-Identifier: ISC */
/*
 * Birth of an account: made inactive where the product lets us, given its
 * rights, read back, compared, and switched on only then.  Where a product gives
 * every right to whoever is new and cannot make him inactive, he is open for a
 * while: the plan says so beforehand, and how long it was is measured.  Pure.
 */
#ifndef RECONCILE_BIRTH_H
#define RECONCILE_BIRTH_H

#include "model/step.h"
#include "reconcile/drift.h"

/* Whether a new account is made inactive first, as the product gives it every right. */
bool au_birth_is_closed(const struct au_target_block *target);
/* Whether it has every right of the product, and is active, until its rights are set. */
bool au_birth_is_open(const struct au_target_block *target);
/*
 * Whether rights that are set now are the first ones of an account that was born with every right: what the product
 * gave it by itself is nothing that anybody loses.
 */
bool au_birth_is_now(const struct au_target_block *target, const struct au_account *account);
/*
 * Why an inactive account must not be switched on yet: its rights are not those that are wanted, or were never seen
 * where that matters.  NULL when it may.
 */
const char *au_birth_obstacle(
    const struct au_target_block *target, const struct au_account *account, const struct au_drift *drift);
/* What a reader of a plan should know of a step beforehand; NULL = nothing. */
const char *au_birth_note(const struct au_target_block *target, const struct au_account *account, enum au_step_op op);
/*
 * A step of an open birth was done: for how long the account was open, in milliseconds; -1 when this did not end it.
 * steps: the account's, newest first, without this one's outcome as a rule.
 */
long long au_birth_open_ms(const struct au_target_block *target, const struct au_step *done,
    const struct au_step *steps, size_t step_count, long long now_ms);
/*
 * Whether a new step goes on with a birth that was begun: then whoever let it begin has let this happen, too.  It does
 * what the create was to bring about and nothing else: rights or activation after a create that happened or may have,
 * before either was done; the same create again when it was looked up and had not happened.
 * steps: the account's, newest first.
 */
bool au_birth_goes_on(const struct au_step *next, const struct au_step *steps, size_t step_count);

#endif
