/* SPDX-License-Identifier: ISC */
/* `protected`, `protect`, `unprotect`: accounts that nothing is taken from. */
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* ---- the list ---- */

static void
view_protected(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "TARGET", false }, { "LOGIN", false }, { "SINCE", false },
		{ "BY", false }, { "REASON", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "protected"), index, item) {
		char when[AU_WHEN_SIZE];
		long long at_ms = au_json_get_int(item, "at_ms");
		char name[AU_VALUE_PERSON];
		au_table_text(table, au_json_get_str(item, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "login"), AU_PAINT_NONE);
		au_table_text(table, at_ms > 0 ? au_value_time(at_ms, when) : NULL, AU_PAINT_NONE);
		au_table_text(table, au_value_person(au_json_get_str(item, "name"), au_json_get_str(item, "by"), name),
		    AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "reason"), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "Nothing is protected.\n");
}

static enum au_exit
run_protected(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/protected", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view_protected, AU_EXIT_SYNC);
}

/* ---- changing it ---- */

static void
put_words(struct au_str *out, const json_t *json, const char *between)
{
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "login"));
	au_str_put(out, between);
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "target"));
}

static void
view_begun(const json_t *json, bool colour, struct au_str *out)
{
	const char *owner = au_json_get_str(json, "owner");

	(void)colour;
	put_words(out, json, " is protected in ");
	au_str_put(out, ": it is not disabled or deleted, and loses no rights.\n");
	if (owner == NULL)
		au_str_put(out, "No account of that name is known there; it holds for one that comes.\n");
	else if (au_streq(owner, "stranger"))
		au_str_put(out, "The account is not ours, so nothing would be done to it anyhow.\n");
}

static void
view_ended(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	put_words(out, json, " is not protected any longer in ");
	au_str_put(out, ".\nWhat was held for that stays held: see 'apiuserctl held'.\n");
}

static enum au_exit
change(struct au_ctl *ctl, const char *verb, au_view *view)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/targets/%s/%s", ctl->args[0], verb);
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	const char *reason = au_ctl_value(ctl, "reason");
	struct au_err err = { 0 };

	if (au_str_empty(reason)) {
		au_fail(&err, AU_EINVAL, "%s: give the reason with --reason TEXT; it is kept and shown", verb);
		return au_ctl_fail(&err);
	}
	au_json_set_str(body, "login", ctl->args[1]);
	au_json_set_str(body, "reason", reason);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view, AU_EXIT_SYNC);
}

static enum au_exit
run_protect(struct au_ctl *ctl)
{
	return change(ctl, "protect", view_begun);
}

static enum au_exit
run_unprotect(struct au_ctl *ctl)
{
	return change(ctl, "unprotect", view_ended);
}

static const struct au_ctl_option reason_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why; needed, kept, and shown where it holds something." },
	{ .name = NULL },
};

const struct au_command au_command_protected = {
	.name = "protected",
	.args = "",
	.summary = "List the accounts that nothing is taken from, with why",
	.run = run_protected,
};

const struct au_command au_command_protect = {
	.name = "protect",
	.args = "TARGET LOGIN --reason TEXT",
	.min_args = 2,
	.max_args = 2,
	.summary = "Never disable, delete or deprive of rights whoever has this log-in name in the target",
	.options = reason_options,
	.run = run_protect,
};

const struct au_command au_command_unprotect = {
	.name = "unprotect",
	.args = "TARGET LOGIN --reason TEXT",
	.min_args = 2,
	.max_args = 2,
	.summary = "Treat it like any other again; what was held for that stays held until people decide",
	.options = reason_options,
	.run = run_unprotect,
};
