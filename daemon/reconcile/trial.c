/* SPDX-License-Identifier: ISC */
/* They are all alike, so they come in one by one until the first one would wait. */
#include "reconcile/trial.h"

#include "base/str.h"
#include "reconcile/capacity.h"
#include "reconcile/seats.h"

int
au_trial_target(
    const struct au_policy *policy, const char *template, const char *only, const char **ret, struct au_err *err)
{
	const struct au_template *found = au_policy_template(policy, template);

	if (!found)
		return au_fail(err, AU_ENOENT, "template '%s': not configured", template);
	if (only && !au_streq(only, found->target))
		return au_fail(
		    err, AU_EINVAL, "template '%s' is of target '%s', not of '%s'", template, found->target, only);
	*ret = found->target;
	return 0;
}

int
au_trial_make(struct au_arena *arena, const struct au_policy *policy, const char *template, long long more,
    const struct au_pool_row *pools, size_t pool_count, long long now_ms, struct au_trial *ret, struct au_err *err)
{
	const struct au_template *found = au_policy_template(policy, template);
	const struct au_target_block *target = au_settings_target(policy->settings, found->target);
	struct au_room *rooms = au_capacity_rooms(arena, pools, pool_count, now_ms);
	const struct au_pool_row *full = NULL;
	struct au_trial trial = { 0 };

	if (found->problem)
		return au_fail(err, AU_EINVAL, "template '%s': %s", template, found->problem);
	if (!found->canonical)
		return au_fail(
		    err, AU_ETEMP, "template '%s': target '%s' has not resolved it yet", template, found->target);
	au_seats_of_new(arena, target, found->canonical, found->takes, &trial.takes);
	for (size_t i = 0; i < pool_count; i++)
		rooms[i].blocked = pools[i].waiting > 0;
	while (trial.fit < more && !(full = au_capacity_try(rooms, pool_count, &trial.takes)))
		trial.fit++;
	trial.full = full ? au_arena_strdup(arena, full->name) : NULL;
	*ret = trial;
	return 0;
}
