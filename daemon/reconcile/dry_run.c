/* SPDX-License-Identifier: ISC */
/* The dry run over every key or one. */
#include "reconcile/engine_parts.h"
#include "reconcile/foresee.h"

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "model/plan_order.h"
#include "model/saved_plan.h"
#include "reconcile/save_plan.h"
#include "store/apiuser.h"
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

/* The key of one API user, as people type the name; one that only a source knows yet has its address for a key. */
static int
find_key(struct au_store_tx *tx, struct au_arena *arena, const char *word, const char **ret, struct au_err *err)
{
	const char *folded = au_text_fold(arena, word);
	struct au_entry *entries = NULL;
	struct au_apiuser user;
	size_t count = 0;
	int rc = au_store_apiuser_search(tx, arena, word, &user, err);

	if (rc == 0)
		*ret = user.key;
	if (rc != AU_ENOENT)
		return rc;
	if (au_store_entry_by_key(tx, arena, folded, &entries, &count, NULL) < 0 || count == 0)
		return rc;
	*ret = folded;
	return 0;
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

/* What is about other targets goes, as what would be cancelled does. */
static void
keep_target(struct au_plan *plan, const char *target)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		if (!au_streq(plan->steps[i].target, target))
			plan->steps[i].state = AU_STEP_CANCELLED;
	for (size_t i = 0; i < plan->finding_count; i++)
		if (au_streq(plan->findings[i].target, target))
			plan->findings[kept++] = plan->findings[i];
	plan->finding_count = kept;
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
	const char *key;
	int rc;

	if (job->target && !au_settings_target(job->policy->settings, job->target))
		return au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	au_plan_free(job->plan);
	job->plan = au_plan_new();
	if (!job->user)
		rc = plan_every_key(tx, arena, job, err);
	else if ((rc = find_key(tx, arena, job->user, &key, err)) == 0)
		rc = au_look_plan(tx, job->policy, &key, 1, job->now_ms, job->plan, err);
	if (rc < 0)
		return rc;
	if (job->target)
		keep_target(job->plan, job->target);
	au_plan_drop_cancelled(job->plan);
	rc = au_foresee(tx, arena, job->policy, job->now_ms, job->plan, err);
	if (rc < 0)
		return rc;
	au_plan_order(job->plan);
	return job->save ? save(tx, job, err) : 0;
}
