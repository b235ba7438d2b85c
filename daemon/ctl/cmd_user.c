/* SPDX-License-Identifier: ISC */
/* `users`, `show`, `explain`: API users. */
#include "ctl/command.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* The daemon hands users out in pages; people get them all. */
static int
fetch_users(struct au_ctl *ctl, json_t *all, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users?limit=1000");

	while (path != NULL) {
		AU_CLEANUP(au_json_decrefp) json_t *page = NULL;
		const char *next;
		int rc = au_client_call(ctl->client, "GET", path, NULL, &page, err);
		if (rc < 0)
			return rc;
		json_array_extend(all, json_object_get(page, "users"));
		next = au_json_get_str(page, "next");
		free(path);
		path = next != NULL ? au_client_path("/v1/users?limit=1000&after=%s", next) : NULL;
	}
	return 0;
}

static enum au_exit
run_users(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();
	json_t *all = json_array();
	struct au_err err = { 0 };

	json_object_set_new(json, "users", all);
	if (fetch_users(ctl, all, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_users, AU_EXIT_SYNC);
}

static enum au_exit
run_show(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s", ctl->args[0]);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_user, AU_EXIT_SYNC);
}

static char *
explain_path(const struct au_ctl *ctl)
{
	const char *target = ctl->arg_count > 1 ? ctl->args[1] : NULL, *right = au_ctl_value(ctl, "right");

	if (target != NULL && right != NULL)
		return au_client_path("/v1/explain/%s?target=%s&right=%s", ctl->args[0], target, right);
	if (target != NULL)
		return au_client_path("/v1/explain/%s?target=%s", ctl->args[0], target);
	return right != NULL ? au_client_path("/v1/explain/%s?right=%s", ctl->args[0], right)
			     : au_client_path("/v1/explain/%s", ctl->args[0]);
}

static enum au_exit
run_explain(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = explain_path(ctl);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_explain, AU_EXIT_SYNC);
}

static void
view_expiry(const json_t *json, bool colour, struct au_str *out)
{
	long long term_ms = au_json_get_int(json, "term_ms");
	char when[AU_WHEN_SIZE];

	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "user"));
	if (term_ms != 0)
		au_str_printf(out, " expires on %s.\n", au_value_time(term_ms, when));
	else
		au_str_put(out, " has no date of its own any more; that of its source counts, if there is one.\n");
}

static enum au_exit
run_expire(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s/expire", ctl->args[0]);
	const char *reason = au_ctl_value(ctl, "reason");
	struct au_err err = { 0 };

	if (au_str_empty(reason)) {
		au_fail(&err, AU_EINVAL, "expire: give the reason with --reason TEXT; it is kept in the audit");
		return au_ctl_fail(&err);
	}
	au_json_set_str(body, "at", ctl->args[1]);
	au_json_set_str(body, "reason", reason);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view_expiry, AU_EXIT_SYNC);
}

static const struct au_ctl_option expire_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why, for the audit; needed." },
	{ .name = NULL },
};

const struct au_command au_command_expire = {
	.name = "expire",
	.args = "USER DATE --reason TEXT",
	.min_args = 2,
	.max_args = 2,
	.summary = "Set the date from which on nobody wants an API user any more, or take it back with never",
	.options = expire_options,
	.run = run_expire,
};

static const struct au_ctl_option explain_options[] = {
	{ .name = "right", .arg = "NAME", .help = "Ask for this right, too: whether it is wanted, by which rule, and whether it is there." },
	{ .name = NULL },
};

const struct au_command au_command_users = {
	.name = "users",
	.args = "",
	.summary = "List the API users and where they have accounts",
	.run = run_users,
};

const struct au_command au_command_show = {
	.name = "show",
	.args = "USER",
	.min_args = 1,
	.max_args = 1,
	.summary = "Show one API user with its accounts and their newest steps",
	.run = run_show,
};

const struct au_command au_command_explain = {
	.name = "explain",
	.args = "USER [TARGET]",
	.min_args = 1,
	.max_args = 2,
	.summary = "Explain from entry to rule to step why an API user has, or has not, an account and its rights",
	.options = explain_options,
	.run = run_explain,
};
