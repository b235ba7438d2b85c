/* SPDX-License-Identifier: ISC */
/* `audit ...`: who changed what, and whether the chain is whole. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

void
au_view_audit(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "ROW", true }, { "WHEN", false }, { "WHO", false },
		{ "DID", false }, { "TO", false }, { "DETAIL", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *row;
	size_t index;

	json_array_foreach (json_object_get(json, "rows"), index, row) {
		AU_CLEANUP(au_str_done) struct au_str detail = AU_STR_INIT;
		char when[AU_WHEN_SIZE];
		au_value_put(&detail, json_object_get(row, "detail"));
		au_table_number(table, au_json_get_int(row, "seq"));
		au_table_text(table, au_value_time(au_json_get_int(row, "at_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(row, "actor"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(row, "verb"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(row, "object"), AU_PAINT_NONE);
		au_table_text(table, au_str_get(&detail), AU_PAINT_DIM);
	}
	au_table_put(table, colour, out);
}

static void
put_line(struct au_str *out, const char *name, const char *text, bool colour)
{
	au_str_printf(out, "%-8s ", name);
	au_paint_put(out, colour, AU_PAINT_NONE, text);
	au_str_putc(out, '\n');
}

void
au_view_audit_row(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *row = json_array_get(json_object_get(json, "rows"), 0), *value;
	const char *name, *actor = au_json_get_str(row, "actor");
	char when[AU_WHEN_SIZE], person[AU_VALUE_PERSON];

	if (row == NULL) {
		au_str_put(out, "The row is of an account that only operators see.\n");
		return;
	}
	au_str_printf(out, "Row %lld\n", au_json_get_int(row, "seq"));
	put_line(out, "when", au_value_time(au_json_get_int(row, "at_ms"), when), colour);
	put_line(out, "who", au_value_person(NULL, actor, person), colour);
	put_line(out, "did", au_json_get_str(row, "verb"), colour);
	put_line(out, "to", au_json_get_str(row, "object"), colour);
	json_object_foreach ((json_t *)(uintptr_t)json_object_get(row, "detail"), name, value) {
		AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
		au_value_put(&text, value);
		put_line(out, name, au_str_get(&text), colour);
	}
	put_line(out, "mac", au_json_get_str(row, "mac"), colour);
}

/* What was held to the chain besides itself. */
static void
put_anchors(const json_t *json, struct au_str *out)
{
	long long met = au_json_get_int(json, "anchors_met"), removed = au_json_get_int(json, "anchors_removed");

	if (met > 0) {
		au_str_put(out, "It holds what was logged of it: ");
		au_value_count(out, met, "anchor", "s");
		au_str_put(out, ".\n");
	}
	if (removed > 0) {
		au_value_count(out, removed, "anchor", "s");
		au_str_put(out, removed == 1 ? " is" : " are");
		au_str_put(out, " of rows that were removed for their age.\n");
	}
}

void
au_view_audit_verdict(const json_t *json, bool colour, struct au_str *out)
{
	const char *text = au_json_get_str(json, "text");
	long long removed = au_json_get_int(json, "removed");
	bool intact = au_json_get_bool(json, "intact", false);

	au_str_put(out, "The chain is ");
	au_paint_put(out, colour, intact ? AU_PAINT_GOOD : AU_PAINT_BAD, intact ? "intact" : "broken");
	if (!intact) {
		au_str_put(out, ": ");
		au_paint_put(out, false, AU_PAINT_NONE, text != NULL ? text : "no reason given");
		au_str_putc(out, '\n');
		return;
	}
	au_str_put(out, ": ");
	au_value_count(out, au_json_get_int(json, "verified"), "row", "s");
	au_str_printf(out, " verified, the last is row %lld.\n", au_json_get_int(json, "last"));
	if (removed > 0)
		au_str_printf(out, "Rows up to %lld were removed for their age, as audit_keep says.\n", removed);
	put_anchors(json, out);
}
