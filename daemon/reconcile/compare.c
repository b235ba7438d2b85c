/* SPDX-License-Identifier: ISC */
/*
 * One function per situation: nobody wants the account, it is not there yet,
 * it is there and may differ.  Activation waits until rights are seen to be
 * right, so that nobody is active with the wrong ones.
 */
#include "reconcile/compare.h"

#include "base/str.h"
#include "reconcile/birth.h"
#include "reconcile/custody.h"
#include "reconcile/drift.h"
#include "reconcile/guard.h"
#include "reconcile/rights.h"
#include "reconcile/rotation.h"
#include "reconcile/wish.h"

static bool
can(const struct au_comparison *c, enum au_cap cap)
{
	return c->target->describe->caps & cap;
}

static void
find(const struct au_comparison *c, struct au_plan *plan, const char *text)
{
	au_plan_find(plan, c->user->id, c->target->block.name, text);
}

static const char *
unwanted_reason(const struct au_comparison *c)
{
	return c->wanted->reason ? c->wanted->reason : "no rule gives any template of this target any more";
}

/* A wish that failed is not repeated before its time; the failure is told instead. */
static bool
failed_before(const struct au_comparison *c, enum au_step_op op, const char *want)
{
	char digest[AU_WISH_DIGEST];
	const struct au_account *account = c->account;

	return account && account->problem_for && c->now_ms < account->retry_ms &&
	       au_streq(au_wish_digest(op, want, digest), account->problem_for);
}

static void
add(const struct au_comparison *c, struct au_plan *plan, enum au_step_op op, const char *reason)
{
	const struct au_account *account = c->account;
	bool born_inactive = op == AU_STEP_CREATE && au_birth_is_closed(c->target);
	bool active = op != AU_STEP_DISABLE && !born_inactive;
	struct au_step step = {
		.account_id = account ? account->id : NULL,
		.apiuser_id = c->user->id,
		.target = c->target->block.name,
		.login = account && account->login && op != AU_STEP_CREATE ? account->login : c->wanted->login,
		.op = op,
		.state = AU_STEP_QUEUED,
		.want = op == AU_STEP_RETIRE ? account->custody.former
					     : au_wish_want(plan->arena, op, c->wanted, active),
		.was = au_wish_was(plan->arena, op, account),
		.reason = reason,
		.note = au_birth_note(c->target, account, op),
		.next_ms = c->now_ms,
		.created_ms = c->now_ms,
	};
	bool removes = op == AU_STEP_SET_RIGHTS && account && !au_birth_is_now(c->target, account) &&
		       au_rights_removes(account->rights, c->wanted->rights);

	if (failed_before(c, op, step.want)) {
		find(c, plan, account->problem);
		return;
	}
	if (op == AU_STEP_DISABLE || op == AU_STEP_DELETE)
		step.cause = account->basis;
	step.lane = au_step_lane(op, removes);
	if (account && account->adoption == AU_ADOPTION_NEW)
		au_guard_hold(plan->arena, &step, AU_ADOPTION_GUARD,
		    "the account was adopted: a person has to look at what would change, and approve");
	au_plan_add(plan, &step);
}

/* Two accounts of one API user are there only until the newer one is in use, or until nobody wants either. */
static void
compare_former(const struct au_comparison *c, struct au_plan *plan)
{
	const struct au_custody *custody = &c->account->custody;
	const char *finding = au_custody_finding(plan->arena, c->target, c->account, c->now_ms);

	if (custody->former && !c->wanted->wanted && c->may_not_remove)
		find(c, plan, au_arena_printf(plan->arena, "removal waits: %s", c->may_not_remove));
	else if (custody->former && !c->wanted->wanted)
		add(c, plan, AU_STEP_RETIRE, unwanted_reason(c));
	else if (custody->former && custody->confirmed_ms != 0)
		add(c, plan, AU_STEP_RETIRE,
		    au_arena_printf(
			plan->arena, "the one that came in its place is in use, says %s", custody->confirmed_by));
	else if (c->wanted->wanted && finding)
		find(c, plan, finding);
}

static void
compare_unwanted(const struct au_comparison *c, struct au_plan *plan)
{
	const struct au_account *account = c->account;
	struct au_leave_next next;

	if (!account || account->state == AU_ACCOUNT_ABSENT || account->state == AU_ACCOUNT_CONFLICT)
		return;
	if (account->state == AU_ACCOUNT_UNKNOWN) {
		add(c, plan, AU_STEP_LOOKUP, "an earlier create had no clear outcome");
		return;
	}
	au_leave_next(plan->arena, &c->leave, account, c->now_ms, &next);
	if (next.finding)
		find(c, plan, next.finding);
	if (!next.op)
		return;
	if (c->may_not_remove)
		find(c, plan, au_arena_printf(plan->arena, "removal waits: %s", c->may_not_remove));
	else if (next.op == AU_STEP_DISABLE)
		add(c, plan, AU_STEP_DISABLE, unwanted_reason(c));
	else
		add(c, plan, AU_STEP_DELETE,
		    account->active == 0 ? "unwanted and disabled for longer than the grace time" : unwanted_reason(c));
}

/* Why a part is to be changed; NULL when it is not, as others changed it and the target's policy lets that be. */
static const char *
change_reason(
    const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift, unsigned part, const char *what)
{
	const char *text;

	if ((drift->differs & part) == 0)
		return NULL;
	if ((drift->moved & part) == 0)
		return au_arena_printf(plan->arena, "%s; %s", what, c->wanted->reason);
	text = au_drift_text(plan->arena, c->wanted, c->account, part);
	switch (au_drift_policy(c->target)) {
	case AU_DRIFT_RESTORE:
		return au_arena_printf(plan->arena, "changed by others in the target: %s; %s", text, c->wanted->reason);
	case AU_DRIFT_REPORT:
		find(c, plan, au_arena_printf(plan->arena, "drift: %s", text));
		break;
	case AU_DRIFT_ACCEPT:
		break;
	}
	return NULL;
}

/* Names and mail of an account that was there before us stay until a person has looked at it again. */
static void
compare_profile(const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift)
{
	const char *why;

	if (!can(c, AU_CAP_SET_PROFILE))
		return;
	if ((drift->differs & AU_DRIFT_PROFILE) != 0 && c->account->adoption == AU_ADOPTION_NEW) {
		find(c, plan,
		    au_arena_printf(plan->arena, "adopted, its names and mail stay until it is confirmed: %s",
			au_drift_text(plan->arena, c->wanted, c->account, AU_DRIFT_PROFILE)));
		return;
	}
	why = change_reason(c, plan, drift, AU_DRIFT_PROFILE, "names or mail in the target differ");
	if (why)
		add(c, plan, AU_STEP_SET_PROFILE, why);
}

static void
compare_login(const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift)
{
	if ((drift->moved & AU_DRIFT_LOGIN) != 0 && au_drift_policy(c->target) != AU_DRIFT_ACCEPT)
		find(c, plan,
		    au_arena_printf(plan->arena,
			"drift: %s; the product offers no way to change a login: set it back by hand, or accept it by "
			"drift = \"accept\"",
			au_drift_text(plan->arena, c->wanted, c->account, AU_DRIFT_LOGIN)));
}

/* Whoever is changed bears the mark again.  Without it a create whose answer is lost would not be known as ours. */
static void
compare_mark(const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift, size_t first)
{
	const char *why;

	if ((drift->differs & AU_DRIFT_MARK) == 0)
		return;
	if (!can(c, AU_CAP_SET_PROFILE)) {
		if (au_drift_policy(c->target) != AU_DRIFT_ACCEPT)
			find(c, plan,
			    au_arena_printf(plan->arena,
				"drift: %s; the product offers no way to put our mark back: do it by hand, or accept "
				"it by "
				"drift = \"accept\"",
				au_drift_text(plan->arena, c->wanted, c->account, AU_DRIFT_MARK)));
		return;
	}
	for (size_t i = first; i < plan->step_count; i++)
		if (plan->steps[i].op == AU_STEP_SET_PROFILE)
			return;
	why = change_reason(c, plan, drift, AU_DRIFT_MARK, "it bears no mark of ours");
	if (why)
		add(c, plan, AU_STEP_SET_PROFILE, why);
}

/* The next look switches it on, when the rights that are on their way were seen to be right. */
static void
compare_active(const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift, bool changes)
{
	const char *why = change_reason(c, plan, drift, AU_DRIFT_ACTIVE, "wanted, but inactive in the target");
	const char *obstacle = why ? au_birth_obstacle(c->target, c->account, drift) : NULL;

	if (obstacle && !changes)
		find(c, plan, obstacle);
	else if (why && !obstacle)
		add(c, plan, AU_STEP_ENABLE, why);
}

static void
compare_present(const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift)
{
	size_t steps = plan->step_count;
	bool rights_fine = (drift->differs & AU_DRIFT_RIGHTS) == 0;
	const char *why = NULL;

	if (rights_fine || can(c, AU_CAP_SET_RIGHTS))
		why = change_reason(c, plan, drift, AU_DRIFT_RIGHTS, "rights in the target differ");
	else
		find(c, plan, "rights differ, but the product offers no way to change them");
	if (why)
		add(c, plan, AU_STEP_SET_RIGHTS, why);
	compare_profile(c, plan, drift);
	compare_mark(c, plan, drift, steps);
	compare_login(c, plan, drift);
	compare_active(c, plan, drift, plan->step_count > steps);
	why = au_rotation_due(plan->arena, c->target, c->account, c->now_ms);
	if (why)
		add(c, plan, AU_STEP_RESET_SECRET, why);
}

static void
compare_absent(const struct au_comparison *c, struct au_plan *plan, const struct au_drift *drift)
{
	const char *why = drift->differs == 0 ? c->wanted->reason
					      : change_reason(c, plan, drift, AU_DRIFT_GONE, "it was there before");

	if (why)
		add(c, plan, AU_STEP_CREATE, why);
}

static void
compare_wanted(const struct au_comparison *c, struct au_plan *plan)
{
	const struct au_account *account = c->account;
	enum au_account_state state = account ? account->state : AU_ACCOUNT_ABSENT;
	struct au_drift drift;

	if (c->wanted->problem) {
		find(c, plan, c->wanted->problem);
		return;
	}
	au_drift_find(c->target, c->wanted, account, &drift);
	switch (state) {
	case AU_ACCOUNT_ABSENT:
		compare_absent(c, plan, &drift);
		break;
	case AU_ACCOUNT_UNKNOWN:
		add(c, plan, AU_STEP_LOOKUP, "an earlier create had no clear outcome");
		break;
	case AU_ACCOUNT_CONFLICT:
		find(
		    c, plan, account->problem ? account->problem : "the login is taken by an account that is not ours");
		break;
	case AU_ACCOUNT_PRESENT:
		compare_present(c, plan, &drift);
		break;
	}
}

void
au_compare(const struct au_comparison *c, struct au_plan *plan)
{
	if (c->account)
		compare_former(c, plan);
	if (c->wanted->wanted)
		compare_wanted(c, plan);
	else
		compare_unwanted(c, plan);
}
