/* SPDX-License-Identifier: ISC */
/* Rows of two keys; a trigger of the schema takes them away when their step follows nobody any more. */
#include "store/step_wait.h"

#include "store/tx.h"

#include <limits.h>

static void
read_wait(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_step_wait *wait = object;

	wait->step = row[0].number;
	wait->account_id = au_arena_strdup(arena, row[1].text);
	wait->after = row[2].number;
}

int
au_store_step_wait_put(struct au_store_tx *tx, const struct au_step_wait *wait, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(STEP_WAIT_PUT, au_number(wait->step), au_text(wait->account_id), au_number(wait->after)), NULL,
	    err);
}

int
au_store_step_wait_drop(struct au_store_tx *tx, long long step, const char *account_id, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(STEP_WAIT_DROP, au_number(step), au_text(account_id)), NULL, err);
}

int
au_store_step_wait_of(struct au_store_tx *tx, struct au_arena *arena, long long step, struct au_step_wait **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(STEP_WAIT_OF, au_number(step)), read_wait, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_wait_on(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_step_wait **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(STEP_WAIT_ON, au_text(account_id)), read_wait, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_rivals(struct au_store_tx *tx, struct au_arena *arena, const struct au_step *create, size_t limit,
    const char ***ret_ids, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(STEP_RIVALS, au_text(create->target), au_text(create->login), au_text(create->account_id),
		au_number(create->id != 0 ? create->id : LLONG_MAX), au_number((long long)limit)),
	    au_row_text, sizeof(**ret_ids), ret_ids, ret_count, err);
}
