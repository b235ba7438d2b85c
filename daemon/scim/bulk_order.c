/* SPDX-License-Identifier: ISC */
/*
 * The order of operations: as sent, but what refers to something that is made further down waits for it.  Circles are
 * found as strongly connected components (Tarjan), without recursion since clients choose the depth.
 */
#include "scim/bulk.h"

#include <string.h>

struct walk {
	const struct au_bulk *bulk;
	size_t *number;      /* per operation: when it was reached, from 1; 0 = not yet */
	size_t *low;         /* the earliest that is known to be reached back from it */
	size_t *edge;        /* the next of its edges to follow */
	bool *is_open;       /* its circle is not closed yet */
	size_t *path, depth; /* operations from the start to here */
	size_t *open, opened;
	size_t reached;

	size_t *unit_of;
	size_t *members; /* operations, unit by unit */
	size_t filled;
	struct au_bulk_unit *units; /* as found: what is needed comes first */
	size_t unit_count;
};

static void *
numbers(struct au_arena *arena, size_t count)
{
	return au_arena_alloc(arena, (count + 1) * sizeof(size_t));
}

/* The operations that op cannot run before: what it needs, then what it follows. */
static bool
edge_at(const struct au_bulk_op *op, size_t i, size_t *ret)
{
	if (i < op->need_count) {
		*ret = op->needs[i];
		return true;
	}
	*ret = op->after;
	return i == op->need_count && op->after != AU_BULK_NONE;
}

/* ---- circles ---- */

static int
by_index(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
enter(struct walk *w, size_t op)
{
	w->number[op] = w->low[op] = ++w->reached;
	w->open[w->opened++] = op;
	w->is_open[op] = true;
	w->path[w->depth++] = op;
}

/* Everything that was opened since op is one unit. */
static void
close_unit(struct walk *w, size_t op)
{
	struct au_bulk_unit *unit = &w->units[w->unit_count];
	size_t *ops = &w->members[w->filled], last;

	do {
		last = w->open[--w->opened];
		w->is_open[last] = false;
		w->unit_of[last] = w->unit_count;
		ops[unit->count++] = last;
	} while (last != op);
	qsort(ops, unit->count, sizeof *ops, by_index);
	unit->ops = ops;
	w->filled += unit->count;
	w->unit_count++;
}

static void
leave(struct walk *w, size_t op)
{
	w->depth--;
	if (w->low[op] == w->number[op])
		close_unit(w, op);
	if (w->depth > 0) {
		size_t before = w->path[w->depth - 1];

		if (w->low[op] < w->low[before])
			w->low[before] = w->low[op];
	}
}

static void
walk_from(struct walk *w, size_t start)
{
	size_t to;

	enter(w, start);
	while (w->depth > 0) {
		size_t op = w->path[w->depth - 1];

		if (!edge_at(&w->bulk->ops[op], w->edge[op]++, &to))
			leave(w, op);
		else if (w->number[to] == 0)
			enter(w, to);
		else if (w->is_open[to] && w->number[to] < w->low[op])
			w->low[op] = w->number[to];
	}
}

/* ---- the order of units ---- */

struct queue {
	size_t *waits; /* per unit: edges to units that are not placed */
	/* Who waits for whom, as lists: the first waiter of a unit, and the next after a waiter. */
	size_t *first, *next, *waiter;
	size_t edges;
	bool *is_placed;
	size_t *ready, ready_count;
};

static size_t
count_edges(const struct au_bulk *bulk)
{
	size_t count = 0;

	for (size_t i = 0; i < bulk->count; i++)
		count += bulk->ops[i].need_count + 1;
	return count;
}

/* Numbers in the lists are from 1; 0 ends them. */
static void
add_edges(const struct walk *w, struct queue *q, size_t op)
{
	size_t from = w->unit_of[op], to;

	for (size_t i = 0; edge_at(&w->bulk->ops[op], i, &to); i++) {
		to = w->unit_of[to];
		if (to == from)
			continue;
		q->waits[from]++;
		q->edges++;
		q->waiter[q->edges] = from;
		q->next[q->edges] = q->first[to];
		q->first[to] = q->edges;
	}
}

/* Place a unit, and with it those before `at` that waited for it; those further down are met when their turn comes. */
static void
place(const struct walk *w, struct queue *q, size_t at, struct au_bulk *bulk)
{
	size_t unit = w->unit_of[at];

	q->ready[q->ready_count++] = unit;
	while (q->ready_count > 0) {
		unit = q->ready[--q->ready_count];
		q->is_placed[unit] = true;
		bulk->units[bulk->unit_count++] = w->units[unit];
		for (size_t edge = q->first[unit]; edge != 0; edge = q->next[edge]) {
			size_t waiter = q->waiter[edge];

			if (--q->waits[waiter] == 0 && w->units[waiter].ops[0] < at)
				q->ready[q->ready_count++] = waiter;
		}
	}
}

static void
place_all(struct au_arena *arena, const struct walk *w, struct au_bulk *bulk)
{
	size_t edges = count_edges(bulk);
	struct queue q = { .waits = numbers(arena, bulk->count),
		.first = numbers(arena, bulk->count),
		.next = numbers(arena, edges),
		.waiter = numbers(arena, edges),
		.is_placed = au_arena_alloc(arena, bulk->count + 1),
		.ready = numbers(arena, bulk->count) };

	bulk->units = au_arena_alloc(arena, (w->unit_count + 1) * sizeof *bulk->units);
	for (size_t i = 0; i < bulk->count; i++)
		add_edges(w, &q, i);
	for (size_t i = 0; i < bulk->count; i++) {
		size_t unit = w->unit_of[i];

		if (!q.is_placed[unit] && q.waits[unit] == 0)
			place(w, &q, i, bulk);
	}
}

void
au_bulk_order(struct au_arena *arena, struct au_bulk *bulk)
{
	size_t count = bulk->count;
	struct walk w = { .bulk = bulk,
		.number = numbers(arena, count),
		.low = numbers(arena, count),
		.edge = numbers(arena, count),
		.is_open = au_arena_alloc(arena, count + 1),
		.path = numbers(arena, count),
		.open = numbers(arena, count),
		.unit_of = numbers(arena, count),
		.members = numbers(arena, count),
		.units = au_arena_alloc(arena, (count + 1) * sizeof *w.units) };

	for (size_t i = 0; i < count; i++)
		if (w.number[i] == 0)
			walk_from(&w, i);
	place_all(arena, &w, bulk);
}
