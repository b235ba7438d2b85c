/* SPDX-License-Identifier: ISC */
/* `steps`, `client list`. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* What is worth saying about a step, the newest news first. */
static const char *
news_of(const json_t *step)
{
	static const char *const names[] = { "guard", "error", "reason" };

	for (size_t i = 0; i < AU_COUNT(names); i++)
		if (au_json_get_str(step, names[i]) != NULL)
			return au_json_get_str(step, names[i]);
	return NULL;
}

void
au_view_steps(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "STEP", true }, { "MADE", false }, { "TARGET", false },
		{ "LOGIN", false }, { "DOES", false }, { "STATE", false }, { "TRIES", true }, { "NOTE", false },
		{ NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *step;
	size_t index;

	json_array_foreach (json_object_get(json, "steps"), index, step) {
		const char *state = au_json_get_str(step, "state");
		char when[AU_WHEN_SIZE];
		au_table_number(table, au_json_get_int(step, "id"));
		au_table_text(table, au_value_time(au_json_get_int(step, "created_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "login"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "op"), AU_PAINT_NONE);
		au_table_text(table, state, au_view_paint(state));
		au_table_number(table, au_json_get_int(step, "tries"));
		au_table_text(table, news_of(step), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "There are no such steps.\n");
}

/* ---- clients ---- */

static const char *
token_state(const json_t *token)
{
	if (au_json_get_bool(token, "live", false))
		return "live";
	return au_json_get_int(token, "revoked_ms") != 0 ? "revoked" : "expired";
}

/* "okta", or "auto: okta" when that was recognised. */
static void
put_profile(struct au_table *table, const json_t *client)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	const char *profile = au_json_get_str(client, "profile");
	const char *seen = au_json_get_str(json_object_get(client, "provider"), "profile");

	if (profile != NULL && seen != NULL)
		au_str_printf(&text, "%s: %s", profile, seen);
	au_table_text(table, text.len > 0 ? au_str_get(&text) : profile, AU_PAINT_NONE);
}

static void
put_client(struct au_table *table, const json_t *client)
{
	const char *name = au_json_get_str(client, "name");
	enum au_paint paint = au_json_get_bool(client, "configured", true) ? AU_PAINT_NONE : AU_PAINT_DIM;
	const json_t *tokens = json_object_get(client, "tokens"), *token;
	size_t index;

	if (json_array_size(tokens) == 0) {
		au_table_text(table, name, paint);
		put_profile(table, client);
		au_table_text(table, NULL, AU_PAINT_NONE);
		au_table_text(table, "no token", AU_PAINT_WARN);
		for (int i = 0; i < 4; i++)
			au_table_text(table, NULL, AU_PAINT_NONE);
		return;
	}
	json_array_foreach ((json_t *)tokens, index, token) {
		const char *state = token_state(token);
		const char *scopes = au_json_get_str(token, "scopes");
		long long expires_ms = au_json_get_int(token, "expires_ms");
		char made[AU_WHEN_SIZE], expires[AU_WHEN_SIZE], used[AU_WHEN_SIZE];
		au_table_text(table, name, paint);
		put_profile(table, client);
		au_table_text(table, au_json_get_str(token, "id"), AU_PAINT_NONE);
		au_table_text(table, state, au_streq(state, "live") ? AU_PAINT_GOOD : AU_PAINT_DIM);
		au_table_text(table, scopes != NULL ? scopes : "everything", AU_PAINT_NONE);
		au_table_text(table, au_value_time(au_json_get_int(token, "created_ms"), made), AU_PAINT_NONE);
		au_table_text(table, expires_ms != 0 ? au_value_time(expires_ms, expires) : "never", AU_PAINT_NONE);
		au_table_text(table, au_value_time(au_json_get_int(token, "used_ms"), used), AU_PAINT_NONE);
	}
}

void
au_view_clients(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "CLIENT", false }, { "PROFILE", false }, { "TOKEN", false },
		{ "STATE", false }, { "SCOPE", false }, { "MADE", false }, { "EXPIRES", false }, { "LAST USED", false },
		{ NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *client;
	size_t index;

	json_array_foreach (json_object_get(json, "clients"), index, client)
		put_client(table, client);
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "No SCIM clients are configured.\n");
}
