/* SPDX-License-Identifier: ISC */
/* `custody`, `custody confirm`, `rotate`: where credentials are, that they arrived, and that others are wanted. */
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

static enum au_paint
paint_of(const json_t *item)
{
	if (au_json_get_bool(item, "stale", false))
		return AU_PAINT_BAD;
	return au_json_get_bool(item, "open", false) ? AU_PAINT_WARN : AU_PAINT_NONE;
}

/* Who has confirmed it, or that nobody has; what must be done with the account comes first. */
static const char *
state_of(struct au_arena *arena, const json_t *item)
{
	const char *stage = au_json_get_str(item, "stage"), *by = au_json_get_str(item, "confirmed_by");
	const char *place = au_json_get_str(item, "place");

	if (stage != NULL)
		return stage;
	if (by != NULL)
		return au_arena_printf(arena, "confirmed by %s", by);
	if (au_json_get_bool(item, "open", false))
		return au_arena_printf(arena, "mailed to %s, not confirmed", place != NULL ? place : "nobody knows whom");
	return NULL;
}

void
au_view_custody(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "USER", false }, { "TARGET", false }, { "LOGIN", false },
		{ "ORIGIN", false }, { "SINCE", false }, { "STATE", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "custody"), index, item) {
		long long since_ms = au_json_get_int(item, "since_ms");
		char when[AU_WHEN_SIZE];

		au_table_text(table, au_json_get_str(item, "user"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "login"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "origin"), AU_PAINT_NONE);
		au_table_text(table, since_ms > 0 ? au_value_time(since_ms, when) : NULL, AU_PAINT_NONE);
		au_table_text(table, state_of(arena, item), paint_of(item));
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "No account is there.\n");
}

static enum au_exit
run_custody(struct au_ctl *ctl)
{
	const char *target = ctl->arg_count > 0 ? ctl->args[0] : NULL;
	AU_CLEANUP(au_freep) char *path =
	    target != NULL ? au_client_path("/v1/custody?target=%s", target) : au_xstrdup("/v1/custody");
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_custody, AU_EXIT_SYNC);
}

/* ---- changing it ---- */

static void
view_received(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_str_put(out, "The credential of ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "user"));
	au_str_put(out, " in ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "target"));
	au_str_put(out, " is in use. An account in whose place it came is removed now.\n");
}

static void
view_wanted(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "user"));
	au_str_put(out, " gets another credential in ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "target"));
	au_str_put(out, "; see 'apiuserctl custody'.\n");
}

static enum au_exit
change(struct au_ctl *ctl, const char *verb, const char *word, au_view *view)
{
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/users/%s/%s/%s", ctl->args[0], verb, ctl->args[1]);
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL, *body = json_object();
	const char *reason = au_ctl_value(ctl, "reason");
	struct au_err err = { 0 };

	if (au_str_empty(reason)) {
		au_fail(&err, AU_EINVAL, "%s: give the reason with --reason TEXT; it is kept in the audit", word);
		return au_ctl_fail(&err);
	}
	au_json_set_str(body, "reason", reason);
	if (au_client_call(ctl->client, "POST", path, body, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view, AU_EXIT_SYNC);
}

static enum au_exit
run_received(struct au_ctl *ctl)
{
	return change(ctl, "received", "custody confirm", view_received);
}

static enum au_exit
run_rotate(struct au_ctl *ctl)
{
	return change(ctl, "rotate", "rotate", view_wanted);
}

static const struct au_ctl_option reason_options[] = {
	{ .name = "reason", .arg = "TEXT", .help = "Why, for the audit; needed." },
	{ .name = NULL },
};

const struct au_command au_command_custody = {
	.name = "custody",
	.args = "[TARGET]",
	.max_args = 1,
	.summary = "List where credentials came from, who has confirmed them and which accounts are being made anew",
	.run = run_custody,
};

const struct au_command au_command_custody_confirm = {
	.name = "custody confirm",
	.args = "USER TARGET --reason TEXT",
	.min_args = 2,
	.max_args = 2,
	.summary = "Say that a credential has arrived and is in use; an account that it replaces is removed then",
	.options = reason_options,
	.run = run_received,
};

const struct au_command au_command_rotate = {
	.name = "rotate",
	.args = "USER TARGET --reason TEXT",
	.min_args = 2,
	.max_args = 2,
	.summary = "Ask for another credential; where the product replaces none, for another account in its place",
	.options = reason_options,
	.run = run_rotate,
};
