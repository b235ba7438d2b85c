/* SPDX-License-Identifier: ISC */
/* In sync is a strong word: what is not known to be as it should be counts as pending. */
#include "ctl/verdict.h"

static bool
any(const json_t *list, bool (*test)(const json_t *item))
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item) {
		if (test(item))
			return true;
	}
	return false;
}

static bool
source_is_unsure(const json_t *source)
{
	return !au_streq(au_json_get_str(source, "state"), "ok") || !au_json_get_bool(source, "complete", false);
}

/* A client that pushes states what it knows when it likes: it is never complete, and new until it has spoken. */
static bool
source_pends(const json_t *source)
{
	return !au_streq(au_json_get_str(source, "kind"), "scim") &&
	       !au_streq(au_json_get_str(source, "kind"), "not configured") && source_is_unsure(source);
}

/* What it would remove waits for a person, even if it is paused or refused just now. */
static bool
source_holds(const json_t *source)
{
	return au_streq(au_json_get_str(source, "state"), "suspect") || au_json_get_bool(source, "held", false);
}

enum au_exit
au_verdict_source(const json_t *source)
{
	if (source_holds(source))
		return AU_EXIT_HELD;
	return source_is_unsure(source) ? AU_EXIT_PENDING : AU_EXIT_SYNC;
}

static bool
is_error(const json_t *finding)
{
	return au_streq(au_json_get_str(finding, "level"), "error");
}

static bool
is_warning(const json_t *finding)
{
	return au_streq(au_json_get_str(finding, "level"), "warning");
}

enum au_exit
au_verdict_trial(const json_t *report)
{
	const json_t *findings = json_object_get(report, "findings");

	if (any(findings, is_error))
		return AU_EXIT_ERROR;
	return any(findings, is_warning) ? AU_EXIT_PENDING : AU_EXIT_SYNC;
}

static bool
target_pends(const json_t *target)
{
	return au_json_get_bool(target, "paused", false) || !au_json_get_bool(target, "ready", true) ||
	       au_json_get_int(target, "problems") > 0 || au_json_get_int(target, "conflicts") > 0;
}

static bool
is_stale(const json_t *attested)
{
	return au_json_get_int(attested, "stale") > 0;
}

enum au_exit
au_verdict_status(const json_t *status)
{
	const json_t *steps = json_object_get(status, "steps"), *webhook = json_object_get(status, "webhook");

	if (au_json_get_int(steps, "held") > 0 || any(json_object_get(status, "sources"), source_holds))
		return AU_EXIT_HELD;
	if (au_json_get_int(steps, "queued") > 0 || au_json_get_int(steps, "waiting") > 0 ||
	    au_json_get_int(steps, "running") > 0 || au_json_get_int(steps, "follows") > 0 ||
	    au_json_get_int(steps, "with-person") > 0 || au_json_get_int(status, "dirty") > 0 ||
	    any(json_object_get(status, "attested"), is_stale) ||
	    au_json_get_int(webhook, "given_up") > 0 || au_json_get_int(webhook, "lost") > 0 ||
	    any(json_object_get(status, "sources"), source_pends) ||
	    any(json_object_get(status, "targets"), target_pends))
		return AU_EXIT_PENDING;
	return AU_EXIT_SYNC;
}

static bool
pool_pends(const json_t *pool)
{
	return au_json_get_int(pool, "waiting") > 0 || au_json_get_int(json_object_get(pool, "what_if"), "wait") > 0;
}

enum au_exit
au_verdict_capacity(const json_t *capacity)
{
	return any(json_object_get(capacity, "pools"), pool_pends) ? AU_EXIT_PENDING : AU_EXIT_SYNC;
}

static bool
is_held(const json_t *step)
{
	return au_streq(au_json_get_str(step, "state"), "held");
}

enum au_exit
au_verdict_plan(const json_t *plan)
{
	const json_t *steps = json_object_get(plan, "steps");

	if (any(steps, is_held))
		return AU_EXIT_HELD;
	if (json_array_size(steps) > 0 || json_array_size(json_object_get(plan, "findings")) > 0)
		return AU_EXIT_PENDING;
	return AU_EXIT_SYNC;
}

enum au_exit
au_verdict_template(const json_t *difference)
{
	enum au_exit code = au_verdict_plan(json_object_get(difference, "plan"));

	if (code == AU_EXIT_SYNC && json_array_size(json_object_get(difference, "withdrawn")) > 0)
		return AU_EXIT_PENDING;
	return code;
}

static bool
is_wrong(const json_t *verdict)
{
	return au_json_get_str(verdict, "problem") != NULL;
}

enum au_exit
au_verdict_template_check(const json_t *verdicts)
{
	return any(json_object_get(verdicts, "templates"), is_wrong) ? AU_EXIT_ERROR : AU_EXIT_SYNC;
}

enum au_exit
au_verdict_run(const json_t *summary)
{
	if (au_json_get_int(summary, "steps_failed") > 0)
		return AU_EXIT_ERROR;
	if (au_json_get_int(summary, "steps_held") > 0)
		return AU_EXIT_HELD;
	if (!au_json_get_bool(summary, "complete", false))
		return AU_EXIT_PENDING;
	return AU_EXIT_SYNC;
}

enum au_exit
au_verdict_applied(const json_t *result)
{
	if (au_json_get_bool(result, "empty", false))
		return AU_EXIT_SYNC;
	if (au_json_get_int(result, "steps_failed") > 0)
		return AU_EXIT_ERROR;
	if (au_json_get_int(result, "held") > 0)
		return AU_EXIT_HELD;
	if (!au_json_get_bool(result, "applied", false) || au_json_get_int(result, "left") > 0 ||
	    !au_json_get_bool(result, "complete", false))
		return AU_EXIT_PENDING;
	return AU_EXIT_SYNC;
}

enum au_exit
au_verdict_held(const json_t *steps)
{
	return json_array_size(json_object_get(steps, "steps")) > 0 ? AU_EXIT_HELD : AU_EXIT_SYNC;
}

enum au_exit
au_verdict_decision(const json_t *decision)
{
	return any(json_object_get(decision, "steps"), is_held) ? AU_EXIT_HELD : AU_EXIT_SYNC;
}

enum au_exit
au_verdict_audit(const json_t *audit)
{
	return au_json_get_bool(audit, "intact", true) ? AU_EXIT_SYNC : AU_EXIT_ERROR;
}

static bool
is_not_accepted(const json_t *item)
{
	return !au_streq(au_json_get_str(item, "policy"), "accept");
}

enum au_exit
au_verdict_drift(const json_t *drift)
{
	return any(json_object_get(drift, "drift"), is_not_accepted) ? AU_EXIT_PENDING : AU_EXIT_SYNC;
}

enum au_exit
au_verdict_conflicts(const json_t *conflicts)
{
	return json_array_size(json_object_get(conflicts, "conflicts")) > 0 ? AU_EXIT_HELD : AU_EXIT_SYNC;
}
