/* SPDX-License-Identifier: ISC */
/* `run USER`: what was read, merged, wanted and compared; its steps are told as they come. */
#include "base/mem.h"
#include "ctl/value.h"
#include "ctl/view.h"

static void
put_stage(struct au_str *out, const char *name, bool colour)
{
	if (out->len > 0)
		au_str_putc(out, '\n');
	au_paint_put(out, colour, AU_PAINT_BOLD, name);
	au_str_putc(out, '\n');
}

static void
put_read(struct au_str *out, const json_t *read)
{
	const char *text = au_json_get_str(read, "text"), *login = au_json_get_str(read, "login");

	au_str_put(out, "  account ");
	au_paint_put(out, false, AU_PAINT_NONE, login != NULL ? login : "-");
	au_str_put(out, " in ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(read, "target"));
	au_str_put(out, ": ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(read, "state"));
	if (text != NULL) {
		au_str_put(out, ", as ");
		au_paint_put(out, false, AU_PAINT_NONE, text);
		au_str_put(out, "; what was seen before counts");
	}
	au_str_putc(out, '\n');
}

/* How fresh an entry is that is shown above. */
static void
put_source(struct au_str *out, const json_t *source)
{
	const char *state = au_json_get_str(source, "state"), *text = au_json_get_str(source, "text");
	char when[AU_WHEN_SIZE];

	au_str_put(out, "  source ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(source, "source"));
	au_str_put(out, ": ");
	if (au_streq(state, "read"))
		au_str_printf(out, "read now, with %lld of %lld groups", au_json_get_int(source, "groups_read"),
		    au_json_get_int(source, "groups"));
	else if (au_streq(state, "pushed"))
		au_str_put(out, "pushed by its client, what was pushed is the truth");
	else if (au_streq(state, "absent"))
		au_str_put(out, "it shows no such entry now; nothing is taken away for that before all of it was read");
	else {
		au_str_put(out, "not read: ");
		au_paint_put(out, false, AU_PAINT_NONE, text);
		au_str_printf(out, "; what we heard of it counts, all of it was read last at %s",
		    au_value_time(au_json_get_int(source, "at_ms"), when));
	}
	au_str_putc(out, '\n');
}

static void
put_wanted(struct au_str *out, const json_t *target, bool colour)
{
	const json_t *rule, *rights = json_object_get(target, "wanted_rights");
	bool wanted = au_json_get_bool(target, "wanted", false);
	size_t index;

	au_str_put(out, "  ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(target, "target"));
	au_str_put(out, wanted ? ": wanted" : ": not wanted");
	if (rights != NULL) {
		au_str_put(out, ", ");
		au_value_put(out, rights);
	}
	au_str_putc(out, '\n');
	json_array_foreach (json_object_get(target, "rules"), index, rule)
		if (!wanted || au_json_get_bool(rule, "member", false))
			au_view_rule(rule, colour, out);
}

static void
put_each(struct au_str *out, const json_t *list, void (*put)(struct au_str *out, const json_t *item))
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item)
		put(out, item);
}

static void
put_entry(struct au_str *out, const json_t *entry)
{
	au_view_entry(entry, out);
}

void
au_view_single(const json_t *json, const struct au_plan_look *look, struct au_str *out)
{
	const json_t *target;
	size_t index;

	put_stage(out, "Read", look->colour);
	put_each(out, json_object_get(json, "entries"), put_entry);
	put_each(out, json_object_get(json, "sources"), put_source);
	put_each(out, json_object_get(json, "reads"), put_read);
	put_stage(out, "Merged", look->colour);
	au_view_person(json_object_get(json, "user"), look->colour, out);
	put_stage(out, "Wanted", look->colour);
	json_array_foreach (json_object_get(json, "targets"), index, target)
		put_wanted(out, target, look->colour);
	put_stage(out, "Compared", look->colour);
	au_view_plan(json_object_get(json, "plan"), look, out);
}

void
au_view_outcome(const json_t *step, bool colour, struct au_str *out)
{
	const char *state = au_json_get_str(step, "state"), *error = au_json_get_str(step, "error");
	const char *guard = au_json_get_str(step, "guard");

	au_str_printf(out, "  step %lld ", au_json_get_int(step, "id"));
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(step, "target"));
	au_str_putc(out, ' ');
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(step, "op"));
	au_str_putc(out, ' ');
	au_paint_put(out, colour, au_view_paint(state), state);
	if (guard != NULL || error != NULL) {
		au_str_put(out, ": ");
		au_paint_put(out, false, AU_PAINT_NONE, guard != NULL ? guard : error);
	}
	au_str_putc(out, '\n');
}
