/* SPDX-License-Identifier: ISC */
/* Handlers: what others do in targets - changes to accounts of ours, accounts of their own - and what stands in our
 * way. */
#include "base/str.h"
#include "control/render.h"
#include "control/route.h"
#include "reconcile/engine.h"
#include "reconcile/ignores.h"
#include "store/account.h"
#include "store/apiuser.h"

#define PAGE 1000
#define PAGE_MAX 10000

/* ---- drift ---- */

static int
drift_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_drift_work(tx, r->job, err);
}

static void
release_drift(void *job)
{
	struct au_engine_drift_job *drift = job;

	json_decref(drift->result);
	au_engine_plan_done(&drift->plan);
}

static void
finish_drift(struct au_control_request *r)
{
	const struct au_engine_drift_job *job = r->job;

	au_control_request_answer(r, 200, json_incref(job->result));
}

void
au_show_drift(struct au_control_request *r)
{
	struct au_engine_drift_job *job = au_arena_alloc(r->arena, sizeof(*job));

	if (au_control_request_query(r, "target", &job->target) < 0 ||
	    au_control_request_query(r, "user", &job->user) < 0 ||
	    au_control_request_number(r, "limit", PAGE, PAGE_MAX, &job->limit) < 0)
		return;
	au_engine_plan_init(r->control->world.engine, &job->plan);
	au_arena_defer(r->arena, release_drift, job);
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, drift_work, finish_drift);
}

/* ---- strangers ---- */

struct listing {
	const char *target, *after; /* target NULL = all */
	long long limit;
	const char **targets; /* configured ones that are meant */
	size_t target_count;
};

/* Loop thread: the settings may change while the store works.  false: it has answered. */
static bool
take_targets(struct au_control_request *r, struct listing *job)
{
	const struct au_settings *settings = r->control->world.settings;
	struct au_err err = { 0 };

	job->targets = au_arena_alloc(r->arena, (settings->target_count + 1) * sizeof(*job->targets));
	for (size_t i = 0; i < settings->target_count; i++)
		if (job->target == NULL || au_streq(job->target, settings->targets[i].block.name))
			job->targets[job->target_count++] = au_arena_strdup(r->arena, settings->targets[i].block.name);
	if (job->target == NULL || job->target_count > 0)
		return true;
	au_fail(&err, AU_ENOENT, "target '%s': not configured", job->target);
	au_control_request_fail(r, &err);
	return false;
}

static int
put_strangers(struct au_control_request *r, struct au_store_tx *tx, const char *target, json_t *list, json_t *counts,
    struct au_err *err)
{
	const struct listing *job = r->job;
	struct au_stranger *rows = NULL;
	size_t count = 0;
	struct au_target_row row = { .name = NULL };
	long long kept = 0;
	int rc = au_store_stranger_list(tx, r->arena, target, job->after, (size_t)job->limit, &rows, &count, err);

	if (rc == 0)
		rc = au_store_stranger_count(tx, target, &kept, err);
	if (rc == 0)
		rc = au_store_target_get(tx, r->arena, target, &row, err);
	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc; /* it was never listed */
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, au_render_stranger(&rows[i]));
	json_t *item = json_object();
	au_json_set_str(item, "target", target);
	au_json_set_int(item, "all", row.foreign);
	au_json_set_int(item, "active", row.foreign_active);
	au_json_set_int(item, "ignored", row.ignored);
	au_json_set_int(item, "kept", kept);
	au_json_set_int(item, "observed_ms", row.observed_ms);
	if (count == (size_t)job->limit)
		au_json_set_str(item, "next", rows[count - 1].remote_id);
	json_array_append_new(counts, item);
	return 0;
}

static int
strangers_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct listing *job = r->job;
	json_t *list = json_array(), *counts = json_array();
	int rc = 0;

	r->result = json_object();
	json_object_set_new(r->result, "strangers", list);
	json_object_set_new(r->result, "targets", counts);
	for (size_t i = 0; rc == 0 && i < job->target_count; i++)
		rc = put_strangers(r, tx, job->targets[i], list, counts, err);
	return rc;
}

void
au_show_strangers(struct au_control_request *r)
{
	struct listing *job = au_arena_alloc(r->arena, sizeof(*job));

	if (au_control_request_query(r, "target", &job->target) < 0 ||
	    au_control_request_query(r, "after", &job->after) < 0 ||
	    au_control_request_number(r, "limit", PAGE, PAGE_MAX, &job->limit) < 0 || !take_targets(r, job))
		return;
	if (job->after == NULL)
		job->after = "";
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, strangers_work, NULL);
}

static int
ignored_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct au_ignored *rows = NULL;
	size_t count = 0;
	json_t *list = json_array();
	int rc = au_store_ignored_list(tx, r->arena, &rows, &count, err);

	r->result = json_object();
	json_object_set_new(r->result, "ignored", list);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, au_render_ignored(&rows[i]));
	return rc;
}

void
au_show_ignored(struct au_control_request *r)
{
	au_control_request_read(r, AU_READ_SCAN, ignored_work, NULL);
}

/* ---- conflicts ---- */

static json_t *
conflict_json(const char *kind, const struct au_apiuser *user, const char *text)
{
	json_t *item = json_object();

	au_json_set_str(item, "kind", kind);
	au_json_set_str(item, "user", user->user_name != NULL ? user->user_name : user->key);
	au_json_set_str(item, "key", user->key);
	au_json_set_str(item, "text", text);
	json_object_set_new(item, "candidates", json_array());
	json_object_set_new(item, "ways", json_array());
	return item;
}

static void
add_way(json_t *item, const char *text)
{
	json_array_append_new(json_object_get(item, "ways"), json_string(text));
}

/* The log-in name is another account's. */
static int
put_login(struct au_control_request *r, struct au_store_tx *tx, const struct au_account *account, json_t *list,
    struct au_err *err)
{
	struct au_apiuser user;
	struct au_stranger stranger;
	int rc = au_store_apiuser_get(tx, r->arena, account->apiuser_id, &user, err);

	if (rc < 0)
		return rc;
	json_t *item = conflict_json("login", &user, account->problem);
	json_array_append_new(list, item);
	au_json_set_str(item, "target", account->target);
	au_json_set_str(item, "login", account->login);
	rc = au_store_stranger_named(tx, r->arena, account->target, account->login, &stranger, err);
	if (rc == 0) {
		json_array_append_new(json_object_get(item, "candidates"), au_render_stranger(&stranger));
		add_way(
		    item, au_arena_printf(r->arena, "it is this API user's: apiuserctl adopt %s %s %s --reason TEXT",
			      account->target, account->login, user.key));
	}
	add_way(item, "it is somebody else's: rename or remove it in the product, or give this API user another "
		      "login in its source");
	add_way(item, au_arena_printf(r->arena, "leave both alone: apiuserctl ignore %s %s --reason TEXT",
			  account->target, account->login));
	return rc == AU_ENOENT || rc == AU_EEXIST ? 0 : rc;
}

/* Two entries of one source say that they are the same person. */
static int
put_key(struct au_control_request *r, struct au_store_tx *tx, const struct au_apiuser *user, json_t *list,
    struct au_err *err)
{
	struct au_entry *entries = NULL;
	size_t count = 0;
	json_t *item = conflict_json("key", user, user->conflict);
	int rc = au_store_entry_by_key(tx, r->arena, user->key, &entries, &count, err);

	json_array_append_new(list, item);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(json_object_get(item, "candidates"), au_entry_to_json(&entries[i]));
	add_way(item, "give one of them another mail address in the source, or none");
	add_way(item, "leave one of them out by the source's people_filter or people_base");
	return rc;
}

static int
login_conflicts(struct au_control_request *r, struct au_store_tx *tx, const struct au_ignores *ignores, json_t *list,
    struct au_err *err)
{
	const struct listing *job = r->job;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < job->target_count; i++) {
		struct au_account *accounts = NULL;
		size_t count = 0;
		rc = au_store_account_conflicts(
		    tx, r->arena, job->targets[i], (size_t)job->limit, &accounts, &count, err);
		for (size_t k = 0; rc == 0 && k < count; k++)
			if (au_ignores_find(ignores, accounts[k].target, accounts[k].login) == NULL)
				rc = put_login(r, tx, &accounts[k], list, err);
	}
	return rc;
}

static int
conflicts_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct listing *job = r->job;
	struct au_apiuser *users = NULL;
	struct au_ignores ignores;
	size_t count = 0;
	json_t *list = json_array();
	int rc = au_ignores_load(tx, r->arena, &ignores, err);

	r->result = json_object();
	json_object_set_new(r->result, "conflicts", list);
	if (rc == 0)
		rc = login_conflicts(r, tx, &ignores, list, err);
	if (rc == 0)
		rc = au_store_apiuser_conflicts(tx, r->arena, (size_t)job->limit, &users, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = put_key(r, tx, &users[i], list, err);
	return rc;
}

void
au_show_conflicts(struct au_control_request *r)
{
	struct listing *job = au_arena_alloc(r->arena, sizeof(*job));

	if (au_control_request_number(r, "limit", PAGE, PAGE_MAX, &job->limit) < 0 || !take_targets(r, job))
		return;
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, conflicts_work, NULL);
}
