/* SPDX-License-Identifier: ISC */
/*
 * Between a decision and its call others may have changed the account: then the
 * decision is made anew, on what is there now.  Versions are not compared, for
 * some products count a log-in as a change.
 */
#include "reconcile/fresh.h"

#include "base/str.h"

bool
au_fresh_is_due(enum au_step_op op, const struct au_account *account)
{
	switch (op) {
	case AU_STEP_SET_RIGHTS:
	case AU_STEP_SET_PROFILE:
	case AU_STEP_ENABLE:
	case AU_STEP_DISABLE:
	case AU_STEP_DELETE:
		return account->state == AU_ACCOUNT_PRESENT && account->remote_id != NULL;
	case AU_STEP_CREATE:
	case AU_STEP_LOOKUP:
	case AU_STEP_RESET_SECRET:
	case AU_STEP_RETIRE:
		return false;
	}
	return false;
}

bool
au_fresh_is_foreign(const struct au_account *decided_on, const struct au_target_account *now)
{
	return decided_on->adoption == AU_ADOPTION_NONE && now->mark != NULL && !au_streq(now->mark, decided_on->id);
}

static bool
differs(const char *was, const char *is)
{
	return was != NULL && is != NULL && !au_streq(was, is);
}

const char *
au_fresh_moved(struct au_arena *arena, const struct au_account *decided_on, const struct au_target_account *now)
{
	if (au_fresh_is_foreign(decided_on, now))
		return au_arena_printf(arena, "it bears the mark '%s', which is not ours", now->mark);
	if (differs(decided_on->login, now->login))
		return au_arena_printf(arena, "its login is '%s'", now->login);
	if (decided_on->active >= 0 && now->active >= 0 && decided_on->active != now->active)
		return now->active ? "it is active" : "it is inactive";
	if (differs(decided_on->rights, now->rights))
		return au_arena_printf(arena, "its rights are %s", now->rights);
	return NULL;
}
