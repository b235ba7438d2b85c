/* SPDX-License-Identifier: ISC */
/* `held`, `approve`, `reject`, `reopen`. */
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/value.h"
#include "ctl/view.h"

/* "1 of 2: root", by name where there is one. */
static void
put_approvals(struct au_table *table, const json_t *step)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	const json_t *approvals = json_object_get(step, "approvals"), *approval;
	size_t index;

	au_str_printf(&text, "%zu of %lld", json_array_size(approvals), au_json_get_int(step, "needed"));
	json_array_foreach ((json_t *)approvals, index, approval) {
		char name[AU_VALUE_PERSON];
		au_str_put(&text, index == 0 ? ": " : ", ");
		au_str_put(&text,
		    au_value_person(au_json_get_str(approval, "name"), au_json_get_str(approval, "actor"), name));
	}
	au_table_text(table, au_str_get(&text), AU_PAINT_NONE);
}

static void
put_held(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "STEP", true }, { "SINCE", false }, { "LANE", false },
		{ "TARGET", false }, { "LOGIN", false }, { "DOES", false }, { "APPROVED", false }, { "HELD BY", false },
		{ NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *step;
	size_t index;

	json_array_foreach (json_object_get(json, "steps"), index, step) {
		char when[AU_WHEN_SIZE];
		au_table_number(table, au_json_get_int(step, "id"));
		au_table_text(table, au_value_time(au_json_get_int(step, "created_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "lane"), AU_PAINT_WARN);
		au_table_text(table, au_json_get_str(step, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "login"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "op"), AU_PAINT_NONE);
		put_approvals(table, step);
		au_table_text(table, au_json_get_str(step, "guard"), AU_PAINT_NONE);
	}
	au_table_put(table, colour, out);
}

static void
put_rejected(const json_t *json, bool colour, struct au_str *out)
{
	static const struct au_column columns[] = { { "STEP", true }, { "WHEN", false }, { "TARGET", false },
		{ "LOGIN", false }, { "WOULD", false }, { "WHY NOT", false }, { NULL, false } };
	AU_CLEANUP(au_table_freep) struct au_table *table = au_table_new(columns);
	const json_t *step;
	size_t index;

	json_array_foreach (json_object_get(json, "rejected"), index, step) {
		char when[AU_WHEN_SIZE];
		au_table_number(table, au_json_get_int(step, "id"));
		au_table_text(table, au_value_time(au_json_get_int(step, "finished_ms"), when), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "target"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "login"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "op"), AU_PAINT_NONE);
		au_table_text(table, au_json_get_str(step, "error"), AU_PAINT_NONE);
	}
	if (au_table_rows(table) == 0)
		return;
	au_str_put(out, "\nRejected, and not proposed again:\n");
	au_table_put(table, colour, out);
	au_str_put(out, "\nPropose one again with 'apiuserctl reopen STEP --reason TEXT'.\n");
}

void
au_view_held(const json_t *json, bool colour, struct au_str *out)
{
	put_held(json, colour, out);
	au_str_put(out, json_array_size(json_object_get(json, "steps")) == 0
			    ? "Nothing is held.\n"
			    : "\nDecide with 'apiuserctl approve STEP... --reason TEXT' or 'apiuserctl reject STEP... "
			      "--reason TEXT', "
			      "or mend the cause.\n");
	put_rejected(json, colour, out);
}

/* A step that was reopened is rejected still; what it wished is proposed as another one. */
void
au_view_decision(const json_t *json, bool colour, struct au_str *out)
{
	const json_t *step;
	size_t index;

	(void)colour;
	json_array_foreach (json_object_get(json, "steps"), index, step) {
		const char *state = au_json_get_str(step, "state");
		long long id = au_json_get_int(step, "id");
		if (au_json_get_bool(step, "moved", false))
			au_str_printf(out,
			    "Step %lld is held still, as more speaks against it than when it was shown: %s.\n", id,
			    au_json_get_str(step, "guard") != NULL ? au_json_get_str(step, "guard")
								   : "see 'apiuserctl held'");
		else if (au_streq(state, "held"))
			au_str_printf(out, "Step %lld is approved by %lld of %lld people, and held still.\n", id,
			    au_json_get_int(step, "approvals"), au_json_get_int(step, "needed"));
		else if (json_object_get(step, "approvals") != NULL)
			au_str_printf(out, "Step %lld is released.\n", id);
		else if (au_json_get_bool(step, "reopened", false))
			au_str_printf(out, "What step %lld wished may be proposed again.\n", id);
		else
			au_str_printf(out, "Step %lld is rejected.\n", id);
	}
}
