/* SPDX-License-Identifier: ISC */
/* Handler: the pools of targets, what is left of them and who waits. */
#include "control/route.h"

#define MORE_MAX 1000000

static int
capacity_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_engine_capacity_work(tx, r->job, err);
}

static void
release_capacity(void *job)
{
	struct au_engine_capacity_job *capacity = job;

	json_decref(capacity->result);
	au_engine_plan_done(&capacity->plan);
}

static void
finish_capacity(struct au_control_request *r)
{
	const struct au_engine_capacity_job *job = r->job;

	au_control_request_answer(r, 200, json_incref(job->result));
}

void
au_show_capacity(struct au_control_request *r)
{
	struct au_engine_capacity_job *job = au_arena_alloc(r->arena, sizeof(*job));

	if (au_control_request_query(r, "target", &job->target) < 0 ||
	    au_control_request_query(r, "template", &job->template) < 0 ||
	    au_control_request_number(r, "what_if", 0, MORE_MAX, &job->what_if) < 0)
		return;
	au_engine_plan_init(r->control->world.engine, &job->plan);
	au_arena_defer(r->arena, release_capacity, job);
	r->job = job;
	au_control_request_read(r, AU_READ_SCAN, capacity_work, finish_capacity);
}
