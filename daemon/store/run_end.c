/* SPDX-License-Identifier: ISC */
/* A few places, used in turn: a store has two such orders for each client and type, and few of them change at once. */
#include "store/run_end.h"

#include <string.h>

struct au_run_end *
au_run_end_of(struct au_store_tx *tx, const struct au_run_space *space)
{
	for (size_t i = 0; tx->run_ends && i < AU_RUN_ENDS; i++) {
		struct au_run_end *end = &tx->run_ends->list[i];
		if (end->client && end->order == space->order && strcmp(end->client, space->client) == 0 &&
		    strcmp(end->type, space->type) == 0)
			return end;
	}
	return NULL;
}

static void
forget(struct au_run_end *end)
{
	free(end->client);
	free(end->type);
	*end = (struct au_run_end){ .client = NULL };
}

static int
settle(struct au_store_tx *tx, struct au_run_end *end, struct au_err *err)
{
	struct au_run_space space = { .client = end->client, .type = end->type, .order = end->order };
	struct au_resource_place start = { { .number = end->number }, end->num };
	if (!end->is_moved)
		return 0;
	int rc = au_run_set_total(tx, &space, &start, end->total, err);
	if (rc == 0)
		end->is_moved = false;
	return rc;
}

int
au_run_end_know(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *start,
    long long total, struct au_err *err)
{
	struct au_run_end *end = &tx->run_ends->list[tx->run_ends->next++ % AU_RUN_ENDS];
	int rc = settle(tx, end, err);
	if (rc < 0)
		return rc;
	forget(end);
	*end = (struct au_run_end){ .client = au_xstrdup(space->client),
		.type = au_xstrdup(space->type),
		.order = space->order,
		.number = start->value.number,
		.num = start->num,
		.total = total };
	return 0;
}

bool
au_run_end_has(const struct au_run_end *end, const struct au_resource_place *place)
{
	return place->value.number != end->number ? place->value.number > end->number : place->num >= end->num;
}

int
au_run_ends_settle(struct au_store_tx *tx, struct au_err *err)
{
	int rc = 0;
	for (size_t i = 0; tx->run_ends && rc == 0 && i < AU_RUN_ENDS; i++)
		rc = settle(tx, &tx->run_ends->list[i], err);
	return rc;
}

void
au_run_ends_forget(struct au_run_ends *ends)
{
	for (size_t i = 0; i < AU_RUN_ENDS; i++)
		forget(&ends->list[i]);
}
