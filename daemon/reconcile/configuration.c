/* SPDX-License-Identifier: ISC */
/* A store that knows no digest of a target is new, or the target is: there is nothing yet that could be taken away. */
#include "reconcile/configuration.h"

#include "base/str.h"
#include "reconcile/decide.h"
#include "reconcile/guard.h"
#include "reconcile/wish.h"
#include "store/audit.h"
#include "store/step.h"

#include <string.h>

#define NAME "configuration"
#define TEXT "guard 'configuration': the configuration has changed; approve it, or all of this by 'apiuserctl apply'"
#define HELD_MOST 100000

/* Options of a target that have no say in who has an account there. */
static const char *const idle[] = { "observe_interval", "observe_at", "quiet", "quiet_lets", "call_timeout",
	"probe_interval", "retry_base", "retry_cap", "user_failures", "user_failing", "failures_in_row",
	"failure_share", "failure_window", "memory_limit", "strangers_kept" };

static json_t *
target_json(const struct au_target_block *target)
{
	json_t *json = json_object(), *options = au_values_json(target->block.values);

	for (size_t i = 0; i < AU_COUNT(idle); i++)
		json_object_del(options, idle[i]);
	json_object_set_new(json, "block", options);
	json_object_set_new(json, "options", target->options ? json_deep_copy(target->options) : json_object());
	return json;
}

static json_t *
rule_json(const struct au_settings *settings, const struct au_rule *rule, const struct au_template *template)
{
	const struct au_block *source = au_settings_source(settings, rule->source);
	json_t *json = json_object();

	au_json_set_str(json, "source", rule->source);
	au_json_set_str(json, "group", rule->group);
	au_json_set_str(json, "rights", template->rights);
	if (source)
		json_object_set_new(json, "options", au_values_json(source->values));
	return json;
}

const char *
au_configuration_digest(const struct au_settings *settings, const struct au_target_block *target, char *digest)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = target_json(target);
	json_t *rules = json_array();

	for (size_t i = 0; i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_settings_template(settings, rule->template);
		if (template && au_streq(template->target, target->block.name))
			json_array_append_new(rules, rule_json(settings, rule, template));
	}
	json_object_set_new(json, "rules", rules);
	au_json_set_int(json, "nested_depth", au_values_num(settings->reconcile, "nested_depth"));
	au_json_set_int(json, "grace", au_values_num(settings->reconcile, "grace"));
	AU_CLEANUP(au_freep) char *text = au_json_canonical(json);
	return au_wish_digest(0, text, digest);
}

static const char *
meta_name(struct au_arena *arena, const char *target)
{
	return au_arena_printf(arena, "configuration:%s", target);
}

/* Whether the store knows another configuration of the target. */
static int
is_changed(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *digest, bool *ret,
    struct au_err *err)
{
	const char *known = NULL;
	int rc = au_store_meta_get(tx, arena, meta_name(arena, target), &known, err);

	*ret = rc == 0 && known && !au_streq(known, digest);
	return rc;
}

static bool
takes_away(const struct au_step *step, const char *target)
{
	return !step->id && step->lane != AU_LANE_SAFE && step->state != AU_STEP_CANCELLED &&
	       au_streq(step->target, target);
}

static bool
takes_any(const struct au_plan *plan, const char *target)
{
	for (size_t i = 0; i < plan->step_count; i++)
		if (takes_away(&plan->steps[i], target))
			return true;
	return false;
}

int
au_configuration_guard(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err)
{
	const struct au_settings *settings = policy->settings;

	for (size_t i = 0; i < settings->target_count; i++) {
		const char *target = settings->targets[i].block.name;
		bool changed = false;
		if (!takes_any(plan, target))
			continue;
		int rc = is_changed(tx, plan->arena, target, policy->digests[i], &changed, err);
		if (rc < 0)
			return rc;
		for (size_t k = 0; changed && k < plan->step_count; k++)
			if (takes_away(&plan->steps[k], target))
				au_guard_hold(plan->arena, &plan->steps[k], NAME, TEXT);
	}
	return 0;
}

static int
count_held(struct au_store_tx *tx, struct au_arena *arena, const char *target, long long *ret, struct au_err *err)
{
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, arena, AU_STEP_HELD, HELD_MOST, &steps, &count, err);

	*ret = 0;
	for (size_t i = 0; rc == 0 && i < count; i++)
		*ret += au_streq(steps[i].target, target) && steps[i].guards && strstr(steps[i].guards, NAME) != NULL;
	return rc;
}

int
au_configuration_seen_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_configuration_seen *seen = arg;
	const struct au_settings *settings = seen->policy->settings;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	const char *digest = NULL, *known = NULL;
	int rc;

	for (size_t i = 0; i < settings->target_count; i++)
		if (au_streq(settings->targets[i].block.name, seen->target))
			digest = seen->policy->digests[i];
	rc = au_store_meta_get(tx, arena, meta_name(arena, seen->target), &known, err);
	if (rc < 0 || !digest || au_streq(known, digest))
		return rc;
	seen->changed = known != NULL;
	rc = au_store_meta_put(tx, meta_name(arena, seen->target), digest, err);
	if (rc == 0)
		rc = count_held(tx, arena, seen->target, &seen->held, err);
	au_json_set_str(detail, "digest", digest);
	au_json_set_int(detail, "held", seen->held);
	return rc < 0 ? rc
		      : au_store_audit(tx, seen->now_ms, "reconciler", "configuration.seen", seen->target, detail, err);
}

/* By one person: where a lane asks for two, it stays held until another one says so, too. */
static int
release_one(struct au_store_tx *tx, struct au_engine_accept_job *accept, long long step_id, struct au_err *err)
{
	struct au_decide_job job = { .policy = accept->plan.policy,
		.steps = &step_id,
		.step_count = 1,
		.actor = accept->actor,
		.reason = "the changed configuration is applied",
		.now_ms = accept->plan.now_ms };
	int rc = au_decide_approve(tx, &job, err);

	json_decref(job.result);
	accept->released += rc == 0;
	return rc == AU_EEXIST ? 0 : rc;
}

static int
release_held(struct au_store_tx *tx, struct au_engine_accept_job *accept, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, arena, AU_STEP_HELD, HELD_MOST, &steps, &count, err);

	accept->released = 0;
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (au_streq(steps[i].guards, NAME))
			rc = release_one(tx, accept, steps[i].id, err);
	return rc;
}

int
au_engine_accept_work(struct au_store_tx *tx, void *accept_job, struct au_err *err)
{
	struct au_engine_accept_job *accept = accept_job;
	const struct au_settings *settings = accept->plan.policy->settings;
	int rc = release_held(tx, accept, err);

	for (size_t i = 0; rc == 0 && i < settings->target_count; i++) {
		struct au_configuration_seen seen = { .policy = accept->plan.policy,
			.target = settings->targets[i].block.name,
			.now_ms = accept->plan.now_ms };
		rc = au_configuration_seen_work(tx, &seen, err);
	}
	return rc;
}
