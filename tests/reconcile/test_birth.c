/* SPDX-License-Identifier: ISC */
/* Birth by tables: who may be switched on, what a plan says beforehand, and for how long somebody was open. */
#include "reconcile/birth.h"
#include "tests/unit.h"

#include "base/mem.h"
#include "settings/rows.h"

#include <string.h>

#define CLOSED (AU_CAP_BORN_ALLOWED | AU_CAP_DISABLE)
#define OPEN AU_CAP_BORN_ALLOWED

/* A target with these capabilities; its drift policy is the first one, restore. */
static struct au_target_block *
target_of(struct au_arena *arena, unsigned caps)
{
	struct au_target_block *target = au_arena_alloc(arena, sizeof(*target));
	struct au_describe *describe = au_arena_alloc(arena, sizeof(*describe));

	describe->caps = caps;
	target->describe = describe;
	target->block.values = au_values_new(au_target_rows);
	return target;
}

static void
nobody_is_switched_on_with_other_rights(void **state)
{
	static const struct {
		unsigned caps;
		const char *rights;
		unsigned differs;
		bool may;
	} rows[] = {
		{ CLOSED, "{}", 0, true }, { CLOSED, "{}", AU_DRIFT_RIGHTS, false }, { CLOSED, NULL, 0, false },
		{ CLOSED, "{}", AU_DRIFT_PROFILE | AU_DRIFT_ACTIVE, true }, { AU_CAP_DISABLE, "{}", 0, true },
		{ AU_CAP_DISABLE, "{}", AU_DRIFT_RIGHTS, false },
		{ AU_CAP_DISABLE, NULL, 0, true }, /* never told, and nothing is given away at birth */
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_target_block *target = target_of(arena, rows[i].caps);
		const struct au_account account = { .rights = rows[i].rights };
		const struct au_drift drift = { .differs = rows[i].differs };
		const char *obstacle = au_birth_obstacle(target, &account, &drift);
		if ((obstacle == NULL) != rows[i].may)
			fail_msg("row %zu: %s", i, obstacle != NULL ? obstacle : "no obstacle");
		au_values_free(target->block.values);
	}
}

static void
a_plan_tells_of_exposure_beforehand(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_block *closed = target_of(arena, CLOSED), *open = target_of(arena, OPEN),
			       *plain = target_of(arena, AU_CAP_DISABLE);
	const struct au_account off = { .active = 0 }, on = { .active = 1 };

	(void)state;
	assert_true(au_birth_is_closed(closed) && !au_birth_is_open(closed));
	assert_true(au_birth_is_open(open) && !au_birth_is_closed(open));
	assert_false(au_birth_is_open(plain) || au_birth_is_closed(plain));
	assert_non_null(strstr(au_birth_note(open, NULL, AU_STEP_CREATE), "every right"));
	assert_non_null(strstr(au_birth_note(closed, NULL, AU_STEP_CREATE), "made inactive"));
	assert_null(au_birth_note(plain, NULL, AU_STEP_CREATE));
	assert_non_null(au_birth_note(plain, &off, AU_STEP_SET_RIGHTS));
	assert_null(au_birth_note(plain, &on, AU_STEP_SET_RIGHTS));
	assert_null(au_birth_note(open, &off, AU_STEP_SET_RIGHTS));
	au_values_free(closed->block.values);
	au_values_free(open->block.values);
	au_values_free(plain->block.values);
}

static void
exposure_is_from_create_to_the_first_rights(void **state)
{
	static const struct au_step create = {
		.id = 1, .op = AU_STEP_CREATE, .state = AU_STEP_DONE, .finished_ms = 1000
	};
	static const struct au_step lost = {
		.id = 1, .op = AU_STEP_CREATE, .state = AU_STEP_FAILED, .code = AU_EUNKNOWN, .finished_ms = 500
	};
	static const struct au_step rights = { .id = 3, .op = AU_STEP_SET_RIGHTS, .state = AU_STEP_DONE };
	static const struct au_step before = { .id = 2, .op = AU_STEP_SET_RIGHTS, .state = AU_STEP_DONE };
	static const struct au_step failed = { .id = 3, .op = AU_STEP_SET_RIGHTS, .state = AU_STEP_FAILED };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_block *open = target_of(arena, OPEN), *closed = target_of(arena, CLOSED);

	(void)state;
	assert_int_equal(au_birth_open_ms(open, &rights, (struct au_step[]){ rights, create }, 2, 4000), 3000);
	assert_int_equal(au_birth_open_ms(open, &rights, (struct au_step[]){ rights, lost }, 2, 4000), 3500);
	assert_int_equal(au_birth_open_ms(open, &rights, (struct au_step[]){ rights, before, create }, 3, 4000), -1);
	assert_int_equal(au_birth_open_ms(open, &failed, (struct au_step[]){ failed, create }, 2, 4000), -1);
	assert_int_equal(au_birth_open_ms(open, &create, (struct au_step[]){ create }, 1, 4000), -1);
	assert_int_equal(au_birth_open_ms(closed, &rights, (struct au_step[]){ rights, create }, 2, 4000), -1);
	assert_int_equal(au_birth_open_ms(open, &rights, NULL, 0, 4000), -1);
	au_values_free(open->block.values);
	au_values_free(closed->block.values);
}

#define RUN "{\"active\":false,\"rights\":{\"roles\":[\"run\"]}}"
#define ALL "{\"rights\":{\"roles\":[\"all\"]}}"

static void
a_birth_that_was_begun_goes_on_as_it_was_begun(void **state)
{
	static const struct au_step
	    born = { .op = AU_STEP_CREATE, .state = AU_STEP_DONE, .want = RUN },
	    lost = { .op = AU_STEP_CREATE, .state = AU_STEP_FAILED, .code = AU_EUNKNOWN, .want = RUN },
	    refused = { .op = AU_STEP_CREATE, .state = AU_STEP_FAILED, .code = AU_EINVAL, .want = RUN },
	    looked = { .op = AU_STEP_LOOKUP, .state = AU_STEP_DONE },
	    set = { .op = AU_STEP_SET_RIGHTS, .state = AU_STEP_DONE, .want = RUN },
	    unset = { .op = AU_STEP_SET_RIGHTS, .state = AU_STEP_FAILED, .want = RUN },
	    on = { .op = AU_STEP_ENABLE, .state = AU_STEP_DONE },
	    given_up = { .op = AU_STEP_ENABLE, .state = AU_STEP_CANCELLED },
	    decided = { .op = AU_STEP_ENABLE, .state = AU_STEP_REJECTED },
	    off = { .op = AU_STEP_DISABLE, .state = AU_STEP_DONE };
	static const struct {
		enum au_step_op op;
		const char *want;
		bool goes_on;
		struct au_step steps[4]; /* newest first */
	} rows[] = {
		{ AU_STEP_CREATE, RUN, false, { { 0 } } },
		{ AU_STEP_SET_RIGHTS, RUN, true, { born } },
		{ AU_STEP_SET_RIGHTS, RUN, true, { unset, born } },
		{ AU_STEP_SET_RIGHTS, RUN, true, { looked, lost } },
		{ AU_STEP_SET_RIGHTS, RUN, false, { set, born } },
		{ AU_STEP_SET_RIGHTS, ALL, false, { born } },
		{ AU_STEP_SET_RIGHTS, RUN, false, { refused } },
		{ AU_STEP_ENABLE, "{\"active\":true}", true, { set, born } },
		{ AU_STEP_ENABLE, "{\"active\":true}", true, { given_up, set, born } },
		{ AU_STEP_ENABLE, "{\"active\":true}", false, { decided, set, born } },
		{ AU_STEP_ENABLE, "{\"active\":true}", false, { on, set, born } },
		{ AU_STEP_ENABLE, "{\"active\":true}", false, { off, on, set, born } },
		{ AU_STEP_ENABLE, "{\"active\":true}", false, { set } },
		{ AU_STEP_CREATE, RUN, true, { looked, lost } },
		{ AU_STEP_CREATE, ALL, false, { looked, lost } },
		{ AU_STEP_CREATE, RUN, false, { refused } },
		{ AU_STEP_CREATE, RUN, false, { born } },
		{ AU_STEP_SET_PROFILE, RUN, false, { born } },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_step next = { .op = rows[i].op, .lane = AU_LANE_SAFE, .want = rows[i].want };
		size_t count = 0;
		while (count < AU_COUNT(rows[i].steps) && rows[i].steps[count].op)
			count++;
		if (au_birth_goes_on(&next, rows[i].steps, count) != rows[i].goes_on)
			fail_msg("row %zu", i);
		next.lane = AU_LANE_RESTRICT;
		assert_false(au_birth_goes_on(&next, rows[i].steps, count));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_switched_on_with_other_rights),
		cmocka_unit_test(a_plan_tells_of_exposure_beforehand),
		cmocka_unit_test(a_birth_that_was_begun_goes_on_as_it_was_begun),
		cmocka_unit_test(exposure_is_from_create_to_the_first_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
