/* SPDX-License-Identifier: ISC */
/* Pages of resources: where they start, what a deep one costs, and that the counts behind them stay true. */
#include "tests/store/help.h"

#include "store/resource.h"
#include "store/sqlite.h"

#include <stdio.h>
#include <string.h>

#define MANY 100000
#define PAGE 100
#define STEPS 100 /* of the virtual machine between two calls of the counter */

static long long
add(struct fixture *f, const char *client, const char *id)
{
	struct au_resource in = {
		.id = id, .client = client, .type = "User", .doc = "{}", .version = 1, .created_ms = 1, .modified_ms = 1
	};
	assert_ok(f, au_store_resource_insert(f->tx, &in, &f->err));
	return in.num;
}

static void
add_numbered(struct fixture *f, const char *client, int count)
{
	char id[32];
	for (int i = 0; i < count; i++) {
		snprintf(id, sizeof(id), "%s-%d", client, i);
		add(f, client, id);
	}
}

/* ---- what a page costs ---- */

struct page {
	char first[32];
	int count;
};

static int
note(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct page *page = ctx;
	(void)err;
	if (page->count++ == 0)
		snprintf(page->first, sizeof(page->first), "%s", resource->id);
	return 0;
}

static int
count_steps(void *ctx)
{
	*(long long *)ctx += STEPS;
	return 0;
}

/* Steps of SQLite's virtual machine for one page; some five of them make a row that is passed over. */
static long long
cost_of_page(struct fixture *f, long long skip, struct page *page)
{
	long long steps = 0;
	*page = (struct page){ .count = 0 };
	sqlite3_progress_handler(f->connection->db, STEPS, count_steps, &steps);
	assert_ok(f, au_store_resource_scan(f->tx, "okta", "User", skip, PAGE, note, page, &f->err));
	sqlite3_progress_handler(f->connection->db, 0, NULL, NULL);
	return steps;
}

static void
deep_page_costs_hardly_more_than_a_shallow_one(void **state)
{
	struct fixture *f = *state;
	struct page page;
	add_numbered(f, "okta", MANY);
	long long shallow = cost_of_page(f, 0, &page);
	assert_string_equal(page.first, "okta-0");
	assert_int_equal(page.count, PAGE);
	long long deep = cost_of_page(f, 99000, &page);
	assert_string_equal(page.first, "okta-99000");
	assert_int_equal(page.count, PAGE);
	/* at most a block of rows and a hundred counts */
	assert_in_range(deep, 1, shallow + 5 * (AU_RESOURCE_BLOCK + MANY / AU_RESOURCE_BLOCK + 100));
	assert_in_range(cost_of_page(f, MANY + 5, &page), 0, shallow + 5 * (MANY / AU_RESOURCE_BLOCK + 100));
	assert_int_equal(page.count, 0);
}

/* ---- that it is the right page ---- */

struct walk {
	const char *const *want;
	size_t at, stop_at;
};

static int
expect_next(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct walk *walk = ctx;
	(void)err;
	assert_non_null(walk->want[walk->at]);
	assert_string_equal(resource->id, walk->want[walk->at]);
	return ++walk->at == walk->stop_at;
}

static void
pages_start_right_whatever_was_deleted(void **state)
{
	struct fixture *f = *state;
	const int count = 3 * AU_RESOURCE_BLOCK;
	const char **left = au_arena_alloc(f->arena, ((size_t)count + 1) * sizeof(*left));
	size_t kept = 0;
	for (int i = 0; i < count; i++) {
		const char *id = au_arena_printf(f->arena, "%d", i);
		add(f, i % 3 == 2 ? "entra" : "okta", id);
		/* the second block goes whole, of the others every seventh */
		if (i % 3 == 2)
			continue;
		if (i / AU_RESOURCE_BLOCK == 1 || i % 7 == 0)
			assert_ok(f, au_store_resource_delete(f->tx, "okta", "User", id, &f->err));
		else
			left[kept++] = id;
	}
	for (size_t skip = 0; skip <= kept; skip += 37) {
		struct walk walk = { .want = left + skip };
		size_t rest = kept - skip;
		assert_ok(
		    f, au_store_resource_scan(f->tx, "okta", "User", (long long)skip, 10, expect_next, &walk, &f->err));
		assert_int_equal(walk.at, rest < 10 ? rest : 10);
	}
}

static void
walk_goes_on_after_a_number(void **state)
{
	struct fixture *f = *state;
	const char *const want[] = { "b", "d", NULL };
	struct walk walk = { .want = want };
	struct au_resource found;
	long long a = add(f, "okta", "a"), b = add(f, "okta", "b");
	add(f, "entra", "c");
	add(f, "okta", "d");
	assert_ok(f, au_store_resource_walk(f->tx, "okta", "User", a, expect_next, &walk, &f->err));
	assert_int_equal(walk.at, 2);
	walk = (struct walk){ .want = want, .stop_at = 1 };
	assert_ok(f, au_store_resource_walk(f->tx, "okta", "User", a, expect_next, &walk, &f->err));
	assert_int_equal(walk.at, 1);
	assert_ok(f, au_store_resource_at(f->tx, f->arena, "okta", "User", b, &found, &f->err));
	assert_string_equal(found.id, "b");
	assert_int_equal(found.num, b);
	assert_int_equal(au_store_resource_at(f->tx, f->arena, "entra", "User", b, &found, &f->err), AU_ENOENT);
}

static void
number_of_the_last_resource_is_not_given_out_again(void **state)
{
	struct fixture *f = *state;
	long long first = add(f, "okta", "a"), last = add(f, "okta", "b");
	assert_true(first < last);
	assert_ok(f, au_store_resource_delete(f->tx, "okta", "User", "b", &f->err));
	assert_ok(f, au_store_resource_delete(f->tx, "okta", "User", "a", &f->err));
	assert_true(add(f, "okta", "c") > last);
}

/* ---- stores that are older than the counts ---- */

static void
run_sql(struct fixture *f, const char *text)
{
	if (sqlite3_exec(f->connection->db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(f->connection->db));
}

static void
counts_are_made_for_older_stores(void **state)
{
	struct fixture *f = *state;
	struct page page = { .count = 0 };
	add_numbered(f, "okta", 2500);
	run_sql(f, "DROP TABLE resource_block; DROP TABLE resource_mark;");
	run_sql(f, au_sqlite_migrations[1].text);
	assert_ok(f, au_store_resource_scan(f->tx, "okta", "User", 2400, PAGE, note, &page, &f->err));
	assert_string_equal(page.first, "okta-2400");
	assert_int_equal(page.count, 100);
}

#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest pages[] = {
	PAGE_TEST(pages_start_right_whatever_was_deleted),
	PAGE_TEST(walk_goes_on_after_a_number),
	PAGE_TEST(number_of_the_last_resource_is_not_given_out_again),
};
static const struct CMUnitTest sqlite_pages[] = {
	PAGE_TEST(deep_page_costs_hardly_more_than_a_shallow_one),
	PAGE_TEST(counts_are_made_for_older_stores),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(pages) +
	       run_for_one_backend("sqlite_pages", "sqlite", sqlite_pages, AU_COUNT(sqlite_pages));
}
