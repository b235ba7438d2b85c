/* SPDX-License-Identifier: ISC */
/* `client list`, `client show`, `client add`, `client revoke`: SCIM clients and their tokens. */
#include "base/secret.h"
#include "ctl/command.h"
#include "ctl/handover.h"
#include "ctl/value.h"
#include "ctl/view.h"

#include <stdio.h>
#include <string.h>

#define TOKEN_ID_LEN 16

static enum au_exit
run_list(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", "/v1/clients", NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_clients, AU_EXIT_SYNC);
}

static enum au_exit
run_show(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/clients/%s", ctl->args[0]);
	struct au_err err = { 0 };

	if (au_client_call(ctl->client, "GET", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, au_view_client, AU_EXIT_SYNC);
}

/* "users,groups" as a list. */
static json_t *
words_of(const char *text)
{
	json_t *list = json_array();

	for (size_t len; *text != '\0'; text += len) {
		text += strspn(text, ", ");
		len = strcspn(text, ", ");
		if (len > 0)
			json_array_append_new(list, json_stringn(text, len));
	}
	return list;
}

static enum au_exit
run_add(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	AU_CLEANUP(au_freep) char *path = au_client_path("/v1/clients/%s/tokens", ctl->args[0]);

	au_json_set_str(body, "lifetime", au_ctl_value(ctl, "lifetime"));
	if (au_ctl_value(ctl, "scope") != NULL)
		json_object_set_new(body, "scopes", words_of(au_ctl_value(ctl, "scope")));
	if (au_ctl_value(ctl, "read-only") != NULL)
		json_object_set_new(body, "read_only", json_true());
	return au_handover(ctl, path, body, "token");
}

static void
view_revocation(const json_t *json, bool colour, struct au_str *out)
{
	const char *token = au_json_get_str(json, "token");

	(void)colour;
	au_str_put(out, token != NULL ? "Token " : "Every token");
	au_paint_put(out, false, AU_PAINT_NONE, token != NULL ? token : "");
	au_str_put(out, " of ");
	au_paint_put(out, false, AU_PAINT_NONE, au_json_get_str(json, "revoked"));
	au_str_put(out, " is revoked.\n");
}

/* A whole token that is pasted by mistake shall not go on, and not into an error text. */
static bool
is_token_id(const char *text)
{
	return strlen(text) == TOKEN_ID_LEN && strspn(text, "0123456789abcdef") == TOKEN_ID_LEN;
}

static enum au_exit
run_revoke(struct au_ctl *ctl)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *path = NULL;
	const char *id = au_ctl_value(ctl, "token");
	struct au_err err = { 0 };

	if (id != NULL && !is_token_id(id)) {
		au_fail(&err, AU_EINVAL, "token: expected the 16 digits that 'client list' shows, and nothing secret");
		return au_ctl_fail(&err);
	}
	path = id != NULL ? au_client_path("/v1/clients/%s/tokens/%s", ctl->args[0], id)
			  : au_client_path("/v1/clients/%s", ctl->args[0]);
	if (au_client_call(ctl->client, "DELETE", path, NULL, &json, &err) < 0)
		return au_ctl_fail(&err);
	return au_ctl_show(ctl, json, view_revocation, AU_EXIT_SYNC);
}

static const struct au_ctl_option add_options[] = {
	{ "lifetime", "TIME", "How long the token is good for, such as 90d; 0 for ever, 365d without it." },
	{ "scope", "NAMES",
	    "Resource types that the token is good for, such as users,groups; all of them without it." },
	{ "read-only", NULL, "The token changes nothing." },
	{ "force", NULL, "Print the token even when standard output is not a terminal." },
	{ NULL, NULL, NULL },
};

static const struct au_ctl_option revoke_options[] = {
	{ "token", "ID", "Only this one, by the id that client list shows." },
	{ NULL, NULL, NULL },
};

const struct au_command au_command_client_list = {
	.name = "client list",
	.args = "",
	.summary = "List the SCIM clients and their tokens",
	.run = run_list,
};

const struct au_command au_command_client_show = {
	.name = "client show",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Show a SCIM client, what its identity provider was recognised as, and what that means",
	.run = run_show,
};

const struct au_command au_command_client_add = {
	.name = "client add",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Make a token for a configured SCIM client and print it, this once",
	.options = add_options,
	.run = run_add,
};

const struct au_command au_command_client_revoke = {
	.name = "client revoke",
	.args = "NAME",
	.min_args = 1,
	.max_args = 1,
	.summary = "Revoke every token of a SCIM client, or one",
	.options = revoke_options,
	.run = run_revoke,
};
