/* SPDX-License-Identifier: ISC */
/* `sources`, `source ...`: where API users come from. */
#include "ctl/command.h"
#include "ctl/verdict.h"
#include "ctl/view.h"

static enum au_exit
run_sources(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/sources", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_sources, AU_EXIT_SYNC);
}

static enum au_exit
run_show(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/sources/%s", ctl->args[0]);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_source, au_verdict_source(json));
}

static void
view_resync(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_str_put(out, "Reading ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "resync"));
	au_str_put(out, " anew; see 'apiuserctl sources' for its end.\n");
}

static void
view_pause(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "paused"));
	au_str_put(out, " is left alone; what is known of it stays as it is.\n");
}

static void
view_resume(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "resumed"));
	au_str_put(out, " goes on; see 'apiuserctl sources'.\n");
}

/* Say a word to the source that the first argument names. */
static enum au_exit
say(struct au_ctl *ctl, const char *word, au_view *view)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/sources/%s/%s", ctl->args[0], word);

	return au_ctl_say(ctl, path, body, view);
}

static enum au_exit
run_resync(struct au_ctl *ctl)
{
	return say(ctl, "resync", view_resync);
}

static enum au_exit
run_pause(struct au_ctl *ctl)
{
	return say(ctl, "pause", view_pause);
}

static enum au_exit
run_resume(struct au_ctl *ctl)
{
	return say(ctl, "resume", view_resume);
}

static const struct au_ctl_option reason_options[] = {
	{ "reason", "TEXT", "Why, for the audit." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_sources = {
	.name = "sources",
	.args = "",
	.summary = "List the sources and whether their word is complete",
	.run = run_sources,
};

const struct au_command au_command_source_show = {
	.name = "source show",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Show how a directory was read lately, what is missing, and who would go where removals are held",
	.run = run_show,
};

const struct au_command au_command_source_resync = {
	.name = "source resync",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Have a directory read anew from the beginning; nothing is forgotten meanwhile",
	.options = reason_options,
	.run = run_resync,
};

const struct au_command au_command_source_pause = {
	.name = "source pause",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Leave a directory alone: no connection, and what is known of it stays, until it is resumed",
	.options = reason_options,
	.run = run_pause,
};

const struct au_command au_command_source_resume = {
	.name = "source resume",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Go on with a directory that is paused or was refused; where removals are held, let those go",
	.options = reason_options,
	.run = run_resume,
};
