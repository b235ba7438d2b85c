/* SPDX-License-Identifier: ISC */
/* `work ...`: the list, and an order as a person follows it. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

void
au_view_work(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "ORDER", true }, { "DUE", false }, { "TARGET", false },
		{ "LOGIN", false }, { "DOES", false }, { "STATE", false }, { "WHAT IS KNOWN", false },
		{ NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *order;
	size_t index;

	json_array_foreach (json_object_get(json, "orders"), index, order) {
		char when[AU_WHEN_SIZE];
		bool late = au_json_get_bool(order, "overdue", false);
		bool removes = !au_streq(au_json_get_str(order, "lane"), "safe");
		au_table_number(table, au_json_get_int(order, "id"));
		au_table_text(
		    table, au_value_time(au_json_get_int(order, "due_ms"), when), late ? AU_PAINT_BAD : AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(order, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(order, "login"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(order, "op"), removes ? AU_PAINT_WARN : AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(order, "state"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(order, "word"), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
	au_str_put(out, au_table_rows(table) == 0 ? "There are no such work orders.\n"
						  : "\nSee what to do with 'apiuserctl work show ORDER'.\n");
	au_view_people(json, colour, out);
}

static void
put_line(struct au_str *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	au_str_printf(out, "%s: ", name);
	au_paint_put(out, false, AU_PAINT_NONE, value);
	au_str_putc(out, '\n');
}

static void
put_fields(const json_t *fields, struct au_str *out)
{
	const json_t *field;
	size_t index;

	json_array_foreach ((json_t *)(uintptr_t)fields, index, field) {
		au_str_put(out, "       ");
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(field, "label"));
		au_str_put(out, " = ");
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(field, "value"));
		au_str_putc(out, '\n');
	}
}

static void
put_steps(const json_t *text, bool colour, struct au_str *out)
{
	const json_t *line;
	size_t index;

	json_array_foreach (json_object_get(text, "lines"), index, line) {
		const char *where = au_json_get_str(line, "where");
		au_str_putc(out, '\n');
		if (where != NULL) {
			au_str_put(out, "  ");
			au_paint_put(out, colour, AU_PAINT_BOLD, where);
			au_str_putc(out, '\n');
		}
		au_str_printf(out, "%4zu. ", index + 1);
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(line, "what"));
		au_str_putc(out, '\n');
		put_fields(json_object_get(line, "fields"), out);
	}
}

/* What comes out, and what to say then. */
static void
put_end(const json_t *json, const json_t *text, struct au_str *out)
{
	const char *secret = au_json_get_str(text, "secret"), *label = au_json_get_str(text, "secret_label");
	long long id = au_json_get_int(json, "id");
	const json_t *ask;
	size_t index;

	au_str_putc(out, '\n');
	put_line(out, "Done when", au_json_get_str(text, "confirm"));
	if (au_streq(secret, "shown"))
		put_line(out, "Shown once, keep it until you have typed it here", label);
	if (au_streq(secret, "mailed"))
		put_line(out, "Mailed by the product to", au_json_get_str(text, "secret_to"));
	if (au_streq(secret, "typed"))
		au_str_printf(out, "Secret to type: claim the order, then 'apiuserctl work secret %lld'\n", id);
	json_array_foreach (json_object_get(text, "asks"), index, ask) {
		au_str_put(out, "Note what the product shows as '");
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(ask, "value"));
		au_str_put(out, "', for --");
		au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(ask, "label"));
		au_str_putc(out, '\n');
	}
}

void
au_view_work_order(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *text = json_object_get(json, "text");
	const char *state = au_json_get_str(json, "state");
	char when[AU_WHEN_SIZE];

	au_str_printf(out, "Work order %lld: ", au_json_get_int(json, "id"));
	au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(text, "title"));
	au_str_putc(out, '\n');
	put_line(out, "Target", au_json_get_str(json, "target"));
	put_line(out, "What is known", au_json_get_str(json, "word"));
	put_line(out, "Why", au_json_get_str(json, "reason"));
	au_str_printf(out, "Due: %s\n", au_value_time(au_json_get_int(json, "due_ms"), when));
	if (json_object_get(json, "replaces") != NULL)
		au_str_printf(out, "In place of order %lld, of which some may be done already\n",
		    au_json_get_int(json, "replaces"));
	put_line(out, "Ticket", au_json_get_str(json, "ticket"));
	put_line(out, "Evidence", au_json_get_str(json, "evidence"));
	if (au_json_get_str(text, "warning") != NULL) {
		au_str_putc(out, '\n');
		au_paint_put(out, colour, AU_PAINT_WARN, au_json_get_str(text, "warning"));
		au_str_putc(out, '\n');
	}
	put_steps(text, colour, out);
	put_end(json, text, out);
	if (au_streq(state, "open") || au_streq(state, "claimed"))
		au_str_printf(
		    out, "\nThen say so with 'apiuserctl work complete %lld'.\n", au_json_get_int(json, "id"));
}

void
au_view_work_said(const json_t *json, bool colour, struct au_str *out)
{
	(void)colour;
	au_str_printf(out, "Work order %lld: ", au_json_get_int(json, "id"));
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "word"));
	au_str_put(out, ".\n");
}
