/* SPDX-License-Identifier: ISC */
/*
 * Places gather until there are twice as many as are wanted; then the worse half goes with the memory of its texts, and
 * what is worse than the last one left is not let in any more.
 */
#include "scim/list_best.h"

#include "base/mem.h"

#include <string.h>

#define SLACK 64

struct au_list_best {
	const struct au_sort *sort;
	struct au_arena *texts;
	struct au_list_place *list;
	size_t count, cap, keep;
	bool pruned;
	struct au_list_place worst; /* once pruned: what comes behind it is not let in */
};

int
au_list_place_compare(const struct au_sort *sort, const struct au_list_place *a, const struct au_list_place *b)
{
	int cmp = au_sort_compare(sort, &a->key, &b->key);
	int same;

	if (cmp != 0)
		return cmp;
	same = a->view != b->view ? (a->view > b->view) - (a->view < b->view) : (a->num > b->num) - (a->num < b->num);
	return sort->descending ? -same : same;
}

struct au_list_best *
au_list_best_new(const struct au_sort *sort, size_t keep)
{
	struct au_list_best *best = au_xcalloc(1, sizeof *best);

	best->sort = sort;
	best->keep = keep;
	best->texts = au_arena_new();
	return best;
}

void
au_list_best_free(struct au_list_best *best)
{
	if (best == NULL)
		return;
	au_arena_free(best->texts);
	free(best->list);
	free(best);
}

static int
compare(const void *a, const void *b, void *sort)
{
	return au_list_place_compare(sort, a, b);
}

static void
order(struct au_list_best *best)
{
	if (best->count > 0)
		qsort_r(best->list, best->count, sizeof *best->list, compare, (void *)best->sort);
	if (best->count > best->keep)
		best->count = best->keep;
}

static void
prune(struct au_list_best *best)
{
	struct au_arena *texts = au_arena_new();

	order(best);
	for (size_t i = 0; i < best->count; i++)
		best->list[i].key.text = au_arena_strdup(texts, best->list[i].key.text);
	au_arena_free(best->texts);
	best->texts = texts;
	best->pruned = true;
	if (best->count > 0)
		best->worst = best->list[best->count - 1];
}

void
au_list_best_add(struct au_list_best *best, const struct au_list_place *place)
{
	if (best->keep == 0 || (best->pruned && au_list_place_compare(best->sort, place, &best->worst) > 0))
		return;
	if (best->count == best->cap) {
		best->cap = best->cap == 0 ? SLACK : best->cap * 2;
		best->list = au_xrealloc(best->list, best->cap, sizeof *best->list);
	}
	best->list[best->count] = *place;
	best->list[best->count++].key.text = au_arena_strdup(best->texts, place->key.text);
	if (best->count >= 2 * best->keep + SLACK)
		prune(best);
}

const struct au_list_place *
au_list_best_sorted(struct au_list_best *best, size_t *ret_count)
{
	order(best);
	*ret_count = best->count;
	return best->list;
}
