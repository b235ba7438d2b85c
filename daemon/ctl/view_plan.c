/* SPDX-License-Identifier: ISC */
/* `plan`: steps under their target, each with a mark, its values from old to new, and why. */
#include "base/map.h"
#include "base/mem.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <string.h>

enum kind { KIND_ADD, KIND_CHANGE, KIND_REMOVE, KIND_HELD, KIND_COUNT };

static const struct kind_row {
	char mark;
	enum au_paint paint;
	const char *total;
} kinds[KIND_COUNT] = {
	[KIND_ADD] = { '+', AU_PAINT_GOOD, "to add" },
	[KIND_CHANGE] = { '~', AU_PAINT_WARN, "to change" },
	[KIND_REMOVE] = { '-', AU_PAINT_BAD, "to remove" },
	[KIND_HELD] = { '!', AU_PAINT_BAD, "held" },
};

static const struct op_row {
	const char *op;
	enum kind kind;
} ops[] = {
	{ "create", KIND_ADD },
	{ "enable", KIND_ADD },
	{ "disable", KIND_REMOVE },
	{ "delete", KIND_REMOVE },
};

static enum kind
kind_of(const json_t *step)
{
	if (au_streq(au_json_get_str(step, "state"), "held"))
		return KIND_HELD;
	for (size_t i = 0; i < AU_COUNT(ops); i++)
		if (au_streq(ops[i].op, au_json_get_str(step, "op")))
			return ops[i].kind;
	return KIND_CHANGE;
}

/* ---- values ---- */

static void
put_value(struct au_str *out, const json_t *value)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;

	au_value_put(&text, value);
	au_str_visible(out, au_str_get(&text), text.len);
}

/* "      name: old → new"; a new account has no old values. */
static void
put_line(struct au_str *out, const char *name, const json_t *was, const json_t *want, bool is_new)
{
	au_str_put(out, "      ");
	au_str_visible(out, name, strlen(name));
	au_str_put(out, ": ");
	if (!is_new) {
		put_value(out, was);
		au_str_put(out, " → ");
	}
	put_value(out, want);
	au_str_putc(out, '\n');
}

/* Members of two objects side by side, those of `was` first; equal ones are left out. */
static void
put_members(struct au_str *out, const json_t *was, const json_t *want, bool is_new)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)was, name, value) {
		const json_t *now = json_object_get(want, name);
		if (!json_equal(value, now))
			put_line(out, name, value, now, is_new);
	}
	json_object_foreach ((json_t *)want, name, value) {
		if (json_object_get(was, name) == NULL)
			put_line(out, name, NULL, value, is_new);
	}
}

/* Rights are an object of their own; other values stand beside each other. */
static void
put_values(struct au_str *out, const json_t *step)
{
	const json_t *was = json_object_get(step, "was"), *want = json_object_get(step, "want");
	bool is_new = !json_is_object(was);
	const char *name;
	json_t *value;

	json_object_foreach (is_new ? (json_t *)want : (json_t *)was, name, value) {
		const json_t *old = is_new ? NULL : value, *now = json_object_get(want, name);
		if (json_is_object(old) || json_is_object(now))
			put_members(out, old, now, is_new);
		else if (is_new || !json_equal(old, now))
			put_line(out, name, old, now, is_new);
	}
}

/* ---- steps ---- */

static void
put_step(struct au_str *out, const json_t *step, bool colour)
{
	const struct kind_row *kind = &kinds[kind_of(step)];
	const char mark[] = { kind->mark, '\0' };
	const char *reason = au_json_get_str(step, "reason"), *guard = au_json_get_str(step, "guard");
	const char *op = au_json_get_str(step, "op"), *login = au_json_get_str(step, "login");

	au_str_put(out, "  ");
	au_paint_put(out, colour, kind->paint, mark);
	au_str_putc(out, ' ');
	au_paint_put(out, colour, AU_PAINT_BOLD, login != NULL ? login : "?");
	au_str_put(out, "  ");
	au_paint_put(out, false, AU_PAINT_NONE, op != NULL ? op : "?");
	au_str_putc(out, '\n');
	put_values(out, step);
	if (reason != NULL) {
		au_str_put(out, "      ");
		au_paint_put(out, colour, AU_PAINT_DIM, reason);
		au_str_putc(out, '\n');
	}
	if (guard != NULL) {
		au_str_put(out, "      held: ");
		au_paint_put(out, colour, AU_PAINT_BAD, guard);
		au_str_putc(out, '\n');
	}
}

static void
put_finding(struct au_str *out, const json_t *finding, bool colour)
{
	const char *text = au_json_get_str(finding, "text");

	au_str_put(out, "  ");
	au_paint_put(out, colour, AU_PAINT_WARN, "? ");
	au_paint_put(out, false, AU_PAINT_NONE, text != NULL ? text : "");
	au_str_putc(out, '\n');
}

/* Items of a list that are about a target, in their order. */
static void
put_of_target(struct au_str *out, const json_t *list, const char *target, bool colour,
    void (*put)(struct au_str *out, const json_t *item, bool colour))
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item) {
		const char *name = au_json_get_str(item, "target");
		if (au_streq(name != NULL ? name : "", target))
			put(out, item, colour);
	}
}

static void
note_targets(struct au_map *targets, const json_t *list)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item) {
		const char *name = au_json_get_str(item, "target");
		au_map_put(targets, name != NULL ? name : "", targets);
	}
}

static void
put_targets(struct au_str *out, const json_t *json, bool colour)
{
	const json_t *steps = json_object_get(json, "steps"), *findings = json_object_get(json, "findings");
	struct au_map *targets = au_map_new();
	const char *target;
	size_t cursor = 0;

	note_targets(targets, steps);
	note_targets(targets, findings);
	while (au_map_next(targets, &cursor, &target, NULL)) {
		au_paint_put(out, colour, AU_PAINT_BOLD, *target != '\0' ? target : "in general");
		au_str_putc(out, '\n');
		put_of_target(out, steps, target, colour, put_step);
		put_of_target(out, findings, target, colour, put_finding);
		au_str_putc(out, '\n');
	}
	au_map_free(targets, NULL);
}

static void
put_totals(struct au_str *out, const json_t *json)
{
	long long counts[KIND_COUNT] = { 0 };
	long long findings = (long long)json_array_size(json_object_get(json, "findings"));
	const json_t *step;
	size_t index;

	json_array_foreach (json_object_get(json, "steps"), index, step)
		counts[kind_of(step)]++;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		au_str_printf(out, "%s%lld %s", kind > 0 ? ", " : "", counts[kind], kinds[kind].total);
	if (findings > 0) {
		au_str_put(out, "; ");
		au_value_count(out, findings, "thing", "s");
		au_str_put(out, " to look into");
	}
	au_str_put(out, ".\n");
}

void
au_view_plan(const json_t *json, bool colour, struct au_str *out)
{
	if (json_array_size(json_object_get(json, "steps")) == 0 &&
	    json_array_size(json_object_get(json, "findings")) == 0) {
		au_str_put(out, "Nothing to do: everything is as it should be.\n");
		return;
	}
	put_targets(out, json, colour);
	put_totals(out, json);
}

void
au_view_run(const json_t *json, bool colour, struct au_str *out)
{
	long long failed = au_json_get_int(json, "steps_failed"), held = au_json_get_int(json, "steps_held");

	au_str_printf(out, "%lld done", au_json_get_int(json, "steps_done"));
	if (failed > 0) {
		au_str_printf(out, ", %lld ", failed);
		au_paint_put(out, colour, AU_PAINT_BAD, "failed");
	}
	if (held > 0) {
		au_str_printf(out, ", %lld ", held);
		au_paint_put(out, colour, AU_PAINT_BAD, "held");
		au_str_put(out, ": see 'apiuserctl held'");
	}
	if (!au_json_get_bool(json, "complete", false)) {
		au_str_put(out, "; ");
		au_paint_put(out, colour, AU_PAINT_WARN, "not everything could be done yet");
	}
	au_str_put(out, ".\n");
}
