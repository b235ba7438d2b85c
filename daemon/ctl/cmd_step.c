/* SPDX-License-Identifier: ISC */
/* `steps`, `held`, `approve`: what is done and what waits for a person. */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

static enum au_exit
run_steps(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = NULL;
	const char *state = au_ctl_value(ctl, "state"), *limit = au_ctl_value(ctl, "limit");
	struct au_err err = { 0 };

	if (limit == NULL)
		limit = "50";
	path = state != NULL ? au_client_path("/v1/steps?limit=%s&state=%s", limit, state)
			     : au_client_path("/v1/steps?limit=%s", limit);
	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_steps, AU_EXIT_SYNC);
}

static enum au_exit
run_held(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/held", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_held, au_verdict_held(json));
}

static void
view_approval(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_str_printf(out, "Step %lld is released.\n", au_json_get_int(json, "approved"));
}

static enum au_exit
run_approve(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/steps/%s/approve", ctl->args[0]);
	const char *reason = au_ctl_value(ctl, "reason");
	struct au_err err = { 0 };

	if (au_str_empty(reason)) {
		au_fail(&err, AU_EINVAL, "approve: give the reason with --reason TEXT; it is kept in the audit");
		return au_ctl_fail(&err);
	}
	au_json_set_str(body, "reason", reason);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view_approval, AU_EXIT_SYNC);
}

static const struct au_ctl_option steps_options[] = {
	{ "state", "STATE", "Only steps that are queued, running, done, failed, held or cancelled." },
	{ "limit", "NUMBER", "At most so many, the newest; 50 without it." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option approve_options[] = {
	{ "reason", "TEXT", "Why, for the audit; needed." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_steps = {
	.name = "steps",
	.args = "",
	.summary = "List the newest steps",
	.options = steps_options,
	.run = run_steps,
};

const struct au_command au_command_held = {
	.name = "held",
	.args = "",
	.summary = "List the steps that a guard holds until a person decides",
	.run = run_held,
};

const struct au_command au_command_approve = {
	.name = "approve",
	.args = "STEP --reason TEXT",
	.min_args = 1,
	.max_args = 1,
	.summary = "Release a held step",
	.options = approve_options,
	.run = run_approve,
};
