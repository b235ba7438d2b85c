/* SPDX-License-Identifier: ISC */
/* Each order is a statement to find a range and two to walk it; the values they are bound to are the same for all. */
#include "store/resource_index.h"

#include "store/tx.h"

#include <limits.h>
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

static const struct order {
	enum au_statement range, up, down;
	bool numbers;
} orders[] = {
	[AU_ORDER_NAME] = { AU_SQL_RANGE_NAME, AU_SQL_UP_NAME, AU_SQL_DOWN_NAME, false },
	[AU_ORDER_EXTERNAL_ID] = { AU_SQL_RANGE_EXTERNAL_ID, AU_SQL_UP_EXTERNAL_ID, AU_SQL_DOWN_EXTERNAL_ID, false },
	[AU_ORDER_CREATED] = { AU_SQL_RANGE_CREATED, AU_SQL_UP_CREATED, AU_SQL_DOWN_CREATED, true },
	[AU_ORDER_MODIFIED] = { AU_SQL_RANGE_MODIFIED, AU_SQL_UP_MODIFIED, AU_SQL_DOWN_MODIFIED, true },
	[AU_ORDER_INDEX] = { AU_SQL_RANGE_INDEX, AU_SQL_UP_INDEX, AU_SQL_DOWN_INDEX, false },
};

static struct au_value
value_of(const struct order *order, const struct au_resource_value *value)
{
	return order->numbers ? au_number(value->number) : au_text(value->text);
}

static int
add_num(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct au_resource_nums *nums = ctx;
	(void)err;
	au_resource_nums_add(nums, row[0].number);
	return nums->most > 0 && nums->count > nums->most;
}

int
au_store_index_range(struct au_store_tx *tx, const char *client, const char *type,
    const struct au_resource_range *range, struct au_resource_nums *nums, struct au_err *err)
{
	const struct order *order = &orders[range->order];
	struct au_query query = AU_QUERY(RANGE_INDEX, au_text(client), au_text(type), au_text(range->attr),
	    value_of(order, &range->from), value_of(order, &range->to));
	query.statement = order->range;
	return au_tx_each(tx, query, add_num, nums, err);
}

struct walking {
	const struct order *order;
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

int
au_store_index_walk(struct au_store_tx *tx, const char *client, const char *type, const struct au_resource_walk *walk,
    au_resource_place_visit *visit, void *ctx, struct au_err *err)
{
	static const struct au_resource_place least = { { AU_TEXT_LEAST, LLONG_MIN }, 0 };
	static const struct au_resource_place most = { { AU_TEXT_MOST, LLONG_MAX }, LLONG_MAX };
	const struct au_resource_place *start = walk->descending ? &most : &least;
	struct walking walking = { &orders[walk->order], visit, ctx };
	if (walk->after)
		start = walk->after;
	struct au_query query = AU_QUERY(UP_INDEX, au_text(client), au_text(type), au_text(walk->attr),
	    value_of(walking.order, &start->value), au_number(start->num), au_number(walk->limit),
	    au_number(walk->skip));
	query.statement = walk->descending ? walking.order->down : walking.order->up;
	return au_tx_each(tx, query, visit_place, &walking, err);
}

int
au_store_index_count(
    struct au_store_tx *tx, const char *client, const char *type, const char *attr, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(INDEX_COUNT, au_text(client), au_text(type), au_text(attr)), ret, err);
}

/* ---- keeping ---- */

int
au_store_index_add(
    struct au_store_tx *tx, const struct au_resource *resource, const char *attr, const char *value, struct au_err *err)
{
	const struct au_query add = AU_QUERY(INDEX_ADD, au_text(resource->client), au_text(resource->type),
	    au_text(attr), au_text(value), au_number(resource->num));
	long long changes = 0;
	int rc = au_tx_run(tx, add, &changes, err);
	if (rc < 0 || changes > 0)
		return rc;
	/* the first value of its client, or one that is there */
	rc = au_tx_run(tx, AU_QUERY(INDEX_SPACE, au_text(resource->client), au_text(resource->type), au_text(attr)),
	    &changes, err);
	return rc < 0 || changes == 0 ? rc : au_tx_run(tx, add, NULL, err);
}

int
au_store_index_remove(
    struct au_store_tx *tx, const struct au_resource *resource, const char *attr, const char *value, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(INDEX_REMOVE, au_text(resource->client), au_text(resource->type), au_text(attr), au_text(value),
		au_number(resource->num)),
	    NULL, err);
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
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(INDEX_UNMARK, au_text(type), au_text(attr)), NULL, err);
}
