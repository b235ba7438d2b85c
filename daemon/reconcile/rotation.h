/* SPDX-License-Identifier: ISC */
/* Passwords that are replaced before a product lets them expire. */
#ifndef RECONCILE_ROTATION_H
#define RECONCILE_ROTATION_H

#include "model/account.h"
#include "settings/settings.h"

/* Why the account's secret is to be replaced now, in the arena; NULL when it is not. */
const char *au_rotation_due(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms);

#endif
