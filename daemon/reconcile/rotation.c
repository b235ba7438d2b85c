/* SPDX-License-Identifier: ISC */
/*
 * By age only secrets go that we have made: what a person chose or a product showed is theirs to renew.  An account
 * that cannot log in anyway keeps what it has until it can, and one that has come in another's place keeps it until
 * that one is gone.
 */
#include "reconcile/rotation.h"

#include "base/json.h"
#include "base/str.h"

#define DAY_MS (86400 * 1000LL)

static bool
can(const struct au_target_block *target, unsigned caps)
{
	return (target->describe->caps & caps) == caps;
}

bool
au_rotation_is_listed(const struct au_target_block *target, const struct au_account *account)
{
	const char *id = account->remote_id != NULL ? account->remote_id : account->login;
	const json_t *item;
	size_t i;

	for (const struct au_opt *row = target->describe->instance_opts; row != NULL && row->name != NULL; row++) {
		if (!(row->flags & AU_RENEW))
			continue;
		json_array_foreach (json_object_get(target->options, row->name), i, item)
			if (au_streq(json_string_value(item), id))
				return true;
	}
	return false;
}

bool
au_rotation_renews(const struct au_target_block *target, const struct au_account *account)
{
	return can(target, AU_CAP_RENEWS) || au_rotation_is_listed(target, account);
}

static const char *
too_old(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms)
{
	long long most_ms = au_values_num(target->block.values, "secret_max_age");
	long long age_ms = now_ms - account->secret_ms;

	if (most_ms == 0 || account->secret_ms == 0 || age_ms < most_ms || !can(target, AU_CAP_SET_SECRET))
		return NULL;
	return au_arena_printf(
	    arena, "its password is %lld days old, and secret_max_age replaces it before it expires", age_ms / DAY_MS);
}

const char *
au_rotation_due(
    struct au_arena *arena, const struct au_target_block *target, const struct au_account *account, long long now_ms)
{
	const struct au_custody *custody = &account->custody;

	if (account->active == 0 || custody->former != NULL || !can(target, AU_CAP_RESET_SECRET))
		return NULL;
	if (custody->wanted_ms != 0)
		return au_arena_printf(arena, "another credential is wanted: %s", custody->wanted_why);
	if (au_rotation_is_listed(target, account))
		return "the target's options say that it must be made anew";
	return too_old(arena, target, account, now_ms);
}
