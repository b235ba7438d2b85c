/* SPDX-License-Identifier: ISC */
/* What the configuration file knows of this product: options with which a log-in has to fail, and by which code. */
#include "base/str.h"
#include "plugincheck/checks.h"
#include "targetd/instance.h"

#include <string.h>

/* The instance's options with those of the case in their place; NULL after a finding. */
static json_t *
options_of(struct stage *stage, const json_t *row)
{
	json_t *options = json_deep_copy(stage->options), *own = NULL;
	struct au_err err = { 0 };

	if (au_instance_options(json_object_get(row, "options"), stage->describe, &own, &err) != 0) {
		stage_find(stage, "configuration file: cases: %s", err.text);
		au_json_wipe(options);
		json_decref(options);
		return NULL;
	}
	json_object_update(options, own);
	json_decref(own);
	return options;
}

static void
run_case(struct stage *stage, const json_t *row, size_t index)
{
	const char *code = au_json_get_str(row, "code"), *text = au_json_get_str(row, "text");
	struct au_call probe = { .op = AU_CALL_PROBE };
	struct au_called called;
	json_t *options = options_of(stage, row);
	int r;

	if (options == NULL)
		return;
	r = stage_open(stage, options, &called);
	if (r == 0) {
		au_called_done(&called);
		r = stage_call(stage, &probe, &called);
	}
	if (r != AU_EBUG && !called.is_gone && !au_streq(au_code_name(r), code))
		stage_find(
		    stage, "case %zu: expected %s, got %s '%s'", index + 1, code, au_code_name(r), called.err.text);
	if (text != NULL && strstr(called.err.text, text) == NULL)
		stage_find(stage, "case %zu: the error does not say '%s': '%s'", index + 1, text, called.err.text);
	au_called_done(&called);
	stage_end(stage);
}

void
check_cases(struct stage *stage)
{
	const json_t *cases = json_object_get(stage->config, "cases"), *row;
	size_t i;

	if (json_array_size(cases) == 0)
		stage_skip(stage, "the configuration file has no 'cases'");
	json_array_foreach (cases, i, row)
		run_case(stage, row, i);
}
