/* SPDX-License-Identifier: ISC */
/* Handlers: the dry run, and plans that were saved by it. */
#include "control/route.h"
#include "model/saved_plan.h"
#include "reconcile/engine.h"

#define RUN_MS (10LL * 60 * 1000) /* how long apply waits for steps when it does not say */
#define RUN_MS_MAX (24LL * 3600 * 1000)

/* ---- plan ---- */

static int
plan_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_plan_work(tx, r->job, err);
}

static void
release_plan(void *job)
{
	au_engine_plan_done(job);
}

/* One that would not be taken back is not handed out. */
static void
finish_saved(struct au_control_request *r, json_t *saved)
{
	size_t len = json_dumpb(saved, NULL, 0, JSON_COMPACT), max = au_control_plan_size(r->control);
	struct au_err err = { 0 };

	if (len <= max) {
		au_control_request_answer(r, 200, json_incref(saved));
		return;
	}
	au_fail(&err, AU_ELIMIT, "the plan has %zu bytes, and control.plan_size lets pass %zu", len, max);
	au_control_request_fail(r, &err);
}

static void
finish_plan(struct au_control_request *r)
{
	const struct au_engine_plan_job *job = r->job;

	if (job->save && r->control != NULL)
		finish_saved(r, job->saved);
	else
		au_control_request_answer(r, 200, au_plan_to_json(job->plan));
}

void
au_make_plan(struct au_control_request *r)
{
	struct au_engine_plan_job *job = au_arena_alloc(r->arena, sizeof(*job));
	struct au_err err = { 0 };
	int save;

	au_engine_plan_init(r->control->world.engine, job);
	au_arena_defer(r->arena, release_plan, job);
	job->actor = r->actor;
	if (au_json_bool(r->body, "save", false, &save, &err) < 0 ||
	    au_json_str(r->body, "user", NULL, &job->user, &err) < 0 ||
	    au_json_str(r->body, "target", NULL, &job->target, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	job->save = save;
	r->job = job;
	au_control_request_read(r, AU_READ_LONG, plan_work, finish_plan);
}

/* ---- apply ---- */

static void
applied(void *request, const json_t *result, const struct au_err *err)
{
	struct au_control_request *r = request;

	if (err != NULL)
		au_control_request_fail(r, err);
	else
		au_control_request_answer(r, 200, json_incref((json_t *)result));
}

void
au_apply_plan(struct au_control_request *r)
{
	struct au_engine_apply apply = { .plan = json_object_get(r->body, "plan"), .actor = r->actor };
	struct au_err err = { 0 };
	int unmoved;

	if (au_json_bool(r->body, "unmoved", false, &unmoved, &err) < 0 ||
	    au_json_int(r->body, "timeout_ms", RUN_MS, &apply.timeout_ms, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	if (!json_is_object(apply.plan) || apply.timeout_ms < 0 || apply.timeout_ms > RUN_MS_MAX) {
		if (!json_is_object(apply.plan))
			au_fail(&err, AU_EINVAL, "plan: expected an object");
		else
			au_fail(&err, AU_EINVAL, "timeout_ms: expected a number from 0 to %lld", RUN_MS_MAX);
		au_control_request_fail(r, &err);
		return;
	}
	apply.unmoved = unmoved;
	au_engine_apply(r->control->world.engine, &apply, applied, r);
}
