/* SPDX-License-Identifier: ISC */
/* `steps`: what is done. */
#include "ctl/command.h"
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

static const struct au_ctl_option steps_options[] = {
	{ "state", "STATE",
	    "Only steps that are queued, running, done, failed, held, cancelled, waiting, rejected, with-person or follows." },
	{ "limit", "NUMBER", "At most so many, the newest; 50 without it." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_steps = {
	.name = "steps",
	.args = "",
	.summary = "List the newest steps",
	.options = steps_options,
	.run = run_steps,
};
