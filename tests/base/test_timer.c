/* SPDX-License-Identifier: ISC */
/* Timers by the real clock, and by the fixed one. */
#include "tests/unit.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/timer.h"

#include <event2/event.h>
#include <string.h>
#include <unistd.h>

#define COUNT 4

struct stage {
	struct event_base *base;
	struct named {
		struct stage *stage;
		struct au_timer *timer;
		char name;
		int64_t again_ms; /* set anew by itself; 0 = no */
		struct au_timer *ends;
	} timers[COUNT];
	char called[32]; /* the names of those that came due */
	size_t count;
};

static void
on_due(void *ctx)
{
	struct named *named = ctx;

	assert_true(named->stage->count < sizeof(named->stage->called) - 1);
	named->stage->called[named->stage->count++] = named->name;
	if (named->ends != NULL)
		au_timer_stop(named->ends);
	if (named->again_ms > 0)
		au_timer_set(named->timer, named->again_ms);
}

static int
set_up(void **state)
{
	struct stage *stage = au_xcalloc(1, sizeof(*stage));

	stage->base = event_base_new();
	for (size_t i = 0; i < COUNT; i++) {
		stage->timers[i].stage = stage;
		stage->timers[i].name = (char)('a' + i);
		stage->timers[i].timer = au_timer_new(stage->base, on_due, &stage->timers[i]);
	}
	au_clock_fake_set(1000000, 5000);
	*state = stage;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *stage = *state;

	for (size_t i = 0; i < COUNT; i++)
		au_timer_free(stage->timers[i].timer);
	event_base_free(stage->base);
	free(stage);
	au_clock_real();
	au_clock_fake_watch(NULL);
	return 0;
}

/* What came due since the last time. */
static const char *
turn(struct stage *stage)
{
	memset(stage->called, 0, sizeof(stage->called));
	stage->count = 0;
	event_base_loop(stage->base, EVLOOP_NONBLOCK);
	return stage->called;
}

static void
set(struct stage *stage, char name, int64_t ms)
{
	au_timer_set(stage->timers[name - 'a'].timer, ms);
}

static void
nothing_is_due_before_the_clock_moves(void **state)
{
	struct stage *stage = *state;

	set(stage, 'a', 1);
	usleep(20000);
	assert_string_equal(turn(stage), "");
	assert_true(au_timer_is_set(stage->timers[0].timer));
	au_clock_fake_advance(1);
	assert_string_equal(turn(stage), "a");
	assert_false(au_timer_is_set(stage->timers[0].timer));
	au_clock_fake_advance(1000);
	assert_string_equal(turn(stage), "");
}

static void
the_earlier_one_comes_first(void **state)
{
	struct stage *stage = *state;

	set(stage, 'a', 300);
	set(stage, 'b', 100);
	set(stage, 'c', 200);
	set(stage, 'd', 100);
	au_clock_fake_advance(99);
	assert_string_equal(turn(stage), "");
	au_clock_fake_advance(101);
	assert_string_equal(turn(stage), "bdc");
	au_clock_fake_advance(100);
	assert_string_equal(turn(stage), "a");
}

static void
the_next_turn_of_the_loop_needs_no_time(void **state)
{
	struct stage *stage = *state;

	set(stage, 'a', 0);
	set(stage, 'b', -7);
	assert_string_equal(turn(stage), "ab");
}

static void
setting_again_forgets_the_moment_before(void **state)
{
	struct stage *stage = *state;

	set(stage, 'a', 100);
	set(stage, 'a', 500);
	assert_int_equal(au_timer_left(stage->timers[0].timer), 500);
	au_clock_fake_advance(100);
	assert_string_equal(turn(stage), "");
	assert_int_equal(au_timer_left(stage->timers[0].timer), 400);
	set(stage, 'a', 10);
	au_clock_fake_advance(10);
	assert_string_equal(turn(stage), "a");
	assert_int_equal(au_timer_left(stage->timers[0].timer), 0);
}

static void
one_that_is_stopped_is_not_called(void **state)
{
	struct stage *stage = *state;

	set(stage, 'a', 100);
	au_timer_stop(stage->timers[0].timer);
	au_timer_stop(stage->timers[0].timer);
	au_clock_fake_advance(100);
	assert_string_equal(turn(stage), "");
	/* Not even when it is due already, and another one stops it in the same turn. */
	set(stage, 'a', 100);
	set(stage, 'b', 100);
	stage->timers[0].ends = stage->timers[1].timer;
	au_clock_fake_advance(100);
	assert_string_equal(turn(stage), "a");
}

static void
one_that_sets_itself_waits_from_then_on(void **state)
{
	struct stage *stage = *state;

	stage->timers[0].again_ms = 60000;
	set(stage, 'a', 60000);
	au_clock_fake_advance(3600000); /* once, as after a sleep of the machine */
	assert_string_equal(turn(stage), "a");
	assert_int_equal(au_timer_left(stage->timers[0].timer), 60000);
	au_clock_fake_advance(59999);
	assert_string_equal(turn(stage), "");
	au_clock_fake_advance(1);
	assert_string_equal(turn(stage), "a");
}

static void
one_that_is_freed_leaves_the_others(void **state)
{
	struct stage *stage = *state;

	set(stage, 'a', 10);
	set(stage, 'b', 20);
	set(stage, 'c', 30);
	au_timer_free(stage->timers[1].timer);
	stage->timers[1].timer = NULL;
	au_clock_fake_advance(30);
	assert_string_equal(turn(stage), "ac");
	au_timer_free(NULL);
}

static void
with_the_real_clock_time_passes_by_itself(void **state)
{
	struct stage *stage = *state;
	int64_t began;

	au_clock_real();
	began = au_clock_mono_ms();
	set(stage, 'a', 30);
	assert_in_range(au_timer_left(stage->timers[0].timer), 0, 30);
	event_base_loop(stage->base, EVLOOP_ONCE);
	assert_string_equal(stage->called, "a");
	assert_true(au_clock_mono_ms() - began >= 29); /* both round */
	assert_false(au_timer_is_set(stage->timers[0].timer));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_due_before_the_clock_moves, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_earlier_one_comes_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_next_turn_of_the_loop_needs_no_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(setting_again_forgets_the_moment_before, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_that_is_stopped_is_not_called, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_that_sets_itself_waits_from_then_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_that_is_freed_leaves_the_others, set_up, tear_down),
		cmocka_unit_test_setup_teardown(with_the_real_clock_time_passes_by_itself, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
