/* SPDX-License-Identifier: ISC */
/* Each scope has an index of its own that ends in state and time, so that a count reads what it counts and no more. */
#include "store/loss.h"

#include "base/text.h"
#include "store/tx.h"

#include <assert.h>

static void
read_counts(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_loss_counts *counts = object;

	(void)arena;
	counts->open = row[0].number;
	counts->done = row[1].number;
	counts->gone = row[2].number;
	counts->held = row[3].number;
}

int
au_store_loss_count(struct au_store_tx *tx, const struct au_loss_place *place, enum au_step_op op, long long since_ms,
    const char *guard, struct au_loss_counts *ret, struct au_err *err)
{
	struct au_loss_counts counts = { 0 };
	int rc = 0;

	switch (place->scope) {
	case AU_LOSS_GROUP:
		rc = au_tx_first(tx, NULL,
		    AU_QUERY(LOSS_OF_GROUP, au_number(op), au_number(since_ms), au_text(guard), au_text(place->target),
			au_text(place->name)),
		    read_counts, &counts, err);
		break;
	case AU_LOSS_SOURCE:
		rc = au_tx_first(tx, NULL,
		    AU_QUERY(LOSS_OF_SOURCE, au_number(op), au_number(since_ms), au_text(guard), au_text(place->name)),
		    read_counts, &counts, err);
		break;
	case AU_LOSS_TARGET:
		rc = au_tx_first(tx, NULL,
		    AU_QUERY(
			LOSS_OF_TARGET, au_number(op), au_number(since_ms), au_text(guard), au_text(place->target)),
		    read_counts, &counts, err);
		break;
	}
	if (rc < 0)
		return rc;
	*ret = counts;
	return 0;
}

int
au_store_loss_again(struct au_store_tx *tx, const char *account_id, enum au_step_op op, long long since_ms, bool *ret,
    struct au_err *err)
{
	long long count = 0;
	int rc = au_tx_number(
	    tx, AU_QUERY(LOSS_OF_ACCOUNT, au_text(account_id), au_number(op), au_number(since_ms)), &count, err);

	if (rc == 0)
		*ret = count > 0;
	return rc;
}

int
au_store_loss_accounts(struct au_store_tx *tx, const struct au_loss_place *place, bool is_active, long long most,
    long long *ret, struct au_err *err)
{
	int least = is_active ? 1 : -1; /* of the column active */

	assert(place->scope != AU_LOSS_GROUP);
	if (place->scope == AU_LOSS_SOURCE)
		return au_tx_number(tx,
		    AU_QUERY(LOSS_ACCOUNTS_OF_SOURCE, au_text(place->name), au_number(least), au_number(most)), ret,
		    err);
	return au_tx_number(
	    tx, AU_QUERY(LOSS_ACCOUNTS_OF_TARGET, au_text(place->target), au_number(least), au_number(most)), ret, err);
}

int
au_store_loss_stand_ins(struct au_store_tx *tx, struct au_arena *arena, const char *application, const char *target,
    size_t most, const char ***ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(LOSS_STAND_INS, au_text(application), au_text(target), au_number((long long)most)), au_row_text,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_loss_holders(struct au_store_tx *tx, struct au_arena *arena, const struct au_loss_value *value, size_t most,
    const char ***ret, size_t *ret_count, struct au_err *err)
{
	const char *path = au_arena_printf(arena, "$.\"%s\"", value->right);
	const char *wanted = au_arena_printf(arena, "$.rights.\"%s\"", value->right);

	return au_tx_all(tx, arena,
	    AU_QUERY(LOSS_HOLDERS, au_text(value->target), au_text(path), au_text(wanted), au_text(value->values),
		au_number((long long)most)),
	    au_row_text, sizeof(**ret), ret, ret_count, err);
}

int
au_store_loss_other_holders(struct au_store_tx *tx, struct au_arena *arena, const struct au_loss_value *value,
    const char *but_login, size_t most, long long *ret, struct au_err *err)
{
	const char *path = au_arena_printf(arena, "$.\"%s\"", value->right);
	const char *but = but_login ? au_text_fold(arena, but_login) : NULL;

	return au_tx_number(tx,
	    AU_QUERY(LOSS_OTHER_HOLDERS, au_text(value->target), au_text(path), au_text(but), au_text(value->values),
		au_number((long long)most)),
	    ret, err);
}
