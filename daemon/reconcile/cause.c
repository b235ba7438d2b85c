/* SPDX-License-Identifier: ISC */
/* By which rules an account has what it has is written down with it, so that a loss can be laid to one that holds no
 * more, even when others would give the same. */
#include "reconcile/cause.h"

#include "base/json.h"
#include "base/lines.h"
#include "base/str.h"
#include "reconcile/rights.h"

#include <string.h>

static char *
wanted_rights(const struct au_step *step)
{
	AU_CLEANUP(au_json_decrefp) json_t *want = NULL;

	if (step->want == NULL || au_json_parse(step->want, strlen(step->want), AU_JSON_DEPTH, &want, NULL) < 0)
		return NULL;
	return au_json_canonical(json_object_get(want, "rights"));
}

/* Whether some rule of that source and group gave what is lost; one that is gone from the configuration may have. */
static bool
gave(const struct au_policy *policy, const char *cause, const char *target, const char *rights, const char *wanted)
{
	const struct au_settings *settings = policy->settings;
	bool is_known = false;

	for (size_t i = 0; i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_policy_template(policy, rule->template);
		size_t len = strlen(rule->source);
		if (!template || !au_streq(template->target, target) || strncmp(cause, rule->source, len) != 0 ||
		    cause[len] != '/' || !au_streq(cause + len + 1, rule->group))
			continue;
		is_known = true;
		if (au_rights_loses(rights, wanted, template->canonical))
			return true;
	}
	return !is_known;
}

static const char *
find_cause(struct au_plan *plan, const struct au_step *step, const struct au_policy *policy, const char *rights,
    const char *bases, const char *held)
{
	AU_CLEANUP(au_freep) char *wanted = wanted_rights(step);
	const char *line;

	while ((line = au_lines_next(plan->arena, &bases)) != NULL)
		if (!au_lines_has(plan->arena, held, line) && gave(policy, line, step->target, rights, wanted))
			return line;
	return NULL;
}

void
au_cause_note(struct au_plan *plan, size_t first, const struct au_policy *policy, const char *rights, const char *bases,
    const char *held)
{
	for (size_t i = first; i < plan->step_count; i++) {
		struct au_step *step = &plan->steps[i];
		if (step->op == AU_STEP_SET_RIGHTS && step->lane == AU_LANE_RESTRICT)
			step->cause = find_cause(plan, step, policy, rights, bases, held);
	}
}
