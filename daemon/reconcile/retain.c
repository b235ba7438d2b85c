/* SPDX-License-Identifier: ISC */
/* The same union that several templates make: lists grow, anything else stays as it is there. */
#include "reconcile/retain.h"

#include "reconcile/birth.h"
#include "reconcile/rights.h"

bool
au_retain_rights(struct au_arena *arena, const struct au_target_block *target, const struct au_account *account,
    const struct au_wanted *wanted, struct au_wanted *ret)
{
	struct au_wanted kept = *wanted;

	if (!wanted->wanted || !wanted->rights || !account || account->state != AU_ACCOUNT_PRESENT ||
	    !account->rights || au_birth_is_now(target, account) || !au_rights_removes(account->rights, wanted->rights))
		return false;
	if (au_rights_union(arena, account->rights, wanted->rights, &kept.rights, NULL) < 0)
		return false;
	*ret = kept;
	return true;
}
