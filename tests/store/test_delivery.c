/* SPDX-License-Identifier: ISC */
/* What a ticket system has yet to be told: in its order, with room for so much, and nothing lost in silence. */
#include "tests/store/help.h"

#include "store/delivery.h"

static void
subscribe(struct fixture *f, const char *target, long long most)
{
	assert_ok(f, au_store_subscription_set(f->tx, &target, target != NULL, most, &f->err));
}

static void
add(struct fixture *f, long long work, const char *type)
{
	assert_ok(f,
	    au_store_delivery_add(f->tx,
		&(struct au_delivery){
		    .uuid = type, .work = work, .target = "hr", .type = type, .data = "{}", .created_ms = 10 * work },
		&f->err));
}

static void
assert_next(struct fixture *f, long long now_ms, const char *type)
{
	struct au_delivery got = { 0 };
	int rc = au_store_delivery_next(f->tx, f->arena, now_ms, &got, &f->err);

	assert_int_equal(rc, type != NULL);
	if (type != NULL)
		assert_string_equal(got.type, type);
}

static void
one_order_is_told_in_its_order_and_holds_up_no_other(void **state)
{
	struct fixture *f = *state;
	struct au_delivery first = { 0 };

	subscribe(f, "hr", 100);
	assert_next(f, 1000, NULL);
	add(f, 1, "a");
	add(f, 1, "b");
	add(f, 2, "c");
	assert_int_equal(au_store_delivery_next(f->tx, f->arena, 1000, &first, &f->err), 1);
	assert_string_equal(first.type, "a");
	assert_int_equal(first.since_ms, 10);
	first.tries = 1;
	first.next_ms = 2000;
	first.problem = "down";
	assert_ok(f, au_store_delivery_update(f->tx, &first, &f->err));
	assert_next(f, 1999, "c");
	assert_int_equal(au_store_delivery_next(f->tx, f->arena, 1999, &first, &f->err), 1);
	assert_ok(f, au_store_delivery_remove(f->tx, first.id, &f->err));
	assert_next(f, 1999, NULL); /* b waits for a */
	assert_next(f, 2000, "a");
	assert_int_equal(au_store_delivery_next(f->tx, f->arena, 2000, &first, &f->err), 1);
	assert_int_equal(first.tries, 1);
	assert_string_equal(first.problem, "down");
	first.given_up_ms = 2000;
	assert_ok(f, au_store_delivery_update(f->tx, &first, &f->err));
	assert_next(f, 2000, "b");
}

static void
what_is_given_up_or_lost_is_counted_until_somebody_has_it_sent_again(void **state)
{
	struct fixture *f = *state;
	struct au_delivery_counts counts;
	struct au_delivery got = { 0 };
	bool has = true;

	assert_ok(f, au_store_subscription_has(f->tx, "hr", &has, &f->err));
	assert_false(has);
	subscribe(f, "hr", 2);
	assert_ok(f, au_store_subscription_has(f->tx, "hr", &has, &f->err));
	assert_true(has);
	add(f, 1, "a");
	add(f, 2, "b");
	add(f, 3, "c");
	assert_int_equal(au_store_delivery_next(f->tx, f->arena, 1000, &got, &f->err), 1);
	got.given_up_ms = 900;
	got.problem = "gone";
	assert_ok(f, au_store_delivery_update(f->tx, &got, &f->err));
	assert_ok(f, au_store_delivery_count(f->tx, f->arena, &counts, &f->err));
	assert_int_equal(counts.waiting, 1);
	assert_int_equal(counts.given_up, 1);
	assert_int_equal(counts.lost, 1);
	assert_int_equal(counts.oldest_ms, 10);
	assert_string_equal(counts.problem, "gone");
	assert_ok(f, au_store_delivery_retry(f->tx, 5000, &f->err));
	assert_ok(f, au_store_delivery_count(f->tx, f->arena, &counts, &f->err));
	assert_int_equal(counts.waiting, 2);
	assert_int_equal(counts.given_up, 0);
	assert_int_equal(counts.lost, 0);
	assert_next(f, 4999, NULL);
	assert_int_equal(au_store_delivery_next(f->tx, f->arena, 5000, &got, &f->err), 1);
	assert_int_equal(got.since_ms, 5000);
	assert_int_equal(got.created_ms, 10);
	/* What waits stays when nothing is told any more. */
	subscribe(f, NULL, 2);
	assert_ok(f, au_store_subscription_has(f->tx, "hr", &has, &f->err));
	assert_false(has);
	assert_ok(f, au_store_delivery_count(f->tx, f->arena, &counts, &f->err));
	assert_int_equal(counts.waiting, 2);
}

#define DELIVERY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest deliveries[] = {
	DELIVERY_TEST(one_order_is_told_in_its_order_and_holds_up_no_other),
	DELIVERY_TEST(what_is_given_up_or_lost_is_counted_until_somebody_has_it_sent_again),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(deliveries);
}
