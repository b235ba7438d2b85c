/* SPDX-License-Identifier: ISC */
/* What waits is a queue for each order; one that was given up holds up nobody. */
#include "store/delivery.h"

#include "store/tx.h"

int
au_store_subscription_set(
    struct au_store_tx *tx, const char *const *targets, size_t count, long long most, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(SUBSCRIPTION_END, au_number(0)), NULL, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = au_tx_run(tx, AU_QUERY(SUBSCRIPTION_PUT, au_text(targets[i]), au_number(most)), NULL, err);
	return rc;
}

int
au_store_subscription_has(struct au_store_tx *tx, const char *target, bool *ret, struct au_err *err)
{
	long long most = 0;
	int rc = au_tx_number(tx, AU_QUERY(SUBSCRIPTION_GET, au_text(target)), &most, err);

	*ret = rc == 0 && most > 0;
	return rc;
}

int
au_store_delivery_add(struct au_store_tx *tx, const struct au_delivery *delivery, struct au_err *err)
{
	long long most = 0, waiting = 0;
	int rc = au_tx_number(tx, AU_QUERY(SUBSCRIPTION_GET, au_text(delivery->target)), &most, err);

	if (rc == 0)
		rc = au_tx_number(tx, AU_QUERY(DELIVERY_FILL, au_number(0)), &waiting, err);
	if (rc == 0 && waiting >= most)
		return au_tx_run(tx, AU_QUERY(SUBSCRIPTION_LOSE, au_text(delivery->target)), NULL, err);
	return rc < 0 ? rc
		      : au_tx_run(tx,
			    AU_QUERY(DELIVERY_ADD, au_text(delivery->uuid), au_number(delivery->work),
				au_text(delivery->target), au_text(delivery->type), au_text(delivery->data),
				au_number(delivery->created_ms)),
			    NULL, err);
}

static void
read_delivery(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_delivery *delivery = object;

	*delivery = (struct au_delivery){ .id = row[0].number,
		.uuid = au_arena_strdup(arena, row[1].text),
		.work = row[2].number,
		.target = au_arena_strdup(arena, row[3].text),
		.type = au_arena_strdup(arena, row[4].text),
		.data = au_arena_strdup(arena, row[5].text),
		.created_ms = row[6].number,
		.since_ms = row[7].number,
		.tries = row[8].number,
		.next_ms = row[9].number,
		.given_up_ms = row[10].number,
		.problem = au_arena_strdup(arena, row[11].text) };
}

int
au_store_delivery_next(
    struct au_store_tx *tx, struct au_arena *arena, long long now_ms, struct au_delivery *ret, struct au_err *err)
{
	return au_tx_first(tx, arena, AU_QUERY(DELIVERY_NEXT, au_number(now_ms)), read_delivery, ret, err);
}

int
au_store_delivery_remove(struct au_store_tx *tx, long long id, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(DELIVERY_REMOVE, au_number(id)), NULL, err);
}

int
au_store_delivery_update(struct au_store_tx *tx, const struct au_delivery *delivery, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(DELIVERY_UPDATE, au_number(delivery->tries), au_number(delivery->next_ms),
		au_number(delivery->given_up_ms), au_text(delivery->problem), au_number(delivery->id)),
	    NULL, err);
}

int
au_store_delivery_retry(struct au_store_tx *tx, long long now_ms, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(DELIVERY_RETRY, au_number(now_ms)), NULL, err);

	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(SUBSCRIPTION_FORGIVE, au_number(0)), NULL, err);
}

static void
read_counts(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_delivery_counts *counts = object;

	*counts = (struct au_delivery_counts){ .waiting = row[0].number,
		.given_up = row[1].number,
		.oldest_ms = row[2].number,
		.lost = row[3].number,
		.problem = au_arena_strdup(arena, row[4].text) };
}

int
au_store_delivery_count(
    struct au_store_tx *tx, struct au_arena *arena, struct au_delivery_counts *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, arena, AU_QUERY(DELIVERY_COUNT, au_number(0)), read_counts, ret, err);

	return rc < 0 ? rc : 0;
}
