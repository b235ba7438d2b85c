/* SPDX-License-Identifier: ISC */
/* Answers "why does this API user have, or not have, this?" from entry to rule to template to step. */
#include "reconcile/engine_parts.h"

#include "base/str.h"
#include "base/when.h"
#include "reconcile/draft.h"
#include "reconcile/explain_right.h"
#include "reconcile/follow.h"
#include "reconcile/freshness.h"
#include "reconcile/gather.h"
#include "reconcile/leave.h"
#include "reconcile/line.h"
#include "reconcile/merge.h"
#include "reconcile/seek.h"
#include "reconcile/term.h"
#include "reconcile/wanted.h"
#include "store/apiuser.h"
#include "store/reading.h"
#include "store/step.h"
#include "store/stop.h"
#include "wire/source_read.h"

#include <string.h>

#define STEPS_SHOWN 10

struct explaining {
	struct au_store_tx *tx;
	const char *right; /* that is asked for; NULL = none */
	struct au_reading_row *readings;
	size_t reading_count;
	struct au_stop *stops;
	size_t stop_count;
	struct au_arena *arena;
	const struct au_policy *policy;
	struct au_gathered g;
	struct au_apiuser user;
	struct au_readiness *readiness;
	size_t readiness_count;
	long long now_ms;
};

static json_t *
user_json(const struct au_apiuser *user)
{
	json_t *out = json_object();

	au_json_set_str(out, "id", user->id);
	au_json_set_str(out, "key", user->key);
	au_json_set_str(out, "user_name", user->user_name);
	au_json_set_str(out, "display_name", user->display_name);
	au_json_set_str(out, "mail", user->mail);
	au_json_set_str(out, "owner", user->owner);
	au_json_set_str(out, "owner_ref", user->owner_ref);
	au_json_set_str(out, "application", user->application);
	au_json_set_str(out, "conflict", user->conflict);
	return out;
}

static void
set_json(json_t *object, const char *name, const char *text)
{
	json_t *value = NULL;

	if (text && au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) == 0)
		json_object_set_new(object, name, value);
}

static json_t *
rules_json(struct explaining *e, const char *target)
{
	const struct au_settings *settings = e->policy->settings;
	json_t *out = json_array();

	for (size_t i = 0; i < settings->rule_count; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_policy_template(e->policy, rule->template);
		const char *why = NULL;
		json_t *item;
		if (!template || !au_streq(template->target, target))
			continue;
		item = json_object();
		json_object_set_new(item, "member", json_boolean(au_rule_holds(e->arena, rule, &e->g, &why)));
		au_json_set_str(item, "rule", rule->name);
		au_json_set_str(item, "source", rule->source);
		au_json_set_str(item, "group", rule->group);
		au_json_set_str(item, "template", rule->template);
		au_json_set_str(item, "why", why);
		set_json(item, "rights", template->rights);
		au_json_set_str(item, "problem", template->problem);
		if (e->right)
			json_object_set_new(item, "gives", json_boolean(au_right_is_given(template, e->right)));
		json_array_append_new(out, item);
	}
	return out;
}

static json_t *
account_json(const struct au_account *account, const char *word)
{
	json_t *out = json_object();

	au_json_set_str(out, "id", account->id);
	au_json_set_str(out, "login", account->login);
	au_json_set_str(out, "state", au_account_state_name(account->state));
	au_json_set_str(out, "remote_id", account->remote_id);
	json_object_set_new(out, "active", account->active < 0 ? json_null() : json_boolean(account->active));
	set_json(out, "rights", account->rights);
	au_json_set_int(out, "observed_ms", account->observed_ms);
	if (account->disabled_ms)
		au_json_set_int(out, "disabled_ms", account->disabled_ms);
	if (account->left_ms)
		au_json_set_int(out, "left_ms", account->left_ms);
	if (account->drift_ms)
		au_json_set_int(out, "drift_ms", account->drift_ms);
	au_json_set_str(out, "adoption", au_adoption_name(account->adoption));
	au_json_set_str(out, "problem", account->problem);
	au_json_set_str(out, "word", word);
	return out;
}

/* Why steps of the target wait, whatever they are; NULL when they do not. */
static const char *
stopped(struct explaining *e, const char *target)
{
	char until[AU_WHEN_SIZE];

	for (size_t i = 0; i < e->stop_count; i++) {
		const struct au_stop *stop = &e->stops[i];
		if (!au_streq(stop->target, target))
			continue;
		return stop->until_ms
			   ? au_arena_printf(e->arena, "the target is %s until %s: %s", au_stop_name(stop->kind),
				 au_when_format(stop->until_ms, until), stop->reason)
			   : au_arena_printf(e->arena, "the target is %s by %s: %s", au_stop_name(stop->kind),
				 stop->actor, stop->reason);
	}
	return NULL;
}

static const char *
open_text(struct explaining *e, const struct au_step *step)
{
	const char *why = stopped(e, step->target);
	char next[AU_WHEN_SIZE];

	if (!why && step->code == AU_EQUOTA && step->guard)
		why = au_arena_printf(e->arena, "it waits for capacity: %s", step->guard);
	else if (!why && step->error)
		why = au_arena_printf(
		    e->arena, "%s; tried again at %s", step->error, au_when_format(step->next_ms, next));
	return au_arena_printf(e->arena, "%s is %s: %s", au_step_op_name(step->op), au_step_state_name(step->state),
	    why ? why : step->reason);
}

/* The newest answer of the product to a step, whatever became of it. */
static json_t *
answer_json(const struct au_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct au_step *step = &steps[i];
		json_t *out;
		if (step->tries == 0 || step->state == AU_STEP_RUNNING)
			continue;
		out = json_object();
		au_json_set_int(out, "step", step->id);
		au_json_set_str(out, "op", au_step_op_name(step->op));
		au_json_set_str(out, "state", au_step_state_name(step->state));
		au_json_set_str(out, "code", au_code_name(step->code));
		au_json_set_str(out, "text", step->error);
		au_json_set_int(out, "at_ms", step->finished_ms);
		return out;
	}
	return NULL;
}

/* Whether the right that is asked for is wanted, by which rule, and whether it is there. */
static json_t *
right_json(struct explaining *e, const char *target, const struct au_account *account)
{
	const struct au_settings *settings = e->policy->settings;
	const char *text = NULL, *why;
	bool wanted = false, known = false;
	json_t *out = json_object();

	for (size_t i = 0; i < settings->rule_count && !wanted; i++) {
		const struct au_rule *rule = &settings->rules[i];
		const struct au_template *template = au_policy_template(e->policy, rule->template);
		if (!template || !au_streq(template->target, target) || !au_right_is_given(template, e->right))
			continue;
		wanted = au_rule_holds(e->arena, rule, &e->g, &why);
		if (wanted || !known)
			text = au_arena_printf(e->arena, "%s rule '%s' by template '%s': %s",
			    wanted ? "given by" : "would be given by", rule->name, rule->template, why);
		known = true;
	}
	au_json_set_str(out, "name", e->right);
	json_object_set_new(out, "wanted", json_boolean(wanted));
	json_object_set_new(out, "there",
	    json_boolean(
		account && account->state == AU_ACCOUNT_PRESENT &&
		au_right_is_there(e->policy->templates, e->policy->template_count, target, account->rights, e->right)));
	au_json_set_str(out, "text", text ? text : "no rule of this target gives it");
	return out;
}

static const char *
verdict(struct explaining *e, const struct au_target_block *target, const struct au_wanted *wanted,
    const struct au_account *account, const struct au_step *steps, size_t step_count)
{
	for (size_t i = 0; i < step_count; i++) {
		if (steps[i].state == AU_STEP_HELD)
			return au_arena_printf(
			    e->arena, "%s is held: %s", au_step_op_name(steps[i].op), steps[i].guard);
		if (steps[i].state == AU_STEP_WAITING)
			return au_arena_printf(
			    e->arena, "%s is waiting: %s", au_step_op_name(steps[i].op), steps[i].guard);
		if (steps[i].state == AU_STEP_FOLLOWS)
			return au_arena_printf(
			    e->arena, "%s follows another step: %s", au_step_op_name(steps[i].op), steps[i].guard);
		if (steps[i].state == AU_STEP_WITH_PERSON)
			return au_arena_printf(e->arena,
			    "%s is with a person, by a work order: see 'apiuserctl work list'; not done as far as is known",
			    au_step_op_name(steps[i].op));
		if (steps[i].state == AU_STEP_QUEUED || steps[i].state == AU_STEP_RUNNING)
			return open_text(e, &steps[i]);
	}
	const struct au_ignored *ignored = au_ignores_find(e->g.ignores, target->block.name,
	    account && account->state == AU_ACCOUNT_PRESENT ? account->login : wanted->login);
	if (ignored)
		return au_arena_printf(e->arena, "login '%s' is ignored in this target%s%s: it is left alone",
		    ignored->login, ignored->reason ? ", " : "", ignored->reason ? ignored->reason : "");
	if (account && account->adoption == AU_ADOPTION_NEW)
		return "adopted, and not confirmed yet: names and mail stay, all else waits for a second look";
	if (account && account->problem)
		return account->problem;
	if (wanted->wanted && wanted->problem)
		return wanted->problem;
	if (wanted->wanted)
		return account && account->state == AU_ACCOUNT_PRESENT ? wanted->reason : "wanted, not there yet";
	if (!account || account->state == AU_ACCOUNT_ABSENT)
		return wanted->reason ? wanted->reason : "no rule gives any template of this target";
	struct au_leave_rules rules;
	bool reading;
	const char *obstacle =
	    au_gather_obstacle(e->policy, e->readiness, e->readiness_count, target->block.name, &reading);
	au_leave_rules(e->policy->settings, target, &rules);
	return au_arena_printf(e->arena, "%s; such an account is %s%s%s",
	    wanted->reason ? wanted->reason : "no rule gives any template of this target any more",
	    au_leave_text(e->arena, &rules), obstacle ? ", and waits: " : "", obstacle ? obstacle : "");
}

static int
explain_target(struct explaining *e, const struct au_target_block *target, json_t *list, struct au_err *err)
{
	const struct au_account *account = NULL;
	struct au_wanted wanted;
	struct au_step *steps = NULL;
	size_t step_count = 0;
	json_t *item = json_object(), *history = json_array(), *answer;
	const char *word = NULL;
	int rc = 0;

	for (size_t i = 0; i < e->g.account_count; i++)
		if (au_streq(e->g.accounts[i].target, target->block.name))
			account = &e->g.accounts[i];
	au_wanted_make(e->arena, e->policy, target, &e->g, &e->user, &wanted);
	au_term_apply(e->arena, &e->user, e->now_ms, &wanted);
	if (account)
		rc = au_store_step_of_account(e->tx, e->arena, account->id, STEPS_SHOWN, &steps, &step_count, err);
	if (rc == 0 && account && account->state == AU_ACCOUNT_PRESENT)
		rc = au_freshness_word(e->tx, e->arena, target, account->id, &word, err);
	for (size_t i = 0; rc == 0 && i < step_count; i++)
		if ((rc = au_line_tell(e->tx, e->arena, e->policy, &steps[i], err)) == 0)
			rc = au_follow_tell(e->tx, e->arena, e->policy, &steps[i], err);
	au_json_set_str(item, "target", target->block.name);
	au_json_set_str(item, "product", target->describe->product);
	json_object_set_new(item, "wanted", json_boolean(wanted.wanted));
	set_json(item, "wanted_rights", wanted.rights);
	json_object_set_new(item, "rules", rules_json(e, target->block.name));
	if (account)
		json_object_set_new(item, "account", account_json(account, word));
	for (size_t i = 0; i < step_count; i++)
		json_array_append_new(history, au_step_to_json(&steps[i]));
	json_object_set_new(item, "steps", history);
	if ((answer = answer_json(steps, step_count)) != NULL)
		json_object_set_new(item, "answer", answer);
	au_json_set_str(item, "stopped", stopped(e, target->block.name));
	if (e->right)
		json_object_set_new(item, "right", right_json(e, target->block.name, account));
	au_json_set_str(item, "verdict", verdict(e, target, &wanted, account, steps, step_count));
	json_array_append_new(list, item);
	return rc;
}

/* How the source of an entry was read last: search by search, with its time and its verdict. */
static json_t *
readings_json(const struct explaining *e, const char *source)
{
	json_t *out = json_array();

	for (size_t i = 0; i < e->reading_count; i++) {
		const struct au_reading_row *row = &e->readings[i];
		AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
		struct au_source_read read;
		if (!au_streq(row->source, source) ||
		    au_json_parse(row->text, strlen(row->text), AU_JSON_DEPTH, &json, NULL) < 0 ||
		    au_source_read_from_json(json, &read, NULL) < 0)
			continue;
		json_t *item = json_object();
		au_json_set_str(item, "search", row->search);
		au_json_set_str(item, "verdict", au_read_verdict_name(read.verdict));
		au_json_set_int(item, "at_ms", read.started_ms);
		au_json_set_str(item, "why", read.why);
		json_array_append_new(out, item);
	}
	return out;
}

static json_t *
entries_json(const struct explaining *e)
{
	struct au_arena *arena = e->arena;
	const struct au_gathered *g = &e->g;
	json_t *out = json_array();

	for (size_t i = 0; i < g->entry_count; i++) {
		json_t *item = au_entry_to_json(&g->entries[i]), *groups = json_array();
		for (size_t k = 0; k < g->group_count; k++)
			if (g->groups[k].entry == i)
				json_array_append_new(groups, json_string(au_gather_chain(arena, g, &g->groups[k])));
		json_object_set_new(item, "groups", groups);
		au_json_set_str(item, "ring", g->ring[i]);
		au_json_set_str(item, "cut", g->cut[i]);
		json_object_set_new(item, "readings", readings_json(e, g->entries[i].source));
		json_array_append_new(out, item);
	}
	return out;
}

/* Of whom no source knows, there is only to say where was looked. */
static int
explain_nobody(struct au_store_tx *tx, struct au_engine_explain_job *job, const struct au_err *why, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *result = json_object(), *user = json_object();
	json_t *sources = NULL;
	int rc = au_seek_report(tx, job->plan.policy, job->user, &sources, err);

	if (rc < 0)
		return rc;
	au_json_set_str(user, "user_name", job->user);
	json_object_set(result, "user", user);
	json_object_set_new(result, "entries", json_array());
	json_object_set_new(result, "targets", json_array());
	json_object_set_new(result, "looked", sources);
	au_json_set_str(result, "verdict", why->text);
	json_decref(job->result);
	job->result = json_incref(result);
	return 0;
}

int
au_engine_explain_work(struct au_store_tx *tx, void *explain_job, struct au_err *err)
{
	struct au_engine_explain_job *job = explain_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct explaining e = {
		.tx = tx, .arena = arena, .policy = job->plan.policy, .right = job->right, .now_ms = job->plan.now_ms
	};
	AU_CLEANUP(au_json_decrefp) json_t *result = json_object();
	const struct au_settings *settings = e.policy->settings;
	json_t *targets = json_array();
	struct au_ignores ignores;
	struct au_err nobody = { 0 };
	int rc;

	json_object_set_new(result, "targets", targets);
	if (job->target && !au_settings_target(settings, job->target))
		return au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	rc = au_seek(tx, arena, e.policy, job->user, &e.user, &nobody);
	if (rc == AU_ENOENT)
		return explain_nobody(tx, job, &nobody, err);
	if (rc < 0)
		return au_fail(err, rc, "%s", nobody.text);
	if (rc == 0)
		rc = au_gather(tx, arena, e.policy, e.user.key, &e.g, err);
	if (rc < 0)
		return rc;
	if ((rc = au_ignores_load(tx, arena, &ignores, err)) < 0)
		return rc;
	e.g.ignores = &ignores;
	rc = au_store_reading_latest(tx, arena, &e.readings, &e.reading_count, err);
	if (rc == 0)
		rc = au_gather_readiness(tx, arena, e.policy, &e.readiness, &e.readiness_count, err);
	if (rc == 0)
		rc = au_store_stop_list(tx, arena, &e.stops, &e.stop_count, err);
	if (rc < 0)
		return rc;
	if (e.g.entry_count)
		au_merge(arena, &e.g, &e.user);
	json_object_set_new(result, "user", user_json(&e.user));
	json_object_set_new(result, "entries", entries_json(&e));
	for (size_t i = 0; rc == 0 && i < settings->target_count; i++)
		if (!job->target || au_streq(job->target, settings->targets[i].block.name))
			rc = explain_target(&e, &settings->targets[i], targets, err);
	if (rc < 0)
		return rc;
	json_decref(job->result);
	job->result = json_incref(result);
	return 0;
}
