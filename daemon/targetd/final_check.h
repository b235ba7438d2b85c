/* SPDX-License-Identifier: ISC */
/* The third look at a product's rules, right before a changing call. */
#ifndef TARGETD_FINAL_CHECK_H
#define TARGETD_FINAL_CHECK_H

#include "model/stricter.h"
#include "wire/call.h"

/*
 * Check what a call would set against the plugin's rules and password policy, and against our own (NULL: there are
 * none); calls that set nothing pass.
 * AU_EINVAL names the rule.  AU_EBUG: no secret where we choose it, or one where we never do.
 */
int au_final_check(
    const struct au_target *table, const struct au_own_rules *own, const struct au_call *call, struct au_err *err);

#endif
