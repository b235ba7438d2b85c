/* SPDX-License-Identifier: ISC */
/* `held`, `approve`, `reject`, `reopen`: what waits for people, and what they decide. */
#include "base/map.h"
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MOST 10000 /* in one decision, as the daemon takes them */

/* Options that say which steps are meant; each is a parameter of the daemon's list. */
static const char *const choosers[] = { "target", "guard", "user" };

static int
fetch_list(const struct au_ctl *ctl, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str path = AU_STR_INIT;
	size_t put = 0;

	au_str_put(&path, "/v1/held");
	for (size_t i = 0; i < AU_COUNT(choosers); i++) {
		const char *value = au_ctl_value(ctl, choosers[i]);
		if (value == NULL)
			continue;
		AU_CLEANUP(au_freep) char *word = au_client_path("%s", value);
		au_str_printf(&path, "%c%s=%s", put++ == 0 ? '?' : '&', choosers[i], word);
	}
	return au_client_call(ctl->client, "GET", au_str_get(&path), NULL, ret, err);
}

static enum au_exit
run_held(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (fetch_list(ctl, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_held, au_verdict_held(json));
}

/* ---- which steps are meant ---- */

struct range {
	long long first, last;
	bool is_range; /* those of the list that lie in it, rather than this very step */
};

static int
parse_range(const char *text, struct range *ret, struct au_err *err)
{
	char *end;

	errno = 0;
	ret->first = ret->last = strtoll(text, &end, 10);
	ret->is_range = end != text && *end == '-';
	if (ret->is_range) {
		const char *last = end + 1;
		ret->last = strtoll(last, &end, 10);
		if (end == last)
			ret->last = 0;
	}
	if (errno != 0 || end == text || *end != '\0' || ret->first <= 0 || ret->last < ret->first)
		return au_fail(err, AU_EINVAL, "step '%s': expected a number, or a range such as 7-12", text);
	return 0;
}

/* Each once, in the order in which they are named. */
static void
put_step(json_t *steps, struct au_map *seen, long long step)
{
	char name[32];

	snprintf(name, sizeof(name), "%lld", step);
	if (au_map_put(seen, name, steps) == NULL)
		json_array_append_new(steps, json_integer(step));
}

static size_t
put_listed(json_t *steps, struct au_map *seen, const json_t *list, const struct range *range)
{
	const json_t *step;
	size_t index, met = 0;

	/* Oldest first, as they were planned. */
	for (index = json_array_size(list); index > 0; index--) {
		step = json_array_get(list, index - 1);
		long long id = au_json_get_int(step, "id");
		if (range == NULL || (id >= range->first && id <= range->last)) {
			put_step(steps, seen, id);
			met++;
		}
	}
	return met;
}

static bool
chooses(const struct au_ctl *ctl)
{
	for (size_t i = 0; i < AU_COUNT(choosers); i++)
		if (au_ctl_value(ctl, choosers[i]) != NULL)
			return true;
	return false;
}

static int
put_range(const struct au_ctl *ctl, const char *text, const json_t *list, json_t *steps, struct au_map *seen,
    struct au_err *err)
{
	struct range range;

	if (parse_range(text, &range, err) < 0)
		return err->code;
	if (!range.is_range && !chooses(ctl))
		put_step(steps, seen, range.first);
	else if (put_listed(steps, seen, list, &range) == 0)
		return au_fail(err, AU_EINVAL, "step '%s': none of these is in the list that is meant", text);
	return 0;
}

static bool
needs_list(const struct au_ctl *ctl)
{
	for (int i = 0; i < ctl->arg_count; i++)
		if (strchr(ctl->args[i], '-') != NULL)
			return true;
	return chooses(ctl);
}

/* All of the arguments, of those that --target, --guard and --user leave; without arguments, all of these. */
static int
put_steps(const struct au_ctl *ctl, const char *list_name, json_t *body, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_map *seen = au_map_new();
	json_t *steps = json_array();
	const json_t *list;
	int rc = 0;

	json_object_set_new(body, "steps", steps);
	if (ctl->arg_count == 0 && !chooses(ctl))
		rc = au_fail(err, AU_EINVAL, "name the steps, or which are meant by --target, --guard or --user");
	if (rc == 0 && needs_list(ctl))
		rc = fetch_list(ctl, &json, err);
	list = json_object_get(json, list_name);
	for (int i = 0; rc == 0 && i < ctl->arg_count; i++)
		rc = put_range(ctl, ctl->args[i], list, steps, seen, err);
	if (rc == 0 && ctl->arg_count == 0 && put_listed(steps, seen, list, NULL) == 0)
		rc = au_fail(err, AU_EINVAL, "no such step is %s", *list_name == 'r' ? "rejected" : "held");
	au_map_free(seen, NULL);
	return rc;
}

static enum au_exit
decide(struct au_ctl *ctl, const char *what, const char *list_name)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/held/%s", what);
	const char *reason = au_ctl_value(ctl, "reason");
	struct au_err err = { 0 };

	if (au_str_empty(reason)) {
		au_fail(&err, AU_EINVAL, "%s: give the reason with --reason TEXT; it is kept in the audit", what);
		return au_ctl_fail(&err);
	}
	au_json_set_str(body, "reason", reason);
	if (put_steps(ctl, list_name, body, &err) < 0 ||
	    au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_decision, au_verdict_decision(json));
}

static enum au_exit
run_approve(struct au_ctl *ctl)
{
	return decide(ctl, "approve", "steps");
}

static enum au_exit
run_reject(struct au_ctl *ctl)
{
	return decide(ctl, "reject", "steps");
}

static enum au_exit
run_reopen(struct au_ctl *ctl)
{
	return decide(ctl, "reopen", "rejected");
}

static const struct au_ctl_option held_options[] = {
	{ "target", "NAME", "Only steps in this target." },
	{ "guard", "NAME", "Only steps that this guard holds." },
	{ "user", "USER", "Only steps of this API user, or of whoever has this log-in name." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option decide_options[] = {
	{ "reason", "TEXT", "Why, for the audit; needed." },
	{ "target", "NAME", "Only steps in this target." },
	{ "guard", "NAME", "Only steps that this guard holds." },
	{ "user", "USER", "Only steps of this API user, or of whoever has this log-in name." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_held = {
	.name = "held",
	.args = "",
	.summary = "List the steps that guards hold until people decide, and what people rejected",
	.options = held_options,
	.run = run_held,
};

const struct au_command au_command_approve = {
	.name = "approve",
	.args = "--reason TEXT [STEP...]",
	.max_args = STEPS_MOST,
	.summary = "Let held steps go, all or none of them",
	.options = decide_options,
	.run = run_approve,
};

const struct au_command au_command_reject = {
	.name = "reject",
	.args = "--reason TEXT [STEP...]",
	.max_args = STEPS_MOST,
	.summary = "End held steps, and do not propose the same again",
	.options = decide_options,
	.run = run_reject,
};

const struct au_command au_command_reopen = {
	.name = "reopen",
	.args = "--reason TEXT [STEP...]",
	.max_args = STEPS_MOST,
	.summary = "Propose again what was rejected",
	.options = decide_options,
	.run = run_reopen,
};
