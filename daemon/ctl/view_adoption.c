/* SPDX-License-Identifier: ISC */
/* `adopt`: the account as it is, what is held of it, and what comes by the second look alone, value by value. */
#include "base/mem.h"
#include "ctl/difference.h"
#include "ctl/value.h"
#include "ctl/view.h"

static void
say(struct au_str *out, const char *before, const char *text)
{
	au_str_put(out, before);
	au_paint_put(out, false, AU_PAINT_NONE, text);
}

static void
put_account(const json_t *json, struct au_str *out)
{
	static const char *const names[] = { "remote_id", "label", "first_name", "last_name", "mail", "active",
		"rights" };
	const json_t *account = json_object_get(json, "account");
	const char *unseen = au_json_get_str(json, "unseen"), *mark = au_json_get_str(account, "mark");
	char when[AU_WHEN_SIZE];

	say(out, "Account ", au_json_get_str(json, "login"));
	say(out, " of ", au_json_get_str(json, "target"));
	if (unseen != NULL) {
		say(out, ", as its list of ", au_value_time(au_json_get_int(json, "seen_ms"), when));
		say(out, " showed it; it was not looked up now: ", unseen);
	} else
		au_str_put(out, ", as it is now");
	au_str_putc(out, '\n');
	for (size_t i = 0; i < AU_COUNT(names); i++) {
		const json_t *value = json_object_get(account, names[i]);
		if (value == NULL)
			continue;
		say(out, "  ", names[i]);
		au_str_put(out, ": ");
		au_value_put(out, value);
		au_str_putc(out, '\n');
	}
	if (mark != NULL) {
		say(out, "  It bears the mark of another owner, ", mark);
		au_str_put(out, ": ask who that is.\n");
	}
}

static void
put_frozen(const json_t *json, const struct au_plan_look *look, struct au_str *out)
{
	const struct au_wrap wrap = { look->columns, 4, 6, look->colour, 0 };
	const json_t *frozen = json_object_get(json, "frozen"), *step;
	size_t index;

	if (json_array_size(frozen) == 0)
		return;
	au_str_put(out, "\nAs it is until it is confirmed, and then:\n");
	json_array_foreach ((json_t *)frozen, index, step) {
		say(out, "  ", au_json_get_str(step, "op"));
		au_str_putc(out, '\n');
		au_difference_put(out, &wrap, json_object_get(step, "was"), json_object_get(step, "want"));
	}
}

void
au_view_adoption(const json_t *json, const struct au_plan_look *look, struct au_str *out)
{
	bool dry = au_json_get_bool(json, "dry", false);

	put_account(json, out);
	say(out, dry ? "It would be ours, of API user " : "It is ours now, of API user ",
	    au_json_get_str(json, "user"));
	au_str_put(out, ".  Nothing is changed in the product by that; its secret is not known.\n\n"
			"Held until it is confirmed:\n");
	au_view_plan(json_object_get(json, "plan"), look, out);
	put_frozen(json, look, out);
	if (dry)
		return;
	say(out, "\nConfirm it with 'apiuserctl confirm ", au_json_get_str(json, "user"));
	say(out, " ", au_json_get_str(json, "target"));
	au_str_put(out, " --reason TEXT'.\n");
}
