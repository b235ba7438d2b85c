/* SPDX-License-Identifier: ISC */
/* `status`: is everything in sync? */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

static enum au_exit
run_status(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/status", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_status, au_verdict_status(json));
}

const struct au_command au_command_status = {
	.name = "status",
	.args = "",
	.summary = "Tell whether everything is in sync, with all sources and targets",
	.run = run_status,
};
