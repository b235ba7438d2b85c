/* SPDX-License-Identifier: ISC */
/* Small named values. */
#include "store/tx.h"

int
au_store_meta_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *name, const char **ret_or_null, struct au_err *err)
{
	const char *value = NULL;
	int rc = au_tx_first(tx, arena, AU_QUERY(META_GET, au_text(name)), au_row_text, &value, err);
	if (rc < 0)
		return rc;
	*ret_or_null = value;
	return 0;
}

int
au_store_meta_put(struct au_store_tx *tx, const char *name, const char *value, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(META_PUT, au_text(name), au_text(value)), NULL, err);
}
