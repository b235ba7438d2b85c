/* SPDX-License-Identifier: ISC */
/* Handlers: API users, and why they have what they have. */
#include "base/str.h"
#include "control/render.h"
#include "control/route.h"
#include "reconcile/engine.h"
#include "reconcile/freshness.h"
#include "reconcile/policy.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/sealed.h"

#define PAGE 100
#define PAGE_MAX 1000
#define STEPS_PER_ACCOUNT 10

struct listing {
	const char *after;
	long long limit;
};

static int
put_accounts(
    struct au_control_request *r, struct au_store_tx *tx, const char *user_id, json_t *item, struct au_err *err)
{
	struct au_account *accounts = NULL;
	size_t count = 0;
	json_t *list = json_array();
	int rc = au_store_account_by_apiuser(tx, r->arena, user_id, &accounts, &count, err);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, au_render_account(&accounts[i]));
	json_object_set_new(item, "accounts", list);
	return rc;
}

static int
users_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct listing *job = r->job;
	struct au_apiuser *users = NULL;
	size_t count = 0;
	json_t *list = json_array();
	int rc = au_store_apiuser_list(tx, r->arena, job->after, (size_t)job->limit, &users, &count, err);

	r->result = json_object();
	json_object_set_new(r->result, "users", list);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		json_t *item = au_render_user(&users[i]);
		json_array_append_new(list, item);
		rc = put_accounts(r, tx, users[i].id, item, err);
	}
	if (rc == 0 && count == (size_t)job->limit)
		au_json_set_str(r->result, "next", users[count - 1].key);
	return rc;
}

void
au_show_users(struct au_control_request *r)
{
	struct listing *job = au_arena_alloc(r->arena, sizeof(*job));

	if (au_control_request_query(r, "after", &job->after) < 0)
		return;
	if (job->after == NULL)
		job->after = "";
	if (au_control_request_number(r, "limit", PAGE, PAGE_MAX, &job->limit) < 0)
		return;
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, users_work, NULL);
}

/* ---- one user ---- */

/* What only the page of one user shows: whether a secret lies there, and the newest steps. */
static int
put_details(struct au_control_request *r, struct au_store_tx *tx, json_t *accounts, struct au_err *err)
{
	json_t *account;
	size_t index;
	int rc = 0;

	json_array_foreach (accounts, index, account) {
		const char *id = au_json_get_str(account, "id");
		struct au_sealed_row sealed;
		struct au_step *steps = NULL;
		size_t count = 0;
		if (rc == 0)
			rc = au_store_sealed_get(tx, r->arena, id, &sealed, err);
		if (rc == 0)
			au_json_set_str(account, "secret", sealed.ready ? "ready" : "pending");
		if (rc == 0 || rc == AU_ENOENT)
			rc = au_store_step_of_account(tx, r->arena, id, STEPS_PER_ACCOUNT, &steps, &count, err);
		if (rc == 0)
			json_object_set_new(account, "steps", au_render_steps(steps, count));
	}
	return rc;
}

/* By whose word it is known, where nobody can ask the product. */
static int
put_words(struct au_control_request *r, struct au_store_tx *tx, json_t *accounts, struct au_err *err)
{
	const struct au_engine_plan_job *job = r->job;
	json_t *account;
	size_t index;
	int rc = 0;

	json_array_foreach (accounts, index, account) {
		const struct au_target_block *target =
		    au_settings_target(job->policy->settings, au_json_get_str(account, "target"));
		const char *word = NULL;
		if (rc == 0 && target != NULL && au_streq(au_json_get_str(account, "state"), "present"))
			rc = au_freshness_word(tx, r->arena, target, au_json_get_str(account, "id"), &word, err);
		au_json_set_str(account, "word", word);
	}
	return rc;
}

static int
user_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct au_apiuser user;
	int rc = au_store_apiuser_search(tx, r->arena, r->params[0], &user, err);

	if (rc < 0)
		return rc;
	r->result = au_render_user(&user);
	rc = put_accounts(r, tx, user.id, r->result, err);
	if (rc == 0)
		rc = put_words(r, tx, json_object_get(r->result, "accounts"), err);
	return rc < 0 ? rc : put_details(r, tx, json_object_get(r->result, "accounts"), err);
}

static void
release_policy(void *job)
{
	au_engine_plan_done(job);
}

void
au_show_user(struct au_control_request *r)
{
	struct au_engine_plan_job *job = au_arena_alloc(r->arena, sizeof(*job));

	au_engine_plan_init(r->control->world.engine, job);
	au_arena_defer(r->arena, release_policy, job);
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, user_work, NULL);
}

/* ---- explain ---- */

static int
explain_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_explain_work(tx, r->job, err);
}

static void
release_explain(void *job)
{
	struct au_engine_explain_job *explain = job;

	json_decref(explain->result);
	au_engine_plan_done(&explain->plan);
}

static void
finish_explain(struct au_control_request *r)
{
	const struct au_engine_explain_job *job = r->job;

	au_control_request_answer(r, 200, json_incref(job->result));
}

void
au_show_explain(struct au_control_request *r)
{
	struct au_engine_explain_job *job = au_arena_alloc(r->arena, sizeof(*job));

	if (au_control_request_query(r, "target", &job->target) < 0 ||
	    au_control_request_query(r, "right", &job->right) < 0)
		return;
	job->user = r->params[0];
	au_engine_plan_init(r->control->world.engine, &job->plan);
	au_arena_defer(r->arena, release_explain, job);
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, explain_work, finish_explain);
}
