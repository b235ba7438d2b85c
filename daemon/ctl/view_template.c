/* SPDX-License-Identifier: ISC */
/* `template`: one in force, the verdicts on a file, and what a changed one would do. */
#include "base/mem.h"
#include "ctl/difference.h"
#include "ctl/value.h"
#include "ctl/view.h"

static void
put_word(struct au_str *out, const char *text)
{
	au_paint_put(out, false, AU_PAINT_NONE, text != NULL ? text : "-");
}

static void
put_head(struct au_str *out, const json_t *json, bool colour)
{
	au_paint_put(out, colour, AU_PAINT_BOLD,
	    au_json_get_str(json, "template") != NULL ? au_json_get_str(json, "template") : "?");
	au_str_put(out, " for ");
	put_word(out, au_json_get_str(json, "target"));
	if (au_json_get_str(json, "product") != NULL) {
		au_str_put(out, " (");
		put_word(out, au_json_get_str(json, "product"));
		au_str_putc(out, ')');
	}
}

/* ---- show ---- */

static bool
names_it(const json_t *list, const char *name)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item)
		if (au_streq(json_string_value(item), name))
			return true;
	return false;
}

static void
put_rights(struct au_str *out, const json_t *json)
{
	const json_t *resolved = json_object_get(json, "resolved"), *defaults = json_object_get(json, "defaults");
	const json_t *rights = json_object_get(json, "rights");
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)rights, name, value) {
		au_str_put(out, "  ");
		put_word(out, name);
		au_str_put(out, ": ");
		au_value_put(out, value);
		au_str_put(out, names_it(defaults, name) ? "  (the default)\n" : "\n");
	}
	if (resolved != NULL && !json_equal(resolved, rights)) {
		au_str_put(out, "  at the target: ");
		au_value_put(out, resolved);
		au_str_putc(out, '\n');
	}
	if (resolved == NULL && au_json_get_str(json, "problem") == NULL)
		au_str_put(out, "  the target has not resolved it yet\n");
}

static void
put_takes(struct au_str *out, const json_t *takes)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)takes, index, item) {
		au_str_printf(out, "  takes %lld of '", au_json_get_int(item, "units"));
		put_word(out, au_json_get_str(item, "pool"));
		au_str_putc(out, '\'');
		if (json_object_get(item, "free") != NULL)
			au_str_printf(out, ", of which %lld are free", au_json_get_int(item, "free"));
		au_str_putc(out, '\n');
	}
}

static void
put_rules(struct au_str *out, const json_t *rules)
{
	const json_t *item;
	size_t index;

	json_array_foreach ((json_t *)rules, index, item) {
		au_str_put(out, "  ");
		put_word(out, au_json_get_str(item, "id"));
		au_str_put(out, " (");
		put_word(out, au_json_get_str(item, "evidence"));
		au_str_put(out, "): ");
		put_word(out, au_json_get_str(item, "text"));
		au_str_putc(out, '\n');
	}
}

static void
put_given_by(struct au_str *out, const json_t *rules)
{
	const json_t *item;
	size_t index;

	if (json_array_size(rules) == 0)
		au_str_put(out, "  no rule gives it to anybody\n");
	json_array_foreach ((json_t *)rules, index, item) {
		au_str_put(out, "  given by rule '");
		put_word(out, au_json_get_str(item, "rule"));
		au_str_put(out, "' to ");
		au_value_count(out, au_json_get_int(item, "people"), "member", "s");
		au_str_put(out, " of ");
		put_word(out, au_json_get_str(item, "group"));
		au_str_put(out, " in ");
		put_word(out, au_json_get_str(item, "source"));
		au_str_putc(out, '\n');
	}
}

void
au_view_template(const json_t *json, bool colour, struct au_str *out)
{
	const char *problem = au_json_get_str(json, "problem"), *description = au_json_get_str(json, "description");

	put_head(out, json, colour);
	au_str_putc(out, '\n');
	if (description != NULL) {
		au_str_put(out, "  ");
		put_word(out, description);
		au_str_putc(out, '\n');
	}
	if (problem != NULL) {
		au_str_put(out, "  ");
		au_paint_put(out, colour, AU_PAINT_BAD, problem);
		au_str_putc(out, '\n');
	}
	put_rights(out, json);
	put_rules(out, json_object_get(json, "rules"));
	put_takes(out, json_object_get(json, "takes"));
	put_given_by(out, json_object_get(json, "given_by"));
}

/* ---- check ---- */

static void
put_verdict(struct au_str *out, const json_t *item, bool colour)
{
	const char *problem = au_json_get_str(item, "problem"), *unasked = au_json_get_str(item, "unasked");

	put_head(out, item, colour);
	au_str_put(out, ": ");
	if (problem != NULL) {
		au_paint_put(out, colour, AU_PAINT_BAD, problem);
	} else if (unasked != NULL) {
		au_str_put(out, "fine by the rules; the target was not asked: ");
		put_word(out, unasked);
	} else {
		au_paint_put(out, colour, AU_PAINT_GOOD, "fine");
		au_str_put(out, ", at the target ");
		au_value_put(out, json_object_get(item, "resolved"));
	}
	au_str_putc(out, '\n');
}

void
au_view_template_check(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *item;
	size_t index;

	json_array_foreach (json_object_get(json, "templates"), index, item)
		put_verdict(out, item, colour);
}

/* ---- diff ---- */

static void
put_change(struct au_str *out, const struct au_plan_look *look, const json_t *json)
{
	const struct au_wrap wrap = { look->columns, 2, 4, look->colour, 0 };
	const json_t *was = json_object_get(json, "was"), *now = json_object_get(json, "now");

	put_head(out, json, look->colour);
	au_str_put(out, was == NULL ? ", which is new:\n" : ":\n");
	au_difference_all(out, &wrap, was, now);
	if (json_equal(was, now))
		au_str_put(out, "  nothing of it has changed\n");
	put_given_by(out, json_object_get(json, "given_by"));
	au_str_putc(out, '\n');
}

static void
put_withdrawn(struct au_str *out, const json_t *steps)
{
	const json_t *step;
	size_t index;

	if (json_array_size(steps) > 0)
		au_str_put(out, "This would be done no more:\n");
	json_array_foreach ((json_t *)steps, index, step) {
		au_str_put(out, "  ");
		put_word(out, au_json_get_str(step, "login"));
		au_str_put(out, "  ");
		put_word(out, au_json_get_str(step, "op"));
		au_str_put(out, " in ");
		put_word(out, au_json_get_str(step, "target"));
		au_str_putc(out, '\n');
	}
}

static void
put_accounts(struct au_str *out, const json_t *steps)
{
	AU_CLEANUP(au_json_decrefp) json_t *accounts = json_object();
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)steps, index, step) {
		const char *target = au_json_get_str(step, "target"), *login = au_json_get_str(step, "login");
		AU_CLEANUP(au_freep)
		char *name = au_xasprintf("%s/%s", target != NULL ? target : "", login != NULL ? login : "");
		json_object_set_new(accounts, name, json_true());
	}
	au_str_put(out, "It would change ");
	au_value_count(out, (long long)json_object_size(accounts), "account", "s");
	au_str_put(out, ".\n");
}

void
au_view_template_difference(const json_t *json, const struct au_plan_look *look, struct au_str *out)
{
	const json_t *plan = json_object_get(json, "plan"), *steps = json_object_get(plan, "steps");
	const json_t *withdrawn = json_object_get(json, "withdrawn");
	long long anyhow = au_json_get_int(json, "anyhow");

	put_change(out, look, json);
	if (json_array_size(steps) > 0 || json_array_size(json_object_get(plan, "findings")) > 0)
		au_view_plan(plan, look, out);
	put_withdrawn(out, withdrawn);
	if (json_array_size(steps) > 0 || json_array_size(withdrawn) == 0)
		put_accounts(out, steps);
	if (anyhow > 0) {
		au_str_put(out, "Beside that ");
		au_value_count(out, anyhow, "step", "s");
		au_str_put(out, anyhow == 1 ? " is planned" : " are planned");
		au_str_put(out, " anyhow, see 'apiuserctl plan'.\n");
	}
}
