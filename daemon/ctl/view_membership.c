/* SPDX-License-Identifier: ISC */
/* What is odd about the groups and dates of a source, a line each; nothing where nothing is. */
#include "ctl/view.h"

static void
put_head(const char *source, struct au_str *out)
{
	if (source == NULL)
		return;
	au_paint_put(out, false, AU_PAINT_NONE, source);
	au_str_put(out, ": ");
}

static void
put_unknown(const json_t *json, const char *source, struct au_str *out)
{
	long long all = au_json_get_int(json, "unknown"), outside = au_json_get_int(json, "outside");

	if (all == 0)
		return;
	put_head(source, out);
	au_str_printf(out, "unknown members of groups: %lld outside of the bases, %lld not found in them\n", outside,
	    all - outside);
}

static void
put_dates(const json_t *json, const char *source, bool colour, struct au_str *out)
{
	long long count = au_json_get_int(json, "odd_dates");

	if (count == 0)
		return;
	put_head(source, out);
	au_str_printf(out, "dates that cannot be read, which expire nobody: %lld, ", count);
	au_paint_put(out, colour, AU_PAINT_WARN, au_json_get_str(json, "odd_date"));
	au_str_put(out, " of ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "odd_date_of"));
	au_str_put(out, " among them\n");
}

void
au_view_membership(const json_t *json, const char *source, bool colour, struct au_str *out)
{
	const json_t *ring;
	size_t index;

	put_unknown(json, source, out);
	put_dates(json, source, colour, out);
	json_array_foreach (json_object_get(json, "rings"), index, ring) {
		put_head(source, out);
		au_str_put(out, "groups in a ring: ");
		au_paint_put(out, colour, AU_PAINT_WARN, json_string_value(ring));
		au_str_putc(out, '\n');
	}
	if (!au_json_get_bool(json, "cut", false))
		return;
	put_head(source, out);
	au_str_printf(out, "groups lie %lld deep, which is more than nested_depth\n", au_json_get_int(json, "deepest"));
}
