/* SPDX-License-Identifier: ISC */
/*
 * All losses of a plan count against an application together, so that two of
 * its accounts that leave at once do not each think the other one stays.
 */
#include "reconcile/last.h"

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "reconcile/guard.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/loss.h"

/* The option of plugins that names the account they log in with. */
#define OWN_LOGIN "username"

static bool
is_login(const struct au_last_case *c, const char *login)
{
	struct au_arena *arena = c->plan->arena;

	return login && c->step->login && au_streq(au_text_fold(arena, login), au_text_fold(arena, c->step->login));
}

static int
check_own_login(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(c->policy->settings, c->step->target);

	(void)err;
	if (target && is_login(c, au_json_get_str(target->options, OWN_LOGIN)))
		*ret_why = au_arena_printf(c->plan->arena,
		    "'%s' is the account that the daemon itself uses in target '%s'; all work there stops",
		    c->step->login, c->step->target);
	return 0;
}

static int
check_protected(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(c->policy->settings, c->step->target);

	(void)err;
	for (size_t i = 0; target && i < au_values_count(target->block.values, "protected"); i++)
		if (is_login(c, au_values_item(target->block.values, "protected", i)))
			*ret_why = au_arena_printf(
			    c->plan->arena, "'%s' is protected in target '%s'", c->step->login, c->step->target);
	return 0;
}

static bool
takes_access(const struct au_step *step)
{
	return step->op == AU_STEP_DISABLE || step->op == AU_STEP_DELETE;
}

static bool
goes_too(const struct au_plan *plan, const char *account_id)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct au_step *step = &plan->steps[i];
		if (!step->id && takes_access(step) && au_streq(step->account_id, account_id) &&
		    (step->state == AU_STEP_QUEUED || step->state == AU_STEP_HELD))
			return true;
	}
	return false;
}

static size_t
count_going(const struct au_plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		count += !plan->steps[i].id && takes_access(&plan->steps[i]);
	return count;
}

static int
check_application(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	struct au_arena *arena = c->plan->arena;
	const char **others = NULL;
	struct au_apiuser user;
	struct au_account account;
	size_t count = 0;
	int rc =
	    takes_access(c->step) ? au_store_apiuser_get(c->tx, arena, c->step->apiuser_id, &user, err) : AU_ENOENT;

	if (rc == 0 && !au_str_empty(user.application))
		rc = au_store_account_get(c->tx, arena, c->step->account_id, &account, err);
	else if (rc == 0)
		rc = AU_ENOENT;
	if (rc < 0 || account.active == 0)
		return rc == AU_ENOENT ? 0 : rc;
	rc = au_store_loss_stand_ins(c->tx, arena, user.application, c->step->target, c->step->account_id,
	    count_going(c->plan) + 1, &others, &count, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		if (!goes_too(c->plan, others[i]))
			return 0;
	*ret_why = au_arena_printf(arena,
	    "no other account of application '%s' is active and in order in target '%s'; the integration %s stops",
	    user.application, c->step->target, user.application);
	return 0;
}

const struct au_last_guard au_last_guards[] = {
	{ "own-login", check_own_login },
	{ "protected", check_protected },
	{ "last-of-application", check_application },
	{ NULL, NULL },
};

static int
judge_step(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_step *step,
    struct au_err *err)
{
	struct au_last_case c = { .tx = tx, .policy = policy, .plan = plan, .step = step };

	for (const struct au_last_guard *guard = au_last_guards; guard->name; guard++) {
		const char *why = NULL;
		int rc = guard->check(&c, &why, err);
		if (rc < 0)
			return rc;
		if (why && !au_guard_is_among(step->guards, guard->name))
			au_guard_hold(plan->arena, step, guard->name,
			    au_arena_printf(plan->arena, "guard '%s' holds it in lane %s: %s", guard->name,
				au_lane_name(step->lane), why));
	}
	return 0;
}

int
au_last_judge(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < plan->step_count; i++) {
		struct au_step *step = &plan->steps[i];
		if (!step->id && step->lane != AU_LANE_SAFE &&
		    (step->state == AU_STEP_QUEUED || step->state == AU_STEP_HELD))
			rc = judge_step(tx, policy, plan, step, err);
	}
	return rc;
}

int
au_last_again(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    bool *ret_moved, struct au_err *err)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct au_step *again = au_plan_add(plan, step);
	int rc;

	again->id = 0;
	rc = again->lane != AU_LANE_SAFE ? judge_step(tx, policy, plan, again, err) : 0;
	*ret_moved = rc == 0 && !au_streq(again->guards, step->guards);
	if (*ret_moved) {
		step->guards = au_arena_strdup(arena, again->guards);
		step->guard = au_arena_strdup(arena, again->guard);
	}
	return rc;
}
