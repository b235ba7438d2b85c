/* SPDX-License-Identifier: ISC */
/* Handlers: SCIM clients, their tokens, and what their identity providers are taken for. */
#include "base/str.h"
#include "control/render.h"
#include "control/route.h"
#include "scim/profile.h"
#include "scim/token.h"
#include "store/provider.h"

/* ---- from the store: {"tokens": {CLIENT: [...]}, "providers": {CLIENT: {...}}} ---- */

static json_t *
provider_json(const struct au_provider_row *row)
{
	json_t *provider = json_object();

	au_json_set_str(provider, "profile", row->profile);
	au_json_set_str(provider, "evidence", row->evidence);
	au_json_set_int(provider, "seen_ms", row->seen_ms);
	return provider;
}

static int
read_providers(struct au_store_tx *tx, struct au_control_request *r, json_t *into, struct au_err *err)
{
	struct au_provider_row *rows = NULL;
	size_t count = 0;
	int rc = au_store_provider_list(tx, r->arena, &rows, &count, err);

	for (size_t i = 0; i < count; i++)
		json_object_set_new(into, rows[i].client, provider_json(&rows[i]));
	return rc;
}

static int
read_tokens(struct au_store_tx *tx, struct au_control_request *r, json_t *into, struct au_err *err)
{
	struct au_token_row *rows = NULL;
	size_t count = 0;
	int rc = au_store_token_list(tx, r->arena, &rows, &count, err);

	for (size_t i = 0; i < count; i++) {
		json_t *list = json_object_get(into, rows[i].client);

		if (list == NULL) {
			list = json_array();
			json_object_set_new(into, rows[i].client, list);
		}
		json_array_append_new(list, au_render_token(&rows[i], r->now_ms));
	}
	return rc;
}

static int
clients_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	json_t *tokens = json_object(), *providers = json_object();
	int rc;

	r->result = json_object();
	json_object_set_new(r->result, "tokens", tokens);
	json_object_set_new(r->result, "providers", providers);
	rc = read_tokens(tx, r, tokens, err);
	return rc == 0 ? read_providers(tx, r, providers, err) : rc;
}

/* ---- one client ---- */

static json_t *
client_json(const struct au_control_request *r, const char *name)
{
	const struct au_block *client = au_settings_client(r->control->world.settings, name);
	json_t *tokens = json_object_get(json_object_get(r->result, "tokens"), name);
	json_t *provider = json_object_get(json_object_get(r->result, "providers"), name);
	json_t *item = json_object();

	au_json_set_str(item, "name", name);
	if (client != NULL) {
		const char *profile = au_values_str(client->values, "profile");

		au_json_set_str(item, "description", au_values_str(client->values, "description"));
		au_json_set_str(item, "profile", profile);
		if (au_streq(profile, au_profile_auto()->name) && provider != NULL)
			json_object_set(item, "provider", provider);
	}
	json_object_set_new(item, "configured", json_boolean(client != NULL));
	json_object_set_new(item, "tokens", tokens != NULL ? json_incref(tokens) : json_array());
	return item;
}

/* The profile by which its requests are read now. */
static const struct au_profile *
profile_in_force(const json_t *client)
{
	const struct au_profile *profile = au_profile_find(au_json_get_str(client, "profile"));
	const struct au_profile *seen =
	    au_profile_find(au_json_get_str(json_object_get(client, "provider"), "profile"));

	return seen != NULL ? au_profile_detected(seen) : profile;
}

/* What the endpoint does for the client, in sentences. */
static json_t *
habits_json(const struct au_profile *profile)
{
	json_t *habits = json_array();

	for (const struct au_quirk_row *row = au_quirk_rows; row->name != NULL; row++) {
		bool on = au_profile_has(profile, row->quirk);
		json_t *habit = json_object();

		au_json_set_str(habit, "name", row->name);
		json_object_set_new(habit, "on", json_boolean(on));
		au_json_set_str(habit, "text", on ? row->on : row->off);
		json_array_append_new(habits, habit);
	}
	return habits;
}

static void
finish_client(struct au_control_request *r)
{
	const char *name = r->params[0];
	json_t *json;

	if (r->control == NULL) {
		au_control_request_drop(r);
		return;
	}
	if (au_settings_client(r->control->world.settings, name) == NULL) {
		struct au_err err = { 0 };

		au_fail(&err, AU_ENOENT, "client '%s': not in scim_clients", name);
		au_control_request_fail(r, &err);
		return;
	}
	json = client_json(r, name);
	json_object_set_new(json, "habits", habits_json(profile_in_force(json)));
	au_control_request_answer(r, 200, json);
}

void
au_show_client(struct au_control_request *r)
{
	au_control_request_read(r, AU_READ_SCAN, clients_work, finish_client);
}

/* ---- all of them: the configured ones, then those of which only tokens are left ---- */

static void
finish_clients(struct au_control_request *r)
{
	const struct au_settings *settings;
	json_t *json, *list, *tokens;
	const char *name;

	if (r->control == NULL) {
		au_control_request_drop(r);
		return;
	}
	settings = r->control->world.settings;
	json = json_object();
	list = json_array();
	json_object_set_new(json, "clients", list);
	for (size_t i = 0; i < settings->client_count; i++)
		json_array_append_new(list, client_json(r, settings->clients[i].name));
	json_object_foreach (json_object_get(r->result, "tokens"), name, tokens)
		if (au_settings_client(settings, name) == NULL)
			json_array_append_new(list, client_json(r, name));
	au_control_request_answer(r, 200, json);
}

void
au_show_clients(struct au_control_request *r)
{
	au_control_request_read(r, AU_READ_SCAN, clients_work, finish_clients);
}
