/* SPDX-License-Identifier: ISC */
/*
 * The target is asked whoever has been kept of its last list, for of a great many strangers most are only counted.  A
 * dry run is the same transaction rolled back, so that what it shows is what the deed would come to.
 */
#include "reconcile/adoption.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/text.h"
#include "reconcile/adopt.h"
#include "reconcile/engine_parts.h"
#include "reconcile/last.h"
#include "reconcile/ledger.h"
#include "reconcile/strangers.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "target/target.h"

struct adoption {
	struct adoption *next;
	struct au_engine *engine;
	struct au_policy *policy;
	struct au_arena *arena;
	struct au_adopt job;
	const char *id;
	bool dry;
	au_adoption_done *done;
	void *ctx;

	struct au_stranger account;
	bool is_kept;          /* by the last list */
	const char *unseen;    /* as in struct au_adoption_shown */
	struct au_err trouble; /* why not; code 0 when it was seen */
	long long seen_ms;
	struct au_apiuser user;
	json_t *plan, *frozen;
	bool worked; /* the work of a dry run, which is always rolled back */
};

static void
adoption_end(struct adoption *adoption, const struct au_err *err)
{
	struct adoption **link = &adoption->engine->adoptions;
	const struct au_adoption_shown shown = { .account = &adoption->account,
		.user = adoption->user.key,
		.unseen = adoption->unseen,
		.seen_ms = adoption->seen_ms,
		.plan = adoption->plan,
		.frozen = adoption->frozen };

	while (*link != adoption)
		link = &(*link)->next;
	*link = adoption->next;
	adoption->done(adoption->ctx, err != NULL ? NULL : &shown, err);
	json_decref(adoption->plan);
	json_decref(adoption->frozen);
	au_policy_free(adoption->policy);
	au_arena_free(adoption->arena);
}

static const struct au_target_block *
block_of(const struct adoption *adoption)
{
	return au_settings_target(adoption->policy->settings, adoption->job.target);
}

/* ---- what would become of it -------------------------------------------------- */

static struct au_plan *
new_plan(struct au_store_tx *tx, struct adoption *adoption, struct au_err *err)
{
	struct au_plan *plan = au_plan_new();

	if (au_look_plan(tx, adoption->policy, &adoption->user.key, 1, adoption->job.now_ms, plan, err) < 0) {
		au_plan_free(plan);
		return NULL;
	}
	au_plan_keep_target(plan, adoption->job.target);
	au_plan_drop_cancelled(plan);
	return plan;
}

static bool
has_op(const struct au_plan *plan, enum au_step_op op)
{
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].op == op)
			return true;
	return false;
}

static void
show_frozen(struct adoption *adoption, const struct au_plan *now, const struct au_plan *later)
{
	json_decref(adoption->frozen);
	adoption->frozen = json_array();
	for (size_t i = 0; i < later->step_count; i++)
		if (!has_op(now, later->steps[i].op))
			json_array_append_new(adoption->frozen, au_step_to_json(&later->steps[i]));
}

/* What comes by the second look alone is what the same plan holds when it has been taken. */
static int
plan_later(struct au_store_tx *tx, struct adoption *adoption, const struct au_plan *now, struct au_account *account,
    struct au_err *err)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *later = NULL;
	enum au_adoption was = account->adoption;
	int rc;

	account->adoption = AU_ADOPTION_CONFIRMED;
	rc = au_store_account_put(tx, account, err);
	if (rc == 0 && (later = new_plan(tx, adoption, err)) == NULL)
		rc = err->code;
	if (rc < 0)
		return rc;
	show_frozen(adoption, now, later);
	account->adoption = was;
	return au_store_account_put(tx, account, err);
}

static int
show(struct au_store_tx *tx, struct adoption *adoption, struct au_err *err)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = NULL;
	struct au_account account;
	int rc = au_store_account_of(tx, adoption->arena, adoption->user.id, adoption->job.target, &account, err);

	if (rc == 0)
		rc = au_ledger_settle(tx, adoption->arena, adoption->policy, account.target, account.id, err);
	if (rc == 0 && (plan = new_plan(tx, adoption, err)) == NULL)
		rc = err->code;
	if (rc < 0)
		return rc;
	json_decref(adoption->plan);
	adoption->plan = au_plan_to_json(plan);
	return plan_later(tx, adoption, plan, &account, err);
}

/* ---- the deed ----------------------------------------------------------------- */

static int
refuse_own(const struct adoption *adoption, struct au_err *err)
{
	if (au_last_is_own_login(adoption->arena, block_of(adoption), adoption->account.login))
		return au_fail(err, AU_EINVAL, "target '%s': '%s' is the log-in that apiuserd itself uses there",
		    adoption->job.target, adoption->account.login);
	return 0;
}

static int
refuse_another(const struct adoption *adoption, struct au_err *err)
{
	if (adoption->id != NULL && !au_streq(adoption->id, adoption->account.remote_id))
		return au_fail(err, AU_EINVAL, "target '%s': '%s' is another account by now, %s and not %s",
		    adoption->job.target, adoption->account.login, adoption->account.remote_id, adoption->id);
	return 0;
}

static int
adopt_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct adoption *adoption = arg;
	int rc = refuse_own(adoption, err);

	adoption->worked = false;
	adoption->job.stranger = &adoption->account;
	if (rc == 0)
		rc = refuse_another(adoption, err);
	if (rc == 0)
		rc = au_adopt(tx, adoption->arena, &adoption->job, err);
	if (rc == 0)
		rc = au_store_apiuser_search(tx, adoption->arena, adoption->job.user, &adoption->user, err);
	if (rc == 0)
		rc = show(tx, adoption, err);
	if (rc == 0 && adoption->dry) {
		adoption->worked = true;
		return au_fail(err, AU_EINVAL, "a dry run keeps nothing");
	}
	return rc;
}

static void
adopt_done(void *arg, int rc, const struct au_err *err)
{
	struct adoption *adoption = arg;

	if (rc < 0 && !adoption->worked) {
		adoption_end(adoption, err);
		return;
	}
	if (!adoption->dry)
		au_engine_changed(adoption->engine);
	adoption_end(adoption, NULL);
}

/* ---- looking it up ------------------------------------------------------------ */

static void
go_on(struct adoption *adoption)
{
	if (adoption->trouble.code != AU_OK && (!adoption->is_kept || adoption->trouble.code == AU_ENOENT)) {
		adoption_end(adoption, &adoption->trouble);
		return;
	}
	if (adoption->trouble.code != AU_OK)
		adoption->unseen = adoption->trouble.text;
	adoption->job.now_ms = au_clock_wall_ms();
	au_store_write(adoption->engine->store, adopt_work, adoption, adopt_done);
}

static void
take_found(struct adoption *adoption, const struct au_target_account *found)
{
	long long first_ms = adoption->is_kept ? adoption->account.first_ms : au_clock_wall_ms();

	adoption->account = au_stranger_of(adoption->job.target, au_seen_copy(adoption->arena, found), first_ms);
	adoption->seen_ms = au_clock_wall_ms();
}

static void
found(void *ctx, const struct au_call_result *result)
{
	struct adoption *adoption = ctx;
	const char *target = adoption->job.target, *login = adoption->account.login;

	if (result->err.code != AU_OK && result->err.code != AU_ENOENT)
		adoption->trouble = result->err;
	else if (result->account_count == 0)
		au_fail(&adoption->trouble, AU_ENOENT, "target '%s': there is no account '%s'%s", target, login,
		    adoption->is_kept ? " any more" : "");
	else if (au_str_empty(result->accounts[0].id))
		au_fail(&adoption->trouble, AU_EPROTO, "target '%s': account '%s' has no id", target, login);
	else
		take_found(adoption, &result->accounts[0]);
	go_on(adoption);
}

/* In the arena; NULL when the target can be asked. */
static const char *
why_not(const struct adoption *adoption)
{
	const struct au_queue *queue = au_engine_queue(adoption->engine, adoption->job.target);

	if (block_of(adoption)->describe->caps & AU_CAP_MANUAL)
		return "the product has no API that could be asked, the last list that a person brought counts";
	return queue != NULL ? au_queue_why_not(queue, adoption->arena) : "the target is not configured any more";
}

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct adoption *adoption = arg;
	struct au_target_row row = { 0 };
	int rc;

	if (block_of(adoption) == NULL)
		return au_fail(err, AU_ENOENT, "target '%s': not configured", adoption->job.target);
	rc = au_adopt_look(tx, adoption->arena, &adoption->job, &adoption->user, err);
	if (rc < 0)
		return rc;
	rc = au_store_stranger_named(
	    tx, adoption->arena, adoption->job.target, adoption->job.login, &adoption->account, err);
	adoption->is_kept = rc == 0;
	if (rc == AU_ENOENT)
		adoption->account.login = adoption->job.login;
	else if (rc < 0)
		return rc;
	rc = au_store_target_get(tx, adoption->arena, adoption->job.target, &row, err);
	adoption->seen_ms = row.observed_ms;
	return rc == AU_ENOENT ? 0 : rc;
}

static void
find_done(void *arg, int rc, const struct au_err *err)
{
	struct adoption *adoption = arg;
	struct au_call call = { .op = AU_CALL_FIND, .account = { .login = adoption->account.login, .active = -1 } };
	const char *why = rc < 0 ? NULL : why_not(adoption);

	if (rc < 0) {
		adoption_end(adoption, err);
		return;
	}
	if (why != NULL) {
		au_fail(&adoption->trouble, AU_ETEMP,
		    "target '%s': '%s' is not known from its last list, and it "
		    "cannot be looked up: %s",
		    adoption->job.target, adoption->job.login, why);
		if (adoption->is_kept)
			au_fail(&adoption->trouble, AU_ETEMP, "%s", why);
		go_on(adoption);
		return;
	}
	adoption->engine->targets.call(adoption->engine->targets_ctx, adoption->job.target, &call, found, adoption);
}

void
au_engine_adopt(struct au_engine *engine, const struct au_adoption_order *order, au_adoption_done *done, void *ctx)
{
	struct au_arena *arena = au_arena_new();
	struct adoption *adoption = au_arena_alloc(arena, sizeof(*adoption));

	*adoption = (struct adoption){ .next = engine->adoptions,
		.engine = engine,
		.policy = au_policy_hold(engine->policy),
		.arena = arena,
		.job = { .target = au_arena_strdup(arena, order->target),
		    .login = au_arena_strdup(arena, order->login),
		    .user = au_arena_strdup(arena, order->user),
		    .actor = au_arena_strdup(arena, order->actor),
		    .reason = au_arena_strdup(arena, order->reason) },
		.id = au_arena_strdup(arena, order->id),
		.dry = order->dry,
		.done = done,
		.ctx = ctx };
	engine->adoptions = adoption;
	au_store_read(engine->store, AU_READ_SCAN, find_work, adoption, find_done);
}

void
au_engine_adoptions_free(struct au_engine *engine)
{
	struct au_err err = { 0 };

	au_fail(&err, AU_ETEMP, "the daemon stops");
	while (engine->adoptions != NULL)
		adoption_end(engine->adoptions, &err);
}
