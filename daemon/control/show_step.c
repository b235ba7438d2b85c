/* SPDX-License-Identifier: ISC */
/* Handler: steps. */
#include "base/str.h"
#include "control/render.h"
#include "control/route.h"
#include "reconcile/follow.h"
#include "reconcile/line.h"

#define PAGE 100
#define PAGE_MAX 10000

struct listing {
	enum au_step_state state;
	long long limit;
	struct au_engine_plan_job plan; /* steps: its policy says when accounts are deleted */
};

static void
release_listing(void *job)
{
	au_engine_plan_done(&((struct listing *)job)->plan);
}

static int
steps_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct listing *job = r->job;
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, r->arena, job->state, (size_t)job->limit, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if ((rc = au_line_tell(tx, r->arena, job->plan.policy, &steps[i], err)) == 0)
			rc = au_follow_tell(tx, r->arena, job->plan.policy, &steps[i], err);
	if (rc < 0)
		return rc;
	r->result = json_object();
	json_object_set_new(r->result, "steps", au_render_steps(steps, count));
	return 0;
}

static void
list_steps(struct au_control_request *r, enum au_step_state state, long long limit)
{
	struct listing *job = au_arena_alloc(r->arena, sizeof(*job));

	job->state = state;
	if (au_control_request_number(r, "limit", limit, PAGE_MAX, &job->limit) < 0)
		return;
	au_engine_plan_init(r->control->world.engine, &job->plan);
	au_arena_defer(r->arena, release_listing, job);
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, steps_work, NULL);
}

void
au_show_steps(struct au_control_request *r)
{
	struct au_err err = { 0 };
	const char *name;
	int state = 0;

	if (au_control_request_query(r, "state", &name) < 0)
		return;
	if (name != NULL && (state = au_step_state_from_name(name)) == 0) {
		au_fail(&err, AU_EINVAL,
		    "state '%s': expected queued, running, done, failed, held, cancelled, waiting, "
		    "rejected, with-person or follows",
		    name);
		au_control_request_fail(r, &err);
		return;
	}
	list_steps(r, (enum au_step_state)state, PAGE);
}
