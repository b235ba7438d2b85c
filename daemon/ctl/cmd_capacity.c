/* SPDX-License-Identifier: ISC */
/* `capacity`: what there is only so much of, who has it and who waits for it. */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

#include <ctype.h>
#include <string.h>

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

/* "[TEMPLATE=]+NUMBER" as the query of the route; NULL when it is not of this form.  Caller owns it. */
static char *
path_for(const struct au_ctl *ctl, const char *what_if)
{
	const char *equals = strchr(what_if, '='), *more = plain_number(equals ? equals + 1 : what_if);
	AU_CLEANUP(au_freep) char *template = equals ? au_xstrndup(what_if, (size_t)(equals - what_if)) : NULL;
	const char *target = ctl->arg_count > 0 ? ctl->args[0] : NULL;

	if (!more || (template && !*template))
		return NULL;
	if (template && target)
		return au_client_path("/v1/capacity?what_if=%s&template=%s&target=%s", more, template, target);
	if (template)
		return au_client_path("/v1/capacity?what_if=%s&template=%s", more, template);
	if (target)
		return au_client_path("/v1/capacity?what_if=%s&target=%s", more, target);
	return au_client_path("/v1/capacity?what_if=%s", more);
}

static enum au_exit
run_capacity(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *what_if = au_ctl_value(ctl, "what-if");
	AU_CLEANUP(au_freep) char *path = path_for(ctl, what_if ? what_if : "0");
	struct au_err err = { 0 };

	if (!path) {
		au_fail(&err, AU_EINVAL, "--what-if '%s': expected a number such as +2, or TEMPLATE=+2", what_if);
		return au_ctl_fail(&err);
	}
	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_capacity, au_verdict_capacity(json));
}

static const struct au_ctl_option capacity_options[] = {
	{ "what-if", "[TEMPLATE=]+NUMBER",
	    "Tell whether so many units more of each pool, or accounts with a template, would fit." },
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
