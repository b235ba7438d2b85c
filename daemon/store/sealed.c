/* SPDX-License-Identifier: ISC */
/* Rows of sealed secrets; what is in them is made and opened by seal.c. */
#include "store/sealed.h"

#include "store/tx.h"

#include <string.h>

static void
read_sealed(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_sealed_row *sealed = object;
	unsigned char *copy = au_arena_alloc(arena, row[1].len + 1);
	if (row[1].len)
		memcpy(copy, row[1].blob, row[1].len);
	sealed->account_id = au_arena_strdup(arena, row[0].text);
	sealed->sealed = copy;
	sealed->len = row[1].len;
	sealed->ready = row[2].number != 0;
	sealed->created_ms = row[3].number;
}

int
au_store_sealed_put(struct au_store_tx *tx, const struct au_sealed_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(SEALED_PUT, au_text(row->account_id), au_blob(row->sealed, row->len), au_number(row->ready),
		au_number(row->created_ms)),
	    NULL, err);
}

int
au_store_sealed_get(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_sealed_row *ret,
    struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(SEALED_GET, au_text(account_id)), read_sealed, ret, "secret of account",
	    account_id, err);
}

int
au_store_sealed_remove(struct au_store_tx *tx, const char *account_id, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(SEALED_BLANK, au_text(account_id)), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(SEALED_REMOVE, au_text(account_id)), NULL, err);
}
