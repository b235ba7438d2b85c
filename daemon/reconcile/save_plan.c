/* SPDX-License-Identifier: ISC */
/* Whoever has a step is gathered once more, in the same transaction, so that plan and inputs are of one moment. */
#include "reconcile/save_plan.h"

#include "base/str.h"
#include "reconcile/inputs.h"

struct saving {
	struct au_store_tx *tx;
	const struct au_engine_plan_job *job;
	struct au_inputs *inputs;
	json_t *steps; /* as the plan shows them, in its order */
};

static int
save_step(struct saving *s, struct au_arena *arena, const struct au_gathered *g, size_t index, struct au_err *err)
{
	const struct au_step *step = &s->job->plan->steps[index];
	json_t *json = json_array_get(s->steps, index), *places = NULL;
	const struct au_inputs_step stands = { step->target, step->login, step->takes };
	int rc = au_inputs_add(s->inputs, s->tx, arena, g, &stands, &places, err);

	if (rc < 0)
		return rc;
	json_object_set_new(json, "stands_on", places);
	json_object_set_new(json, "because", au_inputs_because(arena, s->job->policy, g, step->target, step->cause));
	return 0;
}

static int
save_steps(struct saving *s, struct au_err *err)
{
	const struct au_plan *plan = s->job->plan;
	int rc = 0;

	for (size_t i = 0; i < plan->step_count; i++)
		au_inputs_demand(s->inputs, plan->steps[i].target, plan->steps[i].takes);
	for (size_t i = 0; rc == 0 && i < plan->step_count; i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_gathered g;
		rc = au_gather(s->tx, arena, s->job->policy, plan->steps[i].key, &g, err);
		if (rc == 0)
			rc = save_step(s, arena, &g, i, err);
	}
	return rc;
}

static json_t *
scope_json(const struct au_engine_plan_job *job)
{
	json_t *scope = json_object();

	au_json_set_str(scope, "target", job->target);
	au_json_set_str(scope, "user", job->user);
	return scope;
}

int
au_save_plan(struct au_store_tx *tx, const struct au_engine_plan_job *job, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_inputs_freep) struct au_inputs *inputs = au_inputs_new(job->policy, job->now_ms);
	json_t *json = au_plan_to_json(job->plan);
	struct saving s = { .tx = tx, .job = job, .inputs = inputs, .steps = json_object_get(json, "steps") };
	int rc = save_steps(&s, err);

	if (rc < 0) {
		json_decref(json);
		return rc;
	}
	au_json_set_str(json, "version", PACKAGE_VERSION);
	au_json_set_int(json, "made_ms", job->now_ms);
	au_json_set_str(json, "made_by", job->actor);
	json_object_set_new(json, "scope", scope_json(job));
	json_object_set(json, "inputs", (json_t *)au_inputs_list(inputs));
	*ret = json;
	return 0;
}
