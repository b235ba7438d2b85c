/* SPDX-License-Identifier: ISC */
/*
 * Puts the pure parts together for one key and keeps open steps that still say
 * the same, so that two looks in a row queue nothing twice.
 */
#include "reconcile/draft.h"

#include "base/str.h"
#include "base/when.h"
#include "reconcile/books.h"
#include "reconcile/cause.h"
#include "reconcile/compare.h"
#include "reconcile/custody.h"
#include "reconcile/merge.h"
#include "reconcile/quarantine.h"
#include "reconcile/refusal.h"
#include "reconcile/retain.h"
#include "reconcile/seats.h"
#include "reconcile/term.h"

struct drafting {
	struct au_arena *arena;
	const struct au_policy *policy;
	const struct au_readiness *readiness;
	size_t readiness_count;
	const struct au_gathered *g;
	long long now_ms;
	struct au_plan *plan;
	struct au_draft *draft;
	bool any_wanted;
};

static bool
is_running(const struct au_step *open, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (open[i].state == AU_STEP_RUNNING)
			return true;
	return false;
}

/* An open step of the same wish.  What takes something away also stands for what was there when it was judged, and what
 * nobody has decided on for too long is judged anew. */
static bool
is_same(const struct drafting *d, const struct au_step *planned, const struct au_step *open)
{
	long long expiry_ms = au_policy_brake(d->policy, open->target)->held_expiry_ms;

	if (planned->id || planned->op != open->op || !au_streq(planned->want, open->want))
		return false;
	if (open->state == AU_STEP_HELD && expiry_ms > 0 && d->now_ms >= open->created_ms + expiry_ms)
		return false;
	return open->lane == AU_LANE_SAFE || au_streq(planned->was, open->was);
}

/* What no comparison shows: a secret that is to be replaced, as after an unclear create, and an account that is there
 * already and that a person finishes. */
static bool
stands_alone(const struct au_step *open, const struct au_account *account, bool wanted)
{
	if (!wanted || account == NULL || account->state != AU_ACCOUNT_PRESENT)
		return false;
	return open->op == AU_STEP_RESET_SECRET || (open->op == AU_STEP_CREATE && open->state == AU_STEP_WITH_PERSON);
}

/* Give planned steps the identity of open ones that say the same; cancel the open ones that are left over. */
static void
match_open(const struct drafting *d, size_t first, const struct au_step *open, size_t open_count,
    const struct au_account *account, bool wanted)
{
	struct au_plan *plan = d->plan;
	size_t last = plan->step_count;

	for (size_t k = 0; k < open_count; k++) {
		bool kept = false;
		for (size_t i = first; i < last && !kept; i++) {
			struct au_step *step = &plan->steps[i];
			if (!is_same(d, step, &open[k]))
				continue;
			step->id = open[k].id;
			step->state = open[k].state;
			step->guard = au_arena_strdup(plan->arena, open[k].guard);
			step->guards = au_arena_strdup(plan->arena, open[k].guards);
			step->waits = au_arena_strdup(plan->arena, open[k].waits);
			step->created_ms = open[k].created_ms;
			step->next_ms = open[k].next_ms;
			step->tries = open[k].tries;
			kept = true;
		}
		if (!kept && !stands_alone(&open[k], account, wanted)) {
			struct au_step *gone = au_plan_add(plan, &open[k]);
			gone->state = AU_STEP_CANCELLED;
			gone->finished_ms = 0;
		}
	}
}

static void
keep_books(struct drafting *d, const struct au_comparison *c, const struct au_account *stored, size_t first,
    size_t findings)
{
	bool found = d->plan->finding_count > findings;
	struct au_account row = *c->account;

	row.refused = au_refusal_apply(d->plan, first, c->account, !found && !c->may_not_remove, d->arena);
	struct au_books books = { .target = c->target,
		.wanted = c->wanted,
		.now_ms = d->now_ms,
		.has_steps = d->plan->step_count > first,
		.has_findings = d->plan->finding_count > findings };
	if (au_books_keep(d->arena, &books, &row) || c->account != stored ||
	    !au_streq(row.refused, stored->refused))
		d->draft->accounts[d->draft->account_count++] = row;
}

/* Who has another log-in name by now is not kept by whoever has the old one. */
static const struct au_account *
free_of_conflict(struct drafting *d, const struct au_account *account, const struct au_wanted *wanted)
{
	struct au_account *moved;

	if (account == NULL || account->state != AU_ACCOUNT_CONFLICT || wanted->login == NULL ||
	    account->remote_id != NULL || au_streq(wanted->login, account->login))
		return account;
	moved = au_arena_alloc(d->arena, sizeof(*moved));
	*moved = *account;
	moved->state = AU_ACCOUNT_ABSENT;
	moved->login = wanted->login;
	moved->problem = moved->problem_for = NULL;
	return moved;
}

static bool
is_ignored(
    const struct drafting *d, const char *target, const struct au_account *account, const struct au_wanted *wanted)
{
	bool is_there = account != NULL && account->state == AU_ACCOUNT_PRESENT;

	return au_ignores_find(d->g->ignores, target, is_there ? account->login : wanted->login) != NULL;
}

/* A quarantine whose premise is not what it was ends here; one that is new learns its premise. */
static bool
is_quarantined(struct drafting *d, const struct au_comparison *c, struct au_trouble *trouble)
{
	char digest[AU_PREMISE_SIZE];
	bool stays, is_new = trouble && !trouble->premise;

	if (!trouble)
		return false;
	au_quarantine_premise(c->target, c->wanted, c->account, digest);
	stays = is_new || au_streq(trouble->premise, digest);
	if (stays)
		au_plan_find(
		    d->plan, d->draft->user.id, c->target->block.name, au_quarantine_text(d->plan->arena, trouble));
	if (stays && !is_new)
		return true;
	trouble->premise = stays ? au_arena_strdup(d->arena, digest) : NULL;
	d->draft->troubles[d->draft->trouble_count++] = trouble;
	return stays;
}

/* What was decided on a whole word and is wanted as it was stands while sources are only read anew, as after each start
 * of the daemon; nothing new comes of that. */
static bool
stands(const struct drafting *d, struct au_comparison c, const struct au_step *open, size_t open_count)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	size_t losses = 0;

	c.may_not_remove = NULL;
	au_compare(&c, plan);
	for (size_t i = 0; i < plan->step_count; i++) {
		bool is_open = plan->steps[i].lane == AU_LANE_SAFE;
		losses += !is_open;
		for (size_t k = 0; k < open_count && !is_open; k++)
			is_open = is_same(d, &plan->steps[i], &open[k]);
		if (!is_open)
			return false;
	}
	return losses > 0;
}

static void
draft_target(struct drafting *d, const struct au_target_block *target)
{
	const struct au_gathered *g = d->g;
	const struct au_account *account = NULL;
	const struct au_step *open = NULL;
	struct au_trouble *trouble = NULL;
	size_t open_count = 0, first = d->plan->step_count, findings = d->plan->finding_count;
	struct au_wanted wanted;

	for (size_t i = 0; i < g->account_count; i++)
		if (au_streq(g->accounts[i].target, target->block.name)) {
			account = &g->accounts[i];
			open = g->open[i];
			open_count = g->open_count[i];
			trouble = g->trouble[i];
		}
	au_wanted_make(d->arena, d->policy, target, g, &d->draft->user, &wanted);
	au_term_apply(d->arena, &d->draft->user, d->now_ms, &wanted);
	d->any_wanted = d->any_wanted || wanted.wanted;
	if (is_running(open, open_count))
		return; /* its outcome brings the key back here */
	if (wanted.unresolved) {
		au_plan_find(d->plan, d->draft->user.id, target->block.name, wanted.problem);
		return;
	}
	if (is_ignored(d, target->block.name, account, &wanted)) {
		match_open(d, first, open, open_count, account, false);
		return;
	}
	const struct au_account *stored = account;
	bool reading = false;
	account = free_of_conflict(d, account, &wanted);
	account = au_custody_unfinished(d->arena, account, open, open_count, wanted.wanted, d->now_ms);
	struct au_comparison c = { .target = target,
		.user = &d->draft->user,
		.wanted = &wanted,
		.account = account,
		.may_not_remove =
		    au_gather_obstacle(d->policy, d->readiness, d->readiness_count, target->block.name, &reading),
		.now_ms = d->now_ms };
	struct au_wanted retained;
	bool retains;
	au_leave_rules(d->policy->settings, target, &c.leave);
	if (reading && stands(d, c, open, open_count))
		c.may_not_remove = NULL;
	retains = c.may_not_remove && au_retain_rights(d->plan->arena, target, account, &wanted, &retained);
	if (retains) {
		c.wanted = &retained;
		au_plan_find(d->plan, d->draft->user.id, target->block.name,
		    au_arena_printf(d->plan->arena, "rights stay, taking them away waits: %s", c.may_not_remove));
	}
	if (!is_quarantined(d, &c, trouble))
		au_compare(&c, d->plan);
	c.wanted = &wanted;
	if (account)
		au_cause_note(d->plan, first, d->policy, account->rights, account->bases, wanted.bases);
	au_seats_claim(d->plan->arena, target, account, &wanted, d->plan->steps + first, d->plan->step_count - first);
	if ((!wanted.wanted || retains) && c.may_not_remove && d->plan->finding_count > findings)
		d->draft->waits = true;
	if (account)
		keep_books(d, &c, stored, first, findings);
	match_open(d, first, open, open_count, account, wanted.wanted);
}

static bool
has_account(const struct au_gathered *g)
{
	for (size_t i = 0; i < g->account_count; i++)
		if (g->accounts[i].state != AU_ACCOUNT_ABSENT || g->accounts[i].custody.former || g->open_count[i])
			return true;
	return false;
}

static void
find_orphans(struct drafting *d)
{
	const struct au_gathered *g = d->g;

	for (size_t i = 0; i < g->account_count; i++)
		if (g->accounts[i].state == AU_ACCOUNT_PRESENT &&
		    !au_settings_target(d->policy->settings, g->accounts[i].target))
			au_plan_find(d->plan, g->user.id, g->accounts[i].target,
			    "the target is not configured any more; the account is left as it is");
}

/* What was told of another end says nothing of this one; and since when the owner is not fine. */
static void
settle_user(struct drafting *d)
{
	struct au_apiuser *user = &d->draft->user;

	if (user->expires_ms != d->g->user.expires_ms)
		user->told_ms = 0;
	if (!au_owner_has_left(user->owner_state))
		user->owner_ms = 0;
	else if (user->owner_ms == 0)
		user->owner_ms = d->now_ms;
}

/* Nothing is taken from anybody because of that: a person has to find a new owner. */
static void
find_owner(struct drafting *d)
{
	const struct au_apiuser *user = &d->draft->user;
	const char *deputy = au_values_str(d->policy->settings->reconcile, "owner_deputy");
	const char *owner = user->owner ? user->owner : user->owner_ref ? user->owner_ref : "";
	char when[AU_WHEN_SIZE];

	if (au_owner_has_left(user->owner_state) && has_account(d->g))
		au_plan_find(d->plan, user->id, NULL,
		    au_arena_printf(d->arena, "its owner %s is %s since %s%s%s", owner,
			au_owner_state_name(user->owner_state), au_when_format(user->owner_ms, when),
			deputy ? "; ask " : "", deputy ? deputy : ""));
}

/* A date that cannot be read takes nothing from anybody, and a person has to hear of it. */
static void
find_odd_dates(struct drafting *d)
{
	char when[AU_WHEN_SIZE];

	for (size_t i = 0; (d->g->has_user || d->any_wanted) && i < d->g->entry_count; i++) {
		const struct au_entry *entry = &d->g->entries[i];
		if (entry->expires_odd == NULL)
			continue;
		const char *stays = entry->expires_ms != 0 ? au_arena_printf(d->arena, "%s, which was read, counts",
								 au_when_format(entry->expires_ms, when))
							   : "it expires nobody";
		au_plan_find(d->plan, d->draft->user.id, NULL,
		    au_arena_printf(d->arena,
			"source '%s' has the date '%s', which cannot be read: expected a form like 2026-12-31; %s",
			entry->source, entry->expires_odd, stays));
	}
}

/* A date that a person has set outlasts the accounts, or who has expired would begin anew. */
static bool
keeps_term(const struct drafting *d)
{
	return d->draft->user.term_ms != 0 && d->g->entry_count > 0;
}

void
au_draft_make(struct au_arena *arena, const struct au_policy *policy, const struct au_readiness *readiness,
    size_t readiness_count, const struct au_gathered *g, long long now_ms, const char *new_id, struct au_plan *plan,
    struct au_draft *ret)
{
	struct au_draft draft = { .key = g->key, .user = g->user, .user_exists = g->has_user };
	struct drafting d = { .arena = arena,
		.policy = policy,
		.readiness = readiness,
		.readiness_count = readiness_count,
		.g = g,
		.now_ms = now_ms,
		.plan = plan,
		.draft = &draft };

	draft.accounts = au_arena_alloc(arena, (g->account_count + 1) * sizeof *draft.accounts);
	draft.troubles = au_arena_alloc(arena, (g->account_count + 1) * sizeof(struct au_trouble *));
	if (g->entry_count)
		au_merge(arena, g, &draft.user);
	settle_user(&d);
	draft.user.key = plan->key = g->key;
	if (!g->has_user)
		draft.user.id = au_arena_strdup(arena, new_id);
	if (draft.user.conflict)
		au_plan_find(plan, draft.user.id, NULL, draft.user.conflict);
	else
		for (size_t i = 0; i < policy->settings->target_count; i++)
			draft_target(&d, &policy->settings->targets[i]);
	find_orphans(&d);
	find_owner(&d);
	find_odd_dates(&d);
	if (!g->has_user)
		draft.user_put = d.any_wanted;
	else if (!d.any_wanted && !draft.user.conflict && !has_account(g) && !keeps_term(&d))
		draft.user_remove = true;
	else
		draft.user_put = au_merge_differs(&draft.user, &g->user);
	plan->key = NULL;
	*ret = draft;
}
