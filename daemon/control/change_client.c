/* SPDX-License-Identifier: ISC */
/* Handlers: tokens of SCIM clients.  A client has at most two live tokens, so that one can replace the other. */
#include "base/secret.h"
#include "base/str.h"
#include "base/when.h"
#include "control/render.h"
#include "control/route.h"
#include "scim/catalog.h"
#include "scim/scope.h"
#include "scim/token.h"
#include "store/audit.h"

#define LIVE_MAX 2
#define LIFETIME "365d"

/* ---- add ---- */

struct adding {
	char id[AU_TOKEN_ID_SIZE];
	struct au_token_row row;
	struct au_secret *text;
};

static int
check_room(struct au_store_tx *tx, struct au_control_request *r, struct au_err *err)
{
	struct au_token_row *rows = NULL;
	size_t count = 0, live = 0;
	int rc = au_store_token_list(tx, r->arena, &rows, &count, err);

	for (size_t i = 0; i < count; i++)
		live += au_streq(rows[i].client, r->params[0]) && au_token_is_live(&rows[i], r->now_ms);
	if (rc == 0 && live >= LIVE_MAX)
		rc = au_fail(
		    err, AU_EEXIST, "client '%s': has %zu live tokens already; revoke them first", r->params[0], live);
	return rc;
}

static int
add_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	const struct adding *adding = r->job;
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc = check_room(tx, r, err);

	if (rc == 0)
		rc = au_store_token_add(tx, &adding->row, err);
	if (rc < 0)
		return rc;
	au_json_set_str(detail, "token", adding->id);
	au_json_set_int(detail, "expires_ms", adding->row.expires_ms);
	au_json_set_str(detail, "scopes", adding->row.scopes);
	return au_store_audit(tx, r->now_ms, r->actor, "client.add", r->params[0], detail, err);
}

static void
finish_add(struct au_control_request *r)
{
	const struct adding *adding = r->job;
	json_t *json = json_object();

	au_json_set_str(json, "client", adding->row.client);
	au_json_set_str(json, "id", adding->id);
	au_json_set_int(json, "expires_ms", adding->row.expires_ms);
	au_json_set_str(json, "scopes", adding->row.scopes);
	au_control_request_secret(r, json, "token", adding->text);
}

static void
release_token(void *adding)
{
	au_secret_free(((struct adding *)adding)->text);
}

/* Endpoints of the deployment's own resource types are words of scopes too. */
static int
read_scopes(struct au_control_request *r, bool read_only, const char **ret, struct au_err *err)
{
	struct au_catalog *catalog;
	int rc = au_catalog_new(r->control->world.settings, &catalog, err);

	if (rc < 0)
		return rc;
	rc = au_scope_make(r->arena, catalog, json_object_get(r->body, "scopes"), read_only, ret, err);
	au_catalog_free(catalog);
	return rc;
}

/* What the operator wants of the new token. */
static int
read_wish(struct au_control_request *r, long long *ret_lifetime_ms, const char **ret_scopes, struct au_err *err)
{
	const char *lifetime;
	int read_only, rc;

	if (au_settings_client(r->control->world.settings, r->params[0]) == NULL)
		return au_fail(err, AU_ENOENT, "client '%s': not in scim_clients", r->params[0]);
	rc = au_json_str(r->body, "lifetime", LIFETIME, &lifetime, err);
	if (rc == 0)
		rc = au_duration_parse(lifetime, ret_lifetime_ms, err);
	if (rc == 0)
		rc = au_json_bool(r->body, "read_only", false, &read_only, err);
	return rc == 0 ? read_scopes(r, read_only, ret_scopes, err) : rc;
}

void
au_make_token(struct au_control_request *r)
{
	struct adding *adding = au_arena_alloc(r->arena, sizeof(*adding));
	struct au_err err = { 0 };
	const char *scopes = NULL;
	long long lifetime_ms = 0;
	unsigned char key[32];

	if (read_wish(r, &lifetime_ms, &scopes, &err) < 0) {
		au_control_request_fail(r, &err);
		return;
	}
	au_sealer_derive(r->control->world.sealer, "tokenkey", key);
	au_token_make(key, r->params[0], r->now_ms, lifetime_ms, adding->id, &adding->text, &adding->row);
	au_wipe(key, sizeof(key));
	adding->row.scopes = scopes;
	au_arena_defer(r->arena, release_token, adding);
	r->job = adding;
	au_control_request_write(r, add_work, finish_add);
}

/* ---- revoke ---- */

static int
revoke_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	const char *client = r->params[0], *id = r->params[1];
	int rc = au_store_token_revoke(tx, client, id, r->now_ms, err);

	au_json_set_str(detail, "token", id);
	if (rc == 0)
		rc = au_store_audit(tx, r->now_ms, r->actor, "client.revoke", client, id != NULL ? detail : NULL, err);
	if (rc < 0)
		return rc;
	r->result = json_object();
	au_json_set_str(r->result, "revoked", client);
	au_json_set_str(r->result, "token", id);
	return 0;
}

void
au_make_revocation(struct au_control_request *r)
{
	au_control_request_write(r, revoke_work, NULL);
}
