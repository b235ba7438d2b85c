/* SPDX-License-Identifier: ISC */
/* A wish that came after a reading began is not answered by it. */
#include "store/reread.h"

#include "store/tx.h"

int
au_store_reread_put(
    struct au_store_tx *tx, const char *source, const char *id, long long generation, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(REREAD_PUT, au_text(source), au_text(id), au_number(generation)), NULL, err);
}

static void
read_reread(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_reread_row *reread = object;

	reread->id = au_arena_strdup(arena, row[0].text);
	reread->dn = au_arena_strdup(arena, row[1].text);
}

int
au_store_reread_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_reread_row **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(REREAD_LIST, au_text(source)), read_reread, sizeof(**ret), ret, ret_count, err);
}

int
au_store_reread_done(struct au_store_tx *tx, const char *source, long long generation, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(REREAD_DONE, au_text(source), au_number(generation)), NULL, err);
}
