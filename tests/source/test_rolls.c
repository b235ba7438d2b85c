/* SPDX-License-Identifier: ISC */
/* Member lists of large groups: what is told of a change is what changed, whatever came before. */
#include "tests/unit.h"

#include "base/rand.h"
#include "sourced/rolls.h"

#include <stdio.h>
#include <string.h>

#define PEOPLE (4 * AU_ROLLS_LEAST)

struct world {
	struct au_rolls *rolls;
	struct au_arena *arena; /* of the names */
	const char *names[PEOPLE];
	bool is_in[PEOPLE], is_told[PEOPLE]; /* as the directory has it, and as it was told */
};

static int
set_up(void **state)
{
	struct world *world = au_xcalloc(1, sizeof(*world));

	world->rolls = au_rolls_new();
	world->arena = au_arena_new();
	for (unsigned i = 0; i < PEOPLE; i++) {
		world->names[i] = au_arena_printf(world->arena, "uid=user%u,ou=people", i);
		world->is_in[i] = i % 2 == 0;
	}
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	au_rolls_free(world->rolls);
	au_arena_free(world->arena);
	free(world);
	return 0;
}

static unsigned
number_of(const struct world *world, const char *name)
{
	unsigned number = 0;

	assert_int_equal(sscanf(name, "uid=user%u,", &number), 1);
	assert_true(number < PEOPLE && strcmp(world->names[number], name) == 0);
	return number;
}

/* Tell the group as it is; whether it was told by its change alone.  Then what was told is what is there. */
static bool
tell(struct world *world)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = { .entry = { .id = "g" } };
	struct au_rolls_change change;

	group.roll.members = au_arena_alloc(arena, PEOPLE * sizeof(*group.roll.members));
	for (unsigned i = PEOPLE; i-- > 0;)
		if (world->is_in[i])
			group.roll.members[group.roll.count++] = world->names[i];
	bool is_change = au_rolls_take(world->rolls, arena, &group, &change);
	for (size_t i = 0; is_change && i < change.joined_count; i++) {
		unsigned number = number_of(world, change.joined[i]);
		assert_false(world->is_told[number]);
		world->is_told[number] = true;
	}
	for (size_t i = 0; is_change && i < change.left_count; i++) {
		unsigned number = number_of(world, change.left[i]);
		assert_true(world->is_told[number]);
		world->is_told[number] = false;
	}
	if (!is_change)
		memcpy(world->is_told, world->is_in, sizeof(world->is_told));
	assert_memory_equal(world->is_told, world->is_in, sizeof(world->is_told));
	return is_change;
}

static void
first_list_is_told_as_a_whole_and_then_changes(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	assert_true(tell(world));
	world->is_in[1] = true;
	world->is_in[0] = false;
	assert_true(tell(world));
	world->is_in[0] = true;
	assert_true(tell(world));
}

/* Many changes use up the text of those who left; then it begins anew. */
static void
any_number_of_changes_agrees(void **state)
{
	struct world *world = *state;
	unsigned changes = 0, rounds = 300;

	for (unsigned round = 0; round < rounds; round++) {
		for (unsigned i = au_rand_below(40); i > 0; i--) {
			unsigned number = au_rand_below(PEOPLE);
			world->is_in[number] = !world->is_in[number];
		}
		changes += tell(world);
	}
	assert_true(changes > rounds / 2);
}

static void
forgotten_list_is_told_as_a_whole(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	au_rolls_forget(world->rolls, "other");
	assert_true(tell(world));
	au_rolls_forget(world->rolls, "g");
	assert_false(tell(world));
	au_rolls_clear(world->rolls);
	assert_false(tell(world));
	assert_true(tell(world));
}

static void
large_change_and_small_group_are_told_as_a_whole(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	for (unsigned i = 0; i < PEOPLE; i++)
		world->is_in[i] = i % 2 == 1;
	assert_false(tell(world));
	assert_true(tell(world));
	for (unsigned i = 0; i < PEOPLE; i++)
		world->is_in[i] = i < AU_ROLLS_LEAST - 1;
	assert_false(tell(world));
	assert_false(tell(world));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_list_is_told_as_a_whole_and_then_changes),
		TEST(any_number_of_changes_agrees),
		TEST(forgotten_list_is_told_as_a_whole),
		TEST(large_change_and_small_group_are_told_as_a_whole),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
