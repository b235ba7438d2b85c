/* SPDX-License-Identifier: ISC */
/* `targets`, `pause`, `resume`, `quarantine ...`: what targets wait for, and who is left alone in them. */
#include "base/clock.h"
#include "ctl/command.h"
#include "ctl/value.h"
#include "ctl/view.h"

static enum au_exit
run_targets(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/targets", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_targets, AU_EXIT_SYNC);
}

/* ---- pause and resume ---- */

static void
view_pause(const json_t *json, bool colour, struct au_str *out)
{
	char until[AU_WHEN_SIZE];
	long long until_ms = au_json_get_int(json, "until_ms");

	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "paused"));
	au_str_printf(out, " is left alone%s%s; its steps wait.\n", until_ms != 0 ? " until " : "",
	    until_ms != 0 ? au_value_time(until_ms, until) : "");
}

static void
view_resume(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "resumed"));
	au_str_put(out, " goes on; see 'apiuserctl targets'.\n");
}

/* "2h" from now, or a time of the calendar. */
static int
read_until(const char *text, long long *ret_ms, struct au_err *err)
{
	int64_t at_ms;
	long long span_ms;

	if (au_duration_parse(text, &span_ms, NULL) == 0) {
		*ret_ms = au_clock_wall_ms() + span_ms;
		return 0;
	}
	if (au_when_parse(text, &at_ms, NULL) < 0)
		return au_fail(
		    err, AU_EINVAL, "--until '%s': expected a time such as 2h or 2026-12-24T06:00:00Z", text);
	*ret_ms = at_ms;
	return 0;
}

static enum au_exit
say(struct au_ctl *ctl, const char *word, json_t *body, au_view *view)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/targets/%s/%s", ctl->args[0], word);

	return au_ctl_say(ctl, path, body, view);
}

static enum au_exit
run_pause(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	const char *until = au_ctl_value(ctl, "until");
	struct au_err err = { 0 };
	long long until_ms = 0;

	if (au_str_empty(au_ctl_value(ctl, "reason"))) {
		au_fail(
		    &err, AU_EINVAL, "pause: give the reason with --reason TEXT; it is shown and kept in the audit");
		return au_ctl_fail(&err);
	}
	if (until != NULL && read_until(until, &until_ms, &err) < 0)
		return au_ctl_fail(&err);
	if (until != NULL)
		au_json_set_int(body, "until_ms", until_ms);
	return say(ctl, "pause", body, view_pause);
}

static enum au_exit
run_resume(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	return say(ctl, "resume", body, view_resume);
}

/* ---- quarantine ---- */

static enum au_exit
run_quarantine(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/quarantine", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_quarantine,
	    json_array_size(json_object_get(json, "quarantine")) > 0 ? AU_EXIT_PENDING : AU_EXIT_SYNC);
}

static void
view_release(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "released"));
	au_str_put(out, " is tried again in ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "target"));
	au_str_put(out, ".\n");
}

static enum au_exit
run_release(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	AU_CLEANUP(au_freep)
	char *path = au_client_path("/v1/users/%s/quarantine/%s/release", ctl->args[0], ctl->args[1]);
	struct au_err err = { 0 };

	au_json_set_str(body, "reason", au_ctl_value(ctl, "reason"));
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view_release, AU_EXIT_SYNC);
}

static const struct au_ctl_option pause_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why; it is shown to all and kept in the audit; needed." },
	{ .name = "until", .arg = "TIME", .help = "Resume by itself after a time such as 2h, or at one such as 2026-12-24T06:00:00Z." },
	{ .name = NULL },
};

static const struct au_ctl_option reason_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why, for the audit." },
	{ .name = NULL },
};

const struct au_command au_command_targets = {
	.name = "targets",
	.args = "",
	.summary = "List the targets and what keeps them waiting",
	.run = run_targets,
};

const struct au_command au_command_pause = {
	.name = "pause",
	.args = "TARGET --reason TEXT",
	.min_args = 1,
	.max_args = 1,
	.summary = "Leave a target alone, for its maintenance: nothing is sent, steps wait, until it is resumed",
	.options = pause_options,
	.run = run_pause,
};

const struct au_command au_command_resume = {
	.name = "resume",
	.args = "TARGET",
	.min_args = 1,
	.max_args = 1,
	.summary = "Go on with a target that is paused, quarantined or refused our credentials",
	.options = reason_options,
	.run = run_resume,
};

const struct au_command au_command_quarantine = {
	.name = "quarantine",
	.args = "",
	.summary = "List the API users that are left alone in a target because their steps keep failing",
	.run = run_quarantine,
};

const struct au_command au_command_quarantine_release = {
	.name = "quarantine release",
	.args = "USER TARGET",
	.min_args = 2,
	.max_args = 2,
	.summary = "Try an API user that is quarantined in a target again",
	.options = reason_options,
	.run = run_release,
};
