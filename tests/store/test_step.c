/* SPDX-License-Identifier: ISC */
/* The queue of steps: which comes next, and what waits for what. */
#include "tests/store/help.h"

#include "store/parcel.h"
#include "store/step.h"

#include <string.h>

static struct au_step
step(const char *account_id, enum au_step_op op)
{
	return (struct au_step){ .account_id = account_id,
		.apiuser_id = "u1",
		.target = "room",
		.login = "svc",
		.op = op,
		.lane = au_step_lane(op, false),
		.state = AU_STEP_QUEUED,
		.want = "{\"login\":\"svc\"}",
		.was = "{}",
		.reason = "rule hr",
		.created_ms = 50 };
}

static long long
add(struct fixture *f, const struct au_step *in)
{
	long long id = 0;
	assert_ok(f, au_store_step_add(f->tx, in, &id, &f->err));
	assert_true(id > 0);
	return id;
}

static long long
queue(struct fixture *f, const char *account_id, enum au_step_op op, long long next_ms)
{
	struct au_step in = step(account_id, op);
	in.next_ms = next_ms;
	return add(f, &in);
}

/* Id of the next step at `now`, or 0 with the time to look again in *ret_wake. */
static long long
next(struct fixture *f, long long now_ms, long long *ret_wake)
{
	struct au_step out = { 0 };
	long long wake = -1;
	int rc = au_store_step_next(f->tx, f->arena, "room", AU_LANE_DESTRUCTIVE, now_ms, &out, &wake, &f->err);
	if (rc == AU_ENOENT) {
		*ret_wake = wake;
		return 0;
	}
	assert_ok(f, rc);
	return out.id;
}

static void
set_state(struct fixture *f, long long id, enum au_step_state state, long long finished_ms)
{
	struct au_step change;
	assert_ok(f, au_store_step_get(f->tx, f->arena, id, &change, &f->err));
	change.state = state;
	change.finished_ms = finished_ms;
	assert_ok(f, au_store_step_update(f->tx, &change, &f->err));
}

static void
step_is_kept_with_every_field(void **state)
{
	struct fixture *f = *state;
	struct au_step out, in = step("a1", AU_STEP_DISABLE);
	in.guard = "more than 10 %";
	in.cause = "corp/admins";
	in.tries = 3;
	in.next_ms = 51;
	in.finished_ms = 52;
	in.code = AU_ETEMP;
	in.error = "no answer";
	in.state = AU_STEP_HELD;
	long long id = add(f, &in);
	assert_ok(f, au_store_step_get(f->tx, f->arena, id, &out, &f->err));
	assert_int_equal(out.id, id);
	assert_string_equal(out.account_id, "a1");
	assert_string_equal(out.apiuser_id, "u1");
	assert_string_equal(out.target, "room");
	assert_string_equal(out.login, "svc");
	assert_int_equal(out.op, AU_STEP_DISABLE);
	assert_int_equal(out.lane, in.lane);
	assert_int_equal(out.state, AU_STEP_HELD);
	assert_string_equal(out.want, in.want);
	assert_string_equal(out.was, in.was);
	assert_string_equal(out.reason, in.reason);
	assert_string_equal(out.guard, in.guard);
	assert_string_equal(out.cause, in.cause);
	assert_int_equal(out.tries, 3);
	assert_int_equal(out.next_ms, 51);
	assert_int_equal(out.created_ms, 50);
	assert_int_equal(out.finished_ms, 52);
	assert_int_equal(out.code, AU_ETEMP);
	assert_string_equal(out.error, "no answer");
}

static void
update_moves_only_what_happens_to_a_step(void **state)
{
	struct fixture *f = *state;
	struct au_step out, in = step("a1", AU_STEP_CREATE);
	in.id = add(f, &in);
	in.state = AU_STEP_FAILED;
	in.guard = "g";
	in.tries = 9;
	in.next_ms = 77;
	in.finished_ms = 78;
	in.code = AU_EINVAL;
	in.error = "login taken";
	in.want = "something else";
	in.login = "other";
	assert_ok(f, au_store_step_update(f->tx, &in, &f->err));
	assert_ok(f, au_store_step_get(f->tx, f->arena, in.id, &out, &f->err));
	assert_int_equal(out.state, AU_STEP_FAILED);
	assert_string_equal(out.guard, "g");
	assert_int_equal(out.tries, 9);
	assert_int_equal(out.next_ms, 77);
	assert_int_equal(out.finished_ms, 78);
	assert_int_equal(out.code, AU_EINVAL);
	assert_string_equal(out.error, "login taken");
	assert_string_equal(out.want, "{\"login\":\"svc\"}");
	assert_string_equal(out.login, "svc");
	in.id += 1;
	assert_int_equal(au_store_step_update(f->tx, &in, &f->err), AU_ENOENT);
	assert_int_equal(au_store_step_get(f->tx, f->arena, in.id, &out, &f->err), AU_ENOENT);
}

static void
restricting_steps_go_before_older_safe_ones(void **state)
{
	struct fixture *f = *state;
	long long wake = 0;
	long long create = queue(f, "a1", AU_STEP_CREATE, 0), second = queue(f, "a2", AU_STEP_CREATE, 0);
	long long disable = queue(f, "a3", AU_STEP_DISABLE, 0), delete = queue(f, "a4", AU_STEP_DELETE, 0);
	assert_int_equal(next(f, 100, &wake), disable);
	set_state(f, disable, AU_STEP_DONE, 100);
	assert_int_equal(next(f, 100, &wake), delete);
	set_state(f, delete, AU_STEP_RUNNING, 0);
	assert_int_equal(next(f, 100, &wake), create);
	set_state(f, create, AU_STEP_CANCELLED, 0);
	assert_int_equal(next(f, 100, &wake), second);
	set_state(f, second, AU_STEP_HELD, 0);
	assert_int_equal(next(f, 100, &wake), 0);
	assert_int_equal(wake, 0);
}

static void
steps_of_one_account_keep_their_order(void **state)
{
	struct fixture *f = *state;
	long long wake = 0;
	long long create = queue(f, "a1", AU_STEP_CREATE, 0), disable = queue(f, "a1", AU_STEP_DISABLE, 0);
	assert_int_equal(next(f, 100, &wake), create);
	set_state(f, create, AU_STEP_RUNNING, 0);
	assert_int_equal(next(f, 100, &wake), 0);
	assert_int_equal(wake, 0); /* the end of the running one will tell */
	set_state(f, create, AU_STEP_HELD, 0);
	assert_int_equal(next(f, 100, &wake), disable); /* what is held holds nobody else */
}

static void
step_waits_until_it_is_due_and_the_rest_of_its_account_with_it(void **state)
{
	struct fixture *f = *state;
	long long wake = 0;
	long long later = queue(f, "a1", AU_STEP_CREATE, 500), behind = queue(f, "a1", AU_STEP_SET_RIGHTS, 0);
	queue(f, "a2", AU_STEP_CREATE, 800);
	assert_int_equal(next(f, 100, &wake), 0);
	assert_int_equal(wake, 500);
	assert_int_equal(next(f, 499, &wake), 0);
	assert_int_equal(next(f, 500, &wake), later);
	set_state(f, later, AU_STEP_DONE, 500);
	assert_int_equal(next(f, 500, &wake), behind);
}

static void
targets_do_not_wait_for_each_other(void **state)
{
	struct fixture *f = *state;
	struct au_step out, elsewhere = step("a9", AU_STEP_CREATE);
	long long wake = -1;
	elsewhere.target = "hall";
	long long id = add(f, &elsewhere);
	assert_int_equal(next(f, 100, &wake), 0);
	assert_int_equal(wake, 0);
	assert_ok(f, au_store_step_next(f->tx, f->arena, "hall", AU_LANE_DESTRUCTIVE, 100, &out, NULL, &f->err));
	assert_int_equal(out.id, id);
}

static const char *
ids(struct fixture *f, const struct au_step *list, size_t count)
{
	const char *joined = "";
	for (size_t i = 0; i < count; i++)
		joined = au_arena_printf(f->arena, "%s%s%lld", joined, i ? "," : "", list[i].id);
	return joined;
}

static void
steps_are_listed_by_account_and_state(void **state)
{
	struct fixture *f = *state;
	struct au_step *list = NULL;
	size_t count = 0;
	long long open = 0;
	for (int i = 1; i <= 6; i++)
		assert_int_equal(queue(f, i % 2 ? "odd" : "even", AU_STEP_CREATE, 0), i);
	set_state(f, 1, AU_STEP_DONE, 1);
	set_state(f, 3, AU_STEP_RUNNING, 0);
	set_state(f, 5, AU_STEP_HELD, 0);
	set_state(f, 6, AU_STEP_FAILED, 1);
	assert_ok(f, au_store_step_open(f->tx, f->arena, "odd", &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), "3,5");
	assert_ok(f, au_store_step_of_account(f->tx, f->arena, "odd", 2, &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), "5,3");
	assert_ok(f, au_store_step_list(f->tx, f->arena, AU_STEP_QUEUED, 10, &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), "4,2");
	assert_ok(f, au_store_step_list(f->tx, f->arena, 0, 4, &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), "6,5,4,3");
	assert_ok(f, au_store_step_running(f->tx, f->arena, &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), "3");
	assert_ok(f, au_store_step_count(f->tx, AU_STEP_QUEUED, &open, &f->err));
	assert_int_equal(open, 2);
}

/* A parcel: what belongs to it is not sent before it ends; others are, beside it and of the same account. */
static void
steps_of_a_parcel_wait_for_its_end(void **state)
{
	struct fixture *f = *state;
	const struct au_parcel_row row = { .digest = "d", .actor = "uid:1", .at_ms = 7 };
	struct au_parcel_row *rows = NULL;
	struct au_step in = step("a", AU_STEP_DISABLE), out, *list = NULL;
	size_t count = 0;
	long long parcel = 0, again = 0, wake = 0;

	assert_ok(f, au_store_parcel_add(f->tx, &row, &parcel, &f->err));
	in.parcel = parcel;
	long long first = add(f, &in);
	in.account_id = "b";
	in.state = AU_STEP_HELD;
	long long held = add(f, &in);
	in.account_id = "d";
	in.op = AU_STEP_CREATE;
	in.lane = AU_LANE_SAFE;
	in.state = AU_STEP_WAITING;
	long long waiting = add(f, &in);
	long long other = queue(f, "c", AU_STEP_CREATE, 0);
	assert_int_equal(next(f, 100, &wake), other);
	assert_int_equal(
	    au_store_step_next_of(f->tx, f->arena, "a", AU_LANE_DESTRUCTIVE, 100, &out, &f->err), AU_ENOENT);
	assert_ok(f, au_store_step_get(f->tx, f->arena, first, &out, &f->err));
	assert_int_equal(out.parcel, parcel);
	assert_ok(f, au_store_parcel_losses(f->tx, f->arena, parcel, &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), au_arena_printf(f->arena, "%lld,%lld", first, held));
	assert_ok(f, au_store_parcel_steps(f->tx, f->arena, parcel, 10, &list, &count, &f->err));
	assert_string_equal(ids(f, list, count), au_arena_printf(f->arena, "%lld,%lld,%lld", first, held, waiting));
	assert_ok(f, au_store_parcel_steps(f->tx, f->arena, parcel, 1, &list, &count, &f->err));
	assert_int_equal(count, 1);
	assert_ok(f, au_store_parcel_list(f->tx, f->arena, &rows, &count, &f->err));
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].id, parcel);
	assert_string_equal(rows[0].digest, "d");
	assert_string_equal(rows[0].actor, "uid:1");
	assert_int_equal(rows[0].at_ms, 7);
	assert_ok(f, au_store_parcel_end(f->tx, parcel, &f->err));
	assert_int_equal(au_store_parcel_end(f->tx, parcel, &f->err), AU_ENOENT);
	assert_int_equal(next(f, 100, &wake), first);
	assert_ok(f, au_store_step_next_of(f->tx, f->arena, "a", AU_LANE_DESTRUCTIVE, 100, &out, &f->err));
	/* A number is never used again, or old steps would belong to a new one. */
	assert_ok(f, au_store_parcel_add(f->tx, &row, &again, &f->err));
	assert_true(again > parcel);
}

#define STEP_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest steps[] = {
	STEP_TEST(step_is_kept_with_every_field),
	STEP_TEST(update_moves_only_what_happens_to_a_step),
	STEP_TEST(restricting_steps_go_before_older_safe_ones),
	STEP_TEST(steps_of_one_account_keep_their_order),
	STEP_TEST(step_waits_until_it_is_due_and_the_rest_of_its_account_with_it),
	STEP_TEST(targets_do_not_wait_for_each_other),
	STEP_TEST(steps_are_listed_by_account_and_state),
	STEP_TEST(steps_of_a_parcel_wait_for_its_end),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(steps);
}
