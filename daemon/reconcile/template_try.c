/* SPDX-License-Identifier: ISC */
/*
 * A template that is not in force: the target resolves it, and the plan with it
 * and the plan without it are made in one transaction, so that nothing but the
 * template lies between them.
 */
#include "reconcile/template.h"

#include "base/clock.h"
#include "base/str.h"
#include "reconcile/engine_parts.h"
#include "settings/settings_template.h"
#include "target/target.h"

struct au_template_trying {
	struct au_template_trying *next;
	struct au_engine *engine;
	struct au_policy *policy;  /* in force when it began */
	struct au_policy *changed; /* with the block; NULL until the target has resolved it */
	struct au_settings *settings;
	struct au_arena *arena;
	const struct au_raw *block;
	const struct au_template *template; /* of settings */
	bool plan;
	long long now_ms;
	json_t *result;
	struct au_timer *later; /* an end that is known at once is told in the loop's next turn */
	struct au_err err;
	au_template_done *done;
	void *ctx;
};

/* The answer is that of `err`; a result with it is forgotten. */
static void
end(struct au_template_trying *trying)
{
	struct au_template_trying **link = &trying->engine->tryings;
	const struct au_err *err = trying->err.code ? &trying->err : NULL;

	while (*link != trying)
		link = &(*link)->next;
	*link = trying->next;
	trying->done(trying->ctx, err ? NULL : json_incref(trying->result), err);
	json_decref(trying->result);
	au_timer_free(trying->later);
	au_policy_free(trying->changed);
	au_policy_free(trying->policy);
	au_settings_free(trying->settings);
	au_arena_free(trying->arena);
}

static void
on_later(void *trying)
{
	end(trying);
}

static void
end_later(struct au_template_trying *trying)
{
	trying->later = au_timer_new(trying->engine->base, on_later, trying);
	au_timer_set(trying->later, 0);
}

/* ---- the two plans ------------------------------------------------------------- */

static void
put_text(json_t *json, const char *name, const char *text)
{
	if (text)
		json_object_set_new(json, name, json_loads(text, JSON_DECODE_ANY, NULL));
}

static json_t *
template_json(const struct au_template *template)
{
	json_t *json = json_object();

	au_json_set_str(json, "target", template->target);
	au_json_set_str(json, "description", template->description);
	put_text(json, "takes", template->takes);
	put_text(json, "rights", template->rights);
	put_text(json, "resolved", template->canonical);
	return json;
}

static int
put_plans(struct au_store_tx *tx, struct au_template_trying *trying, struct au_err *err)
{
	struct au_engine_plan_job before = { .policy = trying->policy, .now_ms = trying->now_ms };
	struct au_engine_plan_job after = { .policy = trying->changed, .now_ms = trying->now_ms };
	int rc = au_engine_plan_work(tx, &before, err);
	size_t both = 0;

	if (rc == 0)
		rc = au_engine_plan_work(tx, &after, err);
	if (rc == 0) {
		json_t *withdrawn = au_template_compare(after.plan, before.plan, &both);
		json_object_set_new(trying->result, "withdrawn", withdrawn);
		json_object_set_new(trying->result, "plan", au_plan_to_json(after.plan));
		au_json_set_int(trying->result, "anyhow", (long long)both);
	}
	au_plan_free(before.plan);
	au_plan_free(after.plan);
	return rc;
}

static int
plan_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_template_trying *trying = arg;
	json_t *given_by = NULL;
	int rc = au_template_given_by(tx, trying->changed, trying->template->name, &given_by, err);

	if (rc < 0)
		return rc;
	json_object_set_new(trying->result, "given_by", given_by);
	return put_plans(tx, trying, err);
}

static void
plan_done(void *arg, int rc, const struct au_err *err)
{
	struct au_template_trying *trying = arg;

	if (rc < 0)
		trying->err = *err;
	end(trying);
}

static void
compare(struct au_template_trying *trying, const char *canonical)
{
	const char *name = trying->template->name;
	const struct au_template *old = au_policy_template(trying->policy, name);

	trying->changed = au_policy_change(trying->policy, trying->settings, name, canonical);
	if (old)
		json_object_set_new(trying->result, "was", template_json(old));
	json_object_set_new(trying->result, "now", template_json(au_policy_template(trying->changed, name)));
	trying->now_ms = au_clock_wall_ms();
	au_store_read(trying->engine->store, AU_READ_LONG, plan_work, trying, plan_done);
}

/* ---- asking the target --------------------------------------------------------- */

/* A check says so; without an answer there is nothing to compare. */
static void
could_not_ask(struct au_template_trying *trying, const char *why)
{
	const struct au_template *template = trying->template;

	au_json_set_str(trying->result, "unasked", why);
	if (trying->plan)
		au_fail(
		    &trying->err, AU_ETEMP, "template '%s': target '%s': %s", template->name, template->target, why);
}

/* Only what the target finds wrong is wrong with the block. */
static void
refused(struct au_template_trying *trying, const struct au_err *err)
{
	const char *text = err->code ? err->text : "it has resolved the template to nothing";

	if (err->code == AU_EINVAL)
		au_raw_fail(au_template_line(trying->block, text), &trying->err, AU_EINVAL, "%s", text);
	else
		could_not_ask(trying, text);
	end(trying);
}

static void
resolved(void *ctx, const struct au_call_result *result)
{
	struct au_template_trying *trying = ctx;

	if (result->err.code != AU_OK || !result->text) {
		refused(trying, &result->err);
		return;
	}
	if (trying->plan) {
		compare(trying, result->text);
		return;
	}
	put_text(trying->result, "resolved", result->text);
	end(trying);
}

/* A quiet window is for changes; whatever else stops a target leaves it alone. */
static const char *
why_not_asked(const struct au_queue *queue, struct au_arena *arena)
{
	return queue->ready && !au_gate_first(&queue->gate) ? NULL : au_queue_why_not(queue, arena);
}

/* Of the plan that the block is compared with. */
static const char *
why_not_compared(const struct au_template_trying *trying)
{
	const struct au_template *old = au_policy_template(trying->policy, trying->template->name);

	return old && !old->canonical && !old->problem ? "the target has not resolved the one in force yet" : NULL;
}

static void
ask(struct au_template_trying *trying)
{
	struct au_engine *engine = trying->engine;
	const struct au_template *template = trying->template;
	struct au_queue *queue = au_engine_queue(engine, template->target);
	struct au_call call = { .op = AU_CALL_RESOLVE, .rights_in = template->rights };
	const char *why = queue ? why_not_asked(queue, trying->arena) : "the target is not configured any more";

	if (!why && trying->plan)
		why = why_not_compared(trying);
	if (!why) {
		engine->targets.call(engine->targets_ctx, template->target, &call, resolved, trying);
		return;
	}
	could_not_ask(trying, why);
	end_later(trying);
}

static int
read_block(struct au_template_trying *trying)
{
	const struct au_settings *settings = trying->policy->settings;
	const json_t *name;
	int rc = au_settings_with_template(trying->policy->settings, trying->block, &trying->settings, &trying->err);

	if (rc < 0)
		return rc;
	name = au_raw_member(trying->block, "name")->value;
	trying->template = au_settings_template(trying->settings, json_string_value(name));
	const struct au_target_block *target = au_settings_target(settings, trying->template->target);
	au_json_set_str(trying->result, "template", trying->template->name);
	au_json_set_str(trying->result, "target", trying->template->target);
	au_json_set_str(trying->result, "product", target->describe->product);
	json_object_set_new(
	    trying->result, "is_new", json_boolean(!au_settings_template(settings, trying->template->name)));
	return 0;
}

void
au_engine_template(struct au_engine *engine, const struct au_template_trial *trial, au_template_done *done, void *ctx)
{
	struct au_arena *arena = au_arena_new();
	struct au_template_trying *trying = au_arena_alloc(arena, sizeof *trying);

	*trying = (struct au_template_trying){ .next = engine->tryings,
		.engine = engine,
		.policy = au_policy_hold(engine->policy),
		.arena = arena,
		.block = trial->block,
		.plan = trial->plan,
		.result = json_object(),
		.done = done,
		.ctx = ctx };
	engine->tryings = trying;
	if (read_block(trying) < 0)
		end_later(trying);
	else
		ask(trying);
}

void
au_engine_tryings_free(struct au_engine *engine)
{
	while (engine->tryings) {
		au_fail(&engine->tryings->err, AU_ETEMP, "the daemon stops");
		end(engine->tryings);
	}
}
