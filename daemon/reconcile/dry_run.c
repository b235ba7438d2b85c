/* SPDX-License-Identifier: ISC */
/* The dry run over every key or one. */
#include "reconcile/capacity.h"
#include "reconcile/engine_parts.h"
#include "reconcile/follow.h"
#include "reconcile/foresee.h"
#include "reconcile/freshness.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "model/plan_order.h"
#include "model/saved_plan.h"
#include "reconcile/save_plan.h"
#include "reconcile/seek.h"
#include "store/fact.h"

#define PAGE 1000

void
au_engine_plan_init(struct au_engine *engine, struct au_engine_plan_job *job)
{
	job->policy = au_policy_hold(engine->policy);
	job->now_ms = au_clock_wall_ms();
	job->plan = NULL;
	job->user = job->target = job->actor = NULL;
	job->save = false;
	job->sealer = engine->sealer;
	job->saved = NULL;
}

void
au_engine_plan_done(struct au_engine_plan_job *job)
{
	au_policy_free(job->policy);
	au_plan_free(job->plan);
	json_decref(job->saved);
	job->policy = NULL;
	job->plan = NULL;
	job->saved = NULL;
}

static int
plan_every_key(struct au_store_tx *tx, struct au_arena *arena, const struct au_engine_plan_job *job, struct au_err *err)
{
	const char *after = "";

	for (;;) {
		const char **keys = NULL;
		size_t count = 0;
		int rc = au_store_key_list(tx, arena, after, PAGE, &keys, &count, err);
		if (rc < 0 || count == 0)
			return rc;
		rc = au_look_plan(tx, job->policy, keys, count, job->now_ms, job->plan, err);
		if (rc < 0)
			return rc;
		after = keys[count - 1];
	}
}

/* Pools of which more is taken, or was configured, than there is. */
static int
find_trouble(struct au_store_tx *tx, struct au_arena *arena, const struct au_engine_plan_job *job, struct au_err *err)
{
	struct au_pool_row *pools = NULL;
	size_t count = 0;
	int rc = au_store_pool_list(tx, arena, job->target, &pools, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		const char *trouble = au_capacity_trouble(arena, &pools[i]);
		if (trouble)
			au_plan_find(job->plan, NULL, pools[i].target, trouble);
	}
	return rc;
}

/* Targets whose accounts were attested so long ago that the plan may rest on what is not so any more. */
static int
find_stale(struct au_store_tx *tx, struct au_arena *arena, const struct au_engine_plan_job *job, struct au_err *err)
{
	const struct au_settings *settings = job->policy->settings;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		const struct au_target_block *target = &settings->targets[i];
		struct au_evidence_age age = { 0 };
		const char *trouble;
		if (!au_freshness_by_word(target) || (job->target && !au_streq(job->target, target->block.name)))
			continue;
		rc = au_freshness_age(tx, target, job->now_ms, &age, err);
		trouble = rc == 0 ? au_freshness_trouble(arena, target, &age) : NULL;
		if (trouble)
			au_plan_find(job->plan, NULL, target->block.name, trouble);
	}
	return rc;
}

static int
save(struct au_store_tx *tx, struct au_engine_plan_job *job, struct au_err *err)
{
	unsigned char key[AU_SAVED_PLAN_KEY];
	json_t *saved = NULL;
	int rc = au_save_plan(tx, job, &saved, err);

	if (rc < 0)
		return rc;
	au_sealer_derive(job->sealer, AU_SAVED_PLAN_CONTEXT, key);
	au_saved_plan_seal(saved, key);
	au_wipe(key, sizeof key);
	json_decref(job->saved);
	job->saved = saved;
	return 0;
}

int
au_engine_plan_work(struct au_store_tx *tx, void *plan_job, struct au_err *err)
{
	struct au_engine_plan_job *job = plan_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_apiuser user;
	int rc;

	if (job->target && !au_settings_target(job->policy->settings, job->target))
		return au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	au_plan_free(job->plan);
	job->plan = au_plan_new();
	if (!job->user)
		rc = plan_every_key(tx, arena, job, err);
	else if ((rc = au_seek(tx, arena, job->policy, job->user, &user, err)) == 0)
		rc = au_look_plan(tx, job->policy, &user.key, 1, job->now_ms, job->plan, err);
	if (rc < 0)
		return rc;
	if (job->target)
		au_plan_keep_target(job->plan, job->target);
	au_plan_drop_cancelled(job->plan);
	rc = au_foresee(tx, arena, job->policy, job->now_ms, job->plan, err);
	if (rc == 0)
		rc = au_follow_foresee(tx, job->policy, job->plan, err);
	if (rc == 0 && !job->user)
		rc = find_trouble(tx, arena, job, err);
	if (rc == 0 && !job->user && !job->save)
		rc = find_stale(tx, arena, job, err);
	if (rc < 0)
		return rc;
	au_plan_order(job->plan);
	return job->save ? save(tx, job, err) : 0;
}
