/* SPDX-License-Identifier: ISC */
/* `drift`, with --strangers and --ignored, and `conflicts`. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <string.h>

static void
put_value(struct au_table *table, const json_t *value, enum au_paint paint)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	au_value_put(&text, value);
	au_table_text(table, au_str_get(&text), paint);
}

static void
put_time(struct au_table *table, long long wall_ms)
{
	char when[AU_WHEN_SIZE];

	au_table_text(table, au_value_time(wall_ms, when), AU_PAINT_NONE);
}

/* ---- drift ---- */

/* "set-rights is held", or by its policy. */
static const char *
what_becomes_of_it(const json_t *item, struct au_str *text)
{
	const json_t *open = json_object_get(item, "open");
	const char *policy = au_json_get_str(item, "policy");

	if (open == NULL)
		return policy;
	au_str_printf(text, "%s: %s is %s", policy != NULL ? policy : "-", au_json_get_str(open, "op"),
	    au_json_get_str(open, "state"));
	return au_str_get(text);
}

static void
put_drifted(struct au_table *table, const json_t *item)
{
	bool is_accepted = au_streq(au_json_get_str(item, "policy"), "accept");
	enum au_paint paint = is_accepted ? AU_PAINT_DIM : AU_PAINT_WARN;
	const json_t *value;
	size_t index;

	json_array_foreach (json_object_get(item, "values"), index, value) {
		AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
		au_table_text(table, au_json_get_str(item, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "login"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "user"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(value, "name"), AU_PAINT_NONE);
		put_value(table, json_object_get(value, "was"), AU_PAINT_NONE);
		put_value(table, json_object_get(value, "is"), paint);
		put_time(table, au_json_get_int(json_object_get(item, "ours"), "finished_ms"));
		put_time(table, au_json_get_int(item, "since_ms"));
		au_table_text(table, au_json_get_str(item, "word"), AU_PAINT_NONE);
		au_table_text(table, what_becomes_of_it(item, &text), AU_PAINT_NONE);
	}
}

void
au_view_drift(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "TARGET", false }, { "LOGIN", false }, { "USER", false },
		{ "VALUE", false }, { "WAS", false }, { "IS", false }, { "OURS LAST", false }, { "NOTICED", false },
		{ "KNOWN", false }, { "POLICY", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "drift"), index, item)
		put_drifted(table, item);
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "Nobody else has changed an account of ours.\n");
	au_view_people(json, colour, out);
}

/* ---- strangers ---- */

static void
put_beyond(struct au_str *out, const json_t *target)
{
	long long kept = au_json_get_int(target, "kept"), ignored = au_json_get_int(target, "ignored");
	long long beyond = au_json_get_int(target, "all") - kept - ignored;

	if (beyond <= 0 && ignored == 0)
		return;
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(target, "target"));
	au_str_put(out, ":");
	if (beyond > 0)
		au_str_printf(
		    out, " %lld more are only counted, see strangers_kept, and can be adopted all the same", beyond);
	if (ignored > 0)
		au_str_printf(out, "%s %lld are ignored", beyond > 0 ? ";" : "", ignored);
	au_str_putc(out, '\n');
}

static void
put_stranger(struct au_table *table, const json_t *stranger)
{
	bool is_active = au_json_get_bool(stranger, "active", true);

	au_table_text(table, au_json_get_str(stranger, "target"), AU_PAINT_NONE);
	au_table_text(table, au_json_get_str(stranger, "login"), AU_PAINT_NONE);
	au_table_text(table, au_json_get_str(stranger, "label"), AU_PAINT_NONE);
	au_table_text(table, au_json_get_str(stranger, "mail"), AU_PAINT_NONE);
	if (json_object_get(stranger, "active") == NULL)
		au_table_text(table, "?", AU_PAINT_DIM);
	else
		au_table_text(table, is_active ? "yes" : "no", is_active ? AU_PAINT_NONE : AU_PAINT_DIM);
	put_value(table, json_object_get(stranger, "rights"), AU_PAINT_NONE);
	put_time(table, au_json_get_int(stranger, "first_ms"));
}

void
au_view_strangers(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "TARGET", false }, { "LOGIN", false }, { "NAME", false },
		{ "MAIL", false }, { "ACTIVE", false }, { "RIGHTS", false }, { "FIRST SEEN", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "strangers"), index, item)
		put_stranger(table, item);
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "No account is known that is not ours.\n");
	json_array_foreach (json_object_get(json, "targets"), index, item)
		put_beyond(out, item);
	if (au_table_rows(table) > 0)
		au_str_put(out, "They are never touched.  Give one to an API user with 'apiuserctl adopt', or "
				"'apiuserctl ignore' it.\n");
}

void
au_view_ignored(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "TARGET", false }, { "LOGIN", false }, { "SINCE", false },
		{ "BY", false }, { "REASON", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "ignored"), index, item) {
		au_table_text(table, au_json_get_str(item, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "login"), AU_PAINT_NONE);
		put_time(table, au_json_get_int(item, "at_ms"));
		au_table_text(table, au_json_get_str(item, "actor"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(item, "reason"), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
	if (au_table_rows(table) == 0)
		au_str_put(out, "Nothing is ignored.\n");
}

/* ---- conflicts ---- */

static void
put_text(struct au_str *out, const char *before, const char *text, const char *behind)
{
	au_str_put(out, before);
	au_paint_put(out, false, AU_PAINT_NONE, text);
	au_str_put(out, behind);
}

/* An account in a target, or an entry of a source. */
static void
put_candidate(struct au_str *out, const json_t *candidate)
{
	static const char *const names[] = { "login", "dn", "id", "remote_id", "label", "user_name", "mail", "mark" };
	bool is_first = true;

	put_text(out, "    ",
	    au_json_get_str(candidate, "target") != NULL ? au_json_get_str(candidate, "target")
							 : au_json_get_str(candidate, "source"),
	    ": ");
	for (size_t i = 0; i < AU_COUNT(names); i++) {
		const char *text = au_json_get_str(candidate, names[i]);
		if (text == NULL)
			continue;
		au_str_printf(out, "%s%s ", is_first ? "" : ", ", names[i]);
		put_text(out, "", text, "");
		is_first = false;
	}
	if (!au_json_get_bool(candidate, "active", true))
		au_str_put(out, ", switched off");
	au_str_putc(out, '\n');
}

void
au_view_conflicts(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *conflicts = json_object_get(json, "conflicts"), *item, *one;
	size_t index, inner;

	json_array_foreach ((json_t *)conflicts, index, item) {
		if (index > 0)
			au_str_putc(out, '\n');
		au_paint_put(out, colour, AU_PAINT_BOLD, au_json_get_str(item, "user"));
		put_text(out, ": ", au_json_get_str(item, "text"), "\n");
		json_array_foreach (json_object_get(item, "candidates"), inner, one)
			put_candidate(out, one);
		json_array_foreach (json_object_get(item, "ways"), inner, one)
			put_text(out, "  - ", json_string_value(one), "\n");
	}
	if (json_array_size(conflicts) == 0)
		au_str_put(out, "There are no conflicts.\n");
}
