/* SPDX-License-Identifier: ISC */
/*
 * One function per situation: nobody wants the account, it is not there yet,
 * it is there and may differ.  Order within an account: rights and profile
 * before activation, so that nobody is active with the wrong rights.
 */
#include "reconcile/compare.h"

#include "base/str.h"
#include "reconcile/rights.h"
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
	/* Where accounts are born with full rights they are made inactive; the next look sets rights, then activates.
	 */
	bool born_inactive = op == AU_STEP_CREATE && can(c, AU_CAP_BORN_ALLOWED) && can(c, AU_CAP_DISABLE);
	bool active = op != AU_STEP_DISABLE && !born_inactive;
	struct au_step step = {
		.account_id = account ? account->id : NULL,
		.apiuser_id = c->user->id,
		.target = c->target->block.name,
		.login = account && account->login ? account->login : c->wanted->login,
		.op = op,
		.state = AU_STEP_QUEUED,
		.want = au_wish_want(plan->arena, op, c->wanted, active),
		.was = au_wish_was(plan->arena, op, account),
		.reason = reason,
		.next_ms = c->now_ms,
		.created_ms = c->now_ms,
	};
	bool removes = op == AU_STEP_SET_RIGHTS && account && au_rights_removes(account->rights, c->wanted->rights);

	if (failed_before(c, op, step.want)) {
		find(c, plan, account->problem);
		return;
	}
	if (op == AU_STEP_DISABLE || op == AU_STEP_DELETE)
		step.cause = account->basis;
	step.lane = au_step_lane(op, removes);
	au_plan_add(plan, &step);
}

static void
compare_unwanted(const struct au_comparison *c, struct au_plan *plan)
{
	const struct au_account *account = c->account;

	if (!account || account->state == AU_ACCOUNT_ABSENT || account->state == AU_ACCOUNT_CONFLICT)
		return;
	if (account->state == AU_ACCOUNT_UNKNOWN) {
		add(c, plan, AU_STEP_LOOKUP, "an earlier create had no clear outcome");
		return;
	}
	bool disabled = account->active == 0;
	bool due = account->disabled_ms && c->now_ms >= account->disabled_ms + c->grace_ms;
	if (disabled && !due)
		return;
	if (c->may_not_remove) {
		find(c, plan, au_arena_printf(plan->arena, "removal waits: %s", c->may_not_remove));
		return;
	}
	if (!disabled && can(c, AU_CAP_DISABLE))
		add(c, plan, AU_STEP_DISABLE, "no rule gives any template of this target any more");
	else if (disabled && can(c, AU_CAP_DELETE))
		add(c, plan, AU_STEP_DELETE, "unwanted and disabled for longer than the grace time");
	else
		find(c, plan, "unwanted, but the product offers no way to take it away by itself");
}

static bool
profile_differs(const struct au_wanted *wanted, const struct au_account *account)
{
	/* A value that we do not have is not a wish to empty it; a label is only compared where the product reports
	 * one. */
	return (wanted->first_name && !au_streq(wanted->first_name, account->first_name)) ||
	       (wanted->last_name && !au_streq(wanted->last_name, account->last_name)) ||
	       (wanted->mail && !au_streq(wanted->mail, account->mail)) ||
	       (wanted->label && account->label && !au_streq(wanted->label, account->label));
}

static const char *
change_reason(const struct au_comparison *c, struct au_plan *plan, const char *what)
{
	return au_arena_printf(plan->arena, "%s; %s", what, c->wanted->reason);
}

static void
compare_present(const struct au_comparison *c, struct au_plan *plan)
{
	const struct au_wanted *wanted = c->wanted;
	const struct au_account *account = c->account;
	bool rights_fine = true;

	if (can(c, AU_CAP_READ_RIGHTS) && account->rights)
		rights_fine = au_rights_satisfied(wanted->rights, account->rights);
	if (!rights_fine && can(c, AU_CAP_SET_RIGHTS))
		add(c, plan, AU_STEP_SET_RIGHTS, change_reason(c, plan, "rights in the target differ"));
	else if (!rights_fine)
		find(c, plan, "rights differ, but the product offers no way to change them");
	if (profile_differs(wanted, account) && can(c, AU_CAP_SET_PROFILE))
		add(c, plan, AU_STEP_SET_PROFILE, change_reason(c, plan, "names or mail in the target differ"));
	if (account->active != 0 || !can(c, AU_CAP_DISABLE))
		return;
	/* Where accounts are born with full rights, activation waits until the rights are seen to be right. */
	if (rights_fine || !can(c, AU_CAP_BORN_ALLOWED))
		add(c, plan, AU_STEP_ENABLE, change_reason(c, plan, "wanted, but inactive in the target"));
}

static void
compare_wanted(const struct au_comparison *c, struct au_plan *plan)
{
	const struct au_account *account = c->account;
	enum au_account_state state = account ? account->state : AU_ACCOUNT_ABSENT;

	if (c->wanted->problem) {
		find(c, plan, c->wanted->problem);
		return;
	}
	switch (state) {
	case AU_ACCOUNT_ABSENT:
		add(c, plan, AU_STEP_CREATE, c->wanted->reason);
		break;
	case AU_ACCOUNT_UNKNOWN:
		add(c, plan, AU_STEP_LOOKUP, "an earlier create had no clear outcome");
		break;
	case AU_ACCOUNT_CONFLICT:
		find(
		    c, plan, account->problem ? account->problem : "the login is taken by an account that is not ours");
		break;
	case AU_ACCOUNT_PRESENT:
		compare_present(c, plan);
		break;
	}
}

void
au_compare(const struct au_comparison *c, struct au_plan *plan)
{
	if (c->wanted->wanted)
		compare_wanted(c, plan);
	else
		compare_unwanted(c, plan);
}
