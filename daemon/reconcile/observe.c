/* SPDX-License-Identifier: ISC */
/*
 * Observing a target: one whole list, compared with what the store remembers.
 * What changed there by other hands is drift; an account of ours that is missing
 * is planned anew, unless so many are missing that the list cannot be believed.
 */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "reconcile/guard.h"
#include "reconcile/outcome.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/fact.h"
#include "target/target.h"

#define PAGE 500

struct listing {
	struct au_queue *queue;
	struct au_policy *policy;
	struct au_arena *arena;
	struct au_map *seen; /* remote id -> struct au_target_account in the arena */
	long long began_ms, now_ms;
	bool paused;
	long long ours, drifted, missing;
	const char *doubt; /* why missing accounts are not believed */
	void (*done)(void *ctx);
	void *ctx;
};

static void
listing_free(struct listing *listing)
{
	au_policy_free(listing->policy);
	au_map_free(listing->seen, NULL);
	au_arena_free(listing->arena);
	free(listing);
}

static void
copy_account(struct listing *listing, const struct au_target_account *from)
{
	struct au_target_account *to = au_arena_alloc(listing->arena, sizeof *to);

	to->id = au_arena_strdup(listing->arena, from->id);
	to->login = au_arena_strdup(listing->arena, from->login);
	to->label = au_arena_strdup(listing->arena, from->label);
	to->first_name = au_arena_strdup(listing->arena, from->first_name);
	to->last_name = au_arena_strdup(listing->arena, from->last_name);
	to->mail = au_arena_strdup(listing->arena, from->mail);
	to->mark = au_arena_strdup(listing->arena, from->mark);
	to->rights = au_arena_strdup(listing->arena, from->rights);
	to->version = au_arena_strdup(listing->arena, from->version);
	to->active = from->active;
	if (to->id)
		au_map_put(listing->seen, to->id, to);
}

static int
tell_change(struct au_store_tx *tx, struct listing *listing, const struct au_account *account, const char *verb,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	const char *actor = au_arena_printf(listing->arena, "target:%s", listing->queue->name);
	struct au_apiuser user = { 0 };
	int rc;

	au_json_set_str(detail, "login", account->login);
	au_json_set_str(detail, "rights", account->rights);
	json_object_set_new(detail, "active", json_integer(account->active));
	rc = au_store_audit(tx, listing->now_ms, actor, verb, account->id, detail, err);
	if (rc == 0)
		rc = au_store_apiuser_get(tx, listing->arena, account->apiuser_id, &user, err);
	return rc < 0 ? rc : au_store_dirty_mark(tx, user.key, err);
}

static int
apply_seen(struct au_store_tx *tx, struct listing *listing, const struct au_target_account *seen,
    struct au_account *account, struct au_err *err)
{
	bool changed = false;
	struct au_account before = *account;
	int rc;

	au_outcome_observe(listing->arena, seen, listing->now_ms, account, &changed);
	listing->ours++;
	if (!changed)
		return 0;
	before.remote_version = account->remote_version;
	rc = au_store_account_put(tx, account, err);
	/* A version that moved alone (somebody pressed "save") is no drift. */
	au_outcome_observe(listing->arena, seen, listing->now_ms, &before, &changed);
	if (rc < 0 || !changed)
		return rc;
	listing->drifted++;
	return tell_change(tx, listing, account, "account.drift", err);
}

static int
apply_missing(struct au_store_tx *tx, struct listing *listing, struct au_account *account, struct au_err *err)
{
	int rc;

	account->state = AU_ACCOUNT_ABSENT;
	account->remote_id = account->remote_version = account->rights = NULL;
	account->active = -1;
	account->disabled_ms = 0;
	rc = au_store_account_put(tx, account, err);
	return rc < 0 ? rc : tell_change(tx, listing, account, "account.missing", err);
}

/* A first pass counts what is missing, a second one applies. */
static int
walk(struct au_store_tx *tx, struct listing *listing, bool apply, struct au_err *err)
{
	const char *after = "";
	int rc = 0;

	for (;;) {
		struct au_account *page = NULL;
		size_t count = 0;
		rc = au_store_account_list(tx, listing->arena, listing->queue->name, after, PAGE, &page, &count, err);
		if (rc < 0 || count == 0)
			return rc;
		for (size_t i = 0; rc == 0 && i < count; i++) {
			const struct au_target_account *seen =
			    page[i].remote_id ? au_map_get(listing->seen, page[i].remote_id) : NULL;
			bool gone =
			    page[i].state == AU_ACCOUNT_PRESENT && !seen && page[i].observed_ms < listing->began_ms;
			if (!apply)
				listing->missing += gone;
			else if (seen && page[i].state == AU_ACCOUNT_PRESENT)
				rc = apply_seen(tx, listing, seen, &page[i], err);
			else if (gone && !listing->doubt)
				rc = apply_missing(tx, listing, &page[i], err);
		}
		if (rc < 0)
			return rc;
		after = page[count - 1].id;
	}
}

static int
listing_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct listing *listing = arg;
	struct au_account_counts accounts = { 0 };
	int rc = au_store_account_counts(tx, listing->queue->name, &accounts, err);

	listing->ours = listing->drifted = listing->missing = 0;
	listing->doubt = NULL;
	if (rc == 0)
		rc = walk(tx, listing, false, err);
	if (rc < 0)
		return rc;
	listing->doubt =
	    au_guard_missing(listing->arena, accounts.present, listing->missing, au_map_count(listing->seen) == 0,
		au_policy_brake(listing->policy, listing->queue->name), listing->queue->name);
	rc = walk(tx, listing, true, err);
	if (rc < 0)
		return rc;
	struct au_target_row row = { .name = listing->queue->name,
		.paused = listing->paused,
		.text = listing->doubt,
		.observed_ms = listing->now_ms,
		.foreign = (long long)au_map_count(listing->seen) - listing->ours };
	return au_store_target_put(tx, &row, err);
}

static void
end_listing(struct listing *listing, const char *trouble)
{
	struct au_queue *queue = listing->queue;
	const struct au_target_block *block = au_queue_block(queue);

	queue->observing = false;
	if (trouble) {
		if (!au_streq(queue->text, trouble))
			au_log(AU_LOG_WARNING, AU_FIELDS("TARGET", queue->name), "%s: list: %s", queue->name, trouble);
		free(queue->text);
		queue->text = au_xstrdup(trouble);
	} else {
		free(queue->text);
		queue->text = NULL;
	}
	if (block) {
		long long ms = au_values_num(block->block.values, "observe_interval");
		struct timeval wait = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
		evtimer_add(queue->observe_timer, &wait);
	}
	if (listing->done)
		listing->done(listing->ctx);
	au_engine_run_check(queue->engine);
	listing_free(listing);
}

static void
listing_done(void *arg, int rc, const struct au_err *err)
{
	struct listing *listing = arg;
	struct au_queue *queue = listing->queue;

	if (rc < 0) {
		end_listing(listing, err->text);
		return;
	}
	queue->observed_ms = listing->now_ms;
	queue->foreign = (long long)au_map_count(listing->seen) - listing->ours;
	if (listing->drifted || (listing->missing && !listing->doubt)) {
		au_log(AU_LOG_NOTICE, AU_FIELDS("TARGET", queue->name),
		    "%s: drift: %lld accounts changed and %lld missing since the last look", queue->name,
		    listing->drifted, listing->doubt ? 0 : listing->missing);
		au_engine_look_soon(queue->engine);
	}
	end_listing(listing, listing->doubt);
}

static void
listed(void *ctx, const struct au_call_result *result)
{
	struct listing *listing = ctx;

	if (result->err.code != AU_OK) {
		end_listing(listing, result->err.text);
		return;
	}
	for (size_t i = 0; i < result->account_count; i++)
		copy_account(listing, &result->accounts[i]);
	listing->now_ms = au_clock_wall_ms();
	au_store_write(listing->queue->engine->store, listing_work, listing, listing_done);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	au_queue_observe(arg, NULL, NULL);
}

void
au_queue_observe(struct au_queue *queue, void (*done)(void *ctx), void *ctx)
{
	struct au_engine *engine = queue->engine;
	const struct au_target_block *block = au_queue_block(queue);
	struct au_call call = { .op = AU_CALL_LIST };
	struct listing *listing;

	if (!queue->observe_timer)
		queue->observe_timer = evtimer_new(engine->base, on_timer, queue);
	if (queue->observing || !queue->ready || !block || !(block->describe->caps & AU_CAP_LIST)) {
		if (done)
			done(ctx);
		return;
	}
	evtimer_del(queue->observe_timer);
	queue->observing = true;
	listing = au_xcalloc(1, sizeof *listing);
	listing->queue = queue;
	listing->policy = au_policy_hold(engine->policy);
	listing->arena = au_arena_new();
	listing->seen = au_map_new();
	listing->began_ms = au_clock_wall_ms();
	listing->paused = queue->paused;
	listing->done = done;
	listing->ctx = ctx;
	engine->targets.call(engine->targets_ctx, queue->name, &call, listed, listing);
}
