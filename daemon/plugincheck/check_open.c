/* SPDX-License-Identifier: ISC */
/* The table as a whole, and sessions: refused ones, odd ones, one after the other, and their end. */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "plugincheck/hostile.h"

#include <string.h>

#define SESSIONS 6

void
check_table(struct stage *stage)
{
	const unsigned secrets = AU_CAP_SET_SECRET | AU_CAP_SHOWS_SECRET | AU_CAP_MAILS_SECRET;
	const struct au_product_rule *rules = stage->describe->rules;

	if ((stage->describe->caps & (secrets | AU_CAP_MANUAL)) == 0)
		stage_skip(stage, "secrets are the product's own affair: no capability says set, shown or mailed");
	for (const struct au_product_rule *rule = rules; rule->id != NULL; rule++)
		for (const struct au_product_rule *other = rules; other != rule; other++)
			if (au_streq(other->id, rule->id) && other->kind == AU_RULE_NOTE && rule->kind == AU_RULE_NOTE)
				stage_find(stage, "rule '%s' is told twice", rule->id);
}

static const char *
missing_option(const struct stage *stage)
{
	for (const struct au_opt *row = stage->describe->instance_opts; row->name != NULL; row++)
		if ((row->flags & AU_REQUIRED) != 0)
			return row->name;
	return NULL;
}

/* A refusal names what is missing, so that a person can mend it. */
static void
open_without(struct stage *stage, const char *option)
{
	struct au_called called;
	json_t *options = json_deep_copy(stage->options);
	int r;

	json_object_del(options, option);
	r = stage_open(stage, options, &called);
	if (r != AU_EINVAL || strstr(called.err.text, option) == NULL)
		stage_find(stage, "open without '%s': expected a refusal that names it, got %s '%s'", option,
		    au_code_name(r), called.err.text);
	au_called_done(&called);
}

static void
open_with(struct stage *stage, const char *option, const struct hostile *value)
{
	struct au_called called;
	json_t *options = json_deep_copy(stage->options);
	int r;

	json_object_set_new(options, option, json_string(value->text));
	r = stage_open(stage, options, &called);
	if (r != 0 && r != AU_EINVAL && r != AU_ELIMIT && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "open with a value of '%s' that is %s: expected success or a refusal, got %s '%s'",
		    option, value->what, au_code_name(r), called.err.text);
	au_called_done(&called);
}

static void
open_oddly(struct stage *stage)
{
	for (const struct au_opt *row = stage->describe->instance_opts; row->name != NULL; row++)
		for (const struct hostile *value = hostile_values; row->type == AU_STR && value->text != NULL; value++)
			open_with(stage, row->name, value);
}

static bool
open_and_probe(struct stage *stage, unsigned number)
{
	struct au_call probe = { .op = AU_CALL_PROBE };
	struct au_called called;
	int r = stage_open(stage, json_deep_copy(stage->options), &called);

	if (r == 0) {
		au_called_done(&called);
		r = stage_call(stage, &probe, &called);
	}
	if (r != 0 && r != AU_EBUG && !called.is_gone)
		stage_find(stage, "session %u: %s '%s'", number, au_code_name(r), called.err.text);
	au_called_done(&called);
	return r == 0;
}

/* Sessions in a row that log in: what each of them leaves open adds up. */
static void
open_often(struct stage *stage)
{
	for (unsigned i = 1; i <= SESSIONS && open_and_probe(stage, i); i++)
		continue;
}

void
check_open(struct stage *stage)
{
	if (missing_option(stage) != NULL)
		open_without(stage, missing_option(stage));
	open_oddly(stage);
	open_often(stage);
	stage_end(stage);
}
