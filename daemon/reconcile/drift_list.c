/* SPDX-License-Identifier: ISC */
/* Answers what differs in targets by other hands: what, since when, and when we ourselves were there last. */
#include "reconcile/engine_parts.h"

#include "base/str.h"
#include "reconcile/drift.h"
#include "reconcile/freshness.h"
#include "reconcile/gather.h"
#include "reconcile/merge.h"
#include "reconcile/term.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/step.h"

#define PAGE 500
#define STEPS_LOOKED_AT 20

struct drift_list {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_policy *policy;
	const struct au_target_block *target;
	const char *apiuser_id; /* only this one's; NULL = all */
	json_t *list;
	long long limit, now_ms;
};

/* Our last step upon it that was done, and the one that is to put it right. */
static int
put_steps(const struct drift_list *d, const struct au_account *account, json_t *item, struct au_err *err)
{
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_of_account(d->tx, d->arena, account->id, STEPS_LOOKED_AT, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		const char *name = steps[i].state == AU_STEP_DONE ? "ours" : "open";
		if (steps[i].state == AU_STEP_FAILED || steps[i].state == AU_STEP_CANCELLED ||
		    json_object_get(item, name) != NULL)
			continue;
		json_object_set_new(item, name, au_step_to_json(&steps[i]));
	}
	return rc;
}

static int
put_account(const struct drift_list *d, const struct au_account *account, struct au_err *err)
{
	struct au_apiuser user;
	struct au_gathered g = { 0 };
	struct au_wanted wanted;
	struct au_drift drift;
	const char *word;
	int rc = au_store_apiuser_get(d->tx, d->arena, account->apiuser_id, &user, err);

	if (rc == 0)
		rc = au_gather(d->tx, d->arena, d->policy, user.key, &g, err);
	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	if (g.entry_count)
		au_merge(d->arena, &g, &user);
	au_wanted_make(d->arena, d->policy, d->target, &g, &user, &wanted);
	au_term_apply(d->arena, &user, d->now_ms, &wanted);
	if (!wanted.wanted)
		return 0;
	au_drift_find(d->target, &wanted, account, &drift);
	if (drift.moved == 0)
		return 0;
	rc = au_freshness_word(d->tx, d->arena, d->target, account->id, &word, err);
	if (rc < 0)
		return rc;
	json_t *item = json_object();
	au_json_set_str(item, "target", account->target);
	au_json_set_str(item, "login", account->login);
	au_json_set_str(item, "user", user.user_name != NULL ? user.user_name : user.key);
	au_json_set_str(item, "policy", au_drift_policy_name(au_drift_policy(d->target)));
	au_json_set_int(item, "since_ms", account->drift_ms);
	au_json_set_int(item, "observed_ms", account->observed_ms);
	au_json_set_str(item, "word", word);
	json_object_set_new(item, "values", au_drift_values(&wanted, account, drift.moved));
	json_array_append_new(d->list, item);
	return put_steps(d, account, item, err);
}

/* One user has a handful of accounts. */
static int
put_user(struct drift_list *d, struct au_err *err)
{
	struct au_account *accounts = NULL;
	size_t count = 0;
	int rc = au_store_account_by_apiuser(d->tx, d->arena, d->apiuser_id, &accounts, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (accounts[i].drift_ms != 0 && au_streq(accounts[i].target, d->target->block.name))
			rc = put_account(d, &accounts[i], err);
	return rc;
}

static int
put_target(struct drift_list *d, struct au_err *err)
{
	const char *after = "";
	int rc = 0;

	while ((long long)json_array_size(d->list) < d->limit) {
		struct au_account *page = NULL;
		size_t count = 0;
		rc = au_store_account_drifted(d->tx, d->arena, d->target->block.name, after, PAGE, &page, &count, err);
		for (size_t i = 0; rc == 0 && i < count && (long long)json_array_size(d->list) < d->limit; i++)
			rc = put_account(d, &page[i], err);
		if (rc < 0 || count == 0)
			return rc;
		after = page[count - 1].id;
	}
	return rc;
}

int
au_engine_drift_work(struct au_store_tx *tx, void *drift_job, struct au_err *err)
{
	struct au_engine_drift_job *job = drift_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_settings *settings = job->plan.policy->settings;
	struct drift_list d = { .tx = tx,
		.arena = arena,
		.policy = job->plan.policy,
		.list = json_array(),
		.limit = job->limit,
		.now_ms = job->plan.now_ms };
	bool is_known = job->target == NULL;
	json_t *attested = NULL;
	struct au_apiuser user;
	int rc = job->user != NULL ? au_store_apiuser_search(tx, arena, job->user, &user, err) : 0;

	if (rc == 0 && job->user != NULL)
		d.apiuser_id = user.id;
	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		d.target = &settings->targets[i];
		if (job->target != NULL && !au_streq(job->target, d.target->block.name))
			continue;
		is_known = true;
		rc = d.apiuser_id != NULL ? put_user(&d, err) : put_target(&d, err);
	}
	if (rc == 0 && !is_known)
		rc = au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	if (rc == 0)
		rc = au_freshness_list(tx, arena, settings, job->target, d.now_ms, &attested, err);
	if (rc < 0) {
		json_decref(d.list);
		return rc;
	}
	json_decref(job->result);
	job->result = json_object();
	json_object_set_new(job->result, "drift", d.list);
	json_object_set_new(job->result, "attested", attested);
	return 0;
}
