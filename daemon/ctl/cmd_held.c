/* SPDX-License-Identifier: ISC */
/* `held`, `approve`, `reject`, `reopen`: what waits for people, and what they decide. */
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

#include <errno.h>
#include <stdlib.h>

#define STEPS_MOST 10000 /* in one decision, as the daemon takes them */

static enum au_exit
run_held(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/held", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_held, au_verdict_held(json));
}

/* All of the arguments as numbers of steps. */
static int
put_steps(const struct au_ctl *ctl, json_t *body, struct au_err *err)
{
	json_t *list = json_array();

	json_object_set_new(body, "steps", list);
	for (int i = 0; i < ctl->arg_count; i++) {
		char *end;
		errno = 0;
		long long step = strtoll(ctl->args[i], &end, 10);
		if (errno != 0 || end == ctl->args[i] || *end != '\0' || step <= 0)
			return au_fail(err, AU_EINVAL, "step '%s': expected a number", ctl->args[i]);
		json_array_append_new(list, json_integer(step));
	}
	return 0;
}

static enum au_exit
decide(struct au_ctl *ctl, const char *what)
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
	if (put_steps(ctl, body, &err) < 0 || au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_decision, au_verdict_decision(json));
}

static enum au_exit
run_approve(struct au_ctl *ctl)
{
	return decide(ctl, "approve");
}

static enum au_exit
run_reject(struct au_ctl *ctl)
{
	return decide(ctl, "reject");
}

static enum au_exit
run_reopen(struct au_ctl *ctl)
{
	return decide(ctl, "reopen");
}

static const struct au_ctl_option decide_options[] = {
	{ "reason", "TEXT", "Why, for the audit; needed." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_held = {
	.name = "held",
	.args = "",
	.summary = "List the steps that guards hold until people decide, and what people rejected",
	.run = run_held,
};

const struct au_command au_command_approve = {
	.name = "approve",
	.args = "STEP... --reason TEXT",
	.min_args = 1,
	.max_args = STEPS_MOST,
	.summary = "Let held steps go, all or none of them",
	.options = decide_options,
	.run = run_approve,
};

const struct au_command au_command_reject = {
	.name = "reject",
	.args = "STEP... --reason TEXT",
	.min_args = 1,
	.max_args = STEPS_MOST,
	.summary = "End held steps, and do not propose the same again",
	.options = decide_options,
	.run = run_reject,
};

const struct au_command au_command_reopen = {
	.name = "reopen",
	.args = "STEP... --reason TEXT",
	.min_args = 1,
	.max_args = STEPS_MOST,
	.summary = "Propose again what was rejected",
	.options = decide_options,
	.run = run_reopen,
};
