/* SPDX-License-Identifier: ISC */
/* `source test`: what the daemon finds at a directory or a SCIM service, and nothing is changed. */
#include "base/when.h"
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

#include <errno.h>

static int
put_number(const struct au_ctl *ctl, json_t *body, const char *option, const char *member, struct au_err *err)
{
	const char *text = au_ctl_value(ctl, option);
	char *end;

	if (text == NULL)
		return 0;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || number < 0)
		return au_fail(err, AU_EINVAL, "--%s '%s': expected a number", option, text);
	au_json_set_int(body, member, number);
	return 0;
}

static int
put_timeout(const struct au_ctl *ctl, json_t *body, struct au_err *err)
{
	const char *text = au_ctl_value(ctl, "timeout");
	long long timeout_ms;

	if (text == NULL)
		return 0;
	if (au_duration_parse(text, &timeout_ms, err) < 0)
		return au_err_prefix(err, AU_EINVAL, "--timeout");
	au_json_set_int(body, "timeout_ms", timeout_ms);
	return 0;
}

static enum au_exit
run_test(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/sources/%s/test", ctl->args[0]);
	struct au_err err = { 0 };

	if (put_timeout(ctl, body, &err) < 0 || put_number(ctl, body, "entries", "entries", &err) < 0 ||
	    put_number(ctl, body, "show", "shown", &err) < 0)
		return au_ctl_fail(&err);
	if (au_ctl_value(ctl, "changed") != NULL)
		json_object_set_new(body, "changed", json_true());
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_trial, au_verdict_trial(json));
}

static const struct au_ctl_option test_options[] = {
	{ "changed", NULL, "Take the options from the daemon's file as it is now, before any reload." },
	{ "timeout", "TIME", "Look no longer than this, 30s unless told." },
	{ "entries", "NUMBER", "Read so many people and groups, 100 unless told; all are counted." },
	{ "show", "NUMBER", "Show so many of each as they are mapped, 3 unless told." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_source_test = {
	.name = "source test",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Look at a directory once: the server, what is found, how it is mapped and what is missing",
	.options = test_options,
	.run = run_test,
};
