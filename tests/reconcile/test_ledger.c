/* SPDX-License-Identifier: ISC */
/*
 * The ledger in the store against a product that counts by itself: whatever happens in whatever order, the product is
 * never asked for more than it has, nobody waits beside a free slot, and at rest nothing is reserved.
 */
#include "tests/store/help.h"

#include "base/rand.h"
#include "base/str.h"
#include "reconcile/capacity.h"
#include "reconcile/ledger.h"
#include "reconcile/seats.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/pool.h"
#include "store/seat.h"
#include "store/step.h"

#include <string.h>

#define TARGET "iris"
#define SLOTS 9

static struct au_pool_spec pools[] = { {
    .row = { "slots", "Active accounts.", AU_DOCUMENTED, AU_POOL_ACTIVE, NULL, NULL, 1, SLOTS },
    .limit = -1,
} };
static struct au_describe describe = { .name = "fake", .caps = AU_CAP_DISABLE };
static struct au_target_block target = {
	.block = { .name = TARGET }, .describe = &describe, .pools = pools, .pool_count = AU_COUNT(pools)
};
static struct au_settings settings = { .targets = &target, .target_count = 1 };
static struct au_policy policy = { .settings = &settings };

#define PEOPLE_MOST 400

/* What the product holds, by the number in the login; and the clock. */
struct world {
	struct fixture *f;
	bool there[PEOPLE_MOST], active[PEOPLE_MOST];
	size_t people;
	long long now_ms;
};

static long long
active_now(const struct world *w)
{
	long long count = 0;

	for (size_t i = 0; i < w->people; i++)
		count += w->active[i];
	return count;
}

static struct au_pool_row
ledger(const struct world *w)
{
	struct fixture *f = w->f;
	struct au_pool_row *rows = NULL;
	size_t count = 0;

	assert_ok(f, au_store_pool_list(f->tx, f->arena, TARGET, &rows, &count, &f->err));
	assert_int_equal(count, 1);
	return rows[0];
}

static void
settle(struct world *w, const char *account_id)
{
	struct fixture *f = w->f;

	assert_ok(f, au_ledger_settle(f->tx, f->arena, &policy, TARGET, account_id, &f->err));
}

static void
admit(struct world *w)
{
	struct fixture *f = w->f;

	assert_ok(f, au_ledger_admit(f->tx, f->arena, TARGET, w->now_ms, &f->err));
}

static const char *
account_of(struct world *w, size_t number)
{
	return au_arena_printf(w->f->arena, "a%zu", number);
}

/* As the look writes it: judged, queued or put in the line, counted, all in one transaction. */
static void
queue(struct world *w, size_t number, enum au_step_op op, long long rank)
{
	struct fixture *f = w->f;
	struct au_account account;
	const char *id = account_of(w, number);
	const struct au_wanted wanted = { .wanted = true, .rights = "{}", .rank = rank };
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct au_step step = { .account_id = id,
		.apiuser_id = "u",
		.target = TARGET,
		.login = id,
		.op = op,
		.lane = au_step_lane(op, false),
		.state = AU_STEP_QUEUED,
		.created_ms = w->now_ms };

	assert_ok(f, au_store_account_get(f->tx, f->arena, id, &account, &f->err));
	au_plan_add(plan, &step);
	au_seats_claim(f->arena, &target, &account, &wanted, plan->steps, 1);
	assert_ok(f, au_ledger_judge(f->tx, f->arena, &policy, w->now_ms, plan, &f->err));
	assert_ok(f, au_store_step_add(f->tx, &plan->steps[0], NULL, &f->err));
	settle(w, id);
	admit(w);
}

static void
push(struct world *w)
{
	struct fixture *f = w->f;
	struct au_apiuser user = { .id = account_of(w, w->people), .key = account_of(w, w->people) };
	struct au_account account = { .id = user.id,
		.apiuser_id = user.id,
		.target = TARGET,
		.login = user.id,
		.active = -1,
		.created_ms = w->now_ms };

	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	queue(w, w->people++, AU_STEP_CREATE, (long long)au_rand_below(3));
}

enum fate { DONE, FAILED, UNCLEAR_DONE, UNCLEAR_NOT, RETRY };

static void
perform(struct world *w, const struct au_step *step, size_t number)
{
	if (step->op == AU_STEP_CREATE || step->op == AU_STEP_ENABLE)
		w->there[number] = w->active[number] = true;
	else if (step->op == AU_STEP_DISABLE)
		w->active[number] = false;
	else if (step->op == AU_STEP_DELETE)
		w->there[number] = w->active[number] = false;
	assert_true(active_now(w) <= SLOTS);
}

static void
end_step(struct world *w, struct au_step *step, struct au_account *account, enum fate fate, size_t number)
{
	bool unclear = fate == UNCLEAR_DONE || fate == UNCLEAR_NOT;

	step->state = fate == DONE ? AU_STEP_DONE : fate == RETRY ? AU_STEP_QUEUED : AU_STEP_FAILED;
	step->code = unclear ? AU_EUNKNOWN : 0;
	if (fate == DONE || (unclear && step->op != AU_STEP_CREATE)) {
		account->state = w->there[number] ? AU_ACCOUNT_PRESENT : AU_ACCOUNT_ABSENT;
		account->active = w->there[number] ? w->active[number] : -1;
	} else if (unclear)
		account->state = AU_ACCOUNT_UNKNOWN;
	else if (step->op == AU_STEP_CREATE)
		account->state = AU_ACCOUNT_ABSENT;
}

/* The next step of the queue runs; a crash in between finds it under way and ends it without a clear outcome. */
static bool
run_next(struct world *w, enum fate fate)
{
	struct fixture *f = w->f;
	struct au_account account;
	struct au_step step;
	int rc = au_store_step_next(f->tx, f->arena, TARGET, AU_LANE_DESTRUCTIVE, w->now_ms, &step, NULL, &f->err);

	if (rc == AU_ENOENT)
		return false;
	assert_ok(f, rc);
	size_t number = strtoul(step.login + 1, NULL, 10);
	assert_ok(f, au_store_account_get(f->tx, f->arena, step.account_id, &account, &f->err));
	step.state = AU_STEP_RUNNING;
	if (step.op == AU_STEP_CREATE)
		account.state = AU_ACCOUNT_UNKNOWN;
	assert_ok(f, au_store_step_update(f->tx, &step, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	commit_and_begin(f);
	if (fate == DONE || fate == UNCLEAR_DONE)
		perform(w, &step, number);
	end_step(w, &step, &account, fate, number);
	assert_ok(f, au_store_step_update(f->tx, &step, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	settle(w, account.id);
	admit(w);
	commit_and_begin(f);
	return true;
}

/* What a look-up finds of a create without a clear outcome. */
static void
look_up(struct world *w, size_t number)
{
	struct fixture *f = w->f;
	struct au_account account;

	assert_ok(f, au_store_account_get(f->tx, f->arena, account_of(w, number), &account, &f->err));
	if (account.state != AU_ACCOUNT_UNKNOWN)
		return;
	account.state = w->there[number] ? AU_ACCOUNT_PRESENT : AU_ACCOUNT_ABSENT;
	account.active = w->there[number] ? w->active[number] : -1;
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	settle(w, account.id);
	admit(w);
}

/* Turn an account that is there on or off, or delete it, unless something is under way already. */
static void
change(struct world *w, size_t number)
{
	struct fixture *f = w->f;
	struct au_account account;
	struct au_step *open = NULL;
	size_t count = 0;

	assert_ok(f, au_store_account_get(f->tx, f->arena, account_of(w, number), &account, &f->err));
	assert_ok(f, au_store_step_open(f->tx, f->arena, account.id, &open, &count, &f->err));
	if (count > 0 || account.state != AU_ACCOUNT_PRESENT)
		return;
	if (account.active)
		queue(w, number, AU_STEP_DISABLE, 0);
	else
		queue(w, number, au_rand_below(3) ? AU_STEP_ENABLE : AU_STEP_DELETE, (long long)au_rand_below(3));
}

static void
cancel(struct world *w)
{
	struct fixture *f = w->f;
	struct au_step *steps = NULL;
	size_t count = 0;

	assert_ok(f, au_store_step_waiting(f->tx, f->arena, TARGET, NULL, 50, &steps, &count, &f->err));
	if (count == 0)
		return;
	struct au_step *step = &steps[au_rand_below((uint32_t)count)];
	step->state = AU_STEP_CANCELLED;
	assert_ok(f, au_store_step_update(f->tx, step, &f->err));
	settle(w, step->account_id);
	admit(w);
}

static void
check(struct world *w)
{
	struct fixture *f = w->f;
	struct au_pool_row pool = ledger(w);
	struct au_step *line = NULL;
	long long ours = 0, reserved = 0, waiting = 0;
	size_t count = 0;

	assert_true(pool.ours + pool.reserved <= SLOTS);
	assert_true(active_now(w) <= pool.ours + pool.reserved);
	if (pool.waiting > 0)
		assert_int_equal(pool.ours + pool.reserved, SLOTS);
	for (size_t i = 0; i < w->people; i++) {
		struct au_seat *seats = NULL;
		assert_ok(f, au_store_seat_of(f->tx, f->arena, account_of(w, i), &seats, &count, &f->err));
		ours += count ? seats[0].held : 0;
		reserved += count ? seats[0].reserved : 0;
		waiting += count ? seats[0].waiting : 0;
	}
	assert_int_equal(ours, pool.ours);
	assert_int_equal(reserved, pool.reserved);
	assert_int_equal(waiting, pool.waiting);
	assert_ok(f, au_store_step_waiting(f->tx, f->arena, TARGET, NULL, PEOPLE_MOST, &line, &count, &f->err));
	assert_int_equal(count, pool.waiting);
	for (size_t i = 1; i < count; i++)
		assert_true(au_capacity_order(&line[i - 1], &line[i]) < 0);
}

static void
play(struct world *w)
{
	uint32_t what = au_rand_below(100);

	w->now_ms += au_rand_below(3);
	if (what < 25 && w->people < PEOPLE_MOST)
		push(w);
	else if (what < 70)
		run_next(w, (enum fate)(au_rand_below(3) ? DONE : au_rand_below(RETRY + 1)));
	else if (what < 75)
		cancel(w);
	else if (w->people > 0) {
		size_t number = au_rand_below((uint32_t)w->people);
		if (what < 85)
			look_up(w, number);
		else
			change(w, number);
	}
}

static void
the_product_is_never_asked_for_more_than_it_has(void **state)
{
	struct world w = { .f = *state, .now_ms = 1000 };

	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	for (int i = 0; i < 1500; i++) {
		play(&w);
		if (i % 10 == 0)
			check(&w);
	}
	/* Come to rest: every step has an outcome, every fate is looked up. */
	for (int round = 0; round < 50; round++) {
		while (run_next(&w, DONE))
			;
		for (size_t i = 0; i < w.people; i++)
			look_up(&w, i);
	}
	check(&w);
	assert_int_equal(ledger(&w).reserved, 0);
	assert_int_equal(ledger(&w).ours, active_now(&w));
	if (ledger(&w).waiting > 0)
		assert_int_equal(active_now(&w), SLOTS);
}

static void
sixty_four_pushes_into_nine_slots_make_nine_and_a_line_of_fifty_five(void **state)
{
	struct world w = { .f = *state, .now_ms = 1000 };

	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	for (int i = 0; i < 64; i++)
		push(&w);
	assert_int_equal(ledger(&w).reserved, 9);
	while (run_next(&w, DONE))
		;
	assert_int_equal(active_now(&w), 9);
	assert_int_equal(ledger(&w).waiting, 55);
	check(&w);
}

static void
what_is_counted_differently_is_counted_anew(void **state)
{
	struct world w = { .f = *state, .now_ms = 1000 };

	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	for (int i = 0; i < 4; i++)
		push(&w);
	while (run_next(&w, DONE))
		;
	queue(&w, 0, AU_STEP_DISABLE, 0);
	run_next(&w, DONE);
	assert_int_equal(ledger(&w).ours, 3);
	pools[0].row.flags = 0;
	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	assert_int_equal(ledger(&w).ours, 4);
	pools[0].row.flags = AU_POOL_ACTIVE;
	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	assert_int_equal(ledger(&w).ours, 3);
	/* A pool that is gone from the configuration leaves nothing behind. */
	target.pool_count = 0;
	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	target.pool_count = AU_COUNT(pools);
	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	assert_int_equal(ledger(&w).ours, 3);
}

static void
a_refusal_closes_the_pool_and_sends_the_queue_back(void **state)
{
	struct world w = { .f = *state, .now_ms = 1000 };
	struct au_step step;

	assert_ok(w.f, au_ledger_define(w.f->tx, &policy, &w.f->err));
	for (int i = 0; i < 5; i++)
		push(&w);
	assert_int_equal(ledger(&w).reserved, 5);
	assert_ok(w.f, au_store_step_next(w.f->tx, w.f->arena, TARGET, AU_LANE_DESTRUCTIVE, w.now_ms, &step, NULL, &w.f->err));
	assert_ok(w.f, au_ledger_refused(w.f->tx, w.f->arena, &policy, &step, 5000, &w.f->err));
	assert_int_equal(ledger(&w).reserved, 0);
	assert_int_equal(ledger(&w).waiting, 5);
	assert_int_equal(ledger(&w).others, SLOTS);
	admit(&w);
	assert_int_equal(ledger(&w).waiting, 5);
	/* A list finds that it was not others: it is tried again when the time is over, not before. */
	struct au_pool_row pool = ledger(&w);
	pool.others = 0;
	assert_ok(w.f, au_store_pool_observe(w.f->tx, &pool, &w.f->err));
	admit(&w);
	assert_int_equal(ledger(&w).waiting, 5);
	w.now_ms = 5000;
	admit(&w);
	assert_int_equal(ledger(&w).waiting, 0);
	assert_int_equal(ledger(&w).reserved, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    the_product_is_never_asked_for_more_than_it_has, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(
		    sixty_four_pushes_into_nine_slots_make_nine_and_a_line_of_fifty_five, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(what_is_counted_differently_is_counted_anew, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(
		    a_refusal_closes_the_pool_and_sends_the_queue_back, set_up_tx, tear_down_tx),
	};

	au_rand_init();
	return RUN_FOR_EACH_BACKEND(tests);
}
