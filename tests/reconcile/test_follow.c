/* SPDX-License-Identifier: ISC */
/*
 * A few logins that many accounts want, made, lost, looked up and deleted in any order: the product is never asked for
 * a login that it has, nobody waits in a ring, whoever follows has a reason that is written down, and looking again
 * changes nothing.  At the end everybody who waited has had his turn.
 */
#include "tests/store/help.h"

#include "base/rand.h"
#include "base/str.h"
#include "model/plan_order.h"
#include "reconcile/follow.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/step.h"
#include "store/step_wait.h"

#include <string.h>
#include <strings.h>

#define TARGET "room"
#define PEOPLE 12

static struct au_describe describe = { .name = "fake", .caps = AU_CAP_DISABLE };
static struct au_target_block target = { .block = { .name = TARGET }, .describe = &describe };
static struct au_settings settings = { .targets = &target, .target_count = 1 };
static struct au_policy policy = { .settings = &settings };

static const char *const logins[] = { "ann", "Ann", "bob", "BOB", "cid", "cid" }; /* letters are all one */

struct world {
	struct fixture *f;
	long long now_ms;
	bool there[PEOPLE]; /* in the product */
};

static const char *
id_of(const struct world *w, size_t number)
{
	return au_arena_printf(w->f->arena, "a%02zu", number);
}

static const char *
login_of(size_t number)
{
	return logins[number % AU_COUNT(logins)];
}

static struct au_account
account_of(const struct world *w, size_t number)
{
	struct au_account account;

	assert_ok(w->f, au_store_account_get(w->f->tx, w->f->arena, id_of(w, number), &account, &w->f->err));
	return account;
}

static void
put_state(const struct world *w, size_t number, enum au_account_state state)
{
	struct au_account account = account_of(w, number);

	account.state = state;
	assert_ok(w->f, au_store_account_put(w->f->tx, &account, &w->f->err));
}

static void
settle(const struct world *w, size_t number)
{
	assert_ok(w->f, au_follow_settle(w->f->tx, w->f->arena, id_of(w, number), w->now_ms, &w->f->err));
}

/* As the look writes it. */
static void
plan(struct world *w, size_t number, enum au_step_op op, enum au_step_state state)
{
	struct fixture *f = w->f;
	struct au_step step = { .account_id = id_of(w, number),
		.apiuser_id = id_of(w, number),
		.target = TARGET,
		.login = login_of(number),
		.op = op,
		.lane = au_step_lane(op, false),
		.state = state,
		.want = "{}",
		.created_ms = w->now_ms };

	assert_ok(f, au_store_step_add(f->tx, &step, &step.id, &f->err));
	assert_ok(f, au_follow_judge(f->tx, f->arena, &step, w->now_ms, &f->err));
	settle(w, number);
}

static void
end_step(struct world *w, struct au_step *step, enum au_step_state state, size_t number)
{
	step->state = state;
	assert_ok(w->f, au_store_step_update(w->f->tx, step, &w->f->err));
	settle(w, number);
}

static bool
is_taken(const struct world *w, size_t number)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (i != number && w->there[i] && strcasecmp(login_of(i), login_of(number)) == 0)
			return true;
	return false;
}

/* What the queue would do with it now; nothing while it follows. */
static void
perform(struct world *w, struct au_step *step, size_t number)
{
	struct fixture *f = w->f;
	bool follows = false;

	assert_ok(f, au_follow_stop(f->tx, f->arena, &policy, step, w->now_ms, &follows, &f->err));
	if (follows)
		return;
	if (step->op == AU_STEP_CREATE && is_taken(w, number))
		fail_msg("the product is asked for '%s', which it has", step->login);
	if (step->op == AU_STEP_CREATE && au_rand_below(4) == 0) {
		w->there[number] = au_rand_below(2) == 0; /* nobody knows */
		put_state(w, number, AU_ACCOUNT_UNKNOWN);
		end_step(w, step, AU_STEP_FAILED, number);
		return;
	}
	if (step->op == AU_STEP_CREATE)
		w->there[number] = true;
	if (step->op == AU_STEP_DELETE)
		w->there[number] = false;
	put_state(w, number, w->there[number] ? AU_ACCOUNT_PRESENT : AU_ACCOUNT_ABSENT);
	end_step(w, step, AU_STEP_DONE, number);
}

static struct au_step *
open_of(const struct world *w, size_t number, size_t *ret_count)
{
	struct au_step *open = NULL;

	assert_ok(w->f, au_store_step_open(w->f->tx, w->f->arena, id_of(w, number), &open, ret_count, &w->f->err));
	return open;
}

/* What is open goes on, is held or let go, or ends; where nothing is, something begins. */
static void
act(struct world *w, size_t number)
{
	enum au_account_state state = account_of(w, number).state;
	size_t count = 0;
	struct au_step *step = open_of(w, number, &count);

	w->now_ms++;
	if (count == 0) {
		enum au_step_op op = state == AU_ACCOUNT_ABSENT    ? AU_STEP_CREATE
				     : state == AU_ACCOUNT_PRESENT ? AU_STEP_DELETE
								   : AU_STEP_LOOKUP;
		bool held = op == AU_STEP_DELETE && au_rand_below(3) == 0;
		plan(w, number, op, held ? AU_STEP_HELD : AU_STEP_QUEUED);
	} else if (au_rand_below(5) == 0)
		end_step(w, step, au_rand_below(2) == 0 ? AU_STEP_CANCELLED : AU_STEP_REJECTED, number);
	else if (step->state == AU_STEP_HELD)
		end_step(w, step, AU_STEP_QUEUED, number);
	else if (step->state == AU_STEP_QUEUED)
		perform(w, step, number);
}

/* ---- what must hold ---- */

static void
visit(const struct world *w, size_t number, unsigned *depth)
{
	struct fixture *f = w->f;
	struct au_step_wait *rows = NULL;
	size_t count = 0, row_count = 0;
	struct au_step *step = open_of(w, number, &count);

	if (++*depth > PEOPLE)
		fail_msg("accounts wait for each other in a ring");
	if (count > 0 && step->state == AU_STEP_FOLLOWS) {
		assert_ok(f, au_store_step_wait_of(f->tx, f->arena, step->id, &rows, &row_count, &f->err));
		assert_true(row_count > 0);
	}
	for (size_t i = 0; i < row_count; i++) {
		struct au_step after = { .op = AU_STEP_DISABLE };
		assert_string_not_equal(rows[i].account_id, step->account_id);
		if (rows[i].after != 0)
			assert_ok(f, au_store_step_get(f->tx, f->arena, rows[i].after, &after, &f->err));
		/* By rank, and among creates by age. */
		if (after.op == AU_STEP_CREATE)
			assert_true(after.id < step->id);
		else
			assert_true(au_plan_rank(&after) < au_plan_rank(step));
		visit(w, (size_t)strtoul(rows[i].account_id + 1, NULL, 10), depth);
	}
	--*depth;
}

static long long
audit_rows(const struct world *w)
{
	struct au_audit_verdict verdict;

	assert_ok(w->f, au_store_audit_verify(w->f->tx, NULL, 0, &verdict, &w->f->err));
	return verdict.rows;
}

static void
check(const struct world *w)
{
	struct fixture *f = w->f;
	long long rows = audit_rows(w);

	for (size_t i = 0; i < PEOPLE; i++) {
		unsigned depth = 0;
		size_t count = 0;
		struct au_step *step = open_of(w, i, &count);
		visit(w, i, &depth);
		if (count == 0 || step->op != AU_STEP_CREATE || step->state != AU_STEP_FOLLOWS)
			continue;
		assert_ok(f, au_follow_judge(f->tx, f->arena, step, w->now_ms, &f->err));
		assert_int_equal(step->state, AU_STEP_FOLLOWS); /* whoever may go has gone */
		assert_ok(f, au_follow_tell(f->tx, f->arena, &policy, step, &f->err));
		assert_non_null(strstr(step->guard, step->login));
		assert_non_null(step->follows);
	}
	assert_int_equal(audit_rows(w), rows);
}

static void
nobody_waits_in_a_ring_or_for_nothing(void **state)
{
	struct world w = { .f = *state };
	struct fixture *f = w.f;

	for (size_t i = 0; i < PEOPLE; i++) {
		struct au_apiuser user = { .id = id_of(&w, i), .key = id_of(&w, i) };
		struct au_account account = {
			.id = user.id, .apiuser_id = user.id, .target = TARGET, .login = login_of(i), .active = -1
		};
		assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
		assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	}
	for (size_t turn = 0; turn < 600; turn++) {
		act(&w, au_rand_below(PEOPLE));
		check(&w);
		if (turn % 50 == 0)
			commit_and_begin(f);
	}
	/* Everybody goes: one after the other all are let in who wait, and leave. */
	for (size_t turn = 0; turn < 40; turn++)
		for (size_t i = 0; i < PEOPLE; i++) {
			size_t count = 0;
			struct au_step *step = open_of(&w, i, &count);
			if (count > 0 && step->state == AU_STEP_HELD)
				end_step(&w, step, AU_STEP_QUEUED, i);
			else if (count > 0 && step->state == AU_STEP_QUEUED)
				perform(&w, step, i);
			else if (count == 0 && account_of(&w, i).state != AU_ACCOUNT_ABSENT)
				act(&w, i);
			check(&w);
		}
	for (size_t i = 0; i < PEOPLE; i++) {
		size_t count = 0, rows = 0;
		struct au_step_wait *on = NULL;
		open_of(&w, i, &count);
		assert_int_equal(count, 0);
		assert_ok(f, au_store_step_wait_on(f->tx, f->arena, id_of(&w, i), &on, &rows, &f->err));
		assert_int_equal(rows, 0);
	}
}

static void
rows_end_with_the_state_whatever_ends_it(void **state)
{
	static const enum au_step_state ends[] = { AU_STEP_QUEUED, AU_STEP_CANCELLED, AU_STEP_REJECTED,
		AU_STEP_WAITING };
	struct fixture *f = *state;
	struct au_step step = { .account_id = "b",
		.apiuser_id = "b",
		.target = TARGET,
		.login = "ann",
		.op = AU_STEP_CREATE,
		.lane = AU_LANE_SAFE,
		.state = AU_STEP_FOLLOWS,
		.want = "{}" };

	for (size_t i = 0; i < AU_COUNT(ends); i++) {
		struct au_step_wait *rows = NULL, wait = { .account_id = "a", .after = 7 };
		size_t count = 0;
		step.state = AU_STEP_FOLLOWS;
		assert_ok(f, au_store_step_add(f->tx, &step, &wait.step, &f->err));
		assert_ok(f, au_store_step_wait_put(f->tx, &wait, &f->err));
		wait.after = 8;
		assert_ok(f, au_store_step_wait_put(f->tx, &wait, &f->err));
		assert_ok(f, au_store_step_wait_on(f->tx, f->arena, "a", &rows, &count, &f->err));
		assert_int_equal(count, 1);
		assert_int_equal(rows[0].after, 8);
		step.id = wait.step;
		step.state = ends[i];
		assert_ok(f, au_store_step_update(f->tx, &step, &f->err));
		assert_ok(f, au_store_step_wait_of(f->tx, f->arena, step.id, &rows, &count, &f->err));
		assert_int_equal(count, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_waits_in_a_ring_or_for_nothing, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(rows_end_with_the_state_whatever_ends_it, set_up_tx, tear_down_tx),
	};

	au_rand_init();
	return RUN_FOR_EACH_BACKEND(tests);
}
