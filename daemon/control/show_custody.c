/* SPDX-License-Identifier: ISC */
/* Handlers: where credentials are, and what people say about them. */
#include "base/str.h"
#include "control/route.h"
#include "reconcile/custody.h"
#include "reconcile/engine.h"

struct keeping {
	struct au_engine_plan_job policy; /* holds the policy of the moment */
	struct au_custody_job job;
	const char *target; /* of a list; NULL = all */
	bool renews;
};

static void
release(void *keeping)
{
	au_engine_plan_done(&((struct keeping *)keeping)->policy);
}

static struct keeping *
new_keeping(struct au_control_request *r)
{
	struct keeping *keeping = au_arena_alloc(r->arena, sizeof(*keeping));

	au_engine_plan_init(r->control->world.engine, &keeping->policy);
	au_arena_defer(r->arena, release, keeping);
	r->job = keeping;
	return keeping;
}

static int
list_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct keeping *keeping = r->job;

	return au_custody_list(tx, keeping->policy.policy, keeping->target, r->now_ms, &r->result, err);
}

void
au_show_custody(struct au_control_request *r)
{
	struct keeping *keeping = new_keeping(r);

	if (au_control_request_query(r, "target", &keeping->target) == 0)
		au_control_request_read(r, AU_READ_SCAN, list_work, NULL);
}

static int
keep_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct keeping *keeping = r->job;
	int rc = keeping->renews ? au_custody_renew(tx, r->arena, keeping->policy.policy, &keeping->job, err)
				 : au_custody_confirm(tx, r->arena, &keeping->job, err);

	if (rc < 0)
		return rc;
	r->result = json_object();
	au_json_set_str(r->result, "user", keeping->job.user);
	au_json_set_str(r->result, "target", keeping->job.target);
	return 0;
}

static void
finish_keeping(struct au_control_request *r)
{
	if (r->control != NULL)
		au_engine_changed(r->control->world.engine);
	au_control_request_answer(r, 200, json_incref(r->result));
}

static void
keep(struct au_control_request *r, bool renews)
{
	struct keeping *keeping = new_keeping(r);
	struct au_err err = { 0 };

	keeping->renews = renews;
	keeping->job = (struct au_custody_job){ .user = r->params[0],
		.target = r->params[1],
		.actor = r->actor,
		.name = r->actor_name,
		.now_ms = r->now_ms };
	if (au_json_str(r->body, "reason", NULL, &keeping->job.reason, &err) < 0 ||
	    (au_str_empty(keeping->job.reason) && au_fail(&err, AU_EINVAL, "reason: expected a text") < 0))
		au_control_request_fail(r, &err);
	else
		au_control_request_write(r, keep_work, finish_keeping);
}

void
au_make_received(struct au_control_request *r)
{
	keep(r, false);
}

void
au_make_rotation(struct au_control_request *r)
{
	keep(r, true);
}
