/* SPDX-License-Identifier: ISC */
/* Words that belong to an account and into no password of it. */
#ifndef RECONCILE_OWN_NAMES_H
#define RECONCILE_OWN_NAMES_H

#include "model/account.h"
#include "model/step.h"

#define AU_OWN_NAMES 8

/* Login, names and mail as the step wants them and as the target told them; in the arena, NULL where there is none. */
void au_own_names(struct au_arena *arena, const struct au_step *step, const struct au_account *account,
    const char *ret[AU_OWN_NAMES]);

#endif
