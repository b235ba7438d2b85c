/* SPDX-License-Identifier: ISC */
/* What the guards see in their sliding window: every kind of loss in every kind of place, to the millisecond. */
#include "tests/store/help.h"

#include "base/str.h"
#include "reconcile/look.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/step.h"

#include <string.h>

#define NOW 1795514400000LL
#define WINDOW (60 * 60 * 1000LL)

/* Groups that are nobody's list, so that none is empty. */
static struct au_rule rules[] = {
	{ .name = "a", .source = "corp", .group = "role:a", .group_norm = "role:a", .is_grant = true, .template = "t" },
	{ .name = "b", .source = "corp", .group = "role:b", .group_norm = "role:b", .is_grant = true, .template = "t" },
	{ .name = "c", .source = "hr", .group = "role:c", .group_norm = "role:c", .is_grant = true, .template = "t" },
};
static struct au_settings settings = { .rules = rules, .rule_count = AU_COUNT(rules) };
static const struct au_policy policy = { .settings = &settings,
	.brake = { .count = { .num = 2, .option = "guard_count" },
	    .percent = { .option = "guard_percent" },
	    .rights_count = { .num = 2, .option = "guard_rights_count" },
	    .rights_percent = { .option = "guard_rights_percent" },
	    .small_percent = { .num = 100, .option = "guard_small_percent" },
	    .window_ms = WINDOW } };

static const struct {
	enum au_step_op op;
	const char *losses;
} kinds[] = {
	{ AU_STEP_DISABLE, "disables" },
	{ AU_STEP_SET_RIGHTS, "rights" },
	{ AU_STEP_DELETE, "deletions" },
};

/* Where others were lost before, beside one that is planned in target room for group a of corp. */
static const struct {
	const char *target, *cause, *scope; /* NULL: that counts nowhere */
} places[] = {
	{ "room", "corp/role:a", "group" },
	{ "hall", "corp/role:b", "source" },
	{ "hall", "corp/role:a", "source" },
	{ "room", "hr/role:c", "target" },
	{ "room", NULL, "target" },
	{ "hall", "hr/role:c", NULL },
};

static void
put_account(struct fixture *f, const char *id, const char *target, bool is_gone)
{
	const struct au_apiuser user = { .id = id, .key = id };
	struct au_account account = { .id = id,
		.apiuser_id = id,
		.target = target,
		.login = id,
		.state = is_gone ? AU_ACCOUNT_ABSENT : AU_ACCOUNT_PRESENT,
		.active = !is_gone,
		.basis = "corp/role:a" };

	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
}

static struct au_step
loss_of(enum au_step_op op, const char *account_id, const char *target, const char *cause)
{
	return (struct au_step){ .account_id = account_id,
		.apiuser_id = account_id,
		.target = target,
		.login = account_id,
		.op = op,
		.lane = au_step_lane(op, true),
		.cause = cause,
		.want = "{}",
		.reason = "left" };
}

/* Two were lost then and there. */
static void
lose_two(struct fixture *f, enum au_step_op op, const char *target, const char *cause, long long at_ms)
{
	static const char *const ids[] = { "gone-1", "gone-2" };

	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		struct au_step step = loss_of(op, ids[i], target, cause);
		put_account(f, ids[i], target, op != AU_STEP_SET_RIGHTS);
		step.state = AU_STEP_DONE;
		step.finished_ms = at_ms;
		assert_ok(f, au_store_step_add(f->tx, &step, NULL, &f->err));
	}
}

static const char *
judge_one(struct fixture *f, enum au_step_op op)
{
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct au_step step = loss_of(op, "next", "room", "corp/role:a");

	step.state = AU_STEP_QUEUED;
	au_plan_add(plan, &step);
	assert_ok(f, au_look_guard(f->tx, &policy, NOW, plan, &f->err));
	assert_int_equal(plan->steps[0].state, plan->steps[0].guards ? AU_STEP_HELD : AU_STEP_QUEUED);
	return au_arena_strdup(f->arena, plan->steps[0].guards);
}

/* A store of its own for each case would cost more than undoing what the case has put there. */
static void
begin_anew(struct fixture *f)
{
	static const char *const ids[] = { "gone-1", "gone-2" };
	struct au_step *steps = NULL;
	size_t count = 0;

	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		assert_ok(f, au_store_step_of_account(f->tx, f->arena, ids[i], 10, &steps, &count, &f->err));
		for (size_t k = 0; k < count; k++) {
			steps[k].state = AU_STEP_CANCELLED;
			assert_ok(f, au_store_step_update(f->tx, &steps[k], &f->err));
		}
		assert_ok(f, au_store_account_remove(f->tx, ids[i], &f->err));
	}
}

static void
assert_guard(const char *guards, const char *losses, const char *scope, size_t kind, size_t place)
{
	AU_CLEANUP(au_freep) char *name = scope ? au_xasprintf("%s-of-%s", losses, scope) : NULL;

	if (!au_streq(guards, name))
		fail_msg("kind %zu, place %zu: held by '%s', not by '%s'", kind, place, guards ? guards : "nobody",
		    name ? name : "nobody");
}

static void
each_kind_of_loss_counts_in_its_place_within_the_window(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 10; i++)
		put_account(f, au_arena_printf(f->arena, "stays-%d", i), i % 2 ? "room" : "hall", false);
	put_account(f, "next", "room", false);
	for (size_t k = 0; k < AU_COUNT(kinds); k++)
		for (size_t p = 0; p < AU_COUNT(places); p++) {
			lose_two(f, kinds[k].op, places[p].target, places[p].cause, NOW - WINDOW);
			assert_guard(judge_one(f, kinds[k].op), kinds[k].losses, places[p].scope, k, p);
			begin_anew(f);
			lose_two(f, kinds[k].op, places[p].target, places[p].cause, NOW - WINDOW - 1);
			assert_guard(judge_one(f, kinds[k].op), NULL, NULL, k, p);
			begin_anew(f);
		}
}

static void
kinds_of_losses_do_not_count_for_each_other(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 10; i++)
		put_account(f, au_arena_printf(f->arena, "stays-%d", i), "room", false);
	put_account(f, "next", "room", false);
	for (size_t k = 0; k < AU_COUNT(kinds); k++) {
		lose_two(f, kinds[k].op, "room", "corp/role:a", NOW);
		for (size_t other = 0; other < AU_COUNT(kinds); other++)
			assert_guard(
			    judge_one(f, kinds[other].op), kinds[other].losses, other == k ? "group" : NULL, other, k);
		begin_anew(f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    each_kind_of_loss_counts_in_its_place_within_the_window, set_up_tx, tear_down_tx),
		cmocka_unit_test_setup_teardown(kinds_of_losses_do_not_count_for_each_other, set_up_tx, tear_down_tx),
	};

	return RUN_FOR_EACH_BACKEND(tests);
}
