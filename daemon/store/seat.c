/* SPDX-License-Identifier: ISC */
/* Seats are set as a whole per account; what moved is added to the ledger's sums in the same transaction. */
#include "store/seat.h"

#include "base/str.h"
#include "store/tx.h"

static void
read_seat(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_seat *seat = object;

	seat->pool = au_arena_strdup(arena, row[0].text);
	seat->held = row[1].number;
	seat->reserved = row[2].number;
	seat->waiting = row[3].number;
	seat->target = au_arena_strdup(arena, row[4].text);
}

int
au_store_seat_of(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_seat **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(SEAT_OF, au_text(account_id)), read_seat, sizeof(**ret), ret, ret_count, err);
}

static const struct au_seat *
find_seat(const struct au_seat *seats, size_t count, const char *pool)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(seats[i].pool, pool))
			return &seats[i];
	return NULL;
}

static int
add_to_pool(struct au_store_tx *tx, const struct au_seat *old, const struct au_seat *new, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(POOL_ADD, au_text(new->target), au_text(new->pool), au_number(new->held - old->held),
		au_number(new->reserved - old->reserved), au_number(new->waiting - old->waiting)),
	    NULL, err);
}

static int
move_seat(struct au_store_tx *tx, const char *account_id, const struct au_seat *old, const struct au_seat *new,
    struct au_err *err)
{
	bool empty = new->held == 0 && new->reserved == 0 && new->waiting == 0;
	int rc;

	if (old->held == new->held && old->reserved == new->reserved && old->waiting == new->waiting)
		return 0;
	if (empty)
		rc = au_tx_run(tx, AU_QUERY(SEAT_DROP, au_text(account_id), au_text(new->pool)), NULL, err);
	else
		rc = au_tx_run(tx,
		    AU_QUERY(SEAT_PUT, au_text(account_id), au_text(new->pool), au_text(new->target),
			au_number(new->held), au_number(new->reserved), au_number(new->waiting)),
		    NULL, err);
	return rc < 0 ? rc : add_to_pool(tx, old, new, err);
}

int
au_store_seat_set(
    struct au_store_tx *tx, const char *account_id, const struct au_seat *seats, size_t count, struct au_err *err)
{
	struct au_arena *arena = au_tx_scratch(tx);
	struct au_seat *old = NULL;
	size_t old_count = 0;
	int rc = au_store_seat_of(tx, arena, account_id, &old, &old_count, err);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		const struct au_seat none = { 0 }, *was = find_seat(old, old_count, seats[i].pool);
		rc = move_seat(tx, account_id, was ? was : &none, &seats[i], err);
	}
	for (size_t i = 0; rc == 0 && i < old_count; i++) {
		const struct au_seat gone = { .pool = old[i].pool, .target = old[i].target };
		if (!find_seat(seats, count, old[i].pool))
			rc = move_seat(tx, account_id, &old[i], &gone, err);
	}
	return rc;
}

int
au_store_seat_clear(struct au_store_tx *tx, const char *account_id, struct au_err *err)
{
	return au_store_seat_set(tx, account_id, NULL, 0, err);
}

static void
read_leaving(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_seat_leaving *leaving = object;

	leaving->login = au_arena_strdup(arena, row[0].text);
	leaving->op = (enum au_step_op)row[1].number;
	leaving->state = (enum au_step_state)row[2].number;
	leaving->disabled_ms = row[3].number;
}

int
au_store_seat_leaving(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *pool,
    struct au_seat_leaving *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, AU_QUERY(SEAT_LEAVING, au_text(target), au_text(pool)), read_leaving, ret, err);

	if (rc == 0)
		rc = au_tx_first(
		    tx, arena, AU_QUERY(SEAT_EXPIRING, au_text(target), au_text(pool)), read_leaving, ret, err);
	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "pool '%s' of '%s': nobody is leaving", pool, target);
}
