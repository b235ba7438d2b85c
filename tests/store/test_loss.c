/* SPDX-License-Identifier: ISC */
/* What guards count: what is under way and what was done lately, and nothing that was held, rejected or safe. */
#include "tests/store/help.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/loss.h"
#include "store/step.h"

#include <string.h>

#define SINCE 1000

static void
add(struct fixture *f, const char *account_id, enum au_step_op op, enum au_lane lane, enum au_step_state state,
    long long finished_ms, const char *target, const char *cause)
{
	struct au_step step = { .account_id = account_id,
		.apiuser_id = "u1",
		.target = target,
		.login = "svc",
		.op = op,
		.lane = lane,
		.state = state,
		.cause = cause,
		.guards = state != AU_STEP_HELD           ? NULL
			  : strcmp(account_id, "a4") == 0 ? "onetwo"
							  : "two,one",
		.finished_ms = finished_ms };

	assert_ok(f, au_store_step_add(f->tx, &step, NULL, &f->err));
}

static void
fill(struct fixture *f)
{
	static const enum au_step_op ops[] = { AU_STEP_SET_RIGHTS, AU_STEP_DISABLE, AU_STEP_DELETE };

	for (size_t i = 0; i < AU_COUNT(ops); i++) {
		enum au_lane lane = au_step_lane(ops[i], true);
		add(f, "a3", ops[i], lane, AU_STEP_QUEUED, 0, "room", "corp/admins");
		add(f, "a3", ops[i], lane, AU_STEP_RUNNING, 0, "room", "corp/readers");
		add(f, "a3", ops[i], lane, AU_STEP_RUNNING, 0, "hall", "hr/a/b");
		add(f, "a1", ops[i], lane, AU_STEP_DONE, SINCE, "room", "corp/admins");
		add(f, "a2", ops[i], lane, AU_STEP_DONE, SINCE + 1, "room", NULL);
		add(f, "a1", ops[i], lane, AU_STEP_DONE, SINCE + 5, "room", "corp/admins"); /* again */
		add(f, "a3", ops[i], lane, AU_STEP_DONE, SINCE - 1, "room", "corp/admins");
		add(f, "a3", ops[i], lane, AU_STEP_HELD, 0, "room", "corp/admins");
		add(f, "a4", ops[i], lane, AU_STEP_HELD, 0, "room", "corp/admins"); /* by another guard */
		add(f, "a3", ops[i], lane, AU_STEP_REJECTED, SINCE + 1, "room", "corp/admins");
		add(f, "a3", ops[i], lane, AU_STEP_FAILED, SINCE + 1, "room", "corp/admins");
		add(f, "a3", ops[i], lane, AU_STEP_CANCELLED, SINCE + 1, "room", "corp/admins");
	}
	/* Rights that were only given. */
	add(f, "a3", AU_STEP_SET_RIGHTS, AU_LANE_SAFE, AU_STEP_DONE, SINCE + 1, "room", NULL);
	add(f, "a3", AU_STEP_CREATE, AU_LANE_SAFE, AU_STEP_QUEUED, 0, "room", "corp/admins");
}

static void
losses_under_way_and_done_lately_are_counted_by_place(void **state)
{
	struct fixture *f = *state;
	static const struct {
		struct au_loss_place place;
		long long open, done, held;
	} rows[] = {
		{ { AU_LOSS_TARGET, "room", NULL }, 2, 2, 1 },
		{ { AU_LOSS_TARGET, "hall", NULL }, 1, 0, 0 },
		{ { AU_LOSS_TARGET, "void", NULL }, 0, 0, 0 },
		{ { AU_LOSS_GROUP, "room", "corp/admins" }, 1, 1, 1 },
		{ { AU_LOSS_GROUP, "room", "corp/readers" }, 1, 0, 0 },
		{ { AU_LOSS_GROUP, "hall", "corp/admins" }, 0, 0, 0 },
		{ { AU_LOSS_SOURCE, NULL, "corp" }, 2, 1, 1 },
		{ { AU_LOSS_SOURCE, NULL, "hr" }, 1, 0, 0 },
	};
	static const enum au_step_op ops[] = { AU_STEP_SET_RIGHTS, AU_STEP_DISABLE, AU_STEP_DELETE };

	fill(f);
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		for (size_t k = 0; k < AU_COUNT(ops); k++) {
			struct au_loss_counts counts = { -1, -1, -1, -1 };
			assert_ok(
			    f, au_store_loss_count(f->tx, &rows[i].place, ops[k], SINCE, "one", &counts, &f->err));
			assert_int_equal(counts.open, rows[i].open);
			assert_int_equal(counts.done, rows[i].done);
			assert_int_equal(counts.held, rows[i].held);
		}
}

static void
put_account(struct fixture *f, const char *name, enum au_account_state state, int active, const char *basis)
{
	struct au_apiuser user = { .id = name, .key = name };
	struct au_account account = { .id = name,
		.apiuser_id = name,
		.target = "room",
		.login = name,
		.state = state,
		.active = active,
		.basis = basis };

	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
}

/* a1 came back, a2 did not; who is only disabled is there as far as deletions go. */
static void
who_came_back_is_not_gone(void **state)
{
	struct fixture *f = *state;
	struct au_loss_place room = { AU_LOSS_TARGET, "room", NULL };
	struct au_loss_counts counts;
	bool again = false;

	fill(f);
	put_account(f, "a1", AU_ACCOUNT_PRESENT, 1, "corp/a");
	put_account(f, "a2", AU_ACCOUNT_PRESENT, 0, "corp/a");
	assert_ok(f, au_store_loss_count(f->tx, &room, AU_STEP_DISABLE, SINCE, "one", &counts, &f->err));
	assert_int_equal(counts.gone, 1);
	assert_ok(f, au_store_loss_count(f->tx, &room, AU_STEP_DELETE, SINCE, "one", &counts, &f->err));
	assert_int_equal(counts.gone, 0);
	assert_ok(f, au_store_loss_again(f->tx, "a1", AU_STEP_DISABLE, SINCE, &again, &f->err));
	assert_true(again);
	assert_ok(f, au_store_loss_again(f->tx, "a1", AU_STEP_DISABLE, SINCE + 6, &again, &f->err));
	assert_false(again);
	assert_ok(f, au_store_loss_again(f->tx, "a3", AU_STEP_DISABLE, SINCE, &again, &f->err));
	assert_false(again);
}

static long long
accounts(struct fixture *f, struct au_loss_place place, bool is_active, long long most)
{
	long long count = -1;

	assert_ok(f, au_store_loss_accounts(f->tx, &place, is_active, most, &count, &f->err));
	return count;
}

static void
accounts_are_counted_no_further_than_needed(void **state)
{
	struct fixture *f = *state;
	struct au_loss_place room = { AU_LOSS_TARGET, "room", NULL }, corp = { AU_LOSS_SOURCE, NULL, "corp" };

	for (int i = 0; i < 10; i++)
		put_account(f, au_arena_printf(f->arena, "%d", i), AU_ACCOUNT_PRESENT, i < 6, i < 8 ? "corp/a" : NULL);
	put_account(f, "10", AU_ACCOUNT_ABSENT, -1, "corp/a");
	put_account(f, "11", AU_ACCOUNT_CONFLICT, 1, "corp/a");
	assert_int_equal(accounts(f, room, true, 100), 6);
	assert_int_equal(accounts(f, room, false, 100), 10);
	assert_int_equal(accounts(f, corp, true, 100), 6);
	assert_int_equal(accounts(f, corp, false, 100), 8);
	assert_int_equal(accounts(f, room, false, 7), 7);
	assert_int_equal(accounts(f, corp, false, 3), 3);
}

#define LOSS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest losses[] = {
	LOSS_TEST(losses_under_way_and_done_lately_are_counted_by_place),
	LOSS_TEST(who_came_back_is_not_gone),
	LOSS_TEST(accounts_are_counted_no_further_than_needed),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(losses);
}
