/* SPDX-License-Identifier: ISC */
/* `drift`, `conflicts`, `confirm`, `ignore`, `unignore`: what others do in targets. */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

static bool
is_given(const struct au_ctl *ctl, const char *option)
{
	return au_ctl_value(ctl, option) != NULL;
}

static enum au_exit
show(struct au_ctl *ctl, const char *path, au_view *view, enum au_exit (*verdict)(const json_t *json))
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view, verdict != NULL ? verdict(json) : AU_EXIT_SYNC);
}

static enum au_exit
run_drift(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	bool strangers = is_given(ctl, "strangers");
	const char *what = strangers ? "strangers" : "drift", *user = au_ctl_value(ctl, "user");
	struct au_err err = { 0 };

	if (is_given(ctl, "ignored"))
		return show(ctl, "/v1/ignored", au_view_ignored, NULL);
	if (user != NULL && strangers) {
		au_fail(&err, AU_EINVAL, "drift: --user does not go with --strangers, who are nobody's");
		return au_ctl_fail(&err);
	}
	if (user != NULL)
		path = ctl->arg_count > 0
			   ? au_client_path("/v1/drift?limit=10000&user=%s&target=%s", user, ctl->args[0])
			   : au_client_path("/v1/drift?limit=10000&user=%s", user);
	else
		path = ctl->arg_count > 0 ? au_client_path("/v1/%s?limit=10000&target=%s", what, ctl->args[0])
					  : au_client_path("/v1/%s?limit=10000", what);
	if (strangers)
		return show(ctl, path, au_view_strangers, NULL);
	return show(ctl, path, au_view_drift, au_verdict_drift);
}

static enum au_exit
run_conflicts(struct au_ctl *ctl)
{
	return show(ctl, "/v1/conflicts", au_view_conflicts, au_verdict_conflicts);
}

/* ---- what people decide ---- */

static enum au_exit
decide(struct au_ctl *ctl, const char *path, json_t *body, bool needs_reason, au_view *view)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *reason = au_ctl_value(ctl, "reason");
	struct au_err err = { 0 };

	if (needs_reason && au_str_empty(reason)) {
		au_fail(&err, AU_EINVAL, "give the reason with --reason TEXT; it is kept in the audit");
		return au_ctl_fail(&err);
	}
	au_json_set_str(body, "reason", reason);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view, AU_EXIT_SYNC);
}

static void
say(struct au_str *out, const char *text, const char *word)
{
	au_str_put(out, text);
	au_paint_put(out, false, AU_PAINT_NONE, word);
}

static void
view_confirmation(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	say(out, "The account of ", au_json_get_str(json, "user"));
	say(out, " in ", au_json_get_str(json, "target"));
	au_str_put(out, " is kept as all others are from now on.\n");
}

static enum au_exit
run_confirm(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s/confirm/%s", ctl->args[0], ctl->args[1]);
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	return decide(ctl, path, body, true, view_confirmation);
}

static void
view_ignored_one(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	say(out, "", au_json_get_str(json, "login"));
	say(out, " is left alone in ", au_json_get_str(json, "target"));
	au_str_put(out, " from now on.\n");
}

static void
view_unignored_one(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	say(out, "", au_json_get_str(json, "login"));
	say(out, " is not left alone in ", au_json_get_str(json, "target"));
	au_str_put(out, " any longer.\n");
}

static enum au_exit
run_ignore(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/targets/%s/ignore", ctl->args[0]);
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	au_json_set_str(body, "login", ctl->args[1]);
	return decide(ctl, path, body, false, view_ignored_one);
}

static enum au_exit
run_unignore(struct au_ctl *ctl)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/targets/%s/unignore", ctl->args[0]);
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	au_json_set_str(body, "login", ctl->args[1]);
	return decide(ctl, path, body, false, view_unignored_one);
}

static const struct au_ctl_option drift_options[] = {
	{ .name = "strangers", .help = "The accounts there that are not ours instead." },
	{ .name = "user", .arg = "USER", .help = "Only the accounts of this API user." },
	{ .name = "ignored", .help = "The log-in names that are left alone instead." },
	{ .name = NULL },
};

static const struct au_ctl_option reason_needed[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why, for the audit; needed." },
	{ .name = NULL },
};

static const struct au_ctl_option reason_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why, for the audit." },
	{ .name = NULL },
};

const struct au_command au_command_drift = {
	.name = "drift",
	.args = "[TARGET]",
	.max_args = 1,
	.summary = "List the accounts that others changed or took away in the products, value by value",
	.options = drift_options,
	.run = run_drift,
};

const struct au_command au_command_conflicts = {
	.name = "conflicts",
	.args = "",
	.summary = "List log-in names that others have and entries that contradict each other, with the ways out",
	.run = run_conflicts,
};

const struct au_command au_command_confirm = {
	.name = "confirm",
	.args = "USER TARGET --reason TEXT",
	.min_args = 2,
	.max_args = 2,
	.summary = "Let go what an adopted account waits for, after a look at the plan",
	.options = reason_needed,
	.run = run_confirm,
};

const struct au_command au_command_ignore = {
	.name = "ignore",
	.args = "TARGET LOGIN",
	.min_args = 2,
	.max_args = 2,
	.summary = "Leave whoever has this log-in name in the target alone, and tell nothing of it",
	.options = reason_options,
	.run = run_ignore,
};

const struct au_command au_command_unignore = {
	.name = "unignore",
	.args = "TARGET LOGIN",
	.min_args = 2,
	.max_args = 2,
	.summary = "Take that back",
	.options = reason_options,
	.run = run_unignore,
};
