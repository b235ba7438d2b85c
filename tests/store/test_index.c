/* SPDX-License-Identifier: ISC */
/* Orders of resources by their values: ranges, walks both ways, and one client's values never among another's. */
#include "tests/store/help.h"

#include "store/resource.h"
#include "store/resource_index.h"

#include <limits.h>
#include <string.h>

static const struct row {
	const char *client, *type, *name, *external;
	long long created_ms, modified_ms;
	const char *city, *second_city;
} rows[] = {
	{ "okta", "User", "ada", "E2", 10, 50, "paris", "rome" },
	{ "okta", "User", "ben", NULL, 20, 40, "paris", NULL },
	{ "entra", "User", "ada", "E2", 20, 40, "paris", NULL },
	{ "okta", "User", "benno", "E1", 20, 30, NULL, NULL },
	{ "okta", "Group", "ben", "E1", 20, 30, "paris", NULL },
	{ "okta", "User", "b\xc3\xa9n", "E2", 30, 40, "\xc3\xa9vian", "paris" },
};

static void
add_city(struct fixture *f, const struct au_resource *resource, const char *city)
{
	const struct au_index_value value = { "city", city, true };
	if (city != NULL)
		assert_ok(f, au_store_index_add(f->tx, resource, &value, &f->err));
}

static int
set_up_rows(void **state)
{
	set_up_tx(state);
	struct fixture *f = *state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct au_resource in = { .id = au_arena_printf(f->arena, "%zu", i),
			.client = row->client,
			.type = row->type,
			.name_fold = row->name,
			.external_id = row->external,
			.doc = "{}",
			.version = 1,
			.created_ms = row->created_ms,
			.modified_ms = row->modified_ms };
		assert_ok(f, au_store_resource_insert(f->tx, &in, &f->err));
		assert_int_equal(in.num, i + 1);
		add_city(f, &in, row->city);
		add_city(f, &in, row->second_city);
	}
	return 0;
}

/* ---- ranges ---- */

static const char *
text_of(struct fixture *f, const struct au_resource_nums *nums)
{
	const char *text = "";
	for (size_t i = 0; i < nums->count; i++)
		text = au_arena_printf(f->arena, "%s%lld", text, nums->list[i]);
	return text;
}

static const char *
range(struct fixture *f, const char *client, enum au_resource_order order, const char *from, const char *to)
{
	const struct au_resource_range range = { order, order == AU_ORDER_INDEX ? "city" : NULL, { from, 0 },
		{ to, 0 } };
	struct au_resource_nums nums = { .list = NULL };
	assert_ok(f, au_store_index_range(f->tx, client, "User", &range, &nums, &f->err));
	au_resource_nums_sort(&nums);
	const char *text = text_of(f, &nums);
	au_resource_nums_done(&nums);
	return text;
}

static const char *
dates(struct fixture *f, enum au_resource_order order, long long from, long long to)
{
	const struct au_resource_range range = { order, NULL, { NULL, from }, { NULL, to } };
	struct au_resource_nums nums = { .list = NULL };
	assert_ok(f, au_store_index_range(f->tx, "okta", "User", &range, &nums, &f->err));
	au_resource_nums_sort(&nums);
	const char *text = text_of(f, &nums);
	au_resource_nums_done(&nums);
	return text;
}

static void
ranges_find_what_lies_within_them(void **state)
{
	struct fixture *f = *state;
	assert_string_equal(range(f, "okta", AU_ORDER_NAME, "ben", "ben\x01"), "2");
	assert_string_equal(range(f, "okta", AU_ORDER_NAME, "ben", "ben\xff"), "24");
	assert_string_equal(range(f, "okta", AU_ORDER_NAME, "b", "b\xff"), "246");
	assert_string_equal(range(f, "okta", AU_ORDER_NAME, AU_TEXT_LEAST, AU_TEXT_MOST), "1246");
	assert_string_equal(range(f, "entra", AU_ORDER_NAME, AU_TEXT_LEAST, AU_TEXT_MOST), "3");
	assert_string_equal(range(f, "okta", AU_ORDER_EXTERNAL_ID, "E2", "E2\x01"), "16");
	assert_string_equal(range(f, "okta", AU_ORDER_EXTERNAL_ID, AU_TEXT_LEAST, AU_TEXT_MOST), "146");
	assert_string_equal(range(f, "okta", AU_ORDER_INDEX, "paris", "paris\x01"), "126");
	assert_string_equal(range(f, "okta", AU_ORDER_INDEX, AU_TEXT_LEAST, AU_TEXT_MOST), "126");
	assert_string_equal(range(f, "okta", AU_ORDER_INDEX, "\xc3", AU_TEXT_MOST), "6");
	assert_string_equal(range(f, "nobody", AU_ORDER_INDEX, AU_TEXT_LEAST, AU_TEXT_MOST), "");
	assert_string_equal(dates(f, AU_ORDER_CREATED, 20, 21), "24");
	assert_string_equal(dates(f, AU_ORDER_MODIFIED, LLONG_MIN, 50), "246");
	assert_string_equal(dates(f, AU_ORDER_MODIFIED, 40, LLONG_MAX), "126");
	struct au_resource_nums few = { .most = 2 };
	const struct au_resource_range all = { AU_ORDER_CREATED, NULL, { NULL, 0 }, { NULL, 100 } };
	assert_ok(f, au_store_index_range(f->tx, "okta", "User", &all, &few, &f->err));
	assert_int_equal(few.count, 3);
	au_resource_nums_done(&few);
}

/* ---- walks ---- */

struct seen {
	struct fixture *f;
	const char *nums;
	struct au_resource_place last;
	int stop_after;
};

static int
see(void *ctx, const struct au_resource_place *place, struct au_err *err)
{
	struct seen *seen = ctx;
	(void)err;
	seen->nums = au_arena_printf(seen->f->arena, "%s%lld", seen->nums, place->num);
	seen->last = *place;
	seen->last.value.text = au_arena_strdup(seen->f->arena, place->value.text);
	return --seen->stop_after == 0;
}

static struct au_resource_range
whole(enum au_resource_order order)
{
	return (struct au_resource_range){ order, order == AU_ORDER_INDEX ? "city" : NULL, { AU_TEXT_LEAST, LLONG_MIN },
		{ AU_TEXT_LAST, LLONG_MAX } };
}

/* All of it, in steps of so many resources. */
static const char *
walk(struct fixture *f, enum au_resource_order order, bool descending, long long step)
{
	struct seen seen = { .f = f, .nums = "" };
	struct au_resource_walk how = { .range = whole(order), .descending = descending, .limit = step };
	size_t before;
	do {
		before = strlen(seen.nums);
		assert_ok(f, au_store_index_walk(f->tx, "okta", "User", &how, see, &seen, &f->err));
		how.after = &seen.last;
	} while (strlen(seen.nums) > before);
	return seen.nums;
}

static void
walks_go_both_ways_in_steps(void **state)
{
	static const struct {
		enum au_resource_order order;
		const char *up, *down;
	} want[] = {
		{ AU_ORDER_NAME, "1246", "6421" },
		{ AU_ORDER_EXTERNAL_ID, "416", "614" },
		{ AU_ORDER_CREATED, "1246", "6421" },
		{ AU_ORDER_MODIFIED, "4261", "1624" },
		{ AU_ORDER_INDEX, "12616", "61621" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < AU_COUNT(want); i++)
		for (long long step = 1; step <= 6; step++) {
			assert_string_equal(walk(f, want[i].order, false, step), want[i].up);
			assert_string_equal(walk(f, want[i].order, true, step), want[i].down);
		}
}

static void
walk_skips_limits_and_stops(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .f = f, .nums = "" };
	struct au_resource_walk how = { .range = whole(AU_ORDER_NAME), .skip = 1, .limit = 2 };
	assert_ok(f, au_store_index_walk(f->tx, "okta", "User", &how, see, &seen, &f->err));
	assert_string_equal(seen.nums, "24");
	seen = (struct seen){ .f = f, .nums = "", .stop_after = 1 };
	assert_ok(f, au_store_index_walk(f->tx, "okta", "User", &how, see, &seen, &f->err));
	assert_string_equal(seen.nums, "2");
}

/* ---- keeping ---- */

static void
values_come_once_and_go(void **state)
{
	struct fixture *f = *state;
	struct au_resource ada = { .client = "okta", .type = "User", .num = 1 };
	const struct au_index_value nowhere = { "city", "nowhere", true }, paris = { "city", "paris", true };
	add_city(f, &ada, "paris");
	assert_string_equal(range(f, "okta", AU_ORDER_INDEX, "paris", "paris\x01"), "126");
	assert_ok(f, au_store_index_remove(f->tx, &ada, &paris, &f->err));
	assert_ok(f, au_store_index_remove(f->tx, &ada, &nowhere, &f->err));
	assert_string_equal(range(f, "okta", AU_ORDER_INDEX, "paris", "paris\x01"), "26");
	assert_string_equal(range(f, "entra", AU_ORDER_INDEX, "paris", "paris\x01"), "3");
}

static void
marks_are_kept_and_dropped_with_their_values(void **state)
{
	struct fixture *f = *state;
	struct au_index_mark *marks, mark = { "User", "city", 3 };
	size_t count;
	assert_ok(f, au_store_index_mark(f->tx, &mark, &f->err));
	mark.num = AU_INDEX_WHOLE;
	assert_ok(f, au_store_index_mark(f->tx, &mark, &f->err));
	assert_ok(f, au_store_index_marks(f->tx, f->arena, &marks, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(marks[0].attr, "city");
	assert_int_equal(marks[0].num, AU_INDEX_WHOLE);
	assert_ok(f, au_store_index_drop(f->tx, "User", "city", &f->err));
	assert_string_equal(range(f, "okta", AU_ORDER_INDEX, AU_TEXT_LEAST, AU_TEXT_MOST), "");
	assert_string_equal(range(f, "entra", AU_ORDER_INDEX, AU_TEXT_LEAST, AU_TEXT_MOST), "");
	assert_ok(f, au_store_index_marks(f->tx, f->arena, &marks, &count, &f->err));
	assert_int_equal(count, 0);
}

#define INDEX_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_rows, tear_down_tx)
static const struct CMUnitTest index_tests[] = {
	INDEX_TEST(ranges_find_what_lies_within_them),
	INDEX_TEST(walks_go_both_ways_in_steps),
	INDEX_TEST(walk_skips_limits_and_stops),
	INDEX_TEST(values_come_once_and_go),
	INDEX_TEST(marks_are_kept_and_dropped_with_their_values),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(index_tests);
}
