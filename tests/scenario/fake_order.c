/* SPDX-License-Identifier: ISC */
/* Everything that is set, in words of the fake product's own; whoever follows them does just that. */
#include "tests/scenario/fake_order.h"

#include "base/json.h"
#include "base/str.h"

static json_t *
field(const char *label, const char *value)
{
	return json_pack("{s:s, s:s}", "label", label, "value", value);
}

char *
fake_order_write(const struct au_call *call)
{
	AU_CLEANUP(au_json_decrefp) json_t *order = json_object();
	json_t *fields = json_array(), *line = json_object(), *lines = json_array();
	const struct au_target_account *want = &call->account;
	bool creates = call->op == AU_CALL_CREATE, secret = creates || call->op == AU_CALL_RESET_SECRET;
	const char *who = creates ? want->login : call->known.login;

	json_array_append_new(fields, field("User name", who));
	if (want->mail && (creates || call->op == AU_CALL_SET_PROFILE))
		json_array_append_new(fields, field("Mail", want->mail));
	if (want->rights)
		json_array_append_new(fields, field("Rights", want->rights));
	if (want->active >= 0 && (creates || call->op == AU_CALL_SET_ACTIVE))
		json_array_append_new(fields, field("Status", want->active ? "Active" : "Inactive"));
	au_json_set_str(line, "where", "Users");
	au_json_set_str(line, "what",
	    creates                      ? "Press New."
	    : call->op == AU_CALL_REMOVE ? "Press Delete."
					 : "Press Edit.");
	json_object_set_new(line, "fields", fields);
	json_array_append_new(lines, line);
	json_object_set_new(order, "lines", lines);
	json_object_set_new(order, "title", json_sprintf("%s %s", au_call_op_name(call->op), who));
	au_json_set_str(order, "confirm", "The list shows it.");
	au_json_set_str(order, "secret", secret ? "shown" : "none");
	if (secret)
		au_json_set_str(order, "secret_label", "Password");
	return au_json_canonical(order);
}

const char *
fake_order_entered(const json_t *line, const char *label)
{
	const json_t *item;
	size_t i;

	json_array_foreach (json_object_get(line, "fields"), i, item)
		if (au_streq(au_json_get_str(item, "label"), label))
			return au_json_get_str(item, "value");
	return NULL;
}
