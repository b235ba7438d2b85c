/* SPDX-License-Identifier: ISC */
/* The dry run over every key, and the release of held steps by a person. */
#include "reconcile/engine_parts.h"

#include "base/clock.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"

#define PAGE 1000

void
au_engine_plan_init(struct au_engine *engine, struct au_engine_plan_job *job)
{
	job->policy = au_policy_hold(engine->policy);
	job->now_ms = au_clock_wall_ms();
	job->plan = NULL;
}

void
au_engine_plan_done(struct au_engine_plan_job *job)
{
	au_policy_free(job->policy);
	au_plan_free(job->plan);
	job->policy = NULL;
	job->plan = NULL;
}

/* Steps that are only there to say what would be cancelled are of no use to a reader. */
static void
drop_cancelled(struct au_plan *plan)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].state != AU_STEP_CANCELLED)
			plan->steps[kept++] = plan->steps[i];
	plan->step_count = kept;
}

int
au_engine_plan_work(struct au_store_tx *tx, void *plan_job, struct au_err *err)
{
	struct au_engine_plan_job *job = plan_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *after = "";
	int rc;

	au_plan_free(job->plan);
	job->plan = au_plan_new();
	for (;;) {
		const char **keys = NULL;
		size_t count = 0;
		rc = au_store_key_list(tx, arena, after, PAGE, &keys, &count, err);
		if (rc < 0 || count == 0)
			break;
		rc = au_look_plan(tx, job->policy, keys, count, job->now_ms, job->plan, err);
		if (rc < 0)
			break;
		after = keys[count - 1];
	}
	drop_cancelled(job->plan);
	return rc;
}

int
au_engine_approve_work(struct au_store_tx *tx, void *approve_job, struct au_err *err)
{
	const struct au_engine_approve_job *job = approve_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	struct au_step step;
	int rc = au_store_step_get(tx, arena, job->step_id, &step, err);

	if (rc < 0)
		return rc;
	if (step.state != AU_STEP_HELD)
		return au_fail(
		    err, AU_EINVAL, "step %lld is %s, not held", job->step_id, au_step_state_name(step.state));
	au_json_set_str(detail, "guard", step.guard);
	au_json_set_str(detail, "reason", job->reason);
	au_json_set_int(detail, "step", step.id);
	step.state = AU_STEP_QUEUED;
	step.guard = NULL;
	step.next_ms = job->now_ms;
	rc = au_store_step_update(tx, &step, err);
	return rc < 0 ? rc : au_store_audit(tx, job->now_ms, job->actor, "step.approve", step.account_id, detail, err);
}
