/* SPDX-License-Identifier: ISC */
/*
 * `plan`: steps under their target, each with a mark, its values from old to
 * new, and why.  What is many of a kind is one line unless all are asked for,
 * so that ten thousand joins do not hide one removal.
 */
#include "base/map.h"
#include "base/mem.h"
#include "ctl/difference.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <string.h>

#define MANY 20 /* of a kind in one target: more are told in a line */
#define SHOWN 5 /* logins in that line */

enum kind { KIND_ADD, KIND_CHANGE, KIND_REMOVE, KIND_HELD, KIND_COUNT };

static const struct kind_row {
	const char *mark;
	enum au_paint paint;
	const char *total;
} kinds[KIND_COUNT] = {
	[KIND_ADD] = { "+", AU_PAINT_GOOD, "to add" },
	[KIND_CHANGE] = { "~", AU_PAINT_WARN, "to change" },
	[KIND_REMOVE] = { "-", AU_PAINT_BAD, "to remove" },
	[KIND_HELD] = { "!", AU_PAINT_BAD, "held" },
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

struct showing {
	struct au_str *out;
	const struct au_plan_look *look;
	const json_t *steps, *findings;
	const char **told; /* of the target at hand: what the last step was held by, in full */
};

static bool
is_held(const json_t *step)
{
	return au_streq(au_json_get_str(step, "state"), "held");
}

static bool
is_waiting(const json_t *step)
{
	return au_streq(au_json_get_str(step, "state"), "waiting");
}

static bool
follows(const json_t *step)
{
	return au_streq(au_json_get_str(step, "state"), "follows");
}

static enum kind
kind_of(const json_t *step)
{
	if (is_held(step))
		return KIND_HELD;
	for (size_t i = 0; i < AU_COUNT(ops); i++)
		if (au_streq(ops[i].op, au_json_get_str(step, "op")))
			return ops[i].kind;
	return KIND_CHANGE;
}

static const char *
text_of(const json_t *item, const char *name, const char *dflt)
{
	const char *text = au_json_get_str(item, name);

	return text != NULL ? text : dflt;
}

static bool
is_of(const json_t *item, const char *target)
{
	return au_streq(text_of(item, "target", ""), target);
}

/* ---- one step ---- */

/* A line of its own below the step's first one. */
static void
put_detail(const struct showing *s, const char *head, enum au_paint paint, const char *text)
{
	const struct au_wrap wrap = { s->look->columns, 6, 8, s->look->colour, 0 };

	if (text != NULL)
		au_wrap_put(s->out, &wrap, head, paint, text);
}

/* What a guard says of a step that it holds, or for what it waits: a slot, a seat. */
static void
put_obstacle(const struct showing *s, const json_t *step)
{
	const char *guard = au_json_get_str(step, "guard");

	if (is_held(step)) {
		put_detail(s, "held: ", AU_PAINT_BAD, au_streq(guard, *s->told) ? "for the same reason" : guard);
		*s->told = guard;
	}
	if (is_waiting(step) || follows(step))
		put_detail(s, "waits: ", AU_PAINT_WARN, guard);
}

/* Which steps it waits for; those of the same account are told by what they do. */
static void
put_after(const struct showing *s, const json_t *step)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	const json_t *number;
	size_t index;

	json_array_foreach (json_object_get(step, "after"), index, number) {
		const json_t *before = json_array_get(s->steps, (size_t)json_integer_value(number) - 1);
		const char *target = text_of(before, "target", "?"), *login = text_of(before, "login", "?");
		au_str_printf(&text, "%s%s", index > 0 ? ", " : "", text_of(before, "op", "?"));
		if (!is_of(step, target) || !au_streq(text_of(step, "login", "?"), login))
			au_str_printf(&text, " of %s", login);
		if (!is_of(step, target))
			au_str_printf(&text, " in %s", target);
	}
	if (text.len > 0)
		put_detail(s, "after: ", AU_PAINT_NONE, au_str_get(&text));
}

static void
put_step(const struct showing *s, const json_t *step)
{
	const struct kind_row *kind = &kinds[kind_of(step)];
	const struct au_wrap wrap = { s->look->columns, 6, 8, s->look->colour, 0 };
	long long id = au_json_get_int(step, "id");

	au_str_put(s->out, "  ");
	au_paint_put(s->out, s->look->colour, kind->paint, kind->mark);
	au_str_putc(s->out, ' ');
	au_paint_put(s->out, s->look->colour, AU_PAINT_BOLD, text_of(step, "login", "?"));
	au_str_put(s->out, "  ");
	au_paint_put(s->out, false, AU_PAINT_NONE, text_of(step, "op", "?"));
	if (id > 0) {
		au_str_printf(s->out, " (step %lld, ", id);
		au_paint_put(s->out, false, AU_PAINT_NONE, text_of(step, "state", "?"));
		au_str_putc(s->out, ')');
	}
	au_str_putc(s->out, '\n');
	au_difference_put(s->out, &wrap, json_object_get(step, "was"), json_object_get(step, "want"));
	put_detail(s, "", AU_PAINT_DIM, au_json_get_str(step, "reason"));
	put_after(s, step);
	put_obstacle(s, step);
	put_detail(s, "note: ", AU_PAINT_WARN, au_json_get_str(step, "note"));
}

/* ---- what is many of a kind ---- */

/* Steps of one target that do the same and are held by the same guard, or findings of one text. */
struct bunch {
	const json_t *first;
	size_t count;
	struct au_str names; /* of the first few */
	bool told;
};

static void
free_bunch(void *value)
{
	struct bunch *bunch = value;

	au_str_done(&bunch->names);
	free(bunch);
}

static struct bunch *
find_bunch(struct au_map *bunches, const char *name, const json_t *first)
{
	struct bunch *bunch = au_map_get(bunches, name);

	if (bunch == NULL) {
		bunch = au_xcalloc(1, sizeof(*bunch));
		bunch->first = first;
		au_map_put(bunches, name, bunch);
	}
	return bunch;
}

static struct bunch *
bunch_of_step(struct au_map *bunches, const json_t *step)
{
	AU_CLEANUP(au_freep)
	char *name = au_xasprintf(
	    "%s\n%s\n%s", text_of(step, "op", "?"), text_of(step, "state", ""), text_of(step, "guard", ""));

	return find_bunch(bunches, name, step);
}

static void
count_one(struct bunch *bunch, const char *name)
{
	if (name != NULL && bunch->count < SHOWN)
		au_str_printf(&bunch->names, "%s%s", bunch->names.len > 0 ? ", " : "", name);
	bunch->count++;
}

static struct au_map *
count_steps(const struct showing *s, const char *target)
{
	struct au_map *bunches = au_map_new();
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)s->steps, index, step) {
		if (is_of(step, target))
			count_one(bunch_of_step(bunches, step), text_of(step, "login", "?"));
	}
	return bunches;
}

static void
put_bunch(const struct showing *s, struct bunch *bunch)
{
	const struct kind_row *kind = &kinds[kind_of(bunch->first)];
	const struct au_wrap wrap = { s->look->columns, 3, 6, s->look->colour, 3 };
	AU_CLEANUP(au_freep)
	char *head = au_xasprintf(" %zu times %s: ", bunch->count, text_of(bunch->first, "op", "?"));

	if (bunch->told)
		return;
	bunch->told = true;
	au_str_put(&bunch->names, ", ...");
	au_str_put(s->out, "  ");
	au_paint_put(s->out, s->look->colour, kind->paint, kind->mark);
	au_wrap_put(s->out, &wrap, head, AU_PAINT_BOLD, au_str_get(&bunch->names));
	put_obstacle(s, bunch->first);
}

/* Returns whether any were told as a bunch. */
static bool
put_steps(const struct showing *s, const char *target)
{
	struct au_map *bunches = count_steps(s, target);
	const json_t *step;
	size_t index;
	bool cut = false;

	json_array_foreach ((json_t *)s->steps, index, step) {
		if (!is_of(step, target))
			continue;
		struct bunch *bunch = bunch_of_step(bunches, step);
		if (s->look->all || bunch->count <= MANY) {
			put_step(s, step);
		} else {
			put_bunch(s, bunch);
			cut = true;
		}
	}
	au_map_free(bunches, free_bunch);
	return cut;
}

/* ---- findings ---- */

static void
put_finding(const struct showing *s, const struct bunch *bunch)
{
	const struct au_wrap wrap = { s->look->columns, 3, 6, s->look->colour, 3 };
	AU_CLEANUP(au_str_done) struct au_str line = AU_STR_INIT;

	au_str_put(&line, text_of(bunch->first, "text", ""));
	if (bunch->names.len > 0)
		au_str_printf(&line, " (%s", au_str_get(&bunch->names));
	if (bunch->count > SHOWN)
		au_str_printf(&line, "%s%zu in all", bunch->names.len > 0 ? ", ... " : " (", bunch->count);
	if (bunch->names.len > 0 || bunch->count > SHOWN)
		au_str_putc(&line, ')');
	au_str_put(s->out, "  ");
	au_paint_put(s->out, s->look->colour, AU_PAINT_WARN, "?");
	au_wrap_put(s->out, &wrap, " ", AU_PAINT_NONE, au_str_get(&line));
}

/* Findings of the same text are one, with those whom it is about. */
static void
put_findings(const struct showing *s, const char *target)
{
	struct au_map *bunches = au_map_new();
	const json_t *finding;
	size_t index, cursor = 0;
	void *bunch;

	json_array_foreach ((json_t *)s->findings, index, finding) {
		if (is_of(finding, target))
			count_one(find_bunch(bunches, text_of(finding, "text", ""), finding),
			    au_json_get_str(finding, "key"));
	}
	while (au_map_next(bunches, &cursor, NULL, &bunch))
		put_finding(s, bunch);
	au_map_free(bunches, free_bunch);
}

/* ---- the whole ---- */

/* "2 to add, 1 held"; without zeros unless every kind is wanted. */
static void
put_counts(const struct showing *s, const char *target, bool every)
{
	long long counts[KIND_COUNT] = { 0 };
	const json_t *step;
	size_t index, put = 0;

	json_array_foreach ((json_t *)s->steps, index, step) {
		if (target == NULL || is_of(step, target))
			counts[kind_of(step)]++;
	}
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		if (counts[kind] > 0 || every)
			au_str_printf(s->out, "%s%lld %s", put++ > 0 ? ", " : "", counts[kind], kinds[kind].total);
	}
}

static bool
any_of(const json_t *list, const char *target)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item) {
		if (is_of(item, target))
			return true;
	}
	return false;
}

static bool
put_target(const struct showing *s, const char *target)
{
	bool cut;

	*s->told = NULL;
	au_paint_put(s->out, s->look->colour, AU_PAINT_BOLD, *target != '\0' ? target : "in general");
	if (any_of(s->steps, target)) {
		au_str_put(s->out, ": ");
		put_counts(s, target, false);
	}
	au_str_putc(s->out, '\n');
	cut = put_steps(s, target);
	put_findings(s, target);
	au_str_putc(s->out, '\n');
	return cut;
}

static void
note_targets(struct au_map *targets, const json_t *list)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item) {
		const char *name = text_of(item, "target", "");
		if (*name != '\0')
			au_map_put(targets, name, targets);
	}
}

/* Targets with steps first; what is about no target comes last. */
static bool
put_targets(const struct showing *s)
{
	struct au_map *targets = au_map_new();
	const char *target;
	size_t cursor = 0;
	bool cut = false;

	note_targets(targets, s->steps);
	note_targets(targets, s->findings);
	while (au_map_next(targets, &cursor, &target, NULL))
		cut = put_target(s, target) || cut;
	au_map_free(targets, NULL);
	if (any_of(s->findings, ""))
		put_target(s, "");
	return cut;
}

static void
put_totals(const struct showing *s)
{
	long long findings = (long long)json_array_size(s->findings), waiting = 0;
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)s->steps, index, step)
		waiting += is_waiting(step) || follows(step);
	put_counts(s, NULL, true);
	if (waiting > 0)
		au_str_printf(s->out, "; %lld of them cannot begin yet", waiting);
	if (findings > 0) {
		au_str_put(s->out, "; ");
		au_value_count(s->out, findings, "thing", "s");
		au_str_put(s->out, " to look into");
	}
	au_str_put(s->out, ".\n");
}

void
au_view_plan(const json_t *json, const struct au_plan_look *look, struct au_str *out)
{
	const char *told = NULL;
	const struct showing s = { out, look, json_object_get(json, "steps"), json_object_get(json, "findings"),
		&told };

	if (json_array_size(s.steps) == 0 && json_array_size(s.findings) == 0) {
		au_str_put(out, "Nothing to do: everything is as it should be.\n");
		return;
	}
	if (put_targets(&s))
		au_str_put(out, "Of what is many of a kind, --all shows each.\n");
	put_totals(&s);
}
