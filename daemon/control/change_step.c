/* SPDX-License-Identifier: ISC */
/* Handlers: the full run. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/engine.h"
#include "store/audit.h"

#define RUN_MS (10LL * 60 * 1000) /* how long apply waits for steps when it does not say */
#define RUN_MS_MAX (24LL * 3600 * 1000)

/* ---- apply ---- */

struct run {
	int observe;
	long long timeout_ms;
	struct au_engine_accept_job accept; /* who says apply means a changed configuration, too */
};

static void
release_run(void *job)
{
	au_engine_plan_done(&((struct run *)job)->accept.plan);
}

static int
audit_run_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct run *run = r->job;
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc = au_engine_accept_work(tx, &run->accept, err);

	if (rc < 0)
		return rc;
	json_object_set_new(detail, "observe", json_boolean(run->observe));
	if (run->accept.released > 0)
		au_json_set_int(detail, "released", run->accept.released);
	return au_store_audit(tx, r->now_ms, r->actor, "run.start", "all", detail, err);
}

static void
run_done(void *request, const struct au_engine_summary *summary)
{
	json_t *json = json_object();

	json_object_set_new(json, "complete", json_boolean(summary->complete));
	au_json_set_int(json, "steps_queued", summary->steps_queued);
	au_json_set_int(json, "steps_done", summary->steps_done);
	au_json_set_int(json, "steps_failed", summary->steps_failed);
	au_json_set_int(json, "steps_held", summary->steps_held);
	au_json_set_int(json, "findings", summary->findings);
	au_control_request_answer(request, 200, json);
}

static void
start_run(struct au_control_request *r)
{
	const struct run *run = r->job;

	if (r->control == NULL)
		au_control_request_drop(r);
	else
		au_engine_run(r->control->world.engine, run->observe, run->timeout_ms, run_done, r);
}

void
au_make_run(struct au_control_request *r)
{
	struct run *run = au_arena_alloc(r->arena, sizeof(*run));
	struct au_err err = { 0 };

	if (au_json_bool(r->body, "observe", true, &run->observe, &err) < 0 ||
	    au_json_int(r->body, "timeout_ms", RUN_MS, &run->timeout_ms, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	if (run->timeout_ms < 0 || run->timeout_ms > RUN_MS_MAX) {
		au_fail(&err, AU_EINVAL, "timeout_ms: expected a number from 0 to %lld", RUN_MS_MAX);
		au_control_request_fail(r, &err);
		return;
	}
	au_engine_plan_init(r->control->world.engine, &run->accept.plan);
	au_arena_defer(r->arena, release_run, run);
	run->accept.actor = r->actor;
	r->job = run;
	au_control_request_write(r, audit_run_work, start_run);
}
