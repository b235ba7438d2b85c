/* SPDX-License-Identifier: ISC */
/* The first run of an order begins before everything, so each value has a run. */
#include "store/resource_run.h"

#include "store/run_end.h"

#include <limits.h>

const struct au_order_row au_order_rows[] = {
	[AU_ORDER_NAME] = { .range = AU_SQL_RANGE_NAME,
	    .count = AU_SQL_COUNT_NAME,
	    .up = AU_SQL_UP_NAME,
	    .down = AU_SQL_DOWN_NAME,
	    .name = "/name" },
	[AU_ORDER_EXTERNAL_ID] = { .range = AU_SQL_RANGE_EXTERNAL_ID,
	    .count = AU_SQL_COUNT_EXTERNAL_ID,
	    .up = AU_SQL_UP_EXTERNAL_ID,
	    .down = AU_SQL_DOWN_EXTERNAL_ID,
	    .name = "/external_id" },
	[AU_ORDER_CREATED] = { .range = AU_SQL_RANGE_CREATED,
	    .count = AU_SQL_COUNT_CREATED,
	    .up = AU_SQL_UP_CREATED,
	    .down = AU_SQL_DOWN_CREATED,
	    .name = "/created",
	    .numbers = true },
	[AU_ORDER_MODIFIED] = { .range = AU_SQL_RANGE_MODIFIED,
	    .count = AU_SQL_COUNT_MODIFIED,
	    .up = AU_SQL_UP_MODIFIED,
	    .down = AU_SQL_DOWN_MODIFIED,
	    .name = "/modified",
	    .numbers = true },
	[AU_ORDER_INDEX] = { .range = AU_SQL_RANGE_INDEX,
	    .count = AU_SQL_COUNT_INDEX,
	    .up = AU_SQL_UP_INDEX,
	    .down = AU_SQL_DOWN_INDEX },
};

struct au_value
au_order_value(const struct au_run_space *space, const struct au_resource_value *value)
{
	return au_order_rows[space->order].numbers ? au_number(value->number) : au_text(value->text);
}

const struct au_resource_place au_order_first = { { AU_TEXT_LEAST, LLONG_MIN }, 0 };
const struct au_resource_place au_order_last = { { AU_TEXT_LAST, LLONG_MAX }, LLONG_MAX };

static struct au_value
attr_of(const struct au_run_space *space)
{
	const char *name = au_order_rows[space->order].name;
	return au_text(name ? name : space->attr);
}

#define RUN_QUERY(statement, space, place, ...)                                                                        \
	AU_QUERY(statement, au_text((space)->client), au_text((space)->type), attr_of(space),                          \
	    au_order_value(space, &(place)->value), au_number((place)->num), ##__VA_ARGS__)

struct run {
	struct au_resource_place start;
	long long total;
};

static void
read_run(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct run *run = object;
	run->start.value = (struct au_resource_value){ au_arena_strdup(arena, row[0].text), row[0].number };
	run->start.num = row[1].number;
	run->total = row[2].number;
}

/* 1 and the run of that place; 0 when the order has no runs yet. */
static int
run_of(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place, struct run *ret,
    struct au_err *err)
{
	return au_tx_first(tx, au_tx_scratch(tx), RUN_QUERY(RUN_AT, space, place), read_run, ret, err);
}

/* ---- counting ---- */

int
au_run_set_total(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *start,
    long long total, struct au_err *err)
{
	return au_tx_run(tx, RUN_QUERY(RUN_SET, space, start, au_number(total)), NULL, err);
}

static int
set_run(struct au_store_tx *tx, const struct au_run_space *space, const struct run *run, struct au_err *err)
{
	return au_run_set_total(tx, space, &run->start, run->total, err);
}

static int
put_run(struct au_store_tx *tx, const struct au_run_space *space, const struct run *run, struct au_err *err)
{
	return au_tx_run(tx, RUN_QUERY(RUN_PUT, space, &run->start, au_number(run->total)), NULL, err);
}

static int
drop_run(struct au_store_tx *tx, const struct au_run_space *space, const struct run *run, struct au_err *err)
{
	return au_tx_run(tx, RUN_QUERY(RUN_DROP, space, &run->start), NULL, err);
}

static void
read_place(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_resource_place *place = object;
	place->num = row[0].number;
	place->value = (struct au_resource_value){ au_arena_strdup(arena, row[1].text), row[1].number };
}

/* The value that has so many before it in the run begins a run of its own. */
static int
split(struct au_store_tx *tx, const struct au_run_space *space, struct run *run, struct au_err *err)
{
	struct run second = { .total = run->total - run->total / 2 };
	/* a run's first value is at its start, and the statement looks behind */
	struct au_query query = AU_QUERY(UP_INDEX, au_text(space->client), au_text(space->type), au_text(space->attr),
	    au_order_value(space, &run->start.value), au_number(run->start.num - 1), au_number(1),
	    au_number(run->total / 2), au_order_value(space, &au_order_last.value));
	query.statement = au_order_rows[space->order].up;
	int rc = au_tx_first(tx, au_tx_scratch(tx), query, read_place, &second.start, err);
	if (rc == 0)
		rc = au_fail(err, AU_EBUG, "order of resources: a run counts %lld that are not there", run->total);
	if (rc < 0)
		return rc;
	run->total /= 2;
	rc = set_run(tx, space, run, err);
	return rc < 0 ? rc : put_run(tx, space, &second, err);
}

/* Right into left when both are there and small; 1 when it was done. */
static int
merge(struct au_store_tx *tx, const struct au_run_space *space, struct run *left, const struct run *right,
    struct au_err *err)
{
	if (left->total + right->total >= AU_RUN_LEAST)
		return 0;
	left->total += right->total;
	int rc = drop_run(tx, space, right, err);
	if (rc == 0)
		rc = set_run(tx, space, left, err);
	return rc < 0 ? rc : 1;
}

static int
merge_with_neighbour(struct au_store_tx *tx, const struct au_run_space *space, struct run *run, struct au_err *err)
{
	struct run other;
	struct au_resource_place before = run->start;
	int rc = au_tx_first(tx, au_tx_scratch(tx), RUN_QUERY(RUN_NEXT, space, &run->start), read_run, &other, err);
	if (rc == 1)
		rc = merge(tx, space, run, &other, err);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	before.num--;
	rc = run_of(tx, space, &before, &other, err);
	if (rc == 1)
		rc = merge(tx, space, &other, run, err);
	return rc < 0 ? rc : 0;
}

/* The run of a place, and its total as it is with that many more.  RETURNING would do it in one statement at four times
 * the price. */
static int
count_one(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place, int more,
    struct run *ret, struct au_err *err)
{
	int rc = run_of(tx, space, place, ret, err);
	if (rc <= 0)
		return rc;
	ret->total += more;
	rc = set_run(tx, space, ret, err);
	return rc < 0 ? rc : 1;
}

/* The last run of an order by time, where the writer may know it; 1, or 0 when there is none. */
static int
know_end(struct au_store_tx *tx, const struct au_run_space *space, struct au_run_end **ret, struct au_err *err)
{
	struct run run;
	*ret = NULL;
	if (!tx->run_ends || !au_order_rows[space->order].numbers)
		return 0;
	*ret = au_run_end_of(tx, space);
	if (*ret)
		return 1;
	int rc = run_of(tx, space, &au_order_last, &run, err);
	if (rc <= 0)
		return rc;
	rc = au_run_end_know(tx, space, &run.start, run.total, err);
	*ret = au_run_end_of(tx, space);
	return rc < 0 ? rc : 1;
}

/* Counted in the last run, without a look at the store: 1 and the run; 0 when the place is before it. */
static int
count_end(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place, int more,
    struct run *ret, struct au_err *err)
{
	struct au_run_end *end;
	int rc = know_end(tx, space, &end, err);
	if (rc <= 0 || !au_run_end_has(end, place))
		return rc < 0 ? rc : 0;
	end->total += more;
	end->is_moved = true;
	*ret = (struct run){ { { .number = end->number }, end->num }, end->total };
	return 1;
}

static int
count(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place, int more,
    struct run *ret, struct au_err *err)
{
	int rc = count_end(tx, space, place, more, ret, err);
	return rc == 0 ? count_one(tx, space, place, more, ret, err) : rc;
}

/* Before runs are split or become one: what is known of the last ones may not hold any more. */
static int
settle_ends(struct au_store_tx *tx, struct au_err *err)
{
	int rc = au_run_ends_settle(tx, err);
	if (rc == 0 && tx->run_ends)
		au_run_ends_forget(tx->run_ends);
	return rc;
}

int
au_run_add(
    struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place, struct au_err *err)
{
	struct run run;
	int rc = count(tx, space, place, 1, &run, err);
	if (rc == 0) {
		run = (struct run){ au_order_first, 1 };
		return put_run(tx, space, &run, err);
	}
	if (rc < 0 || run.total <= AU_RUN_MOST)
		return rc < 0 ? rc : 0;
	rc = settle_ends(tx, err);
	return rc == 0 ? split(tx, space, &run, err) : rc;
}

int
au_run_remove(
    struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *place, struct au_err *err)
{
	struct run run;
	int rc = count(tx, space, place, -1, &run, err);
	if (rc <= 0 || run.total >= AU_RUN_LEAST)
		return rc < 0 ? rc : 0;
	rc = settle_ends(tx, err);
	return rc == 0 ? merge_with_neighbour(tx, space, &run, err) : rc;
}

/* ---- the columns of resources ---- */

static bool
has_value(const struct au_resource *resource, enum au_resource_order order, struct au_resource_place *ret)
{
	if (!resource)
		return false;
	ret->num = resource->num;
	switch (order) {
	case AU_ORDER_NAME:
		ret->value.text = resource->name_fold;
		return resource->name_fold != NULL;
	case AU_ORDER_EXTERNAL_ID:
		ret->value.text = resource->external_id;
		return resource->external_id != NULL;
	case AU_ORDER_CREATED:
		ret->value.number = resource->created_ms;
		return true;
	case AU_ORDER_MODIFIED:
		ret->value.number = resource->modified_ms;
		return true;
	case AU_ORDER_INDEX:
		break;
	}
	return false;
}

int
au_run_columns(struct au_store_tx *tx, const struct au_resource *was, const struct au_resource *is, struct au_err *err)
{
	const struct au_resource *any = is ? is : was;
	struct au_run_space space = { .client = any->client, .type = any->type, .order = AU_ORDER_NAME };
	int rc = 0;
	for (; rc == 0 && space.order < AU_ORDER_INDEX; space.order++) {
		struct au_resource_place old = { 0 }, new = { 0 };
		bool had = has_value(was, space.order, &old), has = has_value(is, space.order, &new);
		if (had && has && au_resource_value_compare(&old.value, &new.value) == 0)
			continue;
		if (had)
			rc = au_run_remove(tx, &space, &old, err);
		if (rc == 0 && has)
			rc = au_run_add(tx, &space, &new, err);
	}
	return rc;
}

/* ---- asking ---- */

static bool
is_same(const struct au_resource_place *a, const struct au_resource_place *b)
{
	return a->num == b->num && au_resource_value_compare(&a->value, &b->value) == 0;
}

/* Values from one place up to another, one by one. */
static int
count_rows(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *from,
    const struct au_resource_place *to, long long *ret, struct au_err *err)
{
	struct au_query query = AU_QUERY(COUNT_INDEX, au_text(space->client), au_text(space->type),
	    au_text(space->attr), au_order_value(space, &from->value), au_number(from->num),
	    au_order_value(space, &to->value), au_number(to->num));
	query.statement = au_order_rows[space->order].count;
	return au_tx_number(tx, query, ret, err);
}

/* What a run holds before the place, and what it holds from there on.  Where it is all of it, nobody has to look. */
static int
count_head(struct au_store_tx *tx, const struct au_run_space *space, const struct run *run,
    const struct au_resource_place *place, long long *ret, struct au_err *err)
{
	if (au_resource_value_compare(&place->value, &au_order_last.value) != 0)
		return count_rows(tx, space, &run->start, place, ret, err);
	*ret = run->total;
	return 0;
}

static int
count_tail(struct au_store_tx *tx, const struct au_run_space *space, const struct run *run,
    const struct au_resource_place *place, long long *ret, struct au_err *err)
{
	struct run next = { .start = au_order_last };
	*ret = run->total;
	if (is_same(place, &run->start))
		return 0;
	int rc = au_tx_first(tx, au_tx_scratch(tx), RUN_QUERY(RUN_NEXT, space, &run->start), read_run, &next, err);
	return rc < 0 ? rc : count_rows(tx, space, place, &next.start, ret, err);
}

static int
count_between(struct au_store_tx *tx, const struct au_run_space *space, const struct run *first, const struct run *last,
    long long *ret, struct au_err *err)
{
	return au_tx_number(tx,
	    RUN_QUERY(RUN_BETWEEN, space, &first->start, au_order_value(space, &last->start.value),
		au_number(last->start.num)),
	    ret, err);
}

int
au_run_count_values(struct au_store_tx *tx, const struct au_run_space *space, const struct au_resource_place *from,
    const struct au_resource_place *to, long long *ret, struct au_err *err)
{
	struct run first = { 0 }, last = { 0 };
	long long head = 0, tail = 0, between = 0;
	int rc = au_run_ends_settle(tx, err);
	if (rc == 0)
		rc = run_of(tx, space, from, &first, err);
	if (rc == 1)
		rc = run_of(tx, space, to, &last, err);
	if (rc < 0)
		return rc;
	*ret = 0;
	if (rc == 0 || au_resource_value_compare(&from->value, &to->value) >= 0)
		return 0;
	if (is_same(&first.start, &last.start))
		return is_same(from, &first.start) ? count_head(tx, space, &first, to, ret, err)
						   : count_rows(tx, space, from, to, ret, err);
	rc = count_tail(tx, space, &first, from, &tail, err);
	if (rc == 0)
		rc = count_between(tx, space, &first, &last, &between, err);
	if (rc == 0)
		rc = count_head(tx, space, &last, to, &head, err);
	*ret = tail + between + head;
	return rc;
}

/* On the way to a run: how many values are still to be passed over, and behind what the walk will begin. */
struct finding {
	struct au_arena *arena;
	long long skip;
	struct au_resource_place after;
};

/* Upwards a walk begins with the first value of a run ... */
static int
pass_up(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct finding *finding = ctx;
	struct run run;
	(void)err;
	if (finding->skip >= row[2].number) {
		finding->skip -= row[2].number;
		return 0;
	}
	read_run(row, finding->arena, &run);
	finding->after = run.start;
	finding->after.num--;
	return 1;
}

/* ... and downwards with the last one, which is before the start of the run above. */
static int
pass_down(const struct au_value *row, void *ctx, struct au_err *err)
{
	struct finding *finding = ctx;
	struct run run;
	(void)err;
	if (finding->skip < row[2].number)
		return 1;
	read_run(row, finding->arena, &run);
	finding->skip -= run.total;
	finding->after = run.start;
	return 0;
}

int
au_run_find(struct au_store_tx *tx, const struct au_run_space *space, bool descending, struct au_resource_place *place,
    long long *skip, struct au_err *err)
{
	struct finding finding = { .arena = au_tx_scratch(tx), .after = au_order_last };
	struct run run = { 0 };
	long long here = 0;
	int rc = au_run_ends_settle(tx, err);
	if (rc == 0)
		rc = run_of(tx, space, place, &run, err);
	if (rc == 1)
		rc = (descending ? count_head : count_tail)(tx, space, &run, place, &here, err);
	else if (rc == 0)
		here = *skip + 1; /* nothing to be found, here or elsewhere */
	if (rc < 0 || *skip < here)
		return rc;
	finding.skip = *skip - here;
	if (descending)
		finding.after = run.start;
	struct au_query query = RUN_QUERY(RUNS_UP, space, &run.start);
	if (descending)
		query.statement = AU_SQL_RUNS_DOWN;
	rc = au_tx_each(tx, query, descending ? pass_down : pass_up, &finding, err);
	if (rc < 0)
		return rc;
	*skip = finding.skip;
	*place = finding.after;
	return 0;
}
