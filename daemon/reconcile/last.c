/* SPDX-License-Identifier: ISC */
/*
 * All losses of a plan count against an application together, so that two of
 * its accounts that leave at once do not each think the other one stays.
 */
#include "reconcile/last.h"

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "base/when.h"
#include "reconcile/guard.h"
#include "reconcile/last_right.h"
#include "reconcile/ledger.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/loss.h"
#include "store/protection.h"
#include "store/step.h"

#define PROTECTED "protected"
#define ACTOR "reconciler"

static bool
is_same_login(struct au_arena *arena, const char *a, const char *b)
{
	return a && b && au_streq(au_text_fold(arena, a), au_text_fold(arena, b));
}

bool
au_last_is_own_login(struct au_arena *arena, const struct au_target_block *target, const char *login)
{
	for (const struct au_opt *row = target->describe->instance_opts; row && row->name; row++)
		if ((row->flags & AU_OWN_LOGIN) &&
		    is_same_login(arena, au_json_get_str(target->options, row->name), login))
			return true;
	return false;
}

static int
check_own_login(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(c->policy->settings, c->step->target);

	(void)err;
	if (target && au_last_is_own_login(c->plan->arena, target, c->step->login))
		*ret_why = au_arena_printf(c->plan->arena,
		    "'%s' is the account that the daemon itself uses in target '%s'; all work there stops",
		    c->step->login, c->step->target);
	return 0;
}

/* ---- protected ---- */

static bool
is_listed(struct au_arena *arena, const struct au_policy *policy, const struct au_step *step)
{
	const struct au_target_block *target = au_settings_target(policy->settings, step->target);

	for (size_t i = 0; target && i < au_values_count(target->block.values, PROTECTED); i++)
		if (is_same_login(arena, au_values_item(target->block.values, PROTECTED, i), step->login))
			return true;
	return false;
}

int
au_last_protects(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_step *step, const char **ret_why, struct au_err *err)
{
	struct au_protection by;
	char when[AU_WHEN_SIZE];
	int rc;

	*ret_why = NULL;
	if (step->lane == AU_LANE_SAFE || !step->login)
		return 0;
	if (is_listed(arena, policy, step)) {
		*ret_why = au_arena_printf(
		    arena, "'%s' is protected in target '%s' by its option %s", step->login, step->target, PROTECTED);
		return 0;
	}
	rc = au_store_protection_get(tx, arena, step->target, step->login, &by, NULL);
	if (rc == AU_ENOENT)
		return 0;
	if (rc < 0)
		return au_fail(err, rc, "step of '%s': whether it is protected cannot be read", step->login);
	*ret_why = au_arena_printf(arena, "'%s' is protected in target '%s' by %s since %s: %s", step->login,
	    step->target, by.name ? by.name : by.actor, au_when_format(by.at_ms, when), by.reason);
	return 0;
}

static int
check_protected(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	return au_last_protects(c->tx, c->plan->arena, c->policy, c->step, ret_why, err);
}

/* ---- the last account of an application ---- */

static bool
takes_access(const struct au_step *step)
{
	return step->op == AU_STEP_DISABLE || step->op == AU_STEP_DELETE;
}

static int
count_stand_ins(const struct au_last_case *c, const char *application, long long *ret, struct au_err *err)
{
	struct au_arena *arena = c->plan->arena;
	const char *place = au_arena_printf(arena, "%s\n\n%s", c->step->target, application), **others = NULL;
	long long *known = au_map_get(c->stays, place);
	size_t count = 0;

	if (!known) {
		int rc = au_store_loss_stand_ins(
		    c->tx, arena, application, c->step->target, au_map_count(c->going) + 1, &others, &count, err);
		if (rc < 0)
			return rc;
		known = au_arena_alloc(arena, sizeof *known);
		*known = 0;
		for (size_t i = 0; i < count; i++) {
			const struct au_step *step = au_map_get(c->going, others[i]);
			*known += !step || !takes_access(step);
		}
		au_map_put(c->stays, place, known);
	}
	*ret = *known;
	return 0;
}

static int
check_application(const struct au_last_case *c, const char **ret_why, struct au_err *err)
{
	struct au_arena *arena = c->plan->arena;
	struct au_apiuser user = { 0 };
	struct au_account account = { 0 };
	long long stays = 0;
	int rc =
	    takes_access(c->step) ? au_store_apiuser_get(c->tx, arena, c->step->apiuser_id, &user, err) : AU_ENOENT;

	if (rc == 0 && !au_str_empty(user.application))
		rc = au_store_account_get(c->tx, arena, c->step->account_id, &account, err);
	else if (rc == 0)
		rc = AU_ENOENT;
	if (rc < 0 || account.active == 0)
		return rc == AU_ENOENT ? 0 : rc;
	rc = count_stand_ins(c, user.application, &stays, err);
	if (rc == 0 && stays == 0)
		*ret_why = au_arena_printf(arena,
		    "no other account of application '%s' is active and in order in target '%s'; the integration %s "
		    "stops",
		    user.application, c->step->target, user.application);
	return rc;
}

const struct au_last_guard au_last_guards[] = {
	{ "own-login", check_own_login },
	{ PROTECTED, check_protected },
	{ "last-administrator", au_last_check_admin },
	{ "last-of-application", check_application },
	{ "last-of-right", au_last_check_each },
	{ NULL, NULL },
};

/* ---- judging ---- */

static void
hold(struct au_arena *arena, struct au_step *step, const char *name, const char *why)
{
	au_guard_hold(arena, step, name,
	    au_arena_printf(arena, "guard '%s' holds it in lane %s: %s", name, au_lane_name(step->lane), why));
}

static int
judge_step(struct au_last_case *c, struct au_step *step, struct au_err *err)
{
	c->step = step;
	for (const struct au_last_guard *guard = au_last_guards; guard->name; guard++) {
		const char *why = NULL;
		int rc = guard->check(c, &why, err);
		if (rc < 0)
			return rc;
		if (why && !au_guard_is_among(step->guards, guard->name))
			hold(c->plan->arena, step, guard->name, why);
	}
	return 0;
}

static bool
is_new_loss(const struct au_step *step)
{
	return !step->id && step->lane != AU_LANE_SAFE &&
	       (step->state == AU_STEP_QUEUED || step->state == AU_STEP_HELD);
}

/* Of an account that is taken something twice, what takes it away altogether is what counts. */
static void
note_going(struct au_map *going, struct au_step *step)
{
	const struct au_step *there = step->account_id ? au_map_get(going, step->account_id) : NULL;

	if (step->account_id && (!there || takes_access(step)))
		au_map_put(going, step->account_id, step);
}

int
au_last_judge(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err)
{
	struct au_map *going = au_map_new(), *stays = au_map_new();
	struct au_last_case c = { .tx = tx, .policy = policy, .plan = plan, .going = going, .stays = stays };
	int rc = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		if (is_new_loss(&plan->steps[i]))
			note_going(going, &plan->steps[i]);
	for (size_t i = 0; rc == 0 && i < plan->step_count; i++)
		if (is_new_loss(&plan->steps[i]))
			rc = judge_step(&c, &plan->steps[i], err);
	au_map_free(going, NULL);
	au_map_free(stays, NULL);
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
	rc = au_last_judge(tx, policy, plan, err);
	*ret_moved = rc == 0 && !au_streq(again->guards, step->guards);
	if (*ret_moved) {
		step->guards = au_arena_strdup(arena, again->guards);
		step->guard = au_arena_strdup(arena, again->guard);
	}
	return rc;
}

int
au_last_stop(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    long long now_ms, bool *ret_stopped, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = NULL;
	const char *why;
	int rc = au_last_protects(tx, arena, policy, step, &why, err);

	*ret_stopped = false;
	if (rc < 0 || !why)
		return rc;
	hold(arena, step, PROTECTED, why);
	rc = au_store_step_update(tx, step, err);
	if (rc == 0)
		rc = au_ledger_settle(tx, arena, policy, step->target, step->account_id, err);
	detail = au_step_to_json(step);
	if (rc == 0)
		rc = au_store_audit(tx, now_ms, ACTOR, "step.hold", step->account_id, detail, err);
	*ret_stopped = rc == 0;
	return rc;
}
