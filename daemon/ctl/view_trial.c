/* SPDX-License-Identifier: ISC */
/* `source test`: what was found, from the server down to single values, and what to do about it at the end. */
#include "base/mem.h"
#include "base/when.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

static void
put(struct au_str *out, const char *text)
{
	au_paint_put(out, false, AU_PAINT_NONE, text);
}

/* "name: text (more)"; nothing without a text. */
static void
put_line(struct au_str *out, const char *name, const char *text, const char *more)
{
	if (au_str_empty(text))
		return;
	au_str_printf(out, "%s: ", name);
	put(out, text);
	if (!au_str_empty(more)) {
		au_str_put(out, " (");
		put(out, more);
		au_str_putc(out, ')');
	}
	au_str_putc(out, '\n');
}

/* A list in one line: texts, or objects by their name, else by their OID. */
static void
put_list(struct au_str *out, const char *name, const json_t *list)
{
	const json_t *item;
	size_t index;

	if (json_array_size(list) == 0)
		return;
	au_str_printf(out, "%s: ", name);
	json_array_foreach (list, index, item) {
		const char *text = json_is_string(item) ? json_string_value(item) : au_json_get_str(item, "name");
		au_str_put(out, index > 0 ? ", " : "");
		put(out, text != NULL ? text : au_json_get_str(item, "oid"));
	}
	au_str_putc(out, '\n');
}

static void
put_server(const json_t *server, struct au_str *out)
{
	put_line(out, "server", au_json_get_str(server, "url"), au_json_get_str(server, "cover"));
	put_line(out, "log-in", au_json_get_str(server, "bind"), au_json_get_str(server, "login"));
	put_line(out, "taken for", au_json_get_str(server, "whoami"), NULL);
	put_line(out, "product", au_json_get_str(server, "product"), NULL);
	put_line(out, "vendor", au_json_get_str(server, "vendor"), au_json_get_str(server, "vendor_why"));
	put_line(out, "way", au_json_get_str(server, "way"), au_json_get_str(server, "way_why"));
	put_line(out, "log of changes", au_json_get_str(server, "log"), NULL);
	put_list(out, "naming contexts", json_object_get(server, "contexts"));
	put_list(out, "controls", json_object_get(server, "controls"));
	put_list(out, "extensions", json_object_get(server, "extensions"));
	put_list(out, "log-in methods", json_object_get(server, "mechanisms"));
}

/* ---- entries ---- */

static void
put_texts(const json_t *entry, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "  OPTION", false }, { "VALUE", false }, { "FROM", false },
		{ "OF", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(entry, "texts"), index, item) {
		AU_CLEANUP(au_freep) char *option = au_xasprintf("  %s", au_json_get_str(item, "option"));
		const char *value = au_json_get_str(item, "value");
		au_table_text(table, option, AU_PAINT_NONE);
		au_table_text(table, value != NULL ? value : "nothing", value != NULL ? AU_PAINT_NONE : AU_PAINT_WARN);
		au_table_text(table, au_json_get_str(item, "from"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "expression"), AU_PAINT_DIM);
	}
	au_table_put(table, colour, out);
}

static void
put_members(const json_t *entry, struct au_str *out)
{
	const json_t *item;
	size_t index;

	if (json_object_get(entry, "members") == NULL)
		return;
	au_str_put(out, "  ");
	au_value_count(out, au_json_get_int(entry, "members"), "member", "members");
	if (!au_json_get_bool(entry, "members_are_whole", true))
		au_str_put(out, ", and more that are asked for in parts");
	au_str_putc(out, '\n');
	json_array_foreach (json_object_get(entry, "first_members"), index, item) {
		au_str_put(out, "    ");
		put(out, au_json_get_str(item, "name"));
		au_str_put(out, ": ");
		put(out, au_json_get_str(item, "is"));
		au_str_putc(out, '\n');
	}
}

/* By what a group finds those whom it does not name. */
static void
put_recipe(const json_t *entry, struct au_str *out)
{
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(entry, "searches"), index, item) {
		au_str_put(out, "  more are searched for below ");
		put(out, au_json_get_str(item, "base"));
		au_str_put(out, " by ");
		put(out, au_json_get_str(item, "filter"));
		au_str_putc(out, '\n');
	}
}

static void
put_entry(const json_t *entry, bool colour, struct au_str *out)
{
	const char *dn = au_json_get_str(entry, "dn"), *why = au_json_get_str(entry, "inactive_by");
	char when[AU_WHEN_SIZE];

	au_str_putc(out, '\n');
	au_paint_put(out, colour, AU_PAINT_BOLD, dn != NULL ? dn : au_json_get_str(entry, "id"));
	if (!au_json_get_bool(entry, "active", true)) {
		au_str_put(out, ", ");
		au_paint_put(out, colour, AU_PAINT_WARN, "inactive");
		au_str_put(out, " by ");
		put(out, why);
	}
	if (au_json_get_int(entry, "expires_ms") != 0)
		au_str_printf(out, ", expires on %s", au_value_time(au_json_get_int(entry, "expires_ms"), when));
	if (au_json_get_str(entry, "expires_odd") != NULL) {
		au_str_put(out, ", with a date that cannot be read: ");
		put(out, au_json_get_str(entry, "expires_odd"));
	}
	au_str_put(out, "\n  id ");
	put(out, au_json_get_str(entry, "id"));
	au_str_putc(out, '\n');
	put_texts(entry, colour, out);
	put_members(entry, out);
	put_recipe(entry, out);
}

/* ---- searches ---- */

static void
put_inactive(const json_t *search, struct au_str *out)
{
	const json_t *item;
	size_t index;

	if (json_object_get(search, "inactive") == NULL)
		return;
	au_str_printf(out, "inactive: %lld", au_json_get_int(search, "inactive"));
	json_array_foreach (json_object_get(search, "inactive_by"), index, item) {
		au_str_put(out, index > 0 ? ", " : " (");
		put(out, au_json_get_str(item, "test"));
		au_str_printf(out, ": %lld", au_json_get_int(item, "inactive"));
	}
	au_str_put(out, index > 0 ? ")\n" : "\n");
}

static void
put_attributes(const json_t *search, struct au_str *out)
{
	const json_t *list = json_object_get(search, "attributes"), *item;
	size_t index;

	if (json_array_size(list) == 0)
		return;
	au_str_printf(out, "attributes, and how many of %lld have them: ", au_json_get_int(search, "read"));
	json_array_foreach (list, index, item) {
		au_str_put(out, index > 0 ? ", " : "");
		put(out, au_json_get_str(item, "name"));
		au_str_printf(out, " %lld", au_json_get_int(item, "found"));
	}
	au_str_putc(out, '\n');
}

static void
put_search(const json_t *search, bool colour, struct au_str *out)
{
	const json_t *entry;
	size_t index;

	au_str_putc(out, '\n');
	au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(search, "search"));
	if (json_object_get(search, "total") != NULL)
		au_str_printf(out, ": %s%lld", au_json_get_bool(search, "total_is_whole", true) ? "" : "at least ",
		    au_json_get_int(search, "total"));
	au_str_printf(out, ", %lld of them read\n", au_json_get_int(search, "read"));
	put_line(out, "base", au_json_get_str(search, "base"), NULL);
	put_line(out, "filter", au_json_get_str(search, "filter"), NULL);
	put_inactive(search, out);
	put_attributes(search, out);
	json_array_foreach (json_object_get(search, "entries"), index, entry)
		put_entry(entry, colour, out);
}

/* ---- canaries ---- */

static const char *
words_of(const char *is)
{
	static const struct {
		const char *is, *words;
	} all[] = {
		{ "seen", "seen" },
		{ "other", "not seen: it does not match the filter, or may not be read" },
		{ "absent", "not seen: there is no such entry" },
		{ "left", "looked for by whole readings only" },
	};

	for (size_t i = 0; i < AU_COUNT(all); i++)
		if (au_streq(is, all[i].is))
			return all[i].words;
	return "the server would not say";
}

static void
put_canaries(const json_t *list, bool colour, struct au_str *out)
{
	const json_t *item;
	size_t index;

	if (json_array_size(list) > 0)
		au_str_putc(out, '\n');
	json_array_foreach (list, index, item) {
		const char *is = au_json_get_str(item, "is");
		bool is_fine = au_streq(is, "seen") || au_streq(is, "left");
		au_str_put(out, "canary ");
		put(out, au_json_get_str(item, "name"));
		au_str_put(out, ": ");
		au_paint_put(out, colour, is_fine ? AU_PAINT_NONE : AU_PAINT_WARN, words_of(is));
		au_str_putc(out, '\n');
	}
}

/* ---- command lines ---- */

static void
put_commands(const json_t *object, struct au_str *out)
{
	const json_t *line;
	size_t index;

	json_array_foreach (json_object_get(object, "commands"), index, line) {
		au_str_put(out, "  ");
		put(out, json_string_value(line));
		au_str_putc(out, '\n');
	}
}

static void
put_all_commands(const json_t *json, struct au_str *out)
{
	const json_t *search;
	size_t index;

	au_str_put(out, "\nThe same by hand:\n");
	put_commands(json, out);
	json_array_foreach (json_object_get(json, "searches"), index, search)
		put_commands(search, out);
}

/* ---- findings ---- */

static enum au_paint
paint_of(const char *level)
{
	return au_streq(level, "error") ? AU_PAINT_BAD : au_streq(level, "warning") ? AU_PAINT_WARN : AU_PAINT_DIM;
}

static void
put_findings(const json_t *list, bool colour, struct au_str *out)
{
	const json_t *item;
	size_t index;

	au_str_putc(out, '\n');
	if (json_array_size(list) == 0)
		au_str_put(out, "Nothing is missing.\n");
	json_array_foreach (list, index, item) {
		const char *level = au_json_get_str(item, "level");
		au_paint_put(out, colour, paint_of(level), level);
		au_str_put(out, ": ");
		put(out, au_json_get_str(item, "text"));
		au_str_putc(out, '\n');
	}
}

void
au_view_trial(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *search;
	size_t index;

	put_line(out, "source", au_json_get_str(json, "source"), au_json_get_str(json, "kind"));
	put_server(json_object_get(json, "server"), out);
	json_array_foreach (json_object_get(json, "searches"), index, search)
		put_search(search, colour, out);
	put_canaries(json_object_get(json, "canaries"), colour, out);
	put_all_commands(json, out);
	put_findings(json_object_get(json, "findings"), colour, out);
}
