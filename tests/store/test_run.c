/* SPDX-License-Identifier: ISC */
/* Counts of values, against a plain array: whatever comes and goes, a place is found, and there are few runs. */
#include "tests/store/help.h"

#include "store/resource.h"
#include "store/resource_run.h"
#include "store/sqlite.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMS 6000
#define PAGE 7

/* ---- a plain array ---- */

struct entry {
	const char *text;
	long long num;
};

struct model {
	struct entry list[NUMS];
	size_t count;
	bool has[NUMS + 1];
};

static int
compare(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int cmp = strcmp(left->text, right->text);
	return cmp != 0 ? cmp : (left->num > right->num) - (left->num < right->num);
}

/* The value of a number is always the same one; many share it. */
static const char *
text_of(long long num)
{
	static char texts[1000][8];
	long long which = num * 7919 % 1000;
	if (texts[which][0] == '\0')
		snprintf(texts[which], sizeof(texts[which]), "v%03lld", which);
	return texts[which];
}

static void
fill_model(struct model *model)
{
	model->count = 0;
	for (long long num = 1; num <= NUMS; num++)
		if (model->has[num])
			model->list[model->count++] = (struct entry){ text_of(num), num };
	qsort(model->list, model->count, sizeof(*model->list), compare);
}

/* ---- and the store ---- */

static void
put(struct fixture *f, struct model *model, long long num, bool has)
{
	const struct au_resource resource = { .client = "okta", .type = "User", .num = num };
	const struct au_index_value value = { .attr = "city!", .text = text_of(num) };
	if (has)
		assert_ok(f, au_store_index_add(f->tx, &resource, &value, &f->err));
	else
		assert_ok(f, au_store_index_remove(f->tx, &resource, &value, &f->err));
	model->has[num] = has;
}

struct page {
	long long nums[PAGE];
	size_t count;
};

static int
note(void *ctx, const struct au_resource_place *place, struct au_err *err)
{
	struct page *page = ctx;
	(void)err;
	page->nums[page->count++] = place->num;
	return 0;
}

static size_t
first_at(const struct model *model, const char *text)
{
	size_t i = 0;
	while (i < model->count && strcmp(model->list[i].text, text) < 0)
		i++;
	return i;
}

static void
check_page(struct fixture *f, const struct model *model, const struct au_resource_range *range, size_t skip)
{
	size_t from = first_at(model, range->from.text), to = first_at(model, range->to.text);
	for (int descending = 0; descending <= 1; descending++) {
		struct au_resource_walk walk = {
			.range = *range, .descending = descending, .skip = (long long)skip, .limit = PAGE
		};
		struct page page = { .count = 0 };
		size_t left = to > from + skip ? to - from - skip : 0;
		assert_ok(f, au_store_index_walk(f->tx, "okta", "User", &walk, note, &page, &f->err));
		assert_int_equal(page.count, left < PAGE ? left : PAGE);
		for (size_t i = 0; i < page.count; i++)
			assert_int_equal(
			    page.nums[i], model->list[descending ? to - 1 - skip - i : from + skip + i].num);
	}
}

static const char *
random_bound(struct fixture *f)
{
	switch (rand() % 6) {
	case 0:
		return AU_TEXT_LEAST;
	case 1:
		return AU_TEXT_MOST;
	case 2:
		return AU_TEXT_LAST;
	default:
		return au_arena_printf(f->arena, "v%03d", rand() % 1000);
	}
}

static void
check_ranges(struct fixture *f, struct model *model)
{
	fill_model(model);
	for (int i = 0; i < 60; i++) {
		struct au_resource_range range = { AU_ORDER_INDEX, "city!", { random_bound(f), 0 },
			{ random_bound(f), 0 } };
		size_t from = first_at(model, range.from.text), to = first_at(model, range.to.text);
		long long count = -1;
		assert_ok(f, au_store_index_count(f->tx, "okta", "User", &range, &count, &f->err));
		assert_int_equal(count, to > from ? to - from : 0);
		check_page(f, model, &range, 0);
		check_page(f, model, &range, (size_t)(rand() % (count + 10)));
	}
}

static long long
number(struct fixture *f, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(f->connection->db, text, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	long long number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

static void
check_runs(struct fixture *f, const struct model *model)
{
	long long runs = number(f, "SELECT count(*) FROM resource_run WHERE attr = 'city!'");
	assert_int_equal(number(f, "SELECT sum(total) FROM resource_run WHERE attr = 'city!'"), model->count);
	assert_in_range(number(f, "SELECT max(total) FROM resource_run WHERE attr = 'city!'"), 0, AU_RUN_MOST);
	/* any two neighbours hold so many together */
	assert_in_range(runs, 1, 2 * (long long)model->count / AU_RUN_LEAST + 1);
}

static void
places_are_found_whatever_comes_and_goes(void **state)
{
	struct fixture *f = *state;
	struct model *model = au_arena_alloc(f->arena, sizeof(*model));
	memset(model, 0, sizeof(*model));
	srand(5);
	check_ranges(f, model);
	for (long long i = 0; i < NUMS; i++)
		put(f, model, i * 31 % NUMS + 1, true);
	check_ranges(f, model);
	check_runs(f, model);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 2000; i++)
			put(f, model, rand() % NUMS + 1, rand() % 3 == 0);
		check_ranges(f, model);
		check_runs(f, model);
	}
	/* the middle goes, then all but the last ones */
	for (long long num = 1; num <= NUMS; num++)
		if (text_of(num)[1] > '1' && text_of(num)[1] < '8')
			put(f, model, num, false);
	check_ranges(f, model);
	check_runs(f, model);
	for (long long num = 1; num <= NUMS - 5; num++)
		put(f, model, num, false);
	check_ranges(f, model);
	check_runs(f, model);
}

/* ---- columns ---- */

static struct au_resource
resource_of(struct fixture *f, int number, int round)
{
	return (struct au_resource){ .id = au_arena_printf(f->arena, "id-%d", number),
		.client = "okta",
		.type = number % 5 == 0 ? "Group" : "User",
		.name_fold =
		    (number + round) % 7 == 0 ? NULL : au_arena_printf(f->arena, "n%d-%d", number * 37 % 4000, round),
		.external_id = (number + round) % 3 == 0 ? NULL : au_arena_printf(f->arena, "E%d", number % 90 + round),
		.doc = "{}",
		.version = 1,
		.created_ms = number / 10,
		.modified_ms = number / 10 + round * 1000LL };
}

/* Each order's own count beside one that reads everything. */
static void
check_columns(struct fixture *f)
{
	static const struct {
		enum au_resource_order order;
		const char *count;
	} rows[] = {
		{ AU_ORDER_NAME, "SELECT count(name_fold) FROM resource WHERE type = 'User'" },
		{ AU_ORDER_EXTERNAL_ID, "SELECT count(external_id) FROM resource WHERE type = 'User'" },
		{ AU_ORDER_CREATED, "SELECT count(*) FROM resource WHERE type = 'User'" },
		{ AU_ORDER_MODIFIED, "SELECT count(*) FROM resource WHERE type = 'User'" },
	};
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_resource_range all = { rows[i].order, NULL, { AU_TEXT_LEAST, LLONG_MIN },
			{ AU_TEXT_LAST, LLONG_MAX } };
		struct au_resource_walk walk = { .range = all, .limit = PAGE };
		struct page page = { .count = 0 };
		long long count = -1;
		assert_ok(f, au_store_index_count(f->tx, "okta", "User", &all, &count, &f->err));
		assert_int_equal(count, number(f, rows[i].count));
		walk.skip = count - 3;
		assert_ok(f, au_store_index_walk(f->tx, "okta", "User", &walk, note, &page, &f->err));
		assert_int_equal(page.count, 3);
	}
}

static void
columns_are_counted_with_their_resources(void **state)
{
	struct fixture *f = *state;
	struct au_resource in;
	for (int i = 0; i < 4000; i++) {
		in = resource_of(f, i, 0);
		assert_ok(f, au_store_resource_insert(f->tx, &in, &f->err));
	}
	check_columns(f);
	for (int i = 0; i < 4000; i += 3) {
		struct au_resource was;
		in = resource_of(f, i, 1);
		assert_ok(f, au_store_resource_get(f->tx, f->arena, in.client, in.type, in.id, &was, &f->err));
		in.num = was.num;
		in.created_ms = was.created_ms;
		assert_ok(f, au_store_resource_update(f->tx, &was, &in, &f->err));
	}
	check_columns(f);
	for (int i = 0; i < 4000; i++) {
		in = resource_of(f, i, 0);
		if (i % 4 != 0)
			assert_ok(f, au_store_resource_delete(f->tx, in.client, in.type, in.id, &f->err));
	}
	check_columns(f);
}

/* ---- stores that are older than the counts ---- */

static void
run_sql(struct fixture *f, const char *text)
{
	if (sqlite3_exec(f->connection->db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(f->connection->db));
}

static void
runs_are_made_for_older_stores(void **state)
{
	struct fixture *f = *state;
	size_t i = 0;
	while (strcmp(au_sqlite_migrations[i].what, "values counted by run") != 0)
		i++;
	for (int number = 0; number < 4000; number++) {
		struct au_resource in = resource_of(f, number, 0);
		assert_ok(f, au_store_resource_insert(f->tx, &in, &f->err));
	}
	commit_and_begin(f); /* nobody knows of the runs from before */
	run_sql(f, "DROP TABLE resource_run;");
	run_sql(f, au_sqlite_migrations[i].text);
	check_columns(f);
	assert_int_equal(number(f, "SELECT count(*) FROM resource_run WHERE attr = '/created' AND type = 'User'"), 7);
	/* and they go on being kept */
	for (int number = 0; number < 4000; number++) {
		struct au_resource in = resource_of(f, number, 0);
		if (number % 3 == 0)
			assert_ok(f, au_store_resource_delete(f->tx, in.client, in.type, in.id, &f->err));
	}
	check_columns(f);
}

#define RUN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest runs[] = {
	RUN_TEST(places_are_found_whatever_comes_and_goes),
	RUN_TEST(columns_are_counted_with_their_resources),
	RUN_TEST(runs_are_made_for_older_stores),
};

int
main(void)
{
	/* the counts are looked at from outside */
	return run_for_one_backend("runs", "sqlite", runs, AU_COUNT(runs));
}
