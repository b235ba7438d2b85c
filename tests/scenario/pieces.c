/* SPDX-License-Identifier: ISC */
/*
 * What is written in several transactions: a saved plan that is cut anywhere is whole or not there at all, what takes
 * away is judged as a whole, and who moves between two pieces is seen.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "model/dn.h"
#include "reconcile/applying.h"
#include "reconcile/decide.h"
#include "store/fact.h"
#include "store/parcel.h"
#include "store/plan_done.h"
#include "store/pool.h"
#include "store/step.h"
#include "tests/scenario/world.h"
#include "tests/unit.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE 160 /* more than two pieces hold, which begin with fifty and double */
#define SLOTS 3

struct play {
	struct scenario s;
	struct au_arena *arena;
	json_t *plan, *result;
	struct au_err err;
	bool answered;
};

static const char *const groups[] = { "run", "slot" };

/* ---- people ---------------------------------------------------------------------- */

static int
put_group(struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_err *err)
{
	struct au_entry entry = { .source = "corp",
		.id = au_arena_printf(arena, "g-%s", name),
		.kind = AU_ENTRY_GROUP,
		.dn = au_arena_printf(arena, "cn=%s,ou=groups,dc=example,dc=com", name),
		.active = true };
	const char *norm = NULL;
	int rc = au_dn_normalize(arena, entry.dn, &norm, err);

	return rc < 0 ? rc : au_store_entry_put(tx, &entry, norm, 0, NULL, err);
}

/* Everybody runs; every tenth wants a slot, too. */
static int
put_people(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	const struct au_source_row source = { .name = "corp", .state = AU_SOURCE_OK, .complete = true };
	int rc = au_store_source_put(tx, &source, err);

	for (size_t i = 0; rc == 0 && i < AU_COUNT(groups); i++)
		rc = put_group(tx, p->arena, groups[i], err);
	for (size_t i = 0; rc == 0 && i < PEOPLE; i++) {
		const char *id = au_arena_printf(p->arena, "p-%03zu", i);
		const struct au_member member = { .id = id };
		struct au_entry entry = { .source = "corp",
			.id = id,
			.kind = AU_ENTRY_PERSON,
			.user_name = au_arena_printf(p->arena, "u%03zu", i),
			.mail = au_arena_printf(p->arena, "u%03zu@example.com", i),
			.active = true };
		rc = au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
		if (rc == 0)
			rc = au_store_member_add(tx, "corp", "g-run", &member, NULL, err);
		if (rc == 0 && i % 10 == 0)
			rc = au_store_member_add(tx, "corp", "g-slot", &member, NULL, err);
	}
	return rc;
}

/* So many leave the group, one in four of all: no piece has more than the guards let pass, all together have. */
#define LEAVERS 40

static int
leave_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct play *p = arg;
	int rc = au_store_dirty_mark_all(tx, err); /* in their order, so that the leavers are not the first */

	for (size_t i = 0; rc == 0 && i < LEAVERS; i++)
		rc = au_store_member_remove(
		    tx, "corp", "g-run", au_arena_printf(p->arena, "p-%03zu", i * (PEOPLE / LEAVERS)), NULL, err);
	return rc;
}

struct leaving {
	struct play *p;
	const char *key;
};

static int
leave_one_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct leaving *leaving = arg;

	return au_store_member_remove(
	    tx, "corp", "g-run", au_arena_printf(leaving->p->arena, "p-%.3s", leaving->key + 1), NULL, err);
}

/* ---- the world --------------------------------------------------------------------- */

static void
work(struct play *p, au_store_work *what, void *arg)
{
	struct au_err err = { 0 };

	if (au_store_run(p->s.store, what, arg, &err) < 0)
		fail_msg("%s", err.text);
}

static void
keep_quiet(void *ctx, enum au_log_level level, const char *text)
{
	(void)ctx;
	(void)level;
	(void)text;
}

static int
world_up(void **state)
{
	struct play *p = au_xcalloc(1, sizeof(*p));
	const char *top = getenv("top_srcdir");
	AU_CLEANUP(au_freep) char *file = au_xasprintf("%s/tests/scenario/pieces.scn", top ? top : ".");

	p->arena = au_arena_new();
	set_up(&p->s, au_arena_strdup(p->arena, file));
	work(p, put_people, p);
	*state = p;
	return 0;
}

static int
world_down(void **state)
{
	struct play *p = *state;
	int failures = p->s.failures;

	take_down(&p->s);
	json_decref(p->plan);
	json_decref(p->result);
	au_arena_free(p->arena);
	free(p);
	return failures;
}

static void
settled(void *ctx, const struct au_engine_summary *summary)
{
	struct play *p = ctx;

	(void)summary;
	p->s.resting = true;
}

/* Until nothing moves any more; nobody asks for anything. */
static void
settle(struct play *p)
{
	p->s.resting = false;
	au_engine_changed(p->s.engine);
	au_engine_follow(p->s.engine, 60000, settled, p);
	while (!p->s.resting)
		event_base_loop(p->s.base, EVLOOP_ONCE);
}

/* ---- what is there ------------------------------------------------------------------ */

struct census {
	struct play *p;
	long long queued, held, waiting, reserved, waiting_in_pool, parcels;
	bool applied;
};

static int
census_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct census *census = arg;
	struct au_arena *arena = census->p->arena;
	struct au_parcel_row *parcels = NULL;
	struct au_pool_row *pools = NULL;
	struct au_plan_done done;
	size_t count = 0, pool_count = 0;
	int rc = au_store_step_count(tx, AU_STEP_QUEUED, &census->queued, err);

	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_HELD, &census->held, err);
	if (rc == 0)
		rc = au_store_step_count(tx, AU_STEP_WAITING, &census->waiting, err);
	if (rc == 0)
		rc = au_store_parcel_list(tx, arena, &parcels, &count, err);
	if (rc == 0)
		rc = au_store_pool_list(tx, arena, "slots", &pools, &pool_count, err);
	census->parcels = (long long)count;
	for (size_t i = 0; rc == 0 && i < pool_count; i++)
		if (au_streq(pools[i].name, "slots")) {
			census->reserved = pools[i].reserved + pools[i].ours;
			census->waiting_in_pool = pools[i].waiting;
		}
	census->applied = census->p->plan && au_store_plan_done_get(tx, arena,
						 au_json_get_str(census->p->plan, "digest"), &done, NULL) == 0;
	return rc;
}

static struct census
look(struct play *p)
{
	struct census census = { .p = p };

	work(p, census_work, &census);
	return census;
}

static size_t
made_in(const struct play *p, size_t fake)
{
	size_t count = 0;

	for (size_t i = 0; i < PEOPLE; i++) {
		AU_CLEANUP(au_freep) char *login = au_xasprintf("u%03zu", i);
		const struct fake_account *account = fake_target_find(p->s.fakes[fake], login);
		if (!account)
			continue;
		assert_int_equal(account->created, 1);
		count++;
	}
	return count;
}

/* ---- plans ------------------------------------------------------------------------- */

static void
save(struct play *p)
{
	struct au_engine_plan_job job;

	au_engine_plan_init(p->s.engine, &job);
	job.save = true;
	job.actor = "uid:1";
	work(p, au_engine_plan_work, &job);
	json_decref(p->plan);
	p->plan = json_incref(job.saved);
	au_engine_plan_done(&job);
}

static void
answered(void *ctx, const json_t *result, const struct au_err *err)
{
	struct play *p = ctx;

	json_decref(p->result);
	p->result = json_incref((json_t *)result);
	p->err = err ? *err : (struct au_err){ 0 };
	p->answered = true;
}

static void
begin(struct play *p, bool unmoved)
{
	const struct au_engine_apply apply = {
		.plan = p->plan, .unmoved = unmoved, .timeout_ms = 60000, .actor = "uid:1"
	};

	p->answered = false;
	au_engine_apply(p->s.engine, &apply, answered, p);
}

static void
await(struct play *p)
{
	while (!p->answered)
		event_base_loop(p->s.base, EVLOOP_ONCE);
}

/* Until everything was read again. */
static void
await_reading(struct play *p)
{
	const struct au_applying *applying = p->s.engine->applies;

	while (!applying->rows || applying->rows_under_way > 0)
		event_base_loop(p->s.base, EVLOOP_ONCE);
}

/* Until at least one piece is written and at least one is not. */
static struct au_applying *
await_halfway(struct play *p)
{
	struct au_applying *applying = p->s.engine->applies;

	while (!p->answered && applying->next_key == 0)
		event_base_loop(p->s.base, EVLOOP_ONCE);
	assert_false(p->answered);
	return applying;
}

/* ---- tests -------------------------------------------------------------------------- */

/* After each turn of the loop, once all was read again: whoever is cut off has sent nothing, and leaves nothing behind.
 */
static void
a_plan_that_is_cut_anywhere_is_whole_or_not_there(void **state)
{
	struct play *p = *state;
	bool applied = false;
	size_t cuts = 0;

	save(p);
	fake_target_reset_calls(p->s.fakes[0]);
	for (size_t turns = 0; !applied; turns++) {
		begin(p, false);
		await_reading(p);
		for (size_t i = 0; i < turns && !p->answered; i++)
			event_base_loop(p->s.base, EVLOOP_ONCE);
		stop_engine(&p->s);
		assert_true(p->answered);
		start_engine(&p->s);
		settle(p);
		struct census census = look(p);
		applied = census.applied;
		assert_int_equal(census.parcels, 0);
		if (applied)
			break;
		cuts++;
		assert_int_equal(census.queued + census.held + census.waiting, 0);
		assert_int_equal(census.reserved + census.waiting_in_pool, 0);
		assert_int_equal(made_in(p, 0) + made_in(p, 1), 0);
	}
	assert_true(cuts > 3);
	settle(p);
	assert_int_equal(made_in(p, 0), PEOPLE);
	assert_int_equal(made_in(p, 1), SLOTS);
	assert_int_equal(look(p).waiting, PEOPLE / 10 - SLOTS);
	/* Whoever does not know what became of it is told. */
	begin(p, false);
	await(p);
	assert_int_equal(p->err.code, AU_EEXIST);
}

static void
nothing_is_sent_before_all_is_written(void **state)
{
	struct play *p = *state;

	save(p);
	begin(p, false);
	const struct au_applying *applying = await_halfway(p);
	struct census census = look(p);
	assert_int_equal(census.parcels, 1);
	assert_true(census.queued > 0);
	assert_true(census.reserved <= SLOTS);
	/* What is there counts, and the queues are told to look. */
	while (!applying->closed) {
		assert_int_equal(made_in(p, 0) + made_in(p, 1), 0);
		au_engine_kick(p->s.engine);
		event_base_loop(p->s.base, EVLOOP_ONCE);
	}
	await(p);
	assert_true(au_json_get_bool(p->result, "applied", false));
	assert_int_equal(au_json_get_int(p->result, "queued"), PEOPLE + SLOTS);
	assert_int_equal(made_in(p, 0), PEOPLE);
	assert_int_equal(made_in(p, 1), SLOTS);
}

/* Somebody of the last piece leaves while the first ones are written. */
static const char *
move_last(struct play *p)
{
	const struct au_applying *applying = await_halfway(p);
	struct leaving leaving = { .p = p,
		.key = au_arena_strdup(p->arena, applying->keys[applying->key_count - 1]->key) };

	work(p, leave_one_work, &leaving);
	return leaving.key;
}

static void
who_moves_between_two_pieces_keeps_all_back(void **state)
{
	struct play *p = *state;

	save(p);
	begin(p, false);
	const char *key = move_last(p);
	await(p);
	assert_int_equal(p->err.code, AU_OK);
	assert_false(au_json_get_bool(p->result, "applied", true));
	const json_t *moved = json_object_get(p->result, "moved");
	assert_int_equal(json_array_size(moved), 1);
	assert_non_null(strstr(au_json_get_str(json_array_get(moved, 0), "name"), key));
	assert_int_equal(
	    au_json_get_int(p->result, "left"), (long long)json_array_size(json_object_get(p->plan, "steps")));
	settle(p);
	struct census census = look(p);
	assert_int_equal(census.parcels + census.queued + census.held + census.waiting + census.reserved, 0);
	assert_int_equal(made_in(p, 0) + made_in(p, 1), 0);
	/* The rest can still be had. */
	begin(p, true);
	await(p);
	assert_true(au_json_get_bool(p->result, "applied", false));
	assert_int_equal(made_in(p, 0), PEOPLE - 1);
}

static void
who_moves_between_two_pieces_is_left_out_when_asked(void **state)
{
	struct play *p = *state;

	save(p);
	begin(p, true);
	move_last(p);
	await(p);
	assert_true(au_json_get_bool(p->result, "applied", false));
	assert_true(au_json_get_int(p->result, "left") >= 1);
	assert_int_equal(json_array_size(json_object_get(p->result, "moved")), 1);
	assert_int_equal(made_in(p, 0), PEOPLE - 1);
}

/* Full run: forty leave, thirty may; no piece has more than thirty. */
static void
what_a_look_takes_away_is_judged_as_a_whole(void **state)
{
	struct play *p = *state;

	rest(&p->s, false);
	assert_int_equal(made_in(p, 0), PEOPLE);
	work(p, leave_work, p);
	p->s.engine->look_pace = AU_PACE_START;
	rest(&p->s, false);
	assert_int_equal(fake_target_removals(p->s.fakes[0]), 0);
	struct census census = look(p);
	assert_int_equal(census.held, LEAVERS);
	assert_int_equal(census.queued + census.parcels, 0);
}

struct held {
	struct play *p;
	long long step;
};

static int
find_held_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct held *held = arg;
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = au_store_step_list(tx, held->p->arena, AU_STEP_HELD, 1, &steps, &count, err);

	held->step = count ? steps[0].id : 0;
	return rc;
}

static void
nobody_decides_before_all_is_written(void **state)
{
	struct play *p = *state;
	struct held held = { .p = p };
	struct au_decide_job job = { 0 };
	struct au_err err = { 0 };

	rest(&p->s, false);
	work(p, leave_work, p);
	save(p);
	begin(p, false);
	/* The keys of the plan are the forty: one piece, and the whole is still to be judged. */
	while (!held.step && !p->answered && look(p).parcels == 0)
		event_base_loop(p->s.base, EVLOOP_ONCE);
	work(p, find_held_work, &held);
	if (look(p).parcels == 1 && held.step) {
		au_decide_init(p->s.engine, &job);
		job.steps = &held.step;
		job.step_count = 1;
		job.actor = "uid:2";
		job.reason = "I say so";
		job.now_ms = au_clock_wall_ms();
		/* It may have been closed meanwhile; as long as it is not, nobody may. */
		int rc = au_store_run(p->s.store, au_decide_approve, &job, &err);
		assert_true(rc == AU_EBUSY || look(p).parcels == 0);
		au_decide_done(&job);
	}
	await(p);
	assert_int_equal(au_json_get_int(p->result, "held"), LEAVERS);
	assert_int_equal(fake_target_removals(p->s.fakes[0]), 0);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, world_up, world_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(nothing_is_sent_before_all_is_written),
		LIVE(who_moves_between_two_pieces_keeps_all_back),
		LIVE(who_moves_between_two_pieces_is_left_out_when_asked),
		LIVE(what_a_look_takes_away_is_judged_as_a_whole),
		LIVE(nobody_decides_before_all_is_written),
		LIVE(a_plan_that_is_cut_anywhere_is_whole_or_not_there),
	};

	au_rand_init();
	au_log_init("pieces");
	au_log_capture(keep_quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
