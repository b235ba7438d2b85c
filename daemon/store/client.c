/* SPDX-License-Identifier: ISC */
/* Tokens of SCIM clients. */
#include "store/client.h"

#include "store/tx.h"

#include <string.h>

static void
read_token(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_token_row *token = object;
	token->id = au_arena_strdup(arena, row[0].text);
	token->client = au_arena_strdup(arena, row[1].text);
	if (row[2].len == sizeof(token->mac))
		memcpy(token->mac, row[2].blob, sizeof(token->mac));
	token->created_ms = row[3].number;
	token->expires_ms = row[4].number;
	token->revoked_ms = row[5].number;
	token->used_ms = row[6].number;
	token->scopes = au_arena_strdup(arena, row[7].text);
}

int
au_store_token_add(struct au_store_tx *tx, const struct au_token_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(TOKEN_ADD, au_text(row->id), au_text(row->client), au_blob(row->mac, sizeof(row->mac)),
		au_number(row->created_ms), au_number(row->expires_ms), au_number(row->revoked_ms),
		au_number(row->used_ms), au_text(row->scopes)),
	    NULL, err);
}

int
au_store_token_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_token_row *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(TOKEN_GET, au_text(id)), read_token, ret, "token", id, err);
}

int
au_store_token_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_token_row **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(TOKEN_LIST), read_token, sizeof(**ret), ret, ret_count, err);
}

int
au_store_token_revoke(
    struct au_store_tx *tx, const char *client, const char *id_or_null, long long now_ms, struct au_err *err)
{
	long long changes = 0;
	int rc;
	if (id_or_null)
		rc = au_tx_run(tx, AU_QUERY(TOKEN_REVOKE_ONE, au_number(now_ms), au_text(client), au_text(id_or_null)),
		    &changes, err);
	else
		rc = au_tx_run(tx, AU_QUERY(TOKEN_REVOKE, au_number(now_ms), au_text(client)), &changes, err);
	if (rc == 0 && changes == 0)
		return au_fail(
		    err, AU_ENOENT, "client '%s': has no live token%s", client, id_or_null ? " with this id" : "");
	return rc;
}

int
au_store_token_used(struct au_store_tx *tx, const char *id, long long now_ms, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(TOKEN_USED, au_number(now_ms), au_text(id)), NULL, err);
}
