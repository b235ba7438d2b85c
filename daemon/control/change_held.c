/* SPDX-License-Identifier: ISC */
/* Handlers: what waits for people, and what they decide on it. */
#include "base/str.h"
#include "control/role.h"
#include "control/route.h"
#include "reconcile/decide.h"

#define STEPS_MAX 10000 /* in one decision */

static void
release_decision(void *job)
{
	au_decide_done(job);
}

static struct au_decide_job *
decision_new(struct au_control_request *r)
{
	struct au_decide_job *job = au_arena_alloc(r->arena, sizeof(*job));

	au_decide_init(r->control->world.engine, job);
	au_arena_defer(r->arena, release_decision, job);
	r->job = job;
	return job;
}

/* ---- list ---- */

static int
list_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_decide_list(tx, r->job, err);
}

static void
finish_list(struct au_control_request *r)
{
	const struct au_decide_job *job = r->job;

	au_control_request_answer(r, 200, json_incref(job->result));
}

void
au_show_held(struct au_control_request *r)
{
	struct au_decide_job *job = decision_new(r);

	if (au_control_request_query(r, "target", &job->only.target) < 0 ||
	    au_control_request_query(r, "guard", &job->only.guard) < 0 ||
	    au_control_request_query(r, "user", &job->only.user) < 0)
		return;
	au_control_request_read(r, AU_READ_SCAN, list_work, finish_list);
}

/* ---- approve, reject, reopen ---- */

static int
parse_steps(struct au_arena *arena, const json_t *body, struct au_decide_job *job, struct au_err *err)
{
	const json_t *list = json_object_get(body, "steps"), *item;
	size_t count = json_array_size(list), index;
	long long *steps;

	if (count == 0 || count > STEPS_MAX)
		return au_fail(err, AU_EINVAL, "steps: expected a list of 1 to %d numbers", STEPS_MAX);
	steps = au_arena_alloc(arena, count * sizeof(*steps));
	json_array_foreach (list, index, item) {
		steps[index] = json_integer_value(item);
		if (steps[index] <= 0)
			return au_fail(err, AU_EINVAL, "steps: expected numbers of steps");
		for (size_t i = 0; i < index; i++)
			if (steps[i] == steps[index])
				return au_fail(err, AU_EINVAL, "steps: %lld is there twice", steps[index]);
	}
	job->steps = steps;
	job->step_count = count;
	return 0;
}

static int
parse_decision(struct au_control_request *r, struct au_decide_job *job, struct au_err *err)
{
	if (au_json_str(r->body, "reason", NULL, &job->reason, err) < 0)
		return AU_EINVAL;
	if (au_str_empty(job->reason))
		return au_fail(err, AU_EINVAL, "reason: expected a text that says why");
	job->actor = r->actor;
	job->name = r->actor_name;
	return parse_steps(r->arena, r->body, job, err);
}

static void
finish_decision(struct au_control_request *r)
{
	const struct au_decide_job *job = r->job;

	if (r->control != NULL)
		au_engine_changed(r->control->world.engine);
	au_control_request_answer(r, 200, json_incref(job->result));
}

static void
decide(struct au_control_request *r, au_store_work *work)
{
	struct au_err err = { 0 };

	if (parse_decision(r, decision_new(r), &err) < 0)
		au_control_request_fail(r, &err);
	else
		au_control_request_write(r, work, finish_decision);
}

static int
approve_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_decide_approve(tx, r->job, err);
}

void
au_make_approval(struct au_control_request *r)
{
	decide(r, approve_work);
}

static int
reject_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_decide_reject(tx, r->job, err);
}

void
au_make_rejection(struct au_control_request *r)
{
	decide(r, reject_work);
}

static int
reopen_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;

	return au_decide_reopen(tx, r->job, err);
}

void
au_make_reopening(struct au_control_request *r)
{
	decide(r, reopen_work);
}
