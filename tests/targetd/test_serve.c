/* SPDX-License-Identifier: ISC */
/* A real worker process, a mock plugin in it, and what comes back over the channel. */
#include "tests/targetd/worker.h"

#include "base/mem.h"
#include "base/str.h"
#include "model/stricter.h"

#include "tests/unit.h"

#include <string.h>
#include <sys/wait.h>

#define RIGHTS "{\"roles\":[\"a\"]}"
#define SECRET "abcdef01"

static int
start_worker(void **state)
{
	struct worker *w = au_xcalloc(1, sizeof(*w));

	worker_start(w);
	*state = w;
	return 0;
}

static int
stop_worker(void **state)
{
	struct worker *w = *state;
	int status = worker_stop(w);

	free(w);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static void
open_as(struct worker *w, const char *behave)
{
	struct au_err err;

	if (worker_open(
		w, "mock-whole", json_pack("{s:s, s:s}", "behave", behave, "password", "planted-canary"), &err) != 0)
		fail_msg("open: %s", err.text);
}

static void
expect(struct worker *w, struct au_call call, int code, const char *words)
{
	struct outcome outcome;

	worker_call(w, &call, &outcome);
	if (outcome.err.code != code || (words != NULL && strstr(outcome.err.text, words) == NULL))
		fail_msg("%s: %d '%s', expected %d '%s'", au_call_op_name(call.op), outcome.err.code, outcome.err.text,
		    code, words != NULL ? words : "");
	outcome_done(&outcome);
}

static const struct au_call probe = { .op = AU_CALL_PROBE };
static const struct au_call list = { .op = AU_CALL_LIST };
static const struct au_call create = { .op = AU_CALL_CREATE,
	.account = { .login = "crm", .mail = "crm@example.com", .rights = RIGHTS, .secret = SECRET, .active = 1 } };

static void
calls_before_open_are_refused(void **state)
{
	expect(*state, probe, AU_EBUG, "call 'probe' before 'open'");
}

static void
open_reads_options_and_refuses_wrong_ones(void **state)
{
	struct worker *w = *state;
	struct au_err err;

	assert_int_equal(worker_open(w, "mock-whole", json_pack("{s:s}", "colour", "red"), &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "option 'colour'"));
	assert_int_equal(worker_open(w, "mock-whole", json_pack("{s:i}", "number", 11), &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "option 'number'"));
	assert_int_equal(worker_open(w, "mock-wrong-abi", json_object(), &err), AU_EBUG);
	open_as(w, "");
	expect(w, probe, 0, NULL);
}

static void
open_again_takes_the_new_options(void **state)
{
	struct worker *w = *state;

	open_as(w, "auth");
	expect(w, probe, AU_EAUTH, "refused the new one");
	open_as(w, "");
	expect(w, probe, 0, NULL);
}

static void
own_rules_are_checked_right_before_the_call(void **state)
{
	static const struct au_product_rule own_rules[] = {
		{ "own", "Own.", AU_DOCUMENTED, AU_RULE_CHARS, "login", 0, 0, "abc", NULL },
		AU_RULE_END,
	};
	const struct au_own_rules own = { .rules = own_rules, .password = { 10, 12, "abcdefgh01234567", AU_PW_DIGIT } };
	struct worker *w = *state;
	struct au_call call = create;
	struct au_err err;

	assert_int_equal(worker_open_tight(w, "mock-whole", json_object(), au_own_rules_to_json(&own), &err), 0);
	expect(w, call, AU_EINVAL, "rule own: login 'crm'");
	call.account.login = "abc";
	expect(w, call, AU_EINVAL, "password: expected 10 to 12 characters");
	call.account.secret = "abcdef0123";
	expect(w, call, 0, NULL);
	assert_int_equal(
	    worker_open_tight(w, "mock-whole", json_object(), json_pack("{s:s}", "rules", "none"), &err), AU_EPROTO);
}

static void
pools_are_told_of_those_that_have_a_row(void **state)
{
	struct worker *w = *state;
	struct au_call pools = { .op = AU_CALL_POOLS };
	struct outcome outcome;

	open_as(w, "");
	worker_call(w, &pools, &outcome);
	assert_int_equal(outcome.err.code, 0);
	assert_int_equal(au_json_get_int(json_object_get(outcome.pools, "seats"), "limit"), 5);
	assert_int_equal(au_json_get_int(json_object_get(outcome.pools, "seats"), "used"), -1);
	outcome_done(&outcome);
	open_as(w, "odd-pool");
	expect(w, pools, AU_EBUG, "a pool that it has no row of");
	open_as(w, "below");
	expect(w, pools, AU_EBUG, "below zero");
	open_as(w, "auth");
	expect(w, pools, AU_EAUTH, NULL);
}

static void
broken_plugin_is_an_answer_and_not_an_end(void **state)
{
	struct worker *w = *state;
	struct au_err err;

	assert_int_equal(worker_open(w, "mock-wrong-abi", json_object(), &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "interface version"));
	expect(w, probe, AU_EBUG, "before 'open'");
}

static void
account_goes_through_its_life(void **state)
{
	struct worker *w = *state;
	struct outcome outcome;
	struct au_call call = create;

	open_as(w, "");
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, 0);
	assert_int_equal(outcome.accounts, 1);
	assert_string_equal(au_json_get_str(outcome.account, "id"), "1");
	assert_string_equal(au_json_get_str(outcome.account, "login"), "crm");
	outcome_done(&outcome);

	call = (struct au_call){ .op = AU_CALL_SET_RIGHTS,
		.account = { .id = "1", .rights = "{\"roles\":[\"b\",\"c\"]}" } };
	worker_call(w, &call, &outcome);
	assert_string_equal(au_json_get_str(outcome.account, "version"), "1");
	outcome_done(&outcome);

	call = (struct au_call){ .op = AU_CALL_FIND, .account = { .login = "crm" } };
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.accounts, 1);
	outcome_done(&outcome);

	call = (struct au_call){ .op = AU_CALL_FIND, .account = { .login = "nobody" } };
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, 0);
	assert_int_equal(outcome.accounts, 0);
	outcome_done(&outcome);

	expect(w, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = "1", .active = 0 } }, 0, NULL);
	expect(w, (struct au_call){ .op = AU_CALL_SET_ACTIVE, .account = { .id = "1", .active = -1 } }, AU_EBUG, NULL);
	expect(w, (struct au_call){ .op = AU_CALL_GET, .account = { .id = "2" } }, AU_ENOENT, "no such account");
	expect(w, (struct au_call){ .op = AU_CALL_REMOVE, .account = { .id = "1" } }, 0, NULL);
}

static void
resolve_answers_with_text(void **state)
{
	struct worker *w = *state;
	struct au_call call = { .op = AU_CALL_RESOLVE, .rights_in = RIGHTS };
	struct outcome outcome;

	open_as(w, "");
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, 0);
	assert_string_equal(outcome.text, RIGHTS);
	outcome_done(&outcome);
	open_as(w, "bad-rights");
	expect(w, call, AU_EBUG, "no JSON object");
}

static void
rules_are_checked_right_before_the_call(void **state)
{
	struct worker *w = *state;
	struct au_call call = create;

	open_as(w, "");
	call.account.mail = "no-at-sign";
	expect(w, call, AU_EINVAL, "MK-R02");
	call = create;
	call.account.login = "a-login-that-is-far-too-long";
	expect(w, call, AU_EINVAL, "MK-R04");
	call = create;
	call.account.rights = "{\"roles\":[]}";
	expect(w, call, AU_EINVAL, "MK-R03");
	expect(w, (struct au_call){ .op = AU_CALL_SET_RIGHTS, .account = { .id = "1", .rights = "{\"roles\":[]}" } },
	    AU_EINVAL, "MK-R03");
}

static void
password_policy_is_checked_and_not_quoted(void **state)
{
	struct worker *w = *state;
	struct au_call call = create;
	struct outcome outcome;

	open_as(w, "");
	call.account.secret = "zzzzzzzz9";
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, AU_EINVAL);
	assert_null(strstr(outcome.err.text, "zzzz"));
	outcome_done(&outcome);
	call.account.secret = NULL;
	expect(w, call, AU_EBUG, "lacks the secret");
}

static void
what_the_plugin_cannot_do_is_said(void **state)
{
	struct worker *w = *state;

	open_as(w, "");
	expect(w, (struct au_call){ .op = AU_CALL_SET_PROFILE, .account = { .id = "1" } }, AU_ENOSUP, "Mock cannot do");
	expect(w, (struct au_call){ .op = AU_CALL_GET }, AU_EBUG, "lacks");
}

static void
secrets_are_taken_out_of_texts_and_logs(void **state)
{
	struct worker *w = *state;
	struct outcome outcome;
	struct au_call call = probe;
	char *log;

	open_as(w, "leak");
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, AU_ETEMP);
	assert_string_equal(outcome.err.text, "refused '**************'");
	outcome_done(&outcome);
	open_as(w, "echo-secret");
	call = create;
	worker_call(w, &call, &outcome);
	assert_string_equal(outcome.err.text, "password '********' is too weak");
	outcome_done(&outcome);
	log = worker_log(w);
	assert_non_null(strstr(log, "the password is **************"));
	assert_non_null(strstr(log, "created with ********"));
	assert_null(strstr(log, "planted-canary"));
	assert_null(strstr(log, SECRET));
	free(log);
}

static void
accounts_show_no_secret_that_the_product_does_not_show(void **state)
{
	struct worker *w = *state;
	struct outcome outcome;
	struct au_call call = create;

	open_as(w, "leak-account");
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.accounts, 1);
	assert_null(au_json_get_str(outcome.account, "secret"));
	outcome_done(&outcome);
	call = list;
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.accounts, 1);
	assert_null(au_json_get_str(outcome.account, "secret"));
	outcome_done(&outcome);
}

static void
broken_contract_is_a_bug_and_no_crash(void **state)
{
	struct worker *w = *state;

	open_as(w, "odd-code");
	expect(w, probe, AU_EBUG, "returned 7");
	open_as(w, "no-reason");
	expect(w, probe, AU_ETEMP, "gave no reason");
	open_as(w, "silent");
	expect(w, create, AU_EBUG, "emitted 0 accounts");
	open_as(w, "no-id");
	expect(w, create, AU_EBUG, "without id");
}

static void
calls_a_minute_are_kept_to(void **state)
{
	struct worker *w = *state;
	struct au_call call = probe;
	struct outcome outcome;
	struct au_err err;

	assert_int_equal(worker_open(w, "mock-slow", json_object(), &err), 0);
	expect(w, probe, 0, NULL);
	expect(w, probe, 0, NULL);
	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, AU_EBUSY);
	assert_in_range(outcome.err.retry_after_s, 1, 30);
	outcome_done(&outcome);
}

static void
sandbox_holds_within_the_plugin(void **state)
{
	struct worker *w = *state;

	open_as(w, "sandbox");
	expect(w, probe, AU_ENOSUP, "sandbox holds");
}

#define IN_WORKER(test) cmocka_unit_test_setup_teardown(test, start_worker, stop_worker)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORKER(calls_before_open_are_refused),
		IN_WORKER(open_reads_options_and_refuses_wrong_ones),
		IN_WORKER(open_again_takes_the_new_options),
		IN_WORKER(own_rules_are_checked_right_before_the_call),
		IN_WORKER(pools_are_told_of_those_that_have_a_row),
		IN_WORKER(broken_plugin_is_an_answer_and_not_an_end),
		IN_WORKER(account_goes_through_its_life),
		IN_WORKER(resolve_answers_with_text),
		IN_WORKER(rules_are_checked_right_before_the_call),
		IN_WORKER(password_policy_is_checked_and_not_quoted),
		IN_WORKER(what_the_plugin_cannot_do_is_said),
		IN_WORKER(secrets_are_taken_out_of_texts_and_logs),
		IN_WORKER(accounts_show_no_secret_that_the_product_does_not_show),
		IN_WORKER(broken_contract_is_a_bug_and_no_crash),
		IN_WORKER(calls_a_minute_are_kept_to),
		IN_WORKER(sandbox_holds_within_the_plugin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
