/* SPDX-License-Identifier: ISC */
/* `sources`, `source resync`, `targets`: both ends of the way. */
#include "ctl/command.h"
#include "ctl/view.h"

static enum au_exit
show_list(struct au_ctl *ctl, const char *path, au_view *view)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view, AU_EXIT_SYNC);
}

static enum au_exit
run_sources(struct au_ctl *ctl)
{
	return show_list(ctl, "/v1/sources", au_view_sources);
}

static enum au_exit
run_targets(struct au_ctl *ctl)
{
	return show_list(ctl, "/v1/targets", au_view_targets);
}

static void
view_resync(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_str_put(out, "Reading ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "resync"));
	au_str_put(out, " anew; see 'apiuserctl sources' for its end.\n");
}

static enum au_exit
run_resync(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/sources/%s/resync", ctl->args[0]);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "POST", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view_resync, AU_EXIT_SYNC);
}

const struct au_command au_command_sources = {
	.name = "sources",
	.args = "",
	.summary = "List the sources and whether their word is complete",
	.run = run_sources,
};

const struct au_command au_command_source_resync = {
	.name = "source resync",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Have a directory read anew from the beginning; nothing is forgotten meanwhile",
	.run = run_resync,
};

const struct au_command au_command_targets = {
	.name = "targets",
	.args = "",
	.summary = "List the targets and what keeps them waiting",
	.run = run_targets,
};
