/* SPDX-License-Identifier: ISC */
/*
 * The one hand-over of a sealed secret.  What is answered has been erased from
 * the store and written into the audit chain before; a second request finds nothing.
 */
#include "base/secret.h"
#include "control/route.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/sealed.h"

struct taking {
	const struct au_sealer *sealer;
	const char *login;
	struct au_secret *secret;
};

static int
find_account(struct au_control_request *r, struct au_store_tx *tx, struct au_account *ret, struct au_err *err)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_search(tx, r->arena, r->params[0], &user, err);

	return rc < 0 ? rc : au_store_account_of(tx, r->arena, user.id, r->params[1], ret, err);
}

static int
unseal(struct au_control_request *r, struct au_store_tx *tx, const struct au_account *account, struct au_err *err)
{
	struct taking *taking = r->job;
	struct au_sealed_row row;
	int rc = au_store_sealed_get(tx, r->arena, account->id, &row, err);

	if (rc == AU_ENOENT)
		return au_fail(err, AU_ENOENT,
		    "account '%s' in '%s': no secret is kept; it was taken, or never made here", account->login,
		    account->target);
	if (rc < 0)
		return rc;
	if (!row.ready)
		return au_fail(err, AU_EBUSY, "account '%s' in '%s': the product has not confirmed its secret yet",
		    account->login, account->target);
	au_secret_free(taking->secret);
	taking->secret = NULL;
	return au_unseal(taking->sealer, account->id, row.sealed, row.len, &taking->secret, err);
}

static int
take_work(struct au_store_tx *tx, void *request, struct au_err *err)
{
	struct au_control_request *r = request;
	struct taking *taking = r->job;
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	struct au_account account;
	int rc = find_account(r, tx, &account, err);

	if (rc == 0)
		rc = unseal(r, tx, &account, err);
	if (rc == 0)
		rc = au_store_sealed_remove(tx, account.id, err);
	if (rc < 0)
		return rc;
	taking->login = account.login;
	au_json_set_str(detail, "target", account.target);
	au_json_set_str(detail, "login", account.login);
	return au_store_audit(tx, r->now_ms, r->actor, "secret.take", account.id, detail, err);
}

static void
finish_take(struct au_control_request *r)
{
	const struct taking *taking = r->job;
	json_t *json = json_object();

	au_json_set_str(json, "target", r->params[1]);
	au_json_set_str(json, "login", taking->login);
	au_control_request_secret(r, json, "secret", taking->secret);
}

static void
release_secret(void *taking)
{
	au_secret_free(((struct taking *)taking)->secret);
}

void
au_take_secret(struct au_control_request *r)
{
	struct taking *taking = au_arena_alloc(r->arena, sizeof(*taking));

	taking->sealer = r->control->world.sealer;
	au_arena_defer(r->arena, release_secret, taking);
	r->job = taking;
	au_control_request_write(r, take_work, finish_take);
}
