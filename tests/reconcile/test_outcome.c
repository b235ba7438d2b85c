/* SPDX-License-Identifier: ISC */
/* What each answer does to step, account and target. */
#include "reconcile/outcome.h"

#include "base/str.h"
#include "tests/unit.h"

#define NOW 1000000LL

struct world {
	struct au_arena *arena;
	struct au_step step;
	struct au_account account;
	struct au_outcome outcome;
	bool by_hand, may_reset, late_secret;
};

static void
apply(struct world *w, enum au_step_op op, int code, const struct au_target_account *seen, unsigned creates)
{
	struct au_outcome_rules rules = { .now_ms = NOW,
		.retry_failed_ms = 3600000,
		.retry_base_ms = 30000,
		.retry_cap_ms = 900000,
		.random = 1u << 31,
		.creates = creates,
		.by_hand = w->by_hand,
		.may_reset = w->may_reset,
		.late_secret = w->late_secret };
	struct au_call_result result = {
		.err = { .code = code, .text = "said so" }, .accounts = seen, .account_count = seen != NULL
	};

	w->step = (struct au_step){ .id = 1,
		.op = op,
		.state = AU_STEP_RUNNING,
		.tries = 1,
		.login = "ann",
		.want = "{\"active\":true,\"rights\":{\"roles\":[1]}}" };
	w->account = (struct au_account){ .id = "mark-1",
		.login = "ann",
		.state = op == AU_STEP_CREATE || op == AU_STEP_LOOKUP ? AU_ACCOUNT_UNKNOWN : AU_ACCOUNT_PRESENT,
		.active = 1,
		.remote_id = op == AU_STEP_CREATE ? NULL : "7" };
	au_outcome_apply(w->arena, &rules, &result, &w->step, &w->account, &w->outcome);
}

static int
set_up(void **state)
{
	struct world *w = au_xcalloc(1, sizeof *w);

	w->arena = au_arena_new();
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	au_arena_free(w->arena);
	free(w);
	return 0;
}

static const struct au_target_account good = {
	.id = "7", .login = "ann", .mark = "mark-1", .rights = "{\"roles\":[1]}", .active = 1
};

static void
a_create_that_is_read_back_makes_its_secret_ready(void **state)
{
	struct world *w = *state;

	apply(w, AU_STEP_CREATE, AU_OK, &good, 1);
	assert_int_equal(w->step.state, AU_STEP_DONE);
	assert_int_equal(w->account.state, AU_ACCOUNT_PRESENT);
	assert_string_equal(w->account.remote_id, "7");
	assert_int_equal(w->outcome.sealed, AU_SEALED_READY);
}

static void
a_read_back_with_other_rights_is_a_failure(void **state)
{
	struct world *w = *state;
	struct au_target_account seen = good;

	seen.rights = "{\"roles\":[1,2]}";
	apply(w, AU_STEP_SET_RIGHTS, AU_OK, &seen, 1);
	assert_int_equal(w->step.state, AU_STEP_FAILED);
	assert_non_null(w->account.problem);
	assert_non_null(w->account.problem_for);
}

static void
an_unclear_create_is_never_simply_repeated(void **state)
{
	struct world *w = *state;

	apply(w, AU_STEP_CREATE, AU_EUNKNOWN, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_FAILED);
	assert_int_equal(w->account.state, AU_ACCOUNT_UNKNOWN);
	assert_int_equal(w->outcome.sealed, AU_SEALED_KEEP);
	apply(w, AU_STEP_SET_RIGHTS, AU_EUNKNOWN, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_QUEUED);
}

/* Whoever writes orders down was killed: nobody has been told anything yet, and there is nobody to ask. */
static void
an_order_that_was_not_written_is_written_again(void **state)
{
	struct world *w = *state;

	w->by_hand = true;
	apply(w, AU_STEP_CREATE, AU_EUNKNOWN, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_QUEUED);
	assert_true(w->step.next_ms > NOW);
	assert_int_equal(w->account.state, AU_ACCOUNT_ABSENT);
}

static void
a_create_that_did_not_happen_leaves_no_secret(void **state)
{
	struct world *w = *state;

	apply(w, AU_STEP_CREATE, AU_ETEMP, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_QUEUED);
	assert_true(w->step.next_ms > NOW);
	assert_int_equal(w->account.state, AU_ACCOUNT_ABSENT);
	assert_int_equal(w->outcome.sealed, AU_SEALED_ERASE);
	apply(w, AU_STEP_CREATE, AU_EINVAL, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_FAILED);
	assert_int_equal(w->account.state, AU_ACCOUNT_ABSENT);
	assert_true(w->account.retry_ms == NOW + 3600000);
}

static void
a_look_up_tells_ours_from_theirs_by_the_mark(void **state)
{
	struct world *w = *state;
	struct au_target_account theirs = good;

	apply(w, AU_STEP_LOOKUP, AU_OK, &good, 1);
	assert_int_equal(w->account.state, AU_ACCOUNT_PRESENT);
	assert_int_equal(w->outcome.sealed, AU_SEALED_READY);
	assert_false(w->outcome.reset_secret);
	theirs.mark = "somebody-else";
	apply(w, AU_STEP_LOOKUP, AU_OK, &theirs, 1);
	assert_int_equal(w->account.state, AU_ACCOUNT_CONFLICT);
	theirs.mark = NULL;
	apply(w, AU_STEP_LOOKUP, AU_OK, &theirs, 1);
	assert_int_equal(w->account.state, AU_ACCOUNT_CONFLICT);
	apply(w, AU_STEP_LOOKUP, AU_OK, NULL, 1);
	assert_int_equal(w->account.state, AU_ACCOUNT_ABSENT);
}

/* Who is found after an unclear create has the secret that was sent, unless more than one was, or it was to come later:
 * then it is not handed over, and replaced where the product lets us. */
static void
a_secret_that_may_be_another_is_replaced(void **state)
{
	static const struct {
		unsigned creates;
		bool may_reset, late, reset;
	} rows[] = {
		{ 1, true, false, false },
		{ 2, true, false, true },
		{ 1, true, true, true },
		{ 2, false, false, false },
	};
	struct world *w = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		w->may_reset = rows[i].may_reset;
		w->late_secret = rows[i].late;
		apply(w, AU_STEP_LOOKUP, AU_OK, &good, rows[i].creates);
		assert_int_equal(w->account.state, AU_ACCOUNT_PRESENT);
		assert_int_equal(w->outcome.reset_secret, rows[i].reset);
		assert_int_equal(w->outcome.sealed, rows[i].reset ? AU_SEALED_KEEP : AU_SEALED_READY);
	}
}

static void
gone_is_success_for_a_delete_only(void **state)
{
	struct world *w = *state;

	apply(w, AU_STEP_DELETE, AU_ENOENT, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_DONE);
	assert_int_equal(w->account.state, AU_ACCOUNT_ABSENT);
	apply(w, AU_STEP_SET_RIGHTS, AU_ENOENT, NULL, 1);
	assert_int_equal(w->step.state, AU_STEP_FAILED);
	assert_int_equal(w->account.state, AU_ACCOUNT_ABSENT);
}

static void
refused_credentials_pause_and_throttling_waits(void **state)
{
	struct world *w = *state;

	apply(w, AU_STEP_DISABLE, AU_EAUTH, NULL, 1);
	assert_non_null(w->outcome.pause);
	assert_int_equal(w->step.state, AU_STEP_QUEUED);
	apply(w, AU_STEP_DISABLE, AU_EBUSY, NULL, 1);
	assert_null(w->outcome.pause);
	assert_true(w->outcome.throttle_ms > 0);
}

/* I7 and what each class of error means: state, wait and whose failure it is. */
static void
each_class_has_its_reaction(void **state)
{
	static const struct {
		int code;
		enum au_step_state step;
		long long least_ms, most_ms; /* until the same is tried again; most 0 = no time is set */
		enum au_blame blame;
		enum au_health_sign sign;
		bool pauses;
	} rows[] = {
		{ AU_EINVAL, AU_STEP_FAILED, 3600000, 3600000, AU_BLAME_OBJECT, AU_SIGN_WELL, false },
		{ AU_EAUTH, AU_STEP_QUEUED, 0, 0, AU_BLAME_NOBODY, AU_SIGN_NONE, true },
		{ AU_EPERM, AU_STEP_QUEUED, 1, 30000, AU_BLAME_EITHER, AU_SIGN_NONE, true },
		{ AU_EQUOTA, AU_STEP_QUEUED, 900000, 900000, AU_BLAME_NOBODY, AU_SIGN_WELL, false },
		{ AU_ETEMP, AU_STEP_QUEUED, 1, 30000, AU_BLAME_EITHER, AU_SIGN_ILL, false },
		{ AU_EBUSY, AU_STEP_QUEUED, 1, 30000, AU_BLAME_NOBODY, AU_SIGN_NONE, false },
		{ AU_ENOSUP, AU_STEP_FAILED, 3600000, 3600000, AU_BLAME_OBJECT, AU_SIGN_WELL, false },
		{ AU_EPROTO, AU_STEP_QUEUED, 1, 30000, AU_BLAME_EITHER, AU_SIGN_ILL, false },
		{ AU_EMANUAL, AU_STEP_FAILED, 3600000, 3600000, AU_BLAME_NOBODY, AU_SIGN_WELL, false },
		{ AU_EBUG, AU_STEP_FAILED, 3600000, 3600000, AU_BLAME_OBJECT, AU_SIGN_ILL, false },
		{ AU_EUNKNOWN, AU_STEP_QUEUED, 1, 30000, AU_BLAME_EITHER, AU_SIGN_ILL, false },
		{ AU_EIO, AU_STEP_QUEUED, 1, 30000, AU_BLAME_NOBODY, AU_SIGN_NONE, false },
		{ AU_ELIMIT, AU_STEP_FAILED, 3600000, 3600000, AU_BLAME_OBJECT, AU_SIGN_WELL, false },
	};
	struct world *w = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		long long wait_ms;
		apply(w, AU_STEP_SET_RIGHTS, rows[i].code, NULL, 0);
		wait_ms = (w->step.state == AU_STEP_QUEUED ? w->step.next_ms : w->account.retry_ms) - NOW;
		if (w->step.state != rows[i].step || w->outcome.blame != rows[i].blame ||
		    w->outcome.sign != rows[i].sign || (w->outcome.pause != NULL) != rows[i].pauses ||
		    wait_ms < rows[i].least_ms || wait_ms > rows[i].most_ms)
			fail_msg("%s: waits %lld", au_code_name(rows[i].code), wait_ms);
	}
}

static void
what_the_product_says_is_the_least_wait(void **state)
{
	struct world *w = *state;
	struct au_outcome_rules rules = { .now_ms = NOW, .retry_base_ms = 30000, .retry_cap_ms = 900000 };
	struct au_call_result result = { .err = { .code = AU_EBUSY, .retry_after_s = 7200, .text = "429" } };

	apply(w, AU_STEP_DISABLE, AU_OK, NULL, 0);
	w->step.state = AU_STEP_RUNNING;
	au_outcome_apply(w->arena, &rules, &result, &w->step, &w->account, &w->outcome);
	assert_int_equal(w->step.state, AU_STEP_QUEUED);
	assert_int_equal(w->step.next_ms, NOW + 7200000);
	assert_int_equal(w->outcome.throttle_ms, 7200000);
	/* With 503 it says the same of the one step. */
	result.err.code = AU_ETEMP;
	au_outcome_apply(w->arena, &rules, &result, &w->step, &w->account, &w->outcome);
	assert_int_equal(w->step.next_ms, NOW + 7200000);
	assert_int_equal(w->outcome.throttle_ms, 0);
}

static void
waits_double_up_to_the_cap(void **state)
{
	struct world *w = *state;
	struct au_outcome_rules rules = {
		.now_ms = NOW, .retry_base_ms = 30000, .retry_cap_ms = 1800000, .random = UINT32_MAX
	};
	struct au_call_result result = { .err = { .code = AU_ETEMP, .text = "away" } };
	const long long most[] = { 30000, 60000, 120000, 240000, 480000, 960000, 1800000, 1800000 };

	apply(w, AU_STEP_DISABLE, AU_OK, NULL, 0);
	for (unsigned i = 0; i < AU_COUNT(most); i++) {
		w->step.tries = i + 1;
		au_outcome_apply(w->arena, &rules, &result, &w->step, &w->account, &w->outcome);
		assert_in_range(w->step.next_ms - NOW, most[i] - 1, most[i]);
	}
}

static void
what_moved_is_taken_over_and_ends_the_step(void **state)
{
	struct world *w = *state;
	struct au_outcome_rules rules = { .now_ms = NOW };
	struct au_target_account now = { .id = "7", .login = "ann", .mark = "mark-1", .active = 0, .rights = "{}" };

	apply(w, AU_STEP_SET_RIGHTS, AU_ETEMP, NULL, 0);
	au_outcome_moved(w->arena, &rules, &now, "it is inactive", &w->step, &w->account, &w->outcome);
	assert_int_equal(w->step.state, AU_STEP_CANCELLED);
	assert_string_equal(w->step.error, "not sent, for 'ann' has changed: it is inactive");
	assert_int_equal(w->account.active, 0);
	assert_int_equal(w->account.observed_ms, NOW);

	now.mark = "somebody";
	apply(w, AU_STEP_DELETE, AU_ETEMP, NULL, 0);
	au_outcome_moved(w->arena, &rules, &now, "it bears another mark", &w->step, &w->account, &w->outcome);
	assert_int_equal(w->step.state, AU_STEP_FAILED);
	assert_int_equal(w->account.state, AU_ACCOUNT_CONFLICT);
	assert_int_equal(w->account.active, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_create_that_is_read_back_makes_its_secret_ready, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_read_back_with_other_rights_is_a_failure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_unclear_create_is_never_simply_repeated, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_order_that_was_not_written_is_written_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_create_that_did_not_happen_leaves_no_secret, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_look_up_tells_ours_from_theirs_by_the_mark, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_secret_that_may_be_another_is_replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gone_is_success_for_a_delete_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refused_credentials_pause_and_throttling_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(each_class_has_its_reaction, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_the_product_says_is_the_least_wait, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_moved_is_taken_over_and_ends_the_step, set_up, tear_down),
		cmocka_unit_test_setup_teardown(waits_double_up_to_the_cap, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
