/* SPDX-License-Identifier: ISC */
/* Templates as people ask about them: what one in force comes to, and what another one in its place would change. */
#ifndef RECONCILE_TEMPLATE_H
#define RECONCILE_TEMPLATE_H

#include "reconcile/engine.h"

struct au_raw;
struct au_store_tx;

/*
 * Store work: a template in force.  {"template", "target", "plugin", "product", "description", "rights": as configured,
 * with defaults, "defaults": names of rights that are as the plugin would have them, "resolved": as the target reports
 * it, "problem": why there is none, "rules": [{"id", "field", "text", "evidence"}] of the product on these rights,
 * "takes": [{"pool", "text", "units", "free"}], "given_by": [{"rule", "source", "group", "people"}]}.  AU_ENOENT.
 */
struct au_template_show_job {
	struct au_engine_plan_job plan; /* set up by au_engine_plan_init */
	const char *name;
	json_t *result; /* caller decrefs */
};
int au_template_show_work(struct au_store_tx *tx, void *show_job, struct au_err *err);
/* The part "given_by" of any template. */
int au_template_given_by(
    struct au_store_tx *tx, const struct au_policy *policy, const char *template, json_t **ret, struct au_err *err);

/*
 * A block that is not in force is checked by the rows and rules of its target's plugin, and resolved by the target, as
 * if it were the template of its name.  Nothing is written, and no target is asked to change anything.
 *
 * Without `plan`, done gets {"template", "target", "product", "is_new", "resolved"}, and instead of "resolved" the
 * reason "unasked" when the target cannot be asked now.  With it what the daemon would plan with the block in force is
 * compared with what it plans without:
 *   {"template", "target", "is_new", "was" and "now": {"target", "description", "takes", "rights", "resolved"},
 *    "given_by", "plan": the steps and findings that come with the block, as au_plan_to_json, "withdrawn": steps that
 *    would be done no more, "anyhow": how many of the plan as it is would be done all the same}
 * A step that the block lets a guard hold, or wait for room, counts as one that comes with it.  What guards would hold
 * because a configuration was changed is held in this plan, too.
 *
 * done is called once, never from within the call, at the latest by au_engine_free.  AU_EINVAL with "FILE:LINE: " for
 * what the block, or the target, does not accept; AU_ETEMP when the target cannot be asked.
 */
struct au_template_trial {
	const struct au_raw *block; /* lent until done */
	bool plan;
};
typedef void au_template_done(void *ctx, json_t *result, const struct au_err *err); /* whoever gets it owns result */
void au_engine_template(
    struct au_engine *engine, const struct au_template_trial *trial, au_template_done *done, void *ctx);

/*
 * Of two plans of the same moment: what of `after` is not in `before` stays in it.  Returns the steps of before that
 * have no successor (the same of the same account) in after.  The count of steps that were in both is in *ret_both.
 */
json_t *au_template_compare(struct au_plan *after, const struct au_plan *before, size_t *ret_both);

#endif
