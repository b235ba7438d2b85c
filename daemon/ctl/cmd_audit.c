/* SPDX-License-Identifier: ISC */
/* `audit`: the chain of who changed what. */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

static char *
audit_path(const struct au_ctl *ctl)
{
	const char *object = au_ctl_value(ctl, "object"), *limit = au_ctl_value(ctl, "limit");
	const char *verify = au_ctl_value(ctl, "verify") != NULL ? "1" : "0";

	if (limit == NULL)
		limit = "50";
	if (object != NULL)
		return au_client_path("/v1/audit?limit=%s&verify=%s&object=%s", limit, verify, object);
	return au_client_path("/v1/audit?limit=%s&verify=%s", limit, verify);
}

static enum au_exit
run_audit(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = audit_path(ctl);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_audit, au_verdict_audit(json));
}

static const struct au_ctl_option audit_options[] = {
	{ "verify", NULL, "Check the whole chain of rows too." },
	{ "object", "ID", "Only rows about this account, client, source or other thing." },
	{ "limit", "NUMBER", "At most so many, the newest; 50 without it." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_audit = {
	.name = "audit",
	.args = "",
	.summary = "List who changed what, newest first",
	.options = audit_options,
	.run = run_audit,
};
