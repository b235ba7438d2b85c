/* SPDX-License-Identifier: ISC */
/*
 * Member lists of large groups: what is told of a change is what changed, whatever came before, and no more values are
 * read as names than changed.
 */
#include "tests/unit.h"

#include "base/rand.h"
#include "base/str.h"
#include "sourced/rolls.h"

#include <stdio.h>
#include <string.h>

#define PEOPLE (4 * AU_ROLLS_LEAST)
#define HEAD "UID=user"
#define TAIL ",ou=people"

static size_t parsed;

int __real_au_ref_parse(
    struct au_arena *arena, enum au_ref_form form, const char *value, const char **ret, struct au_err *err);
int __wrap_au_ref_parse(
    struct au_arena *arena, enum au_ref_form form, const char *value, const char **ret, struct au_err *err);

/* Every value that is read as a name comes by here. */
int
__wrap_au_ref_parse(
    struct au_arena *arena, enum au_ref_form form, const char *value, const char **ret, struct au_err *err)
{
	parsed++;
	return __real_au_ref_parse(arena, form, value, ret, err);
}

struct world {
	struct au_rolls *rolls;
	struct au_arena *arena; /* of the values */
	const char *values[PEOPLE];
	unsigned order[PEOPLE]; /* in which the directory has them */
	unsigned count;
	bool is_in[PEOPLE], is_told[PEOPLE]; /* as the directory has it, and as it was told */
	const char *id;                      /* of the group */
	size_t told;                         /* names in the last change */
};

static void
join(struct world *world, unsigned number)
{
	world->order[world->count++] = number;
	world->is_in[number] = true;
}

static void
leave(struct world *world, unsigned number)
{
	unsigned at = 0;

	while (world->order[at] != number)
		at++;
	memmove(&world->order[at], &world->order[at + 1], (--world->count - at) * sizeof(*world->order));
	world->is_in[number] = false;
}

static void
shuffle(struct world *world)
{
	for (unsigned i = world->count; i > 1; i--) {
		unsigned other = au_rand_below(i), number = world->order[i - 1];
		world->order[i - 1] = world->order[other];
		world->order[other] = number;
	}
}

static int
set_up(void **state)
{
	struct world *world = au_xcalloc(1, sizeof(*world));

	world->rolls = au_rolls_new(1u << 20);
	world->arena = au_arena_new();
	world->id = "g";
	for (unsigned i = 0; i < PEOPLE; i++) {
		world->values[i] = au_arena_printf(world->arena, HEAD "%u" TAIL, i);
		if (i % 2 == 0)
			join(world, i);
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
number_of(const char *name)
{
	unsigned number = 0;
	char wanted[64];

	assert_int_equal(sscanf(name, "uid=user%u,", &number), 1);
	assert_true(number < PEOPLE);
	snprintf(wanted, sizeof(wanted), "uid=user%u,ou=people", number);
	assert_string_equal(name, wanted);
	return number;
}

/* A group as its entry has it: values as they came. */
static struct au_mapped
group_of(struct au_arena *arena, const char *id, const char *const *values, size_t count)
{
	struct au_mapped group = { .entry = { .id = id } };
	struct berval *raw = au_arena_alloc(arena, (count + 1) * sizeof(*raw));

	for (size_t i = 0; i < count; i++)
		raw[i] = (struct berval){ strlen(values[i]), (char *)(uintptr_t)values[i] };
	group.roll.raw = (struct au_roll_raw){ "member", raw, count };
	return group;
}

static void
take_told(struct world *world, const char *const *names, size_t count, bool is_in)
{
	for (size_t i = 0; i < count; i++) {
		unsigned number = number_of(names[i]);
		assert_int_equal(world->is_told[number], !is_in);
		world->is_told[number] = is_in;
	}
}

static void
take_whole(struct world *world, const struct au_mapped *group)
{
	assert_null(group->roll.raw.attribute);
	memset(world->is_told, 0, sizeof(world->is_told));
	take_told(world, group->roll.members, group->roll.count, true);
}

/* Tell the group; whether it was told by its change alone.  Then what was told is what is there. */
static bool
tell_group(struct world *world, struct au_arena *arena, struct au_mapped *group)
{
	struct au_rolls_change change;
	struct au_err err;

	parsed = 0;
	int rc = au_rolls_take(world->rolls, arena, group, &change, &err);
	assert_true(rc >= 0);
	if (rc == 1) {
		take_told(world, change.joined, change.joined_count, true);
		take_told(world, change.left, change.left_count, false);
		world->told = change.joined_count + change.left_count;
	} else
		take_whole(world, group);
	assert_memory_equal(world->is_told, world->is_in, sizeof(world->is_told));
	return rc == 1;
}

static struct au_mapped
group_now(struct world *world, struct au_arena *arena)
{
	const char *values[PEOPLE];

	for (unsigned i = 0; i < world->count; i++)
		values[i] = world->values[world->order[i]];
	return group_of(arena, world->id, values, world->count);
}

static bool
tell(struct world *world)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = group_now(world, arena);

	return tell_group(world, arena, &group);
}

/* The same from names, as where a list was read in parts. */
static bool
tell_names(struct world *world)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = group_now(world, arena);

	assert_int_equal(au_roll_decode(&group.roll, arena, NULL), 0);
	return tell_group(world, arena, &group);
}

static void
first_list_is_told_as_a_whole_and_then_changes(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	assert_true(tell(world));
	join(world, 1);
	leave(world, 0);
	assert_true(tell(world));
	join(world, 0);
	assert_true(tell(world));
}

static void
one_member_costs_one_name(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	assert_int_equal(parsed, world->count);
	assert_true(tell(world));
	assert_int_equal(parsed, 0);
	join(world, 1);
	assert_true(tell(world));
	assert_int_equal(parsed, 1);
	assert_int_equal(world->told, 1);
	leave(world, 2);
	assert_true(tell(world));
	assert_int_equal(parsed, 1);
	assert_int_equal(world->told, 1);
	leave(world, 1000);
	join(world, 3);
	assert_true(tell(world));
	assert_int_equal(parsed, 2);
	assert_int_equal(world->told, 2);
}

/* Servers may give values in any order each time (RFC 4511 section 4.1.7). */
static void
another_order_changes_nothing(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	shuffle(world);
	assert_true(tell(world));
	assert_int_equal(world->told, 0);
	shuffle(world);
	join(world, 7);
	assert_true(tell(world));
	assert_int_equal(world->told, 1);
	assert_int_equal(parsed, 1);
}

static void
any_number_of_changes_agrees_told_by(struct world *world, bool (*tell_one)(struct world *world))
{
	unsigned changes = 0, rounds = 300;

	for (unsigned round = 0; round < rounds; round++) {
		for (unsigned i = au_rand_below(40); i > 0; i--) {
			unsigned number = au_rand_below(PEOPLE);
			if (world->is_in[number])
				leave(world, number);
			else
				join(world, number);
		}
		if (au_rand_below(10) == 0)
			shuffle(world);
		changes += tell_one(world);
	}
	assert_true(changes > rounds / 2);
}

static void
any_number_of_changes_agrees(void **state)
{
	any_number_of_changes_agrees_told_by(*state, tell);
}

static void
names_agree_as_well(void **state)
{
	any_number_of_changes_agrees_told_by(*state, tell_names);
}

static void
names_after_values_are_told_as_a_whole(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	assert_false(tell_names(world));
	assert_true(tell_names(world));
	assert_false(tell(world));
	assert_true(tell(world));
}

static void
another_spelling_is_nobody_new(void **state)
{
	struct world *world = *state;

	assert_false(tell(world));
	for (unsigned i = 0; i < 10; i++)
		world->values[2 * i] = au_arena_printf(world->arena, "uid=user%u, ou=People", 2 * i);
	assert_true(tell(world));
	assert_int_equal(world->told, 0);
	leave(world, 4);
	assert_true(tell(world));
	assert_int_equal(world->told, 1);
}

/* One of two values may go, and the one whom both mean stays. */
static void
somebody_named_twice_has_the_list_told_as_a_whole(void **state)
{
	struct world *world = *state;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_rolls_change change;

	for (unsigned round = 0; round < 2; round++) {
		struct au_mapped group = group_now(world, arena);
		assert_int_equal(au_roll_decode(&group.roll, arena, NULL), 0);
		group.roll.members[0] = group.roll.members[1];
		assert_int_equal(au_rolls_take(world->rolls, arena, &group, &change, NULL), 0);
	}
	assert_false(tell_names(world));
}

static void
value_that_names_nobody_is_an_error(void **state)
{
	struct world *world = *state;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = group_now(world, arena);
	struct berval *values = (struct berval *)(uintptr_t)group.roll.raw.values, right = values[5];
	struct au_rolls_change change;
	struct au_err err;
	char with_nul[64];

	assert_false(tell(world));
	values[5] = (struct berval){ 4, (char[]){ "nope" } };
	assert_int_equal(au_rolls_take(world->rolls, arena, &group, &change, &err), AU_EPROTO);
	assert_false(tell(world));
	/* The same as before for whoever reads up to the first NUL. */
	memset(with_nul, 0, sizeof(with_nul));
	memcpy(with_nul, right.bv_val, right.bv_len);
	values[5] = (struct berval){ right.bv_len + 2, with_nul };
	assert_int_equal(au_rolls_take(world->rolls, arena, &group, &change, &err), AU_EPROTO);
}

/* Two lists of which there is room for one. */
static void
lists_take_no_more_than_they_may(void **state)
{
	struct world *world = *state;

	au_rolls_free(world->rolls);
	world->rolls = au_rolls_new(PEOPLE / 2 * (strlen(world->values[PEOPLE - 1]) + 4));
	assert_false(tell(world));
	assert_true(tell(world));
	world->id = "other";
	assert_false(tell(world));
	assert_false(tell(world));
	au_rolls_forget(world->rolls, "g");
	assert_false(tell(world));
	assert_true(tell(world));
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
	for (unsigned i = 0; i < PEOPLE; i += 2) {
		leave(world, i);
		join(world, i + 1);
	}
	assert_false(tell(world));
	assert_true(tell(world));
	while (world->count >= AU_ROLLS_LEAST)
		leave(world, world->order[0]);
	assert_false(tell(world));
	assert_false(tell(world));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_list_is_told_as_a_whole_and_then_changes),
		TEST(one_member_costs_one_name),
		TEST(another_order_changes_nothing),
		TEST(any_number_of_changes_agrees),
		TEST(names_agree_as_well),
		TEST(names_after_values_are_told_as_a_whole),
		TEST(another_spelling_is_nobody_new),
		TEST(somebody_named_twice_has_the_list_told_as_a_whole),
		TEST(value_that_names_nobody_is_an_error),
		TEST(lists_take_no_more_than_they_may),
		TEST(forgotten_list_is_told_as_a_whole),
		TEST(large_change_and_small_group_are_told_as_a_whole),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
