/* SPDX-License-Identifier: ISC */
/* One row per plan that was applied. */
#include "store/plan_done.h"

#include "store/tx.h"

int
au_store_plan_done_put(struct au_store_tx *tx, const struct au_plan_done *done, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(PLAN_DONE_PUT, au_text(done->digest), au_text(done->actor), au_number(done->at_ms)), NULL, err);
}

static void
read_done(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_plan_done *done = object;

	done->digest = au_arena_strdup(arena, row[0].text);
	done->actor = au_arena_strdup(arena, row[1].text);
	done->at_ms = row[2].number;
}

int
au_store_plan_done_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *digest, struct au_plan_done *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, AU_QUERY(PLAN_DONE_GET, au_text(digest)), read_done, ret, err);

	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "plan %s: was not applied", digest);
}

int
au_store_plan_done_forget(struct au_store_tx *tx, long long before_ms, long long *ret_gone, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(PLAN_DONE_FORGET, au_number(before_ms)), ret_gone, err);
}
