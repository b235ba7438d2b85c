/* SPDX-License-Identifier: ISC */
/* The guard's arithmetic. */
#include "reconcile/guard.h"

#include "tests/unit.h"

#include <string.h>

#define DAY_MS 86400000LL

static const char *
check(struct au_arena *arena, long long active, long long removed, long long planned, bool emptied)
{
	struct au_guard_counts counts = {
		.active = active, .removed = removed, .planned = planned, .emptied = emptied
	};

	return au_guard_check(arena, &counts, 5, 10, DAY_MS, "target 't'");
}

static void
small_sets_are_limited_by_count_and_large_ones_by_share(void **state)
{
	struct au_guard_counts small = { .active = 20 }, large = { .active = 1000 },
			       bled = { .active = 900, .removed = 100 };

	(void)state;
	assert_int_equal(au_guard_limit(&small, 5, 10), 5);
	assert_int_equal(au_guard_limit(&large, 5, 10), 100);
	assert_int_equal(au_guard_limit(&bled, 5, 10), 100); /* what is gone already counts as having been there */
}

static void
the_limit_itself_is_let_through_and_one_more_is_not(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_null(check(arena, 10, 0, 5, false));
	assert_non_null(check(arena, 10, 0, 6, false));
	assert_null(check(arena, 10, 4, 1, false));
	assert_non_null(check(arena, 10, 5, 1, false));
	assert_null(check(arena, 990, 10, 90, false));
	assert_non_null(check(arena, 990, 10, 91, false));
}

static void
an_emptied_group_is_held_however_few_it_had(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *why = check(arena, 1, 0, 1, true);

	(void)state;
	assert_non_null(why);
	assert_non_null(strstr(why, "'empty'"));
	assert_null(check(arena, 0, 0, 0, true)); /* nothing planned, nothing to hold */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_sets_are_limited_by_count_and_large_ones_by_share),
		cmocka_unit_test(the_limit_itself_is_let_through_and_one_more_is_not),
		cmocka_unit_test(an_emptied_group_is_held_however_few_it_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
