/* SPDX-License-Identifier: ISC */
/*
 * The dry run is the same work rolled back, so that it sees the accounts as they
 * were just read and still writes nothing.
 */
#include "reconcile/single.h"

#include "base/clock.h"
#include "base/str.h"
#include "reconcile/engine_parts.h"
#include "reconcile/follow.h"
#include "reconcile/line.h"
#include "reconcile/listing.h"
#include "reconcile/renew.h"
#include "reconcile/seek.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "target/target.h"

#define AHEAD_MS 60000 /* how long the user's steps go before those of others */
#define STEPS_MOST 50

/* One account and what its target just said of it. */
struct asked {
	struct single *single;
	struct au_queue *queue;
	struct au_account account;
	struct au_listing listing; /* of this account alone */
	const char *state;         /* "read", "gone", "absent" or "not read" */
	const char *text;          /* why it was not read */
	bool has_listing;
};

struct single {
	struct single *next_single;
	struct au_engine *engine;
	struct au_policy *policy;
	struct au_arena *arena;
	const char *user, *target, *actor;
	bool dry, fresh;
	au_single_done *done;
	void *ctx;

	struct au_renew renew;
	struct au_apiuser found;
	struct au_account *accounts;
	size_t account_count;
	struct asked *asked;
	size_t next;
	long long now_ms;
	json_t *stages;
	struct au_look_counts counts;
	bool worked; /* of a dry run, whose work is always rolled back */
};

static void
single_end(struct single *single, const struct au_err *err)
{
	struct single **link = &single->engine->singles;

	while (*link != single)
		link = &(*link)->next_single;
	*link = single->next_single;
	single->done(single->ctx, err ? NULL : json_incref(single->stages), err);
	for (size_t i = 0; single->asked && i < single->account_count; i++)
		if (single->asked[i].has_listing)
			au_listing_done(&single->asked[i].listing);
	json_decref(single->stages);
	au_policy_free(single->policy);
	au_arena_free(single->arena);
}

/* ---- planning ----------------------------------------------------------------- */

/* Something may have come of it meanwhile that says more. */
static int
write_read(struct au_store_tx *tx, struct asked *asked, struct au_err *err)
{
	struct au_account account;
	int rc = au_store_account_get(tx, asked->single->arena, asked->account.id, &account, err);

	if (rc < 0 || account.state != AU_ACCOUNT_PRESENT)
		return rc == AU_ENOENT ? 0 : rc;
	asked->listing.policy = asked->single->policy;
	return au_listing_take(tx, &asked->listing, &account, err);
}

static int
write_reads(struct au_store_tx *tx, struct single *single, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < single->account_count; i++)
		if (single->asked[i].has_listing)
			rc = write_read(tx, &single->asked[i], err);
	return rc;
}

/* Whatever waits for its time is due now: somebody has asked for it. */
static int
hurry(struct au_store_tx *tx, struct single *single, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < single->account_count; i++) {
		struct au_step *open = NULL;
		size_t count = 0;
		if (single->target && !au_streq(single->target, single->accounts[i].target))
			continue;
		rc = au_store_step_open(tx, single->arena, single->accounts[i].id, &open, &count, err);
		for (size_t k = 0; rc == 0 && k < count; k++) {
			if (open[k].state != AU_STEP_QUEUED || open[k].next_ms <= single->now_ms)
				continue;
			open[k].next_ms = single->now_ms;
			rc = au_store_step_update(tx, &open[k], err);
		}
	}
	return rc;
}

static json_t *
reads_json(const struct single *single)
{
	json_t *list = json_array();

	for (size_t i = 0; i < single->account_count; i++) {
		const struct asked *asked = &single->asked[i];
		json_t *item = json_object();
		if (!asked->state) {
			json_decref(item);
			continue;
		}
		au_json_set_str(item, "target", asked->account.target);
		au_json_set_str(item, "login", asked->account.login);
		au_json_set_str(item, "state", asked->state);
		au_json_set_str(item, "text", asked->text);
		json_array_append_new(list, item);
	}
	return list;
}

static int
put_stages(struct au_store_tx *tx, struct single *single, long long since, struct au_err *err)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct au_engine_explain_job explain = { .plan = { .policy = single->policy, .now_ms = single->now_ms },
		.user = single->found.key,
		.target = single->target };
	int rc = au_engine_explain_work(tx, &explain, err);

	if (rc == 0)
		rc = au_look_plan(tx, single->policy, &single->found.key, 1, single->now_ms, plan, err);
	if (rc < 0) {
		json_decref(explain.result);
		return rc;
	}
	if (single->target)
		au_plan_keep_target(plan, single->target);
	for (size_t i = 0; single->dry && i < plan->step_count; i++)
		if (plan->steps[i].id > since)
			plan->steps[i].id = 0; /* it will never be */
	json_decref(single->stages);
	single->stages = explain.result;
	json_object_set_new(single->stages, "sources", au_renew_json(&single->renew));
	json_object_set_new(single->stages, "reads", reads_json(single));
	json_object_set_new(single->stages, "plan", au_plan_to_json(plan));
	json_object_set_new(single->stages, "dry", json_boolean(single->dry));
	au_json_set_int(single->stages, "since", since);
	return 0;
}

static int
newest_step(struct au_store_tx *tx, struct au_arena *arena, long long *ret, struct au_err *err)
{
	struct au_step *newest = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, arena, 0, 1, &newest, &count, err);

	*ret = rc == 0 && count ? newest->id : 0;
	return rc;
}

static int
audit_order(struct au_store_tx *tx, const struct single *single, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();

	au_json_set_str(detail, "target", single->target);
	return au_store_audit(tx, single->now_ms, single->actor, "run.user",
	    single->found.id ? single->found.id : single->found.key, detail, err);
}

static bool
takes_target(void *ctx, struct au_arena *arena, struct au_step *step)
{
	const struct single *single = ctx;

	(void)arena;
	return !single->target || au_streq(step->target, single->target);
}

static int
plan_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct single *single = arg;
	struct au_look_choice choice = { .takes = takes_target, .ctx = single, .actor = single->actor };
	const char **waiting = NULL;
	size_t waiting_count = 0;
	long long since = 0;
	int rc = newest_step(tx, single->arena, &since, err);

	single->worked = false;
	if (rc == 0)
		rc = audit_order(tx, single, err);
	if (rc == 0)
		rc = write_reads(tx, single, err);
	if (rc == 0)
		rc = au_look_write(tx, single->arena, single->policy, &choice, &single->found.key, 1, single->now_ms,
		    &single->counts, &waiting, &waiting_count, err);
	if (rc == 0)
		rc = hurry(tx, single, err);
	if (rc == 0)
		rc = put_stages(tx, single, since, err);
	if (rc == 0 && single->dry) {
		single->worked = true;
		return au_fail(err, AU_EINVAL, "a dry run keeps nothing");
	}
	return rc;
}

static void
put_ahead(struct single *single)
{
	for (size_t i = 0; i < single->account_count; i++) {
		struct au_queue *queue = single->asked[i].queue;
		if (!queue)
			continue;
		free(queue->ahead);
		queue->ahead = au_xstrdup(single->accounts[i].id);
		queue->ahead_mono = au_clock_mono_ms() + AHEAD_MS;
	}
}

static void
plan_done(void *arg, int rc, const struct au_err *err)
{
	struct single *single = arg;
	struct au_engine *engine = single->engine;

	if (rc < 0 && !single->worked) {
		single_end(single, err);
		return;
	}
	if (!single->dry) {
		engine->tally.queued += single->counts.queued;
		engine->tally.held += single->counts.held;
		engine->tally.cancelled += single->counts.cancelled;
		put_ahead(single);
		for (size_t i = 0; i < engine->queue_count; i++)
			au_queue_kick(engine->queues[i]);
		au_engine_look_soon(engine);
	}
	single_end(single, NULL);
}

/* ---- reading ------------------------------------------------------------------ */

static void ask_next(struct single *single);

static void
answered(void *ctx, const struct au_call_result *result)
{
	struct asked *asked = ctx;
	struct single *single = asked->single;

	if (result->err.code == AU_OK || result->err.code == AU_ENOENT) {
		asked->has_listing = true;
		/* Asked after all that we knew of it: only what a step has seen meanwhile is newer. */
		au_listing_init(&asked->listing, asked->account.target, asked->account.observed_ms + 1, false);
		asked->listing.now_ms = au_clock_wall_ms();
		for (size_t i = 0; result->err.code == AU_OK && i < result->account_count; i++)
			au_listing_add(&asked->listing, &result->accounts[i]);
		asked->state = result->err.code == AU_OK && result->account_count ? "read" : "gone";
	} else {
		asked->state = "not read";
		asked->text = au_arena_strdup(single->arena, result->err.text);
	}
	single->next++;
	ask_next(single);
}

static bool
may_ask(struct single *single, struct asked *asked)
{
	const char *why = asked->queue ? au_queue_why_not(asked->queue, single->arena) : "the target is not configured";

	asked->state = asked->account.state == AU_ACCOUNT_PRESENT && asked->account.remote_id ? "not read" : "absent";
	asked->text = au_streq(asked->state, "absent") ? NULL : why;
	return !why && !au_streq(asked->state, "absent");
}

static void
ask_next(struct single *single)
{
	struct au_engine *engine = single->engine;

	for (; single->next < single->account_count; single->next++) {
		struct asked *asked = &single->asked[single->next];
		if (single->target && !au_streq(single->target, asked->account.target))
			continue;
		if (!may_ask(single, asked))
			continue;
		struct au_call call = { .op = AU_CALL_GET,
			.account = { .id = asked->account.remote_id,
			    .login = asked->account.login,
			    .mark = asked->account.id,
			    .active = -1 } };
		engine->targets.call(engine->targets_ctx, asked->queue->name, &call, answered, asked);
		return;
	}
	single->now_ms = au_clock_wall_ms();
	au_store_write(engine->store, plan_work, single, plan_done);
}

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct single *single = arg;
	int rc = 0;

	if (single->target && !au_settings_target(single->policy->settings, single->target))
		rc = au_fail(err, AU_ENOENT, "target '%s': not configured", single->target);
	if (rc == 0)
		rc = au_seek(tx, single->arena, single->policy, single->user, &single->found, err);
	return rc < 0 || !single->found.id ? rc
					   : au_store_account_by_apiuser(tx, single->arena, single->found.id,
						 &single->accounts, &single->account_count, err);
}

/* The key may be another one by now, the API user is the same. */
static void
found_again(void *arg, int rc, const struct au_err *err)
{
	struct single *single = arg;

	if (rc < 0) {
		single->account_count = 0;
		single_end(single, err);
		return;
	}
	single->asked = au_arena_alloc(single->arena, (single->account_count + 1) * sizeof(*single->asked));
	for (size_t i = 0; i < single->account_count; i++) {
		struct asked *asked = &single->asked[i];
		asked->single = single;
		asked->account = single->accounts[i];
		asked->queue = au_engine_queue(single->engine, asked->account.target);
	}
	ask_next(single);
}

static void
renewed(void *ctx, int rc, const struct au_err *err)
{
	struct single *single = ctx;
	const struct au_renewal *failed = rc == 0 && single->fresh ? au_renew_failed(&single->renew) : NULL;
	struct au_err why = { 0 };

	if (failed != NULL)
		rc = au_fail(&why, AU_ETEMP, "source '%s' could not be read: %s; nothing was done", failed->source,
		    failed->text);
	if (rc < 0) {
		single->account_count = 0;
		single_end(single, failed != NULL ? &why : err);
		return;
	}
	if (single->found.id)
		single->user = single->found.id;
	au_store_read(single->engine->store, AU_READ_SCAN, find_work, single, found_again);
}

static void
find_done(void *arg, int rc, const struct au_err *err)
{
	struct single *single = arg;

	single->account_count = 0;
	if (rc < 0) {
		single_end(single, err);
		return;
	}
	single->renew = (struct au_renew){ .engine = single->engine,
		.policy = single->policy,
		.arena = single->arena,
		.key = single->found.key,
		.done = renewed,
		.ctx = single };
	au_renew_begin(&single->renew, !single->dry);
}

void
au_engine_single(struct au_engine *engine, const struct au_single_order *order, au_single_done *done, void *ctx)
{
	struct au_arena *arena = au_arena_new();
	struct single *single = au_arena_alloc(arena, sizeof *single);

	*single = (struct single){ .engine = engine,
		.policy = au_policy_hold(engine->policy),
		.arena = arena,
		.user = au_arena_strdup(arena, order->user),
		.target = au_arena_strdup(arena, order->target),
		.actor = au_arena_strdup(arena, order->actor),
		.dry = order->dry,
		.fresh = order->fresh,
		.done = done,
		.ctx = ctx,
		.next_single = engine->singles,
		.now_ms = au_clock_wall_ms() };
	engine->singles = single;
	au_store_read(engine->store, AU_READ_SCAN, find_work, single, find_done);
}

void
au_engine_singles_free(struct au_engine *engine)
{
	struct au_err err = { 0 };

	au_fail(&err, AU_ETEMP, "the daemon stops");
	while (engine->singles)
		single_end(engine->singles, &err);
}

/* ---- how far it has come ------------------------------------------------------- */

static void
sort_by_id(struct au_step *steps, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && steps[k - 1].id > steps[k].id; k--) {
			struct au_step swap = steps[k];
			steps[k] = steps[k - 1];
			steps[k - 1] = swap;
		}
}

static int
progress_account(struct au_store_tx *tx, struct au_single_progress *progress, const struct au_account *account,
    struct au_step *all, size_t *count, struct au_err *err)
{
	struct au_step *steps = NULL, *open = NULL;
	size_t step_count = 0, open_count = 0;
	int rc = au_store_step_of_account(tx, progress->arena, account->id, STEPS_MOST, &steps, &step_count, err);

	for (size_t i = 0; rc == 0 && i < step_count; i++)
		if (steps[i].id > progress->since)
			all[(*count)++] = steps[i];
	if (rc == 0)
		rc = au_store_step_open(tx, progress->arena, account->id, &open, &open_count, err);
	struct au_step *grown =
	    au_arena_alloc(progress->arena, (progress->open_count + open_count + 1) * sizeof(*progress->open));
	for (size_t i = 0; i < progress->open_count; i++)
		grown[i] = progress->open[i];
	for (size_t i = 0; rc == 0 && i < open_count; i++)
		grown[progress->open_count++] = open[i];
	progress->open = grown;
	return rc;
}

int
au_engine_single_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_single_progress *progress = arg;
	struct au_account *accounts = NULL;
	struct au_apiuser user;
	size_t account_count = 0, count = 0;
	int rc = au_store_apiuser_search(tx, progress->arena, progress->user, &user, err);

	if (rc == AU_ENOENT) {
		json_decref(progress->steps);
		progress->steps = json_array();
		return 0; /* nobody has wanted it yet */
	}
	if (rc == 0)
		rc = au_store_dirty_has(tx, user.key, &progress->dirty, err);
	if (rc == 0)
		rc = au_store_account_by_apiuser(tx, progress->arena, user.id, &accounts, &account_count, err);
	if (rc < 0)
		return rc;
	struct au_step *all = au_arena_alloc(progress->arena, (account_count * STEPS_MOST + 1) * sizeof(*all));
	for (size_t i = 0; rc == 0 && i < account_count; i++)
		if (!progress->target || au_streq(progress->target, accounts[i].target))
			rc = progress_account(tx, progress, &accounts[i], all, &count, err);
	sort_by_id(all, count);
	json_decref(progress->steps);
	progress->steps = json_array();
	for (size_t i = 0; i < count; i++)
		if (rc == 0 && (rc = au_line_tell(tx, progress->arena, NULL, &all[i], err)) == 0 &&
		    (rc = au_follow_tell(tx, progress->arena, NULL, &all[i], err)) == 0)
			json_array_append_new(progress->steps, au_step_to_json(&all[i]));
	return rc;
}

bool
au_engine_single_is_over(const struct au_engine *engine, const struct au_single_progress *progress)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	if (progress->dirty || engine->looking)
		return false;
	for (size_t i = 0; i < progress->open_count; i++) {
		const struct au_step *step = &progress->open[i];
		const struct au_queue *queue = au_engine_queue(engine, step->target);
		if (step->state == AU_STEP_RUNNING)
			return false;
		if (step->state == AU_STEP_QUEUED && step->next_ms <= au_clock_wall_ms() && queue &&
		    (queue->checking || !au_queue_why_not(queue, arena)))
			return false;
	}
	return true;
}
