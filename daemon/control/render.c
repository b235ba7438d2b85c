/* SPDX-License-Identifier: ISC */
/* Members that are not known are left out, so that a reader need not tell null from absent. */
#include "control/render.h"

#include <string.h>

static const struct au_json_text user_texts[] = {
	{ "id", offsetof(struct au_apiuser, id) },
	{ "key", offsetof(struct au_apiuser, key) },
	{ "user_name", offsetof(struct au_apiuser, user_name) },
	{ "display_name", offsetof(struct au_apiuser, display_name) },
	{ "given_name", offsetof(struct au_apiuser, given_name) },
	{ "family_name", offsetof(struct au_apiuser, family_name) },
	{ "mail", offsetof(struct au_apiuser, mail) },
	{ "owner", offsetof(struct au_apiuser, owner) },
	{ "owner_ref", offsetof(struct au_apiuser, owner_ref) },
	{ "application", offsetof(struct au_apiuser, application) },
	{ "conflict", offsetof(struct au_apiuser, conflict) },
	{ NULL, 0 },
};

static const struct au_json_text account_texts[] = {
	{ "id", offsetof(struct au_account, id) },
	{ "target", offsetof(struct au_account, target) },
	{ "login", offsetof(struct au_account, login) },
	{ "remote_id", offsetof(struct au_account, remote_id) },
	{ "label", offsetof(struct au_account, label) },
	{ "mail", offsetof(struct au_account, mail) },
	{ "basis", offsetof(struct au_account, basis) },
	{ "problem", offsetof(struct au_account, problem) },
	{ NULL, 0 },
};

static const struct au_json_text stranger_texts[] = {
	{ "target", offsetof(struct au_stranger, target) },
	{ "login", offsetof(struct au_stranger, login) },
	{ "remote_id", offsetof(struct au_stranger, remote_id) },
	{ "label", offsetof(struct au_stranger, label) },
	{ "first_name", offsetof(struct au_stranger, first_name) },
	{ "last_name", offsetof(struct au_stranger, last_name) },
	{ "mail", offsetof(struct au_stranger, mail) },
	{ "mark", offsetof(struct au_stranger, mark) },
	{ NULL, 0 },
};

static const struct au_json_text ignored_texts[] = {
	{ "target", offsetof(struct au_ignored, target) },
	{ "login", offsetof(struct au_ignored, login) },
	{ "reason", offsetof(struct au_ignored, reason) },
	{ "actor", offsetof(struct au_ignored, actor) },
	{ NULL, 0 },
};

static const struct au_json_text source_texts[] = {
	{ "name", offsetof(struct au_source_row, name) },
	{ "text", offsetof(struct au_source_row, text) },
	{ NULL, 0 },
};

static const struct au_json_text audit_texts[] = {
	{ "actor", offsetof(struct au_audit, actor) },
	{ "verb", offsetof(struct au_audit, verb) },
	{ "object", offsetof(struct au_audit, object) },
	{ "mac", offsetof(struct au_audit, mac) },
	{ NULL, 0 },
};

static const struct au_json_text token_texts[] = {
	{ "id", offsetof(struct au_token_row, id) },
	{ "scopes", offsetof(struct au_token_row, scopes) },
	{ NULL, 0 },
};

static json_t *
texts_json(const struct au_json_text *rows, const void *from)
{
	json_t *json = json_object();

	au_json_put_texts(json, rows, from);
	return json;
}

/* JSON text of our own as the value it is. */
static void
set_value(json_t *json, const char *name, const char *text)
{
	json_t *value;

	if (text != NULL && au_json_parse(text, strlen(text), AU_JSON_DEPTH, &value, NULL) == 0)
		json_object_set_new(json, name, value);
}

json_t *
au_render_user(const struct au_apiuser *user)
{
	json_t *json = texts_json(user_texts, user);

	au_json_set_int(json, "created_ms", user->created_ms);
	au_json_set_int(json, "changed_ms", user->changed_ms);
	if (user->expires_ms != 0)
		au_json_set_int(json, "expires_ms", user->expires_ms);
	if (user->term_ms != 0)
		au_json_set_int(json, "term_ms", user->term_ms);
	au_json_set_str(json, "owner_state", au_owner_state_name(user->owner_state));
	if (user->owner_ms != 0)
		au_json_set_int(json, "owner_ms", user->owner_ms);
	return json;
}

json_t *
au_render_account(const struct au_account *account)
{
	json_t *json = texts_json(account_texts, account);

	au_json_set_str(json, "state", au_account_state_name(account->state));
	if (account->active >= 0)
		json_object_set_new(json, "active", json_boolean(account->active));
	set_value(json, "rights", account->rights);
	au_json_set_int(json, "observed_ms", account->observed_ms);
	au_json_set_int(json, "disabled_ms", account->disabled_ms);
	au_json_set_int(json, "left_ms", account->left_ms);
	au_json_set_int(json, "drift_ms", account->drift_ms);
	au_json_set_str(json, "adoption", au_adoption_name(account->adoption));
	au_json_set_int(json, "retry_ms", account->retry_ms);
	au_json_set_int(json, "created_ms", account->created_ms);
	return json;
}

json_t *
au_render_stranger(const struct au_stranger *stranger)
{
	json_t *json = texts_json(stranger_texts, stranger);

	if (stranger->active >= 0)
		json_object_set_new(json, "active", json_boolean(stranger->active));
	set_value(json, "rights", stranger->rights);
	au_json_set_int(json, "first_ms", stranger->first_ms);
	return json;
}

json_t *
au_render_ignored(const struct au_ignored *ignored)
{
	json_t *json = texts_json(ignored_texts, ignored);

	au_json_set_int(json, "at_ms", ignored->at_ms);
	return json;
}

json_t *
au_render_source(const struct au_source_row *source)
{
	json_t *json = texts_json(source_texts, source);

	au_json_set_str(json, "state", au_source_state_name(source->state));
	json_object_set_new(json, "complete", json_boolean(source->complete));
	au_json_set_int(json, "complete_ms", source->complete_ms);
	au_json_set_int(json, "entries", source->entries);
	au_json_set_int(json, "groups", source->groups);
	au_json_set_int(json, "drift", source->drift);
	return json;
}

json_t *
au_render_audit(const struct au_audit *row)
{
	json_t *json = json_object();

	au_json_set_int(json, "seq", row->seq);
	au_json_set_int(json, "at_ms", row->at_ms);
	au_json_put_texts(json, audit_texts, row);
	set_value(json, "detail", row->detail);
	return json;
}

bool
au_token_is_live(const struct au_token_row *row, long long now_ms)
{
	return row->revoked_ms == 0 && (row->expires_ms == 0 || row->expires_ms > now_ms);
}

json_t *
au_render_token(const struct au_token_row *row, long long now_ms)
{
	json_t *json = texts_json(token_texts, row);

	json_object_set_new(json, "live", json_boolean(au_token_is_live(row, now_ms)));
	au_json_set_int(json, "created_ms", row->created_ms);
	au_json_set_int(json, "expires_ms", row->expires_ms);
	au_json_set_int(json, "revoked_ms", row->revoked_ms);
	au_json_set_int(json, "used_ms", row->used_ms);
	return json;
}

json_t *
au_render_steps(const struct au_step *steps, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, au_step_to_json(&steps[i]));
	return list;
}
