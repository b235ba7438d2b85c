/* SPDX-License-Identifier: ISC */
/* Plans: growing lists of steps and findings whose text lies in one arena. */
#include "model/plan.h"

#include "base/str.h"

#include <stdint.h>

static const struct au_json_text finding_texts[] = {
	{ "apiuser_id", offsetof(struct au_finding, apiuser_id) },
	{ "key", offsetof(struct au_finding, key) },
	{ "target", offsetof(struct au_finding, target) },
	{ "text", offsetof(struct au_finding, text) },
	{ NULL, 0 },
};

struct au_plan *
au_plan_new(void)
{
	struct au_plan *plan = au_xcalloc(1, sizeof(*plan));

	plan->arena = au_arena_new();
	return plan;
}

void
au_plan_free(struct au_plan *plan)
{
	if (plan == NULL)
		return;
	au_arena_free(plan->arena);
	free(plan->steps);
	free(plan->findings);
	free(plan->waits);
	free(plan);
}

void
au_plan_freep(struct au_plan **plan)
{
	au_plan_free(*plan);
}

/* Room for one more; returns the list, moved or not. */
static void *
grow(void *list, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return list;
	*cap = *cap > 0 ? 2 * *cap : 16;
	return au_xrealloc(list, *cap, size);
}

static void
copy(struct au_plan *plan, const char **text)
{
	*text = au_arena_strdup(plan->arena, *text);
}

struct au_step *
au_plan_add(struct au_plan *plan, const struct au_step *step)
{
	plan->steps = grow(plan->steps, plan->step_count, &plan->step_cap, sizeof(*plan->steps));
	struct au_step *added = &plan->steps[plan->step_count++];
	*added = *step;
	copy(plan, &added->account_id);
	copy(plan, &added->apiuser_id);
	copy(plan, &added->target);
	copy(plan, &added->login);
	copy(plan, &added->want);
	copy(plan, &added->was);
	copy(plan, &added->reason);
	copy(plan, &added->guard);
	copy(plan, &added->guards);
	copy(plan, &added->cause);
	copy(plan, &added->error);
	if (!added->key)
		added->key = plan->key;
	copy(plan, &added->key);
	copy(plan, &added->note);
	copy(plan, &added->takes);
	copy(plan, &added->waits);
	return added;
}

void
au_plan_find(struct au_plan *plan, const char *apiuser_id, const char *target, const char *text)
{
	plan->findings = grow(plan->findings, plan->finding_count, &plan->finding_cap, sizeof(*plan->findings));
	struct au_finding *added = &plan->findings[plan->finding_count++];
	*added = (struct au_finding){
		.apiuser_id = apiuser_id, .key = apiuser_id ? plan->key : NULL, .target = target, .text = text
	};
	copy(plan, &added->apiuser_id);
	copy(plan, &added->key);
	copy(plan, &added->target);
	copy(plan, &added->text);
}

void
au_plan_wait(struct au_plan *plan, size_t step, size_t after)
{
	plan->waits = grow(plan->waits, plan->wait_count, &plan->wait_cap, sizeof(*plan->waits));
	plan->waits[plan->wait_count++] = (struct au_wait){ step, after };
}

void
au_plan_keep(struct au_plan *plan, bool (*is_kept)(const struct au_step *step, const void *ctx), const void *ctx)
{
	AU_CLEANUP(au_freep) size_t *now = au_xcalloc(plan->step_count + 1, sizeof(*now));
	size_t steps = 0, waits = 0;

	for (size_t i = 0; i < plan->step_count; i++) {
		now[i] = is_kept(&plan->steps[i], ctx) ? steps : SIZE_MAX;
		if (now[i] != SIZE_MAX)
			plan->steps[steps++] = plan->steps[i];
	}
	for (size_t i = 0; i < plan->wait_count; i++) {
		const struct au_wait wait = { now[plan->waits[i].step], now[plan->waits[i].after] };
		if (wait.step != SIZE_MAX && wait.after != SIZE_MAX)
			plan->waits[waits++] = wait;
	}
	plan->step_count = steps;
	plan->wait_count = waits;
}

static bool
is_of(const struct au_step *step, const void *target)
{
	return au_streq(step->target, target);
}

static bool
is_not_cancelled(const struct au_step *step, const void *ctx)
{
	(void)ctx;
	return step->state != AU_STEP_CANCELLED;
}

void
au_plan_keep_target(struct au_plan *plan, const char *target)
{
	size_t findings = 0;

	au_plan_keep(plan, is_of, target);
	for (size_t i = 0; i < plan->finding_count; i++)
		if (au_streq(plan->findings[i].target, target))
			plan->findings[findings++] = plan->findings[i];
	plan->finding_count = findings;
}

void
au_plan_drop_cancelled(struct au_plan *plan)
{
	au_plan_keep(plan, is_not_cancelled, NULL);
}

/* Numbers of the steps that come before, as au_plan_order left the waits: by step.  *next walks along. */
static void
set_after(const struct au_plan *plan, size_t step, size_t *next, json_t *json)
{
	json_t *after = json_array();

	for (; *next < plan->wait_count && plan->waits[*next].step == step; ++*next)
		json_array_append_new(after, json_integer((json_int_t)plan->waits[*next].after + 1));
	if (json_array_size(after) > 0)
		json_object_set(json, "after", after);
	json_decref(after);
}

json_t *
au_plan_to_json(const struct au_plan *plan)
{
	json_t *steps = json_array(), *findings = json_array(), *json = json_object();
	size_t next = 0;

	for (size_t i = 0; i < plan->step_count; i++) {
		json_t *step = au_step_to_json(&plan->steps[i]);
		au_json_set_int(step, "number", (long long)i + 1);
		set_after(plan, i, &next, step);
		json_array_append_new(steps, step);
	}
	for (size_t i = 0; i < plan->finding_count; i++) {
		json_t *finding = json_object();
		au_json_put_texts(finding, finding_texts, &plan->findings[i]);
		json_array_append_new(findings, finding);
	}
	json_object_set_new(json, "steps", steps);
	json_object_set_new(json, "findings", findings);
	return json;
}
