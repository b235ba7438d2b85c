/* SPDX-License-Identifier: ISC */
/* `capacity`: what there is only so much of, who has it and who waits for it. */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

#include <ctype.h>

/* "+2" or "2". */
static const char *
plain_number(const char *text)
{
	const char *digits = *text == '+' ? text + 1 : text;

	for (const char *p = digits; *p; p++)
		if (!isdigit((unsigned char)*p))
			return NULL;
	return *digits ? digits : NULL;
}

static enum au_exit
run_capacity(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *target = NULL;
	AU_CLEANUP(au_freep) char *path = NULL;
	const char *what_if = au_ctl_value(ctl, "what-if"), *more = what_if ? plain_number(what_if) : "0";
	struct au_err err = { 0 };

	if (!more) {
		au_fail(&err, AU_EINVAL, "--what-if '%s': expected a number such as +2", what_if);
		return au_ctl_fail(&err);
	}
	if (ctl->arg_count > 0)
		path = au_client_path("/v1/capacity?what_if=%s&target=%s", more, ctl->args[0]);
	else
		path = au_client_path("/v1/capacity?what_if=%s", more);
	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_capacity, au_verdict_capacity(json));
}

static const struct au_ctl_option capacity_options[] = {
	{ "what-if", "+NUMBER", "Tell for each pool whether so many units more would fit." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_capacity = {
	.name = "capacity",
	.args = "[TARGET]",
	.max_args = 1,
	.summary = "List the pools of targets, what is left of them and who waits",
	.options = capacity_options,
	.run = run_capacity,
};
