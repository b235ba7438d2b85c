/* SPDX-License-Identifier: ISC */
/* `client show`. */
#include "ctl/value.h"
#include "ctl/view.h"

static void
put_line(struct au_str *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	au_str_printf(out, "%s: ", name);
	au_paint_put(out, false, AU_PAINT_NONE, text);
	au_str_putc(out, '\n');
}

static void
put_provider(struct au_str *out, const json_t *provider)
{
	char when[AU_WHEN_SIZE];

	if (provider == NULL)
		return;
	au_str_put(out, "recognised as: ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(provider, "profile"));
	au_str_put(out, ", because ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(provider, "evidence"));
	au_str_printf(out, "; first seen %s\n", au_value_time(au_json_get_int(provider, "seen_ms"), when));
}

static long long
live_tokens(const json_t *client)
{
	const json_t *token;
	size_t index;
	long long count = 0;

	json_array_foreach (json_object_get(client, "tokens"), index, token)
		count += au_json_get_bool(token, "live", false) != 0;
	return count;
}

void
au_view_client(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *habit;
	size_t index;

	put_line(out, "client", au_json_get_str(json, "name"));
	put_line(out, "description", au_json_get_str(json, "description"));
	au_str_printf(out, "live tokens: %lld\n", live_tokens(json));
	put_line(out, "profile", au_json_get_str(json, "profile"));
	put_provider(out, json_object_get(json, "provider"));
	au_str_put(out, "\nWhat that means:\n");
	json_array_foreach (json_object_get(json, "habits"), index, habit) {
		bool on = au_json_get_bool(habit, "on", false);

		au_str_put(out, "  ");
		au_paint_put(out, colour, on ? AU_PAINT_BOLD : AU_PAINT_DIM, au_json_get_str(habit, "name"));
		au_str_put(out, on ? " (on): " : " (off): ");
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(habit, "text"));
		au_str_putc(out, '\n');
	}
}
