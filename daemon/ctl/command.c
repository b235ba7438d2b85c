/* SPDX-License-Identifier: ISC */
/* The list of all commands, and what they share. */
#include "ctl/command.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/secret.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct au_command *const au_commands[] = {
	&au_command_status,
	&au_command_users,
	&au_command_show,
	&au_command_explain,
	&au_command_plan,
	&au_command_apply,
	&au_command_run,
	&au_command_sources,
	&au_command_source_show,
	&au_command_source_test,
	&au_command_source_resync,
	&au_command_source_pause,
	&au_command_source_resume,
	&au_command_targets,
	&au_command_capacity,
	&au_command_template_check,
	&au_command_template_show,
	&au_command_template_diff,
	&au_command_pause,
	&au_command_resume,
	&au_command_quarantine,
	&au_command_quarantine_release,
	&au_command_steps,
	&au_command_held,
	&au_command_approve,
	&au_command_reject,
	&au_command_reopen,
	&au_command_protected,
	&au_command_protect,
	&au_command_unprotect,
	&au_command_import,
	&au_command_work_list,
	&au_command_work_show,
	&au_command_work_claim,
	&au_command_work_release,
	&au_command_work_complete,
	&au_command_work_fail,
	&au_command_work_cancel,
	&au_command_work_secret,
	&au_command_webhook_retry,
	&au_command_expire,
	&au_command_drift,
	&au_command_conflicts,
	&au_command_adopt,
	&au_command_confirm,
	&au_command_ignore,
	&au_command_unignore,
	&au_command_client_list,
	&au_command_client_show,
	&au_command_client_add,
	&au_command_client_revoke,
	&au_command_secret_take,
	&au_command_custody,
	&au_command_custody_confirm,
	&au_command_rotate,
	&au_command_audit_list,
	&au_command_audit_show,
	&au_command_audit_verify,
	&au_command_audit_export,
	NULL,
};

const struct au_ctl_option au_global_options[] = {
	{ "socket", "PATH", "Talk to the daemon at this control socket." },
	{ "json", NULL, "Print the daemon's answer as JSON." },
	{ "help", NULL, "Print a summary and exit." },
	{ "version", NULL, "Print the version and exit." },
	{ NULL, NULL, NULL },
};

const char *
au_ctl_value(const struct au_ctl *ctl, const char *option)
{
	for (int i = 0; i < ctl->given_count; i++)
		if (strcmp(ctl->given[i]->name, option) == 0)
			return ctl->values[i];
	return NULL;
}

enum au_exit
au_ctl_fail(const struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	au_str_visible(&text, err->text, strlen(err->text));
	fprintf(stderr, "apiuserctl: %s\n", au_str_get(&text));
	return AU_EXIT_ERROR;
}

/* Past the buffers of stdio, which nobody wipes. */
enum au_exit
au_ctl_print(const char *text, size_t len, enum au_exit code)
{
	struct au_err err = { 0 };

	if (au_io_write_all(STDOUT_FILENO, text, len, &err) < 0) {
		au_err_prefix(&err, AU_EIO, "standard output");
		return au_ctl_fail(&err);
	}
	return code;
}

/* Into a buffer of the right size at once: one that grew would leave copies behind. */
enum au_exit
au_ctl_print_json(const json_t *json, enum au_exit code)
{
	size_t len = json_dumpb(json, NULL, 0, JSON_INDENT(2));
	char *text = au_xmalloc(len + 1);
	enum au_exit exit_code;

	json_dumpb(json, text, len, JSON_INDENT(2));
	text[len] = '\n';
	exit_code = au_ctl_print(text, len + 1, code);
	au_wipe(text, len);
	free(text);
	return exit_code;
}

enum au_exit
au_ctl_show(const struct au_ctl *ctl, const json_t *json, au_view *view, enum au_exit code)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	if (ctl->json)
		return au_ctl_print_json(json, code);
	view(json, ctl->colour, &out);
	return au_ctl_print(au_str_get(&out), out.len, code);
}

enum au_exit
au_ctl_say(const struct au_ctl *ctl, const char *path, json_t *body, au_view *view)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	au_json_set_str(body, "reason", au_ctl_value(ctl, "reason"));
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view, AU_EXIT_SYNC);
}
