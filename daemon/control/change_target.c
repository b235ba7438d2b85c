/* SPDX-License-Identifier: ISC */
/* Handlers: maintenance of targets, and the quarantine of API users in them. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/engine.h"
#include "store/trouble.h"

#define LIST_MAX 10000

/* ---- pause and resume ---- */

static int
pause_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_pause_work(tx, r->job, err);
}

static int
resume_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_resume_work(tx, r->job, err);
}

static void
finish_pause(struct au_control_request *r)
{
	const struct au_engine_pause_job *job = r->job;
	json_t *json = json_object();

	if (r->control != NULL)
		au_engine_pause(r->control->world.engine, job);
	au_json_set_str(json, "paused", job->target);
	if (job->until_ms != 0)
		au_json_set_int(json, "until_ms", job->until_ms);
	au_control_request_answer(r, 200, json);
}

static void
finish_resume(struct au_control_request *r)
{
	const struct au_engine_pause_job *job = r->job;
	json_t *json = json_object();

	if (r->control != NULL)
		au_engine_resume(r->control->world.engine, job->target);
	au_json_set_str(json, "resumed", job->target);
	au_control_request_answer(r, 200, json);
}

/* The body says why; NULL, with the error answered, when it or the target is not as it should be. */
static struct au_engine_pause_job *
read_word(struct au_control_request *r, bool needs_reason)
{
	struct au_engine_pause_job *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_err err = { 0 };
	int rc = au_json_str(r->body, "reason", NULL, &job->reason, &err);

	if (rc == 0)
		rc = au_json_int(r->body, "until_ms", 0, &job->until_ms, &err);
	if (rc == 0 && needs_reason && au_str_empty(job->reason))
		rc = au_fail(&err, AU_EINVAL, "reason: expected a text that says why");
	if (rc == 0 && job->until_ms != 0 && job->until_ms <= r->now_ms)
		rc = au_fail(&err, AU_EINVAL, "until_ms: expected a time to come");
	if (rc == 0 && !au_engine_has_target(r->control->world.engine, r->params[0]))
		rc = au_fail(&err, AU_ENOENT, "target '%s': not configured", r->params[0]);
	if (rc < 0) {
		au_control_request_fail(r, &err);
		return NULL;
	}
	job->target = r->params[0];
	job->actor = r->actor;
	job->now_ms = r->now_ms;
	r->job = job;
	return job;
}

void
au_make_target_pause(struct au_control_request *r)
{
	if (read_word(r, true) != NULL)
		au_control_request_write(r, pause_work, finish_pause);
}

void
au_make_target_resume(struct au_control_request *r)
{
	if (read_word(r, false) != NULL)
		au_control_request_write(r, resume_work, finish_resume);
}

/* ---- quarantine ---- */

static json_t *
render_quarantined(const struct au_quarantined *one)
{
	json_t *json = json_object();

	au_json_set_str(json, "user", one->user_name != NULL ? one->user_name : one->key);
	au_json_set_str(json, "user_id", one->apiuser_id);
	au_json_set_str(json, "target", one->target);
	au_json_set_str(json, "login", one->login);
	au_json_set_int(json, "since_ms", one->since_ms);
	au_json_set_int(json, "failures", one->failures);
	au_json_set_str(json, "reason", one->reason);
	return json;
}

static int
quarantine_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct au_quarantined *list = NULL;
	size_t count = 0;
	int rc = au_store_quarantined_list(tx, r->arena, LIST_MAX, &list, &count, err);
	json_t *out;

	if (rc < 0)
		return rc;
	r->result = json_object();
	out = json_array();
	json_object_set_new(r->result, "quarantine", out);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(out, render_quarantined(&list[i]));
	return 0;
}

void
au_show_quarantine(struct au_control_request *r)
{
	au_control_request_read(r, AU_READ_SCAN, quarantine_work, NULL);
}

static int
release_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_release_work(tx, r->job, err);
}

static void
finish_release(struct au_control_request *r)
{
	const struct au_engine_release_job *job = r->job;
	json_t *json = json_object();

	if (r->control != NULL)
		au_engine_changed(r->control->world.engine);
	au_json_set_str(json, "released", job->user);
	au_json_set_str(json, "target", job->target);
	au_control_request_answer(r, 200, json);
}

void
au_make_release(struct au_control_request *r)
{
	struct au_engine_release_job *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_err err = { 0 };

	if (au_json_str(r->body, "reason", NULL, &job->reason, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	job->user = r->params[0];
	job->target = r->params[1];
	job->actor = r->actor;
	job->now_ms = r->now_ms;
	r->job = job;
	au_control_request_write(r, release_work, finish_release);
}
