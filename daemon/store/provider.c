/* SPDX-License-Identifier: ISC */
/* Recognised identity providers. */
#include "store/provider.h"

#include "store/tx.h"

static void
read_provider(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_provider_row *provider = object;
	provider->client = au_arena_strdup(arena, row[0].text);
	provider->profile = au_arena_strdup(arena, row[1].text);
	provider->evidence = au_arena_strdup(arena, row[2].text);
	provider->named = row[3].number != 0;
	provider->seen_ms = row[4].number;
}

int
au_store_provider_put(struct au_store_tx *tx, const struct au_provider_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(PROVIDER_PUT, au_text(row->client), au_text(row->profile), au_text(row->evidence),
		au_number(row->named), au_number(row->seen_ms)),
	    NULL, err);
}

int
au_store_provider_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *client, struct au_provider_row *ret, struct au_err *err)
{
	return au_tx_one(
	    tx, arena, AU_QUERY(PROVIDER_GET, au_text(client)), read_provider, ret, "provider of", client, err);
}

int
au_store_provider_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_provider_row **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(PROVIDER_LIST), read_provider, sizeof(**ret), ret, ret_count, err);
}
