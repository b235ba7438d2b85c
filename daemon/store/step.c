/* SPDX-License-Identifier: ISC */
/* The durable queue of steps. */
#include "store/step.h"

#include "store/parcel.h"
#include "store/tx.h"

static void
read_step(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_step *step = object;
	step->id = row[0].number;
	step->account_id = au_arena_strdup(arena, row[1].text);
	step->apiuser_id = au_arena_strdup(arena, row[2].text);
	step->target = au_arena_strdup(arena, row[3].text);
	step->login = au_arena_strdup(arena, row[4].text);
	step->op = (enum au_step_op)row[5].number;
	step->lane = (enum au_lane)row[6].number;
	step->state = (enum au_step_state)row[7].number;
	step->want = au_arena_strdup(arena, row[8].text);
	step->was = au_arena_strdup(arena, row[9].text);
	step->reason = au_arena_strdup(arena, row[10].text);
	step->guard = au_arena_strdup(arena, row[11].text);
	step->cause = au_arena_strdup(arena, row[12].text);
	step->tries = (unsigned)row[13].number;
	step->next_ms = row[14].number;
	step->created_ms = row[15].number;
	step->finished_ms = row[16].number;
	step->code = (int)row[17].number;
	step->error = au_arena_strdup(arena, row[18].text);
	step->key = step->note = step->follows = NULL;
	step->guards = au_arena_strdup(arena, row[19].text);
	step->takes = au_arena_strdup(arena, row[20].text);
	step->rank = row[21].number;
	step->waits = au_arena_strdup(arena, row[22].text);
	step->parcel = row[23].number;
}

int
au_store_step_add(struct au_store_tx *tx, const struct au_step *step, long long *ret_id, struct au_err *err)
{
	long long id = 0;
	int rc = au_tx_insert(tx,
	    AU_QUERY(STEP_ADD, au_text(step->account_id), au_text(step->apiuser_id), au_text(step->target),
		au_text(step->login), au_number(step->op), au_number(step->lane), au_number(step->state),
		au_text(step->want), au_text(step->was), au_text(step->reason), au_text(step->guard),
		au_text(step->cause), au_number(step->tries), au_number(step->next_ms), au_number(step->created_ms),
		au_number(step->finished_ms), au_number(step->code), au_text(step->error), au_text(step->guards),
		au_text(step->takes), au_number(step->rank), au_text(step->waits), au_number(step->parcel)),
	    &id, err);
	if (rc == 0 && ret_id)
		*ret_id = id;
	return rc;
}

int
au_store_step_update(struct au_store_tx *tx, const struct au_step *step, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(tx,
	    AU_QUERY(STEP_UPDATE, au_number(step->state), au_text(step->guard), au_number(step->tries),
		au_number(step->next_ms), au_number(step->finished_ms), au_number(step->code), au_text(step->error),
		au_text(step->guards), au_number(step->id)),
	    &changes, err);
	if (rc == 0 && changes == 0)
		return au_fail(err, AU_ENOENT, "step %lld: not found", step->id);
	return rc;
}

int
au_store_step_claim(struct au_store_tx *tx, const struct au_step *step, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(
		STEP_CLAIM, au_text(step->takes), au_number(step->rank), au_text(step->waits), au_number(step->id)),
	    NULL, err);
}

int
au_store_step_waiting(struct au_store_tx *tx, struct au_arena *arena, const char *target, const struct au_step *after,
    size_t limit, struct au_step **ret, size_t *ret_count, struct au_err *err)
{
	static const struct au_step first = { .rank = -1 };

	if (after == NULL)
		after = &first;
	return au_tx_all(tx, arena,
	    AU_QUERY(STEP_WAITING, au_text(target), au_number(after->rank), au_number(after->created_ms),
		au_number(after->id), au_number((long long)limit)),
	    read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_line(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *pool, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(STEP_LINE, au_text(target), au_text(pool), au_number((long long)limit)),
	    read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_again(struct au_store_tx *tx, struct au_arena *arena, const char *target, int code, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(STEP_AGAIN, au_text(target), au_number(code), au_number((long long)limit)),
	    read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_taking(struct au_store_tx *tx, struct au_arena *arena, const char *target, struct au_step **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(STEP_TAKING, au_text(target)), read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_get(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_step *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, AU_QUERY(STEP_GET, au_number(id)), read_step, ret, err);
	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "step %lld: not found", id);
}

int
au_store_step_open(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_step **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(STEP_OPEN, au_text(account_id)), read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_next(struct au_store_tx *tx, struct au_arena *arena, const char *target, enum au_lane most,
    long long now_ms, struct au_step *ret, long long *ret_wake_ms, struct au_err *err)
{
	long long wake_ms = 0;
	int rc = au_tx_first(
	    tx, arena, AU_QUERY(STEP_NEXT, au_text(target), au_number(now_ms), au_number(most)), read_step, ret, err);
	if (rc == 0)
		rc = au_tx_number(tx, AU_QUERY(STEP_WAKE, au_text(target), au_number(now_ms)), &wake_ms, err);
	else if (rc == 1)
		return 0;
	if (rc < 0)
		return rc;
	if (ret_wake_ms)
		*ret_wake_ms = wake_ms;
	return au_fail(err, AU_ENOENT, "target '%s': no step is due", target);
}

int
au_store_step_next_of(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, enum au_lane most,
    long long now_ms, struct au_step *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, AU_QUERY(STEP_NEXT_OF, au_text(account_id), au_number(now_ms), au_number(most)),
	    read_step, ret, err);

	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "account '%s': no step is due", account_id);
}

int
au_store_step_list(struct au_store_tx *tx, struct au_arena *arena, enum au_step_state state, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err)
{
	if (state == 0)
		return au_tx_all(tx, arena, AU_QUERY(STEP_LIST, au_number((long long)limit)), read_step, sizeof(**ret),
		    ret, ret_count, err);
	return au_tx_all(tx, arena, AU_QUERY(STEP_LIST_STATE, au_number(state), au_number((long long)limit)), read_step,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_refused(struct au_store_tx *tx, struct au_arena *arena, size_t limit, struct au_step **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(STEP_REFUSED, au_number((long long)limit)), read_step, sizeof(**ret), ret,
	    ret_count, err);
}

int
au_store_step_of_account(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(STEP_OF_ACCOUNT, au_text(account_id), au_number((long long)limit)),
	    read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_step_count(struct au_store_tx *tx, enum au_step_state state, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(STEP_COUNT, au_number(state)), ret, err);
}

int
au_store_step_running(
    struct au_store_tx *tx, struct au_arena *arena, struct au_step **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(STEP_RUNNING), read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_parcel_losses(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_step **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(PARCEL_LOSSES, au_number(id)), read_step, sizeof(**ret), ret, ret_count, err);
}

int
au_store_parcel_steps(struct au_store_tx *tx, struct au_arena *arena, long long id, size_t limit, struct au_step **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(PARCEL_OPEN_STEPS, au_number(id), au_number((long long)limit)), read_step,
	    sizeof(**ret), ret, ret_count, err);
}
