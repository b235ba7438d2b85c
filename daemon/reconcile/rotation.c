/* SPDX-License-Identifier: ISC */
/*
 * Only secrets that we have made: what a person chose or a product showed is theirs to renew.  An account that cannot
 * log in anyway keeps what it has until it can.
 */
#include "reconcile/rotation.h"

#define DAY_MS (86400 * 1000LL)

const char *
au_rotation_due(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms)
{
	const unsigned caps = AU_CAP_RESET_SECRET | AU_CAP_SET_SECRET;
	long long most_ms = au_values_num(target->block.values, "secret_max_age");
	long long age_ms = now_ms - account->secret_ms;

	if (most_ms == 0 || account->secret_ms == 0 || age_ms < most_ms || account->active == 0 ||
	    (target->describe->caps & caps) != caps)
		return NULL;
	return au_arena_printf(
	    arena, "its password is %lld days old, and secret_max_age replaces it before it expires", age_ms / DAY_MS);
}
