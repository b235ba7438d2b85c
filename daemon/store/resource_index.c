/* SPDX-License-Identifier: ISC */
/* Each order is a row of statements; the values that they are bound to are the same for all. */
#include "store/resource_index.h"

#include "store/resource_run.h"

#include <string.h>

/* ---- numbers ---- */

void
au_resource_nums_add(struct au_resource_nums *nums, long long num)
{
	if (nums->count == nums->cap) {
		nums->cap = nums->cap == 0 ? 16 : nums->cap * 2;
		nums->list = au_xrealloc(nums->list, nums->cap, sizeof *nums->list);
	}
	nums->list[nums->count++] = num;
}

static int
compare(const void *a, const void *b)
{
	long long left = *(const long long *)a, right = *(const long long *)b;
	return (left > right) - (left < right);
}

void
au_resource_nums_sort(struct au_resource_nums *nums)
{
	size_t kept = 0;
	if (nums->count == 0)
		return;
	qsort(nums->list, nums->count, sizeof *nums->list, compare);
	for (size_t i = 1; i < nums->count; i++)
		if (nums->list[i] != nums->list[kept])
			nums->list[++kept] = nums->list[i];
	nums->count = kept + 1;
}

void
au_resource_nums_done(struct au_resource_nums *nums)
{
	free(nums->list);
	*nums = (struct au_resource_nums){ .list = NULL };
}

/* ---- reading ---- */

int
au_resource_value_compare(const struct au_resource_value *a, const struct au_resource_value *b)
{
	if (a->text && b->text)
		return strcmp(a->text, b->text);
	return (a->number > b->number) - (a->number < b->number);
}

static int
add_num(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct au_resource_nums *nums = ctx;
	(void)err;
	au_resource_nums_add(nums, row[0].number);
	return nums->most > 0 && nums->count > nums->most;
}

static struct au_run_space
space_of(const char *client, const char *type, const struct au_resource_range *range)
{
	return (struct au_run_space){ .client = client, .type = type, .order = range->order, .attr = range->attr };
}

int
au_store_index_range(struct au_store_tx *tx, const char *client, const char *type,
    const struct au_resource_range *range, struct au_resource_nums *nums, struct au_err *err)
{
	struct au_run_space space = space_of(client, type, range);
	struct au_query query = AU_QUERY(RANGE_INDEX, au_text(client), au_text(type), au_text(range->attr),
	    au_order_value(&space, &range->from), au_order_value(&space, &range->to));
	query.statement = au_order_rows[range->order].range;
	return au_tx_each(tx, query, add_num, nums, err);
}

struct walking {
	au_resource_place_visit *visit;
	void *ctx;
};

static int
visit_place(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct walking *walking = ctx;
	struct au_resource_place place = { .num = row[0].number,
		.value = { .text = row[1].text, .number = row[1].number } };
	return walking->visit(walking->ctx, &place, err);
}

/* Before the first value of the range, or behind the last one when that comes first. */
static struct au_resource_place
edge_of(const struct au_resource_walk *walk)
{
	return (struct au_resource_place){ walk->descending ? walk->range.to : walk->range.from, 0 };
}

int
au_store_index_walk(struct au_store_tx *tx, const char *client, const char *type, const struct au_resource_walk *walk,
    au_resource_place_visit *visit, void *ctx, struct au_err *err)
{
	struct au_run_space space = space_of(client, type, &walk->range);
	const struct au_order_row *row = &au_order_rows[space.order];
	struct walking walking = { visit, ctx };
	struct au_resource_place start = walk->after ? *walk->after : edge_of(walk);
	long long skip = walk->skip;
	int rc = skip > 0 ? au_run_find(tx, &space, walk->descending, &start, &skip, err) : 0;
	if (rc < 0)
		return rc;
	struct au_query query = AU_QUERY(UP_INDEX, au_text(client), au_text(type), au_text(walk->range.attr),
	    au_order_value(&space, &start.value), au_number(start.num), au_number(walk->limit), au_number(skip),
	    au_order_value(&space, walk->descending ? &walk->range.from : &walk->range.to));
	query.statement = walk->descending ? row->down : row->up;
	return au_tx_each(tx, query, visit_place, &walking, err);
}

int
au_store_index_count(struct au_store_tx *tx, const char *client, const char *type,
    const struct au_resource_range *range, long long *ret, struct au_err *err)
{
	struct au_run_space space = space_of(client, type, range);
	struct au_resource_place from = { range->from, 0 }, to = { range->to, 0 };
	return au_run_count_values(tx, &space, &from, &to, ret, err);
}

/* ---- keeping ---- */

static struct au_query
value_query(const struct au_resource *resource, const struct au_index_value *value, struct au_value bound[5])
{
	bound[0] = au_text(resource->client);
	bound[1] = au_text(resource->type);
	bound[2] = au_text(value->attr);
	bound[3] = au_text(value->text);
	bound[4] = au_number(resource->num);
	return (struct au_query){ AU_SQL_INDEX_ADD, bound, 5 };
}

static int
add_row(struct au_store_tx *tx, const struct au_resource *resource, const struct au_index_value *value,
    long long *changes, struct au_err *err)
{
	struct au_value bound[5];
	struct au_query add = value_query(resource, value, bound);
	long long made;
	int rc = au_tx_run(tx, add, changes, err);
	if (rc < 0 || *changes > 0)
		return rc;
	/* the first value of its client, or one that is there */
	rc = au_tx_run(tx,
	    AU_QUERY(INDEX_SPACE, au_text(resource->client), au_text(resource->type), au_text(value->attr)), &made,
	    err);
	return rc < 0 || made == 0 ? rc : au_tx_run(tx, add, changes, err);
}

static int
remove_row(struct au_store_tx *tx, const struct au_resource *resource, const struct au_index_value *value,
    long long *changes, struct au_err *err)
{
	struct au_value bound[5];
	struct au_query query = value_query(resource, value, bound);
	query.statement = AU_SQL_INDEX_REMOVE;
	return au_tx_run(tx, query, changes, err);
}

static int
count_value(struct au_store_tx *tx, const struct au_resource *resource, const struct au_index_value *value,
    int (*count)(struct au_store_tx *, const struct au_run_space *, const struct au_resource_place *, struct au_err *),
    struct au_err *err)
{
	struct au_run_space space = { resource->client, resource->type, AU_ORDER_INDEX, value->attr };
	struct au_resource_place place = { { value->text, 0 }, resource->num };
	return count(tx, &space, &place, err);
}

int
au_store_index_add(
    struct au_store_tx *tx, const struct au_resource *resource, const struct au_index_value *value, struct au_err *err)
{
	long long changes;
	int rc = add_row(tx, resource, value, &changes, err);
	return rc < 0 || changes == 0 || value->multi ? rc : count_value(tx, resource, value, au_run_add, err);
}

int
au_store_index_remove(
    struct au_store_tx *tx, const struct au_resource *resource, const struct au_index_value *value, struct au_err *err)
{
	long long changes;
	int rc = remove_row(tx, resource, value, &changes, err);
	return rc < 0 || changes == 0 || value->multi ? rc : count_value(tx, resource, value, au_run_remove, err);
}

/* ---- marks ---- */

static void
read_mark(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_index_mark *mark = object;
	mark->type = au_arena_strdup(arena, row[0].text);
	mark->attr = au_arena_strdup(arena, row[1].text);
	mark->num = row[2].number;
}

int
au_store_index_marks(
    struct au_store_tx *tx, struct au_arena *arena, struct au_index_mark **ret, size_t *ret_count, struct au_err *err)
{
	struct au_query query = { AU_SQL_INDEX_MARKS, NULL, 0 };
	return au_tx_all(tx, arena, query, read_mark, sizeof **ret, ret, ret_count, err);
}

int
au_store_index_mark(struct au_store_tx *tx, const struct au_index_mark *mark, struct au_err *err)
{
	return au_tx_run(
	    tx, AU_QUERY(INDEX_MARK, au_text(mark->type), au_text(mark->attr), au_number(mark->num)), NULL, err);
}

int
au_store_index_drop(struct au_store_tx *tx, const char *type, const char *attr, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(INDEX_DROP, au_text(type), au_text(attr)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(RUNS_DROP, au_text(type), au_text(attr)), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(INDEX_UNMARK, au_text(type), au_text(attr)), NULL, err);
}
