/* SPDX-License-Identifier: ISC */
/* Secrets that are replaced: because somebody asked, because the account must be made anew, or before they expire. */
#ifndef RECONCILE_ROTATION_H
#define RECONCILE_ROTATION_H

#include "model/account.h"
#include "settings/settings.h"

/* Why the account's secret is to be replaced now, in the arena; NULL when it is not. */
const char *au_rotation_due(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms);
/* Whether a new secret for the account is another account in its place, which stays until that is in use. */
bool au_rotation_renews(const struct au_target_block *target, const struct au_account *account);
/* Whether the target's options say that it must be made anew (AU_RENEW). */
bool au_rotation_is_listed(const struct au_target_block *target, const struct au_account *account);

#endif
