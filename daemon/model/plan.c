/* SPDX-License-Identifier: ISC */
/* Plans: growing lists of steps and findings whose text lies in one arena. */
#include "model/plan.h"

static const struct au_json_text finding_texts[] = {
	{ "apiuser_id", offsetof(struct au_finding, apiuser_id) },
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
	copy(plan, &added->cause);
	copy(plan, &added->error);
	return added;
}

void
au_plan_find(struct au_plan *plan, const char *apiuser_id, const char *target, const char *text)
{
	plan->findings = grow(plan->findings, plan->finding_count, &plan->finding_cap, sizeof(*plan->findings));
	struct au_finding *added = &plan->findings[plan->finding_count++];
	*added = (struct au_finding){ .apiuser_id = apiuser_id, .target = target, .text = text };
	copy(plan, &added->apiuser_id);
	copy(plan, &added->target);
	copy(plan, &added->text);
}

json_t *
au_plan_to_json(const struct au_plan *plan)
{
	json_t *steps = json_array(), *findings = json_array(), *json = json_object();

	for (size_t i = 0; i < plan->step_count; i++)
		json_array_append_new(steps, au_step_to_json(&plan->steps[i]));
	for (size_t i = 0; i < plan->finding_count; i++) {
		json_t *finding = json_object();
		au_json_put_texts(finding, finding_texts, &plan->findings[i]);
		json_array_append_new(findings, finding);
	}
	json_object_set_new(json, "steps", steps);
	json_object_set_new(json, "findings", findings);
	return json;
}
