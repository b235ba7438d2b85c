/* SPDX-License-Identifier: ISC */
/* `source show`. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

static void
put_line(struct au_str *out, const char *name, const char *text, const char *more)
{
	if (au_str_empty(text))
		return;
	au_str_printf(out, "%s: ", name);
	au_paint_put(out, false, AU_PAINT_NONE, text);
	if (!au_str_empty(more)) {
		au_str_put(out, ", ");
		au_paint_put(out, false, AU_PAINT_NONE, more);
	}
	au_str_putc(out, '\n');
}

/* What is asked for and what is made of it, whoever said so. */
static void
put_effective(const json_t *json, struct au_str *out)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)json, name, value)
		put_line(out, name, json_string_value(value), NULL);
}

static void
put_state(const json_t *json, bool colour, struct au_str *out)
{
	const char *state = au_json_get_str(json, "state");

	au_str_put(out, "state: ");
	au_paint_put(out, colour, au_view_paint(state), state);
	if (!au_json_get_bool(json, "complete", false))
		au_str_put(out, ", not complete");
	au_str_putc(out, '\n');
	put_line(out, "why", au_json_get_str(json, "text"), NULL);
	put_line(out, "server", au_json_get_str(json, "server"), au_json_get_str(json, "product"));
	put_line(out, "cover", au_json_get_str(json, "cover"), NULL);
	put_line(out, "vendor", au_json_get_str(json, "vendor"), au_json_get_str(json, "way"));
	put_line(out, "accesslog", au_json_get_str(json, "accesslog"), NULL);
	put_effective(json_object_get(json, "effective"), out);
	au_str_printf(
	    out, "people: %lld, groups: %lld\n", au_json_get_int(json, "entries"), au_json_get_int(json, "groups"));
	au_str_printf(out, "drift: %lld\n", au_json_get_int(json, "drift"));
	au_view_membership(json_object_get(json, "membership"), NULL, colour, out);
}

static void
put_searches(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "SEARCH", false }, { "LAST WHOLE READ", false },
		{ "MISSING", true }, { "DOUBT", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "searches"), index, item) {
		char when[AU_WHEN_SIZE];
		au_table_text(table, au_json_get_str(item, "search"), AU_PAINT_NONE);
		au_table_text(table, au_value_time(au_json_get_int(item, "whole_ms"), when), AU_PAINT_NONE);
		au_table_number(table, au_json_get_int(item, "missing"));
		au_table_text(table, au_json_get_str(item, "doubt"), AU_PAINT_BAD);
	}
	au_str_putc(out, '\n');
	au_table_put(table, colour, out);
}

static void
put_readings(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "READ", false }, { "SEARCH", false }, { "KIND", false },
		{ "WAY", false }, { "RESULT", false }, { "TOOK", false }, { "ENTRIES", true }, { "VALUES", true },
		{ "REMOVED", true }, { "MISSING", true }, { "HELD", true }, { "WHY", false }, { NULL, false } };
	static const char *const numbers[] = { "entries", "values", "removed", "missing", "held" };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "readings"), index, item) {
		const char *verdict = au_json_get_str(item, "verdict");
		char when[AU_WHEN_SIZE], span[AU_WHEN_SIZE];
		au_table_text(table, au_value_time(au_json_get_int(item, "started_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "search"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "kind"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "way"), AU_PAINT_NONE);
		au_table_text(table, verdict, au_view_paint(verdict));
		au_table_text(table, au_value_span(au_json_get_int(item, "took_ms"), span), AU_PAINT_NONE);
		for (size_t i = 0; i < AU_COUNT(numbers); i++)
			au_table_number(table, au_json_get_int(item, numbers[i]));
		au_table_text(table, au_json_get_str(item, "why"), AU_PAINT_NONE);
	}
	au_str_putc(out, '\n');
	au_table_put(table, colour, out);
}

static void
put_missing(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "MISSING OR HELD", false }, { "DN", false }, { "GROUP", false },
		{ "ID", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *list = json_object_get(json, "missing"), *item;
	long long total = au_json_get_int(json, "missing_total"), shown = (long long)json_array_size(list);
	size_t index;

	json_array_foreach (list, index, item) {
		const char *group = au_json_get_str(item, "group_name");
		au_table_text(table, au_json_get_str(item, "name"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "dn"), AU_PAINT_NONE);
		au_table_text(table, group != NULL ? group : au_json_get_str(item, "group"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "id"), AU_PAINT_NONE);
	}
	if (shown == 0)
		return;
	au_str_putc(out, '\n');
	au_table_put(table, colour, out);
	if (total > shown)
		au_str_printf(out, "and %lld more\n", total - shown);
}

void
au_view_source(const json_t *json, bool colour, struct au_str *out)
{
	put_line(out, "source", au_json_get_str(json, "name"), au_json_get_str(json, "kind"));
	put_state(json, colour, out);
	put_searches(json, colour, out);
	put_readings(json, colour, out);
	put_missing(json, colour, out);
}
