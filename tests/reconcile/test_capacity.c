/* SPDX-License-Identifier: ISC */
/* Who comes in: figures of a ledger by table, and the line by what must be true of any outcome. */
#include "reconcile/capacity.h"

#include "base/rand.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#define NOW_MS 1000000

struct figures {
	struct au_pool_row pool;
	long long limit, left;
	bool is_low;
	const char *trouble; /* part of it */
};

static void
figures_of_a_ledger(void **state)
{
	static const struct figures rows[] = {
		{ { .limit_set = -1, .limit_read = -1, .ours = 7, .warn = 1 }, -1, AU_CAPACITY_FREE, false, NULL },
		{ { .limit_set = 10, .limit_read = -1, .ours = 4, .others = 2, .reserved = 1, .warn = 1 }, 10, 3, false,
		    NULL },
		{ { .limit_set = 10, .limit_read = -1, .ours = 7, .others = 2, .warn = 1 }, 10, 1, true, NULL },
		{ { .limit_set = 10, .limit_read = -1, .ours = 7, .reserve = 3, .warn = 0 }, 10, 0, true, NULL },
		{ { .limit_set = 100, .limit_read = -1, .ours = 89, .warn = 1, .warn_percent = 10 }, 100, 11, false,
		    NULL },
		{ { .limit_set = 100, .limit_read = -1, .ours = 90, .warn = 1, .warn_percent = 10 }, 100, 10, true,
		    NULL },
		/* Nothing is taken: little is there, but nothing is running out. */
		{ { .limit_set = 1, .limit_read = -1, .warn = 1 }, 1, 1, false, NULL },
		/* The smaller limit counts; only a configured one that is too large is a finding. */
		{ { .limit_set = 10, .limit_read = 8, .ours = 1 }, 8, 7, false, "has 8" },
		{ { .limit_set = 8, .limit_read = 10, .ours = 1 }, 8, 7, false, NULL },
		{ { .limit_set = -1, .limit_read = 5, .ours = 1 }, 5, 4, false, NULL },
		{ { .limit_set = 3, .limit_read = -1, .ours = 3, .others = 2 }, 3, 0, true,
		    "5 are taken (2 by others)" },
		/* The product said that it is full. */
		{ { .limit_set = 10, .limit_read = -1, .ours = 1, .closed_ms = NOW_MS + 1 }, 10, 0, true, NULL },
		{ { .limit_set = 10, .limit_read = -1, .ours = 1, .closed_ms = NOW_MS }, 10, 9, false, NULL },
		{ { .limit_set = -1, .limit_read = -1, .waiting = 1, .closed_ms = NOW_MS + 1 }, -1, 0, true, NULL },
	};
	struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_pool_row pool = rows[i].pool;
		pool.name = "slots";
		const char *trouble = au_capacity_trouble(arena, &pool);
		assert_int_equal(au_capacity_limit(&pool), rows[i].limit);
		assert_int_equal(au_capacity_free(&pool, NOW_MS), rows[i].left);
		assert_int_equal(au_capacity_is_low(&pool, NOW_MS), rows[i].is_low);
		assert_int_equal(trouble != NULL, rows[i].trouble != NULL);
		if (trouble)
			assert_non_null(strstr(trouble, rows[i].trouble));
		/* Less than the target has is our own choice, and worth a note only. */
		bool less = pool.limit_set >= 0 && pool.limit_set < pool.limit_read;
		assert_int_equal(au_capacity_note(arena, &pool) != NULL, less);
	}
	au_arena_free(arena);
}

/* Nobody waits for what is billed; what is left, and what goes beyond, is told all the same. */
static void
a_commitment_is_no_limit(void **state)
{
	static const struct {
		struct au_pool_row pool;
		long long left, more, billed;
	} rows[] = {
		{ { .limit_set = 10, .limit_read = -1, .ours = 6, .others = 1, .reserved = 1 }, 2, 2, 0 },
		{ { .limit_set = 10, .limit_read = -1, .ours = 6, .others = 1, .reserved = 1 }, 2, 5, 3 },
		{ { .limit_set = 3, .limit_read = -1, .ours = 5 }, 0, 2, 2 },
		{ { .limit_set = 3, .limit_read = -1, .ours = 5 }, 0, 0, 0 },
		{ { .limit_set = -1, .limit_read = -1, .ours = 5 }, AU_CAPACITY_FREE, 2, 0 },
	};
	struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_pool_row pool = rows[i].pool;
		pool.name = "seats";
		assert_int_equal(au_capacity_left(&pool, NOW_MS), rows[i].left);
		assert_int_equal(au_capacity_billed(&pool, rows[i].more), 0);
		pool.beyond = AU_BEYOND_TELL;
		assert_int_equal(au_capacity_left(&pool, NOW_MS), rows[i].left);
		assert_true(au_capacity_free(&pool, NOW_MS) == AU_CAPACITY_FREE);
		assert_int_equal(au_capacity_billed(&pool, rows[i].more), rows[i].billed);
		/* Whatever was agreed: what the product says itself counts. */
		pool.closed_ms = NOW_MS + 1;
		assert_int_equal(au_capacity_free(&pool, NOW_MS), 0);
	}
	struct au_pool_row over = {
		.name = "seats", .limit_set = 3, .limit_read = -1, .ours = 5, .beyond = AU_BEYOND_TELL
	};
	assert_non_null(strstr(au_capacity_trouble(arena, &over), "2 are billed beyond that"));
	au_arena_free(arena);
}

static void
what_is_waited_for_is_told(void **state)
{
	struct au_arena *arena = au_arena_new();
	struct au_pool_row known = { .name = "slots", .limit_set = 10, .limit_read = -1 };
	struct au_pool_row unknown = { .name = "seats", .limit_set = -1, .limit_read = -1 };

	(void)state;
	assert_string_equal(au_capacity_text(arena, &known, 1), "waits for 1 of 10 'slots'");
	assert_string_equal(
	    au_capacity_text(arena, &unknown, 2), "waits for 2 of 'seats', of which the target says that none is left");
	au_arena_free(arena);
}

static void
the_line_is_by_rule_then_age_then_number(void **state)
{
	static const struct au_step steps[] = {
		{ .rank = 0, .created_ms = 9, .id = 9 },
		{ .rank = 1, .created_ms = 1, .id = 8 },
		{ .rank = 1, .created_ms = 2, .id = 2 },
		{ .rank = 1, .created_ms = 2, .id = 3 },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(steps); i++)
		for (size_t k = 0; k < AU_COUNT(steps); k++) {
			int order = au_capacity_order(&steps[i], &steps[k]);
			assert_true(i < k ? order < 0 : i > k ? order > 0 : order == 0);
		}
}

#define POOLS 3
#define PEOPLE 24

struct line {
	struct au_pool_row pools[POOLS];
	struct au_take items[PEOPLE][POOLS];
	struct au_takes takes[PEOPLE];
	const struct au_pool_row *waits[PEOPLE]; /* NULL: let in */
	long long left[POOLS];
};

static void
make_line(struct line *line)
{
	static const char *const names[POOLS] = { "slots", "seats", "lines" };

	for (size_t p = 0; p < POOLS; p++) {
		line->pools[p] = (struct au_pool_row){ .name = names[p],
			.limit_set = au_rand_below(4) == 0 ? -1 : (long long)au_rand_below(20),
			.limit_read = -1,
			.ours = au_rand_below(5),
			.others = au_rand_below(3) };
		line->left[p] = au_capacity_free(&line->pools[p], NOW_MS);
	}
	for (size_t i = 0; i < PEOPLE; i++) {
		line->takes[i] = (struct au_takes){ .items = line->items[i] };
		for (size_t p = 0; p < POOLS; p++)
			if (au_rand_below(2))
				line->items[i][line->takes[i].count++] =
				    (struct au_take){ names[p], (long long)au_rand_below(4) };
	}
}

static long long
taken_before(const struct line *line, size_t who, size_t pool)
{
	long long taken = 0;

	for (size_t i = 0; i < who; i++)
		if (!line->waits[i])
			taken += au_takes_of(&line->takes[i], line->pools[pool].name);
	return taken;
}

/* Whether somebody before takes from the pool, waits, and could not have had it. */
static bool
is_blocked(const struct line *line, size_t who, size_t pool)
{
	for (size_t i = 0; i < who; i++) {
		long long units = au_takes_of(&line->takes[i], line->pools[pool].name);
		if (line->waits[i] && units > 0 &&
		    (units > line->left[pool] - taken_before(line, i, pool) || is_blocked(line, i, pool)))
			return true;
	}
	return false;
}

static bool
has_room(const struct line *line, size_t who, size_t pool)
{
	long long units = au_takes_of(&line->takes[who], line->pools[pool].name);

	return units <= 0 ||
	       (units <= line->left[pool] - taken_before(line, who, pool) && !is_blocked(line, who, pool));
}

/* No pool is overdrawn, nobody overtakes, and nobody waits without need: said without the rooms of the planner. */
static void
check_line(const struct line *line)
{
	for (size_t p = 0; p < POOLS; p++)
		assert_true(taken_before(line, PEOPLE, p) <= line->left[p]);
	for (size_t i = 0; i < PEOPLE; i++) {
		bool room = true;
		for (size_t p = 0; p < POOLS; p++)
			room = room && has_room(line, i, p);
		assert_int_equal(line->waits[i] == NULL, room);
		if (line->waits[i])
			assert_false(has_room(line, i, (size_t)(line->waits[i] - line->pools)));
	}
}

static void
whoever_can_comes_in_and_nobody_else(void **state)
{
	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct au_arena *arena = au_arena_new();
		struct line line = { 0 };
		make_line(&line);
		struct au_room *rooms = au_capacity_rooms(arena, line.pools, POOLS, NOW_MS);
		for (size_t i = 0; i < PEOPLE; i++)
			line.waits[i] = au_capacity_try(rooms, POOLS, &line.takes[i]);
		check_line(&line);
		au_arena_free(arena);
	}
}

static void
what_is_given_back_is_free(void **state)
{
	struct au_arena *arena = au_arena_new();
	struct au_pool_row pool = { .name = "slots", .limit_set = 1, .limit_read = -1, .ours = 1, .waiting = 1 };
	struct au_take one = { "slots", 1 }, back = { "slots", -1 };
	struct au_takes takes = { &one, 1 }, gives = { &back, 1 };
	struct au_room *rooms = au_capacity_rooms(arena, &pool, 1, NOW_MS);

	(void)state;
	assert_false(au_capacity_hopeful(rooms, 1));
	au_capacity_give_back(rooms, 1, &gives);
	assert_true(au_capacity_hopeful(rooms, 1));
	assert_null(au_capacity_try(rooms, 1, &takes));
	assert_ptr_equal(au_capacity_try(rooms, 1, &takes), &pool);
	assert_false(au_capacity_hopeful(rooms, 1));
	au_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_of_a_ledger),
		cmocka_unit_test(a_commitment_is_no_limit),
		cmocka_unit_test(what_is_waited_for_is_told),
		cmocka_unit_test(the_line_is_by_rule_then_age_then_number),
		cmocka_unit_test(whoever_can_comes_in_and_nobody_else),
		cmocka_unit_test(what_is_given_back_is_free),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
