/* SPDX-License-Identifier: ISC */
/* Approvals stay when their step is over: they say who let it go. */
#include "store/approval.h"

#include "model/step.h"
#include "store/tx.h"

int
au_store_approval_add(struct au_store_tx *tx, const struct au_approval *approval, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(tx,
	    AU_QUERY(APPROVAL_ADD, au_number(approval->step), au_text(approval->actor), au_text(approval->name),
		au_text(approval->reason), au_text(approval->digest), au_number(approval->at_ms)),
	    &changes, err);

	if (rc == 0 && changes == 0)
		return au_fail(err, AU_EEXIST, "step %lld: %s has approved it already; it takes somebody else",
		    approval->step, approval->actor);
	return rc;
}

static void
read_approval(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_approval *approval = object;

	approval->step = row[0].number;
	approval->actor = au_arena_strdup(arena, row[1].text);
	approval->name = au_arena_strdup(arena, row[2].text);
	approval->reason = au_arena_strdup(arena, row[3].text);
	approval->digest = au_arena_strdup(arena, row[4].text);
	approval->at_ms = row[5].number;
}

int
au_store_approval_list(struct au_store_tx *tx, struct au_arena *arena, long long step, struct au_approval **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(APPROVAL_LIST, au_number(step)), read_approval, sizeof(**ret), ret, ret_count, err);
}

int
au_store_approval_count(struct au_store_tx *tx, long long step, const char *digest, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(APPROVAL_COUNT, au_number(step), au_text(digest)), ret, err);
}

static void
read_held_count(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_held_count *count = object;

	count->lane = (int)row[0].number;
	count->guards = au_arena_strdup(arena, row[1].text);
	count->count = row[2].number;
}

int
au_store_held_counts(
    struct au_store_tx *tx, struct au_arena *arena, struct au_held_count **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(HELD_COUNTS, au_number(AU_STEP_HELD)), read_held_count, sizeof(**ret), ret,
	    ret_count, err);
}
