/* SPDX-License-Identifier: ISC */
/*
 * From keys to written steps, inside one transaction.  The dry run is the same
 * code stopped before the writing.
 */
#include "reconcile/look.h"

#include "base/rand.h"
#include "base/str.h"
#include "model/plan_order.h"
#include "reconcile/commitment.h"
#include "reconcile/configuration.h"
#include "reconcile/draft.h"
#include "reconcile/follow.h"
#include "reconcile/gather.h"
#include "reconcile/ledger.h"
#include "reconcile/quarantine.h"
#include "reconcile/seats.h"
#include "reconcile/work.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/step.h"

#define ACTOR "reconciler"

struct look {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_policy *policy;
	long long now_ms;
	struct au_plan *plan;
	struct au_draft *drafts;
	size_t draft_count;
	const struct au_look_choice *choice; /* NULL = everything */
};

static void
choose(struct look *look)
{
	size_t kept = 0;

	for (size_t i = 0; i < look->plan->step_count; i++)
		if (look->choice->takes(look->choice->ctx, look->plan->arena, &look->plan->steps[i]))
			look->plan->steps[kept++] = look->plan->steps[i];
	look->plan->step_count = kept;
}

static int
make_drafts(struct look *look, const char *const *keys, size_t key_count, struct au_err *err)
{
	struct au_readiness *readiness = NULL;
	size_t readiness_count = 0;
	struct au_ignores *ignores = au_arena_alloc(look->arena, sizeof(*ignores));
	int rc = au_gather_readiness(look->tx, look->arena, look->policy, &readiness, &readiness_count, err);

	if (rc == 0)
		rc = au_ignores_load(look->tx, look->arena, ignores, err);

	look->drafts = au_arena_alloc(look->arena, (key_count + 1) * sizeof *look->drafts);
	for (size_t i = 0; rc == 0 && i < key_count; i++) {
		struct au_gathered *g = au_arena_alloc(look->arena, sizeof *g);
		char id[AU_UUID_SIZE];
		rc = au_gather(look->tx, look->arena, look->policy, keys[i], g, err);
		g->ignores = ignores;
		if (rc == 0)
			au_draft_make(look->arena, look->policy, readiness, readiness_count, g, look->now_ms,
			    au_uuid_new(id), look->plan, &look->drafts[look->draft_count++]);
	}
	if (rc == 0 && look->choice && look->choice->takes)
		choose(look);
	if (rc == 0)
		rc = au_look_guard(look->tx, look->policy, look->now_ms, look->plan, err);
	if (rc == 0)
		rc = au_configuration_guard(look->tx, look->policy, look->plan, err);
	return rc < 0 ? rc : au_commitment_judge(look->tx, look->policy, look->plan, err);
}

static int
write_user(struct look *look, struct au_draft *draft, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc;

	if (!draft->user_put)
		return 0;
	draft->user.changed_ms = look->now_ms;
	if (!draft->user_exists)
		draft->user.created_ms = look->now_ms;
	rc = au_store_apiuser_put(look->tx, &draft->user, err);
	if (rc < 0)
		return rc;
	au_json_set_str(detail, "key", draft->key);
	au_json_set_str(detail, "conflict", draft->user.conflict);
	au_json_set_str(detail, "owner", draft->user.owner);
	au_json_set_str(detail, "owner_state", au_owner_state_name(draft->user.owner_state));
	return au_store_audit(look->tx, look->now_ms, ACTOR, draft->user_exists ? "apiuser.change" : "apiuser.add",
	    draft->user.id, detail, err);
}

static int
remove_user(struct look *look, const struct au_draft *draft, struct au_err *err)
{
	struct au_account *accounts = NULL;
	size_t count = 0;
	int rc = au_store_account_by_apiuser(look->tx, look->arena, draft->user.id, &accounts, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if ((rc = au_store_account_remove(look->tx, accounts[i].id, err)) == 0)
			rc = au_follow_settle(look->tx, look->arena, accounts[i].id, look->now_ms, err);
	if (rc == 0)
		rc = au_store_apiuser_remove(look->tx, draft->user.id, err);
	if (rc == 0)
		rc = au_store_audit(look->tx, look->now_ms, ACTOR, "apiuser.remove", draft->user.id, NULL, err);
	return rc;
}

static int
write_troubles(struct look *look, const struct au_draft *draft, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < draft->trouble_count; i++) {
		const struct au_trouble *trouble = draft->troubles[i];
		rc = trouble->premise ? au_store_trouble_put(look->tx, trouble, err)
				      : au_quarantine_end(look->tx, trouble->account_id, ACTOR,
					    "what is wanted or what is there has changed", look->now_ms, err);
	}
	return rc;
}

static int
write_draft(struct look *look, struct au_draft *draft, struct au_err *err)
{
	int rc = write_user(look, draft, err);

	if (rc == 0)
		rc = write_troubles(look, draft, err);
	for (size_t i = 0; rc == 0 && i < draft->account_count; i++) {
		const struct au_account *account = &draft->accounts[i];
		rc = au_store_account_put(look->tx, account, err);
		if (rc == 0)
			rc = au_ledger_settle(look->tx, look->arena, look->policy, account->target, account->id, err);
	}
	if (rc == 0 && draft->user_remove)
		rc = remove_user(look, draft, err);
	return rc;
}

static int
new_account(struct look *look, struct au_step *step, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(look->policy->settings, step->target);
	char id[AU_UUID_SIZE];
	struct au_account account = { .id = au_uuid_new(id),
		.apiuser_id = step->apiuser_id,
		.target = step->target,
		.login = step->login,
		.state = AU_ACCOUNT_ABSENT,
		.active = -1,
		.takes = target ? au_seats_stated(look->arena, target, step->takes) : NULL,
		.created_ms = look->now_ms };

	step->account_id = au_arena_strdup(look->plan->arena, id);
	return au_store_account_put(look->tx, &account, err);
}

static int
audit_step(struct look *look, const struct au_step *step, const char *verb, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = au_step_to_json(step);
	const char *actor = look->choice && look->choice->actor ? look->choice->actor : ACTOR;

	au_json_set_str(detail, "plan", look->choice ? look->choice->plan : NULL);
	return au_store_audit(look->tx, look->now_ms, actor, verb, step->account_id, detail, err);
}

static int
settle(struct look *look, const struct au_step *step, struct au_err *err)
{
	int rc = au_ledger_settle(look->tx, look->arena, look->policy, step->target, step->account_id, err);

	return rc < 0 ? rc : au_follow_settle(look->tx, look->arena, step->account_id, look->now_ms, err);
}

/* Whether anything else is planned for the account of a step that is taken back. */
static bool
more_is_coming(const struct look *look, const struct au_step *gone)
{
	for (size_t i = 0; i < look->plan->step_count; i++) {
		const struct au_step *step = &look->plan->steps[i];
		if (step->state != AU_STEP_CANCELLED && au_streq(step->account_id, gone->account_id))
			return true;
	}
	return false;
}

/* What is taken back, and open steps whose claim has changed: before anybody new comes in. */
static int
write_old_step(struct look *look, struct au_step *step, struct au_look_counts *counts, struct au_err *err)
{
	int rc = 0;

	if (step->state == AU_STEP_CANCELLED) {
		step->finished_ms = look->now_ms;
		rc = au_store_step_update(look->tx, step, err);
		counts->cancelled++;
		if (rc == 0)
			rc = audit_step(look, step, "step.cancel", err);
		if (rc == 0)
			rc = au_work_step_gone(
			    look->tx, look->arena, step, more_is_coming(look, step), look->now_ms, err);
		return rc < 0 ? rc : settle(look, step, err);
	}
	if (step->id && step->takes)
		rc = au_store_step_claim(look->tx, step, err);
	if (rc == 0 && step->id && step->state == AU_STEP_FOLLOWS)
		rc = au_follow_judge(look->tx, look->arena, step, look->now_ms, err);
	return rc;
}

static long long
parcel_of(const struct look *look, const struct au_step *step)
{
	const struct au_look_choice *choice = look->choice;

	return choice && !(choice->losses_only && step->lane == AU_LANE_SAFE) ? choice->parcel : 0;
}

static int
write_new_step(struct look *look, struct au_step *step, struct au_look_counts *counts, struct au_err *err)
{
	int rc = 0;

	if (step->id || step->state == AU_STEP_CANCELLED)
		return 0;
	step->parcel = parcel_of(look, step);
	if (!step->account_id)
		rc = new_account(look, step, err);
	if (rc == 0)
		rc = au_store_step_add(look->tx, step, &step->id, err);
	if (rc == 0)
		rc = au_follow_judge(look->tx, look->arena, step, look->now_ms, err);
	if (rc == 0)
		rc = settle(look, step, err);
	if (rc < 0 || step->state == AU_STEP_FOLLOWS)
		return rc;
	if (step->state == AU_STEP_WAITING)
		return audit_step(look, step, "step.wait", err);
	if (step->state == AU_STEP_HELD) {
		counts->held++;
		return audit_step(look, step, "step.hold", err);
	}
	counts->queued++;
	return audit_step(look, step, "step.queue", err);
}

/* New ones that came behind others, and others for whom a cancelled step has made room: step.admit tells of them. */
static int
admit_all(struct look *look, struct au_err *err)
{
	const struct au_settings *settings = look->policy->settings;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->target_count; i++)
		if (settings->targets[i].pool_count)
			rc = au_ledger_admit(
			    look->tx, look->arena, settings->targets[i].block.name, look->now_ms, err);
	return rc;
}

static void
tell_waiting(struct look *look, struct au_look_counts *counts, const char ***ret_waiting, size_t *ret_count)
{
	const char **waiting = au_arena_alloc(look->arena, (look->draft_count + 1) * sizeof *waiting);
	size_t count = 0;

	for (size_t i = 0; i < look->draft_count; i++)
		if (look->drafts[i].waits)
			waiting[count++] = look->drafts[i].key;
	counts->waiting += (long long)count;
	*ret_waiting = waiting;
	*ret_count = count;
}

int
au_look_write(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    const struct au_look_choice *choice, const char *const *keys, size_t key_count, long long now_ms,
    struct au_look_counts *counts, const char ***ret_waiting, size_t *ret_waiting_count, struct au_err *err)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct look look = {
		.tx = tx, .arena = arena, .policy = policy, .now_ms = now_ms, .plan = plan, .choice = choice
	};
	struct au_look_counts sums = { 0 };
	int rc = make_drafts(&look, keys, key_count, err);

	au_plan_order(plan); /* numbers rise in the order in which steps are taken */
	for (size_t i = 0; rc == 0 && i < look.draft_count; i++)
		rc = write_draft(&look, &look.drafts[i], err);
	for (size_t i = 0; rc == 0 && i < plan->step_count; i++)
		rc = write_old_step(&look, &plan->steps[i], &sums, err);
	if (rc == 0)
		rc = au_ledger_judge(tx, arena, policy, now_ms, plan, err);
	for (size_t i = 0; rc == 0 && i < plan->step_count; i++)
		rc = write_new_step(&look, &plan->steps[i], &sums, err);
	if (rc == 0)
		rc = admit_all(&look, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < look.draft_count; i++)
		sums.owners_left += look.drafts[i].user_put && look.drafts[i].user.owner_ms == now_ms;
	tell_waiting(&look, &sums, ret_waiting, ret_waiting_count);
	*counts = sums;
	return 0;
}

int
au_look_plan(struct au_store_tx *tx, const struct au_policy *policy, const char *const *keys, size_t key_count,
    long long now_ms, struct au_plan *plan, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct look look = { .tx = tx, .arena = arena, .policy = policy, .now_ms = now_ms, .plan = plan };

	return make_drafts(&look, keys, key_count, err);
}
