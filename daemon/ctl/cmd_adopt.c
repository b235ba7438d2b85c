/* SPDX-License-Identifier: ISC */
/* `adopt`: what it would come to is shown first, and whoever sits at a terminal is asked. */
#include "ctl/ask.h"
#include "ctl/command.h"
#include "ctl/view.h"
#include "ctl/wrap.h"

#include <unistd.h>

static enum au_exit
show(const struct au_ctl *ctl, const json_t *json)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const struct au_plan_look look = {
		.colour = ctl->colour, .all = true, .columns = ctl->terminal ? au_wrap_columns() : 0
	};

	if (ctl->json)
		return au_ctl_print_json(json, AU_EXIT_SYNC);
	au_view_adoption(json, &look, &out);
	return au_ctl_print(au_str_get(&out), out.len, AU_EXIT_SYNC);
}

/* id: of the account that was shown; NULL = none was. */
static int
call(const struct au_ctl *ctl, bool dry, const char *id, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/targets/%s/adopt", ctl->args[0]);
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();

	au_json_set_str(body, "login", ctl->args[1]);
	au_json_set_str(body, "user", ctl->args[2]);
	au_json_set_str(body, "id", id);
	au_json_set_str(body, "reason", au_ctl_value(ctl, "reason"));
	json_object_set_new(body, "dry_run", json_boolean(dry));
	return au_client_call(ctl->client, "POST", path, body, ret, err);
}

/* Who is not at a terminal has made up his mind. */
static bool
asks(const struct au_ctl *ctl)
{
	return ctl->terminal && isatty(STDIN_FILENO) == 1 && !ctl->json && au_ctl_value(ctl, "yes") == NULL;
}

static int
agree(const struct au_ctl *ctl, json_t **ret_shown, struct au_err *err)
{
	bool yes = false;
	int rc = call(ctl, true, NULL, ret_shown, err);

	if (rc < 0)
		return rc;
	if (show(ctl, *ret_shown) != AU_EXIT_SYNC)
		return au_fail(err, AU_EIO, "adopt: it could not be shown, so nothing was done");
	rc = au_ask_yes(STDIN_FILENO, STDOUT_FILENO, "\nAdopt it? [y/N] ", &yes, err);
	return rc < 0 || yes ? rc : au_fail(err, AU_EINVAL, "adopt: nothing was done");
}

static enum au_exit
run_adopt(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *shown = NULL, *json = NULL;
	bool dry = au_ctl_value(ctl, "dry-run") != NULL;
	struct au_err err = { 0 };
	int rc = 0;

	if (!dry && au_str_empty(au_ctl_value(ctl, "reason")))
		rc = au_fail(&err, AU_EINVAL, "give the reason with --reason TEXT; it is kept in the audit");
	if (rc == 0 && !dry && asks(ctl))
		rc = agree(ctl, &shown, &err);
	if (rc == 0)
		rc = call(ctl, dry, au_json_get_str(json_object_get(shown, "account"), "remote_id"), &json, &err);
	return rc < 0 ? au_ctl_fail(&err) : show(ctl, json);
}

static const struct au_ctl_option adopt_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why, for the audit; needed unless it is a dry run." },
	{ .name = "dry-run", .help = "Show what it would come to, and do nothing." },
	{ .name = "yes", .help = "Do not ask at the terminal." },
	{ .name = NULL },
};

const struct au_command au_command_adopt = {
	.name = "adopt",
	.args = "TARGET LOGIN USER --reason TEXT",
	.min_args = 3,
	.max_args = 3,
	.summary = "Give an account that is not ours to an API user; nothing is changed before it is confirmed",
	.options = adopt_options,
	.run = run_adopt,
};
