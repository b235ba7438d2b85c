/* SPDX-License-Identifier: ISC */
/* What an owner is called is news to those whom it owns, and to nobody else. */
#include "store/owner.h"

#include "base/str.h"
#include "store/tx.h"

int
au_store_owner_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *dn_norm,
    const char **ret_or_null, struct au_err *err)
{
	const char *name = NULL;
	int rc =
	    au_tx_first(tx, arena, AU_QUERY(OWNER_GET, au_text(source), au_text(dn_norm)), au_row_text, &name, err);

	if (rc < 0)
		return rc;
	*ret_or_null = name;
	return 0;
}

static int
prune(struct au_store_tx *tx, const char *source, const char *dn_norm, bool *ret_is_gone, struct au_err *err)
{
	long long gone = 0;
	int rc = au_tx_run(tx, AU_QUERY(OWNER_PRUNE, au_text(source), au_text(dn_norm)), &gone, err);

	*ret_is_gone = gone > 0;
	return rc;
}

int
au_store_owner_due(struct au_store_tx *tx, struct au_arena *arena, const char *source, long long since_ms,
    size_t limit, const char *const **ret, size_t *ret_count, struct au_err *err)
{
	const char **found = NULL;
	size_t count = 0, kept = 0;
	int rc = au_tx_all(tx, arena,
	    AU_QUERY(OWNER_DUE, au_text(source), au_number(since_ms), au_number((long long)limit)), au_row_text,
	    sizeof(*found), &found, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		bool is_gone = false;
		rc = prune(tx, source, found[i], &is_gone, err);
		if (!is_gone)
			found[kept++] = found[i];
	}
	if (rc < 0)
		return rc;
	*ret = found;
	*ret_count = kept;
	return 0;
}

int
au_store_owner_put(struct au_store_tx *tx, const char *source, const char *dn_norm, const char *name,
    long long asked_ms, bool *ret_changed, struct au_err *err)
{
	const char *before = NULL;
	int rc = au_store_owner_get(tx, au_tx_scratch(tx), source, dn_norm, &before, err);

	*ret_changed = rc == 0 && !au_streq(before, name);
	if (rc == 0)
		rc = au_tx_run(tx,
		    AU_QUERY(OWNER_PUT, au_text(source), au_text(dn_norm), au_text(name), au_number(asked_ms)), NULL,
		    err);
	if (rc == 0 && *ret_changed)
		rc = au_tx_run(tx, AU_QUERY(OWNER_MARK, au_text(source), au_text(dn_norm)), NULL, err);
	return rc;
}

int
au_store_owner_asked(
    struct au_store_tx *tx, const char *source, const char *dn_norm, long long asked_ms, struct au_err *err)
{
	return au_tx_run(
	    tx, AU_QUERY(OWNER_ASKED, au_text(source), au_text(dn_norm), au_number(asked_ms)), NULL, err);
}

int
au_store_owner_doubt(struct au_store_tx *tx, const char *source, const char *dn_norm, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(OWNER_DOUBT, au_text(source), au_text(dn_norm)), NULL, err);
}

int
au_store_owner_doubt_all(struct au_store_tx *tx, const char *source, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(OWNER_DOUBT_ALL, au_text(source)), NULL, err);
}
