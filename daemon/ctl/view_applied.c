/* SPDX-License-Identifier: ISC */
/* `apply FILE`: what moved since the plan was saved, from old to new, and what was begun. */
#include "base/mem.h"
#include "ctl/difference.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <string.h>

/* Kinds of inputs, as people call them. */
static const struct kind_row {
	const char *kind, *words;
} kinds[] = {
	{ "options", "options of" },
	{ "target", "the target" },
	{ "rules", "the rules that lead to" },
	{ "template", "the template" },
	{ "source", "the word of the source" },
	{ "person", "the API user" },
	{ "membership", "memberships for" },
	{ "account", "the account" },
	{ "pool", "room in the pool" },
};

static const char *
words_of(const char *kind)
{
	for (size_t i = 0; i < AU_COUNT(kinds); i++)
		if (au_streq(kinds[i].kind, kind))
			return kinds[i].words;
	return kind != NULL ? kind : "?";
}

static void
put_moved(struct au_str *out, const json_t *item, bool colour)
{
	const struct au_wrap wrap = { 0, 6, 8, colour, 0 };
	const json_t *now = json_object_get(item, "now");
	const char *name = au_json_get_str(item, "name"), *text = au_json_get_str(item, "text");

	au_str_put(out, "  ");
	au_paint_put(out, colour, AU_PAINT_WARN, "~");
	au_str_putc(out, ' ');
	au_paint_put(out, false, AU_PAINT_NONE, words_of(au_json_get_str(item, "kind")));
	au_str_putc(out, ' ');
	au_paint_put(out, colour, AU_PAINT_BOLD, name);
	if (text != NULL) {
		au_str_put(out, ": ");
		au_paint_put(out, false, AU_PAINT_NONE, text);
	} else if (!json_is_object(now)) {
		au_str_put(out, ": is there no more");
	}
	au_str_putc(out, '\n');
	if (text == NULL && json_is_object(now))
		au_difference_all(out, &wrap, json_object_get(item, "was"), now);
}

static void
put_all_moved(struct au_str *out, const json_t *json, bool colour)
{
	const json_t *moved = json_object_get(json, "moved"), *item;
	size_t index;

	if (json_array_size(moved) == 0)
		return;
	au_str_put(out, "Since the plan was saved, this moved:\n");
	json_array_foreach ((json_t *)moved, index, item)
		put_moved(out, item, colour);
	au_str_putc(out, '\n');
}

void
au_view_applied(const json_t *json, bool colour, struct au_str *out)
{
	long long left = au_json_get_int(json, "left"), queued = au_json_get_int(json, "queued");
	long long held = au_json_get_int(json, "held"), open = au_json_get_int(json, "open");

	if (au_json_get_bool(json, "empty", false)) {
		au_str_put(out, "Nothing of the plan is left to be done.\n");
		return;
	}
	put_all_moved(out, json, colour);
	if (!au_json_get_bool(json, "applied", false)) {
		au_str_put(out, "Nothing was begun; ");
		au_str_put(out, "--unmoved does the steps that rest on nothing of this, if there are any.\n");
		return;
	}
	au_value_count(out, queued, "step", "s");
	au_str_put(out, " of the plan begun");
	if (held > 0)
		au_str_printf(out, ", %lld held: see 'apiuserctl held'", held);
	if (open > 0)
		au_str_printf(out, ", %lld were under way or held already", open);
	if (left > 0)
		au_str_printf(out, ", %lld left out", left);
	au_str_printf(out, "; %lld done", au_json_get_int(json, "steps_done"));
	if (au_json_get_int(json, "steps_failed") > 0) {
		au_str_printf(out, ", %lld ", au_json_get_int(json, "steps_failed"));
		au_paint_put(out, colour, AU_PAINT_BAD, "failed");
	}
	au_str_put(out, ".\n");
}
