/* SPDX-License-Identifier: ISC */
/* `capacity`, and what `status` says of it. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* Absent is not zero: no limit is known. */
static void
put_number(struct au_table *table, const json_t *item, const char *name, enum au_paint paint)
{
	AU_CLEANUP(au_freep) char *text = NULL;

	if (json_object_get(item, name) != NULL)
		text = au_xasprintf("%lld", au_json_get_int(item, name));
	au_table_text(table, text != NULL ? text : "-", paint);
}

static enum au_paint
paint_of(const json_t *item)
{
	if (au_json_get_int(item, "waiting") > 0)
		return AU_PAINT_BAD;
	return au_json_get_bool(item, "low", false) ? AU_PAINT_WARN : AU_PAINT_NONE;
}

static void
put_pools(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "TARGET", false }, { "POOL", false }, { "LIMIT", true },
		{ "OURS", true }, { "OTHERS", true }, { "RESERVED", true }, { "KEPT", true }, { "FREE", true },
		{ "WAITING", true }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "pools"), index, item) {
		au_table_text(table, au_json_get_str(item, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "pool"), AU_PAINT_NONE);
		put_number(table, item, "limit", AU_PAINT_NONE);
		au_table_number(table, au_json_get_int(item, "ours"));
		au_table_number(table, au_json_get_int(item, "others"));
		au_table_number(table, au_json_get_int(item, "reserved"));
		au_table_number(table, au_json_get_int(item, "reserve"));
		put_number(table, item, "free", paint_of(item));
		au_table_number(table, au_json_get_int(item, "waiting"));
	}
	au_table_put(table, colour, out);
}

static void
put_texts(const char *before, const json_t *list, struct au_str *out)
{
	const json_t *item;
	size_t index;

	json_array_foreach (list, index, item) {
		au_str_put(out, index == 0 ? before : ", ");
		au_paint_put(out, false, AU_PAINT_NONE, json_string_value(item));
	}
	if (json_array_size(list) > 0)
		au_str_putc(out, '\n');
}

/* What the target itself told, and when. */
static void
put_read(const json_t *item, struct au_str *out)
{
	const char *note = au_json_get_str(item, "note");
	char when[AU_WHEN_SIZE];

	if (note != NULL)
		au_str_printf(out, "  %s\n", note);
	if (au_json_get_int(item, "read_ms") == 0)
		return;
	au_str_printf(out, "  the target said at %s:", au_value_time(au_json_get_int(item, "read_ms"), when));
	if (json_object_get(item, "limit_read") != NULL)
		au_str_printf(out, " there are %lld", au_json_get_int(item, "limit_read"));
	if (json_object_get(item, "used_read") != NULL)
		au_str_printf(out, "%s %lld are taken", json_object_get(item, "limit_read") != NULL ? "," : "",
		    au_json_get_int(item, "used_read"));
	au_str_putc(out, '\n');
}

/* What a table has no room for. */
static void
put_story(const json_t *item, struct au_str *out)
{
	const json_t *what_if = json_object_get(item, "what_if");
	AU_CLEANUP(au_str_done) struct au_str story = AU_STR_INIT;
	const char *next = au_json_get_str(item, "next"), *trouble = au_json_get_str(item, "trouble");
	char until[AU_WHEN_SIZE];

	if (trouble != NULL)
		au_str_printf(&story, "  %s\n", trouble);
	put_read(item, &story);
	if (au_json_get_int(item, "closed_ms") != 0)
		au_str_printf(&story, "  the target said that none is left; tried again after %s\n",
		    au_value_time(au_json_get_int(item, "closed_ms"), until));
	if (au_json_get_int(item, "waiting") > 0 && next != NULL)
		au_str_printf(&story, "  %s\n", next);
	put_texts("  who waits, in order: ", json_object_get(item, "line"), &story);
	if (what_if != NULL && au_json_get_int(what_if, "billed") > 0)
		au_str_printf(&story, "  %lld more fit, of which %lld go beyond the commitment and are billed\n",
		    au_json_get_int(what_if, "more"), au_json_get_int(what_if, "billed"));
	else if (what_if != NULL && au_json_get_int(what_if, "wait") == 0)
		au_str_printf(&story, "  %lld more fit\n", au_json_get_int(what_if, "more"));
	else if (what_if != NULL)
		au_str_printf(&story, "  of %lld more %lld fit and %lld would wait\n", au_json_get_int(what_if, "more"),
		    au_json_get_int(what_if, "fit"), au_json_get_int(what_if, "wait"));
	if (story.len == 0)
		return;
	au_str_putc(out, '\n');
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(item, "target"));
	au_str_put(out, ", ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(item, "pool"));
	au_str_put(out, ":\n");
	au_str_put(out, au_str_get(&story));
}

/* By template: one answer for all of its pools. */
static void
put_trial(const json_t *what_if, struct au_str *out)
{
	const char *full = au_json_get_str(what_if, "full");

	if (what_if == NULL)
		return;
	au_str_put(out, "\nWith template ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(what_if, "template"));
	if (full == NULL) {
		au_str_printf(out, ": %lld more fit\n", au_json_get_int(what_if, "more"));
		return;
	}
	au_str_printf(out, ": of %lld more %lld fit and %lld would wait, as ", au_json_get_int(what_if, "more"),
	    au_json_get_int(what_if, "fit"), au_json_get_int(what_if, "wait"));
	au_paint_put(out, false, AU_PAINT_NONE, full);
	au_str_put(out, " runs out first\n");
}

void
au_view_capacity(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *item;
	size_t index;

	if (json_array_size(json_object_get(json, "pools")) == 0) {
		au_str_put(out, "No target has a pool with a limit.\n");
		return;
	}
	put_pools(json, colour, out);
	json_array_foreach (json_object_get(json, "pools"), index, item)
		put_story(item, out);
	put_trial(json_object_get(json, "what_if"), out);
}

static void
put_left(const json_t *item, struct au_str *out)
{
	const char *trouble = au_json_get_str(item, "trouble");

	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(item, "pool"));
	au_str_printf(out, ": %lld of %lld left", au_json_get_int(item, "free"), au_json_get_int(item, "limit"));
	if (au_json_get_int(item, "waiting") > 0)
		au_str_printf(out, ", %lld waited for", au_json_get_int(item, "waiting"));
	if (trouble == NULL)
		return;
	au_str_put(out, "; ");
	au_paint_put(out, false, AU_PAINT_NONE, trouble);
}

void
au_view_low(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "low"), index, item) {
		au_paint_put(out, colour, paint_of(item), au_json_get_str(item, "target"));
		au_str_put(out, ": ");
		if (au_json_get_bool(item, "low", false))
			put_left(item, out);
		else
			au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(item, "trouble"));
		au_str_put(out, "; see 'apiuserctl capacity'\n");
	}
}
