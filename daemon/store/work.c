/* SPDX-License-Identifier: ISC */
/* Work orders, one row each for ever: they say who did what and who said so. */
#include "store/work.h"

#include "store/tx.h"

static void
read_work(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_work *work = object;

	*work = (struct au_work){ .id = row[0].number,
		.step = row[1].number,
		.account_id = au_arena_strdup(arena, row[2].text),
		.apiuser_id = au_arena_strdup(arena, row[3].text),
		.target = au_arena_strdup(arena, row[4].text),
		.login = au_arena_strdup(arena, row[5].text),
		.op = (enum au_step_op)row[6].number,
		.lane = (enum au_lane)row[7].number,
		.state = (enum au_work_state)row[8].number,
		.revision = row[9].number,
		.digest = au_arena_strdup(arena, row[10].text),
		.want = au_arena_strdup(arena, row[11].text),
		.text = au_arena_strdup(arena, row[12].text),
		.reason = au_arena_strdup(arena, row[13].text),
		.created_ms = row[14].number,
		.changed_ms = row[15].number,
		.due_ms = row[16].number,
		.claimer = au_arena_strdup(arena, row[17].text),
		.claimer_name = au_arena_strdup(arena, row[18].text),
		.claimed_ms = row[19].number,
		.doer = au_arena_strdup(arena, row[20].text),
		.doer_name = au_arena_strdup(arena, row[21].text),
		.done_ms = row[22].number,
		.second = au_arena_strdup(arena, row[23].text),
		.second_name = au_arena_strdup(arena, row[24].text),
		.evidence = au_arena_strdup(arena, row[25].text),
		.result = au_arena_strdup(arena, row[26].text),
		.verified_by = au_arena_strdup(arena, row[27].text),
		.verified_ms = row[28].number,
		.replaces = row[29].number,
		.note = au_arena_strdup(arena, row[30].text),
		.ticket = au_arena_strdup(arena, row[31].text) };
}

/* The columns after the account's, in their order; the statement's own values follow. */
#define WORK_VALUES(work)                                                                                              \
	au_number((work)->step), au_text((work)->login), au_number((work)->op), au_number((work)->lane),               \
	    au_number((work)->state), au_number((work)->revision), au_text((work)->digest), au_text((work)->want),     \
	    au_text((work)->text), au_text((work)->reason), au_number((work)->created_ms),                             \
	    au_number((work)->changed_ms), au_number((work)->due_ms), au_text((work)->claimer),                        \
	    au_text((work)->claimer_name), au_number((work)->claimed_ms), au_text((work)->doer),                       \
	    au_text((work)->doer_name), au_number((work)->done_ms), au_text((work)->second),                           \
	    au_text((work)->second_name), au_text((work)->evidence), au_text((work)->result),                          \
	    au_text((work)->verified_by), au_number((work)->verified_ms), au_number((work)->replaces),                 \
	    au_text((work)->note)

int
au_store_work_add(struct au_store_tx *tx, const struct au_work *work, long long *ret_id, struct au_err *err)
{
	return au_tx_insert(tx,
	    AU_QUERY(WORK_ADD, WORK_VALUES(work), au_text(work->account_id), au_text(work->apiuser_id),
		au_text(work->target)),
	    ret_id, err);
}

int
au_store_work_update(struct au_store_tx *tx, const struct au_work *work, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(tx, AU_QUERY(WORK_UPDATE, WORK_VALUES(work), au_number(work->id)), &changes, err);

	if (rc == 0 && changes == 0)
		return au_fail(err, AU_ENOENT, "work order %lld: not found", work->id);
	return rc;
}

int
au_store_work_ticket(struct au_store_tx *tx, long long id, const char *ticket, bool *ret_news, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(tx, AU_QUERY(WORK_TICKET, au_number(id), au_text(ticket)), &changes, err);

	*ret_news = rc == 0 && changes > 0;
	return rc;
}

int
au_store_work_get(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_work *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, AU_QUERY(WORK_GET, au_number(id)), read_work, ret, err);

	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "work order %lld: not found", id);
}

int
au_store_work_open_of(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_work *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(WORK_OPEN_OF, au_text(account_id)), read_work, ret,
	    "open work order of account", account_id, err);
}

int
au_store_work_of_account(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, size_t limit,
    struct au_work **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(WORK_OF_ACCOUNT, au_text(account_id), au_number((long long)limit)),
	    read_work, sizeof(**ret), ret, ret_count, err);
}

int
au_store_work_due(struct au_store_tx *tx, struct au_arena *arena, const char *target, size_t limit,
    struct au_work **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(WORK_DUE, au_text(target), au_number((long long)limit)), read_work,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_work_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, enum au_work_state state,
    size_t limit, struct au_work **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(WORK_LIST, au_text(target), au_number(state), au_number((long long)limit)),
	    read_work, sizeof(**ret), ret, ret_count, err);
}

int
au_store_work_older(struct au_store_tx *tx, struct au_arena *arena, const char *target, long long before_ms,
    size_t limit, struct au_work **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(WORK_OLDER, au_text(target), au_number(before_ms), au_number((long long)limit)), read_work,
	    sizeof(**ret), ret, ret_count, err);
}

static void
read_count(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_work_count *count = object;

	count->target = au_arena_strdup(arena, row[0].text);
	count->state = (enum au_work_state)row[1].number;
	count->count = row[2].number;
	count->oldest_ms = row[3].number;
	count->overdue = row[4].number;
}

int
au_store_work_counts(struct au_store_tx *tx, struct au_arena *arena, long long now_ms, struct au_work_count **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(WORK_COUNTS, au_number(now_ms)), read_count, sizeof(**ret), ret, ret_count, err);
}
