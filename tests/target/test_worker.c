/* SPDX-License-Identifier: ISC */
/* Supervision with real worker processes and a plugin that misbehaves on demand. */
#include "settings/rows.h"
#include "store/store.h"
#include "target/target.h"

#include "base/clock.h"
#include "base/rand.h"
#include "model/describe.h"

#include "tests/unit.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIGHTS "{\"roles\":[\"a\"]}"
#define RESULTS 32

struct set {
	struct event_base *base;
	struct au_arena *arena;
	struct au_values *values;
	json_t *options;
	struct au_describe describe;
	struct au_target_block block;
	struct au_target_worker *worker;
	const struct au_target_memory *memory; /* of the next worker; NULL: none */
	char *helper, *plugins;
	char secret_file[64];
	/* Outcomes in order. */
	struct au_err results[RESULTS];
	size_t accounts[RESULTS];
	char *last_login, *last_secret, *text;
	size_t count, wait_for;
	bool free_inside;
};

static const struct au_opt mock_opts[] = {
	{ "behave", AU_STR, 0, 0, 31, NULL, NULL, "How to misbehave." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the password lies." },
	AU_OPT_END,
};

static const struct au_opt no_opts[] = { AU_OPT_END };
static const struct au_product_rule no_rules[] = { AU_RULE_END };

static void
write_secret(struct set *set, const char *text)
{
	FILE *out = fopen(set->secret_file, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	assert_int_equal(chmod(set->secret_file, 0600), 0);
}

static void
set_value(struct set *set, const char *name, const char *text)
{
	json_t *value = json_string(text);

	assert_int_equal(au_values_set(set->values, name, value, NULL), 0);
	json_decref(value);
}

static int
start(void **state)
{
	struct set *set = au_xcalloc(1, sizeof(*set));
	const char *build = getenv("top_builddir");

	au_rand_init();
	set->base = event_base_new();
	set->arena = au_arena_new();
	set->values = au_values_new(au_target_rows);
	set->helper = au_xasprintf("%s/daemon/targetd/apiuserd-target", build);
	set->plugins = au_xasprintf("%s/tests/targetd/.libs", build);
	set_value(set, "name", "mock");
	set_value(set, "plugin", "mock-whole");
	strcpy(set->secret_file, "/tmp/test-worker-XXXXXX");
	close(mkstemp(set->secret_file));
	write_secret(set, "old-secret");
	set->options = json_object();
	set->describe.instance_opts = mock_opts;
	set->describe.rights_opts = no_opts;
	set->describe.rules = no_rules;
	*state = set;
	return 0;
}

static int
stop(void **state)
{
	struct set *set = *state;

	au_target_worker_free(set->worker);
	event_base_free(set->base);
	unlink(set->secret_file);
	json_decref(set->options);
	au_values_free(set->values);
	au_arena_free(set->arena);
	free(set->helper);
	free(set->plugins);
	free(set->last_login);
	free(set->last_secret);
	free(set->text);
	free(set);
	return 0;
}

static void
run_worker(struct set *set, const char *behave)
{
	char *place = au_xasprintf("file:%s", set->secret_file);

	json_object_set_new(set->options, "behave", json_string(behave));
	json_object_set_new(set->options, "password", json_string(place));
	free(place);
	set->block.block.name = "mock";
	set->block.block.values = set->values;
	set->block.options = set->options;
	set->block.describe = &set->describe;
	set->worker = au_target_worker_new(set->base, set->helper, set->plugins, &set->block, set->memory);
}

static void
on_done(void *ctx, const struct au_call_result *result)
{
	struct set *set = ctx;

	assert_true(set->count < RESULTS);
	set->results[set->count] = result->err;
	set->accounts[set->count] = result->account_count;
	set->count++;
	free(set->last_login);
	free(set->text);
	set->last_login = result->account_count > 0 ? au_xstrdup(result->accounts[0].login) : NULL;
	set->text = au_xstrdup(result->text);
	if (set->free_inside) {
		au_target_worker_free(set->worker);
		set->worker = NULL;
	}
	if (set->count == set->wait_for)
		event_base_loopbreak(set->base);
}

static void
on_too_long(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	fail_msg("calls took too long");
}

/* Run the loop until so many outcomes are there. */
static void
wait_for(struct set *set, size_t count)
{
	struct event *late = evtimer_new(set->base, on_too_long, NULL);

	event_add(late, &(struct timeval){ 120, 0 });
	set->wait_for = count;
	while (set->count < count)
		assert_int_equal(event_base_loop(set->base, EVLOOP_ONCE), 0);
	event_free(late);
}

static void
call(struct set *set, enum au_call_op op)
{
	struct au_call call = { .op = op,
		.account = { .id = "1",
		    .login = "crm",
		    .mail = "crm@example.com",
		    .rights = RIGHTS,
		    .active = 1,
		    .secret = op == AU_CALL_CREATE ? "abcdef01" : NULL },
		.rights_in = op == AU_CALL_RESOLVE ? RIGHTS : NULL };
	size_t before = set->count;

	au_target_worker_call(set->worker, &call, on_done, set);
	assert_int_equal(set->count, before);
}

static void
expect(struct set *set, size_t number, int code, const char *words)
{
	if (set->results[number].code != code || strstr(set->results[number].text, words) == NULL)
		fail_msg("outcome %zu: %d '%s', expected %d '%s'", number, set->results[number].code,
		    set->results[number].text, code, words);
}

static void
calls_run_in_order_and_answer(void **state)
{
	struct set *set = *state;

	run_worker(set, "");
	call(set, AU_CALL_PROBE);
	call(set, AU_CALL_RESOLVE);
	call(set, AU_CALL_CREATE);
	call(set, AU_CALL_LIST);
	assert_int_equal(au_target_worker_waiting(set->worker), 4);
	wait_for(set, 2);
	assert_string_equal(set->text, RIGHTS);
	wait_for(set, 4);
	for (size_t i = 0; i < 4; i++)
		expect(set, i, 0, "");
	assert_int_equal(set->accounts[2], 1);
	assert_int_equal(set->accounts[3], 1);
	assert_string_equal(set->last_login, "crm");
	assert_int_equal(au_target_worker_waiting(set->worker), 0);
	assert_int_equal(au_target_worker_restarts(set->worker), 0);
}

static void
crash_is_unknown_for_a_change_and_temporary_for_a_read(void **state)
{
	struct set *set = *state;

	run_worker(set, "crash");
	call(set, AU_CALL_CREATE);
	call(set, AU_CALL_LIST);
	wait_for(set, 2);
	expect(set, 0, AU_EUNKNOWN, "call 'create'");
	expect(set, 1, AU_ETEMP, "signal 9");
	assert_int_equal(set->accounts[1], 0);
}

static void
calls_behind_a_crash_survive_it(void **state)
{
	struct set *set = *state;
	pid_t first;

	run_worker(set, "");
	call(set, AU_CALL_PROBE);
	wait_for(set, 1);
	first = au_target_worker_pid(set->worker);
	call(set, AU_CALL_PROBE);
	call(set, AU_CALL_CREATE);
	kill(first, SIGKILL);
	wait_for(set, 3);
	expect(set, 2, 0, "");
	assert_int_not_equal(au_target_worker_pid(set->worker), first);
	assert_int_equal(au_target_worker_restarts(set->worker), 1);
}

static void
hang_is_ended_by_the_deadline(void **state)
{
	struct set *set = *state;

	set_value(set, "call_timeout", "1s");
	run_worker(set, "hang");
	call(set, AU_CALL_SET_ACTIVE);
	call(set, AU_CALL_GET);
	wait_for(set, 2);
	expect(set, 0, AU_EUNKNOWN, "no answer within 1000 ms");
	expect(set, 1, AU_ETEMP, "no answer within 1000 ms");
}

static void
rubbish_and_floods_end_the_worker(void **state)
{
	struct set *set = *state;

	run_worker(set, "rubbish");
	call(set, AU_CALL_PROBE);
	wait_for(set, 1);
	expect(set, 0, AU_ETEMP, "JSON");
	au_target_worker_free(set->worker);
	run_worker(set, "flood");
	call(set, AU_CALL_CREATE);
	wait_for(set, 2);
	expect(set, 1, AU_EUNKNOWN, "killed");
}

static void
endless_answer_is_ended(void **state)
{
	struct set *set = *state;

	run_worker(set, "endless");
	call(set, AU_CALL_CREATE);
	call(set, AU_CALL_FIND);
	wait_for(set, 2);
	expect(set, 1, AU_ETEMP, "more than 100 accounts");
	assert_int_equal(set->accounts[1], 0);
}

static void
wrong_abi_is_told_to_every_call(void **state)
{
	struct set *set = *state;

	set_value(set, "plugin", "mock-wrong-abi");
	run_worker(set, "");
	call(set, AU_CALL_PROBE);
	call(set, AU_CALL_CREATE);
	wait_for(set, 2);
	expect(set, 0, AU_ETEMP, "interface version");
	expect(set, 1, AU_ETEMP, "cannot be opened");
}

static void
restarts_are_spent_and_calls_are_told_when_to_come_again(void **state)
{
	struct set *set = *state;

	run_worker(set, "crash");
	for (size_t i = 0; i < 8; i++) {
		call(set, AU_CALL_PROBE);
		wait_for(set, i + 1);
		expect(set, i, AU_ETEMP, "");
		if (set->results[i].retry_after_s > 0)
			break;
	}
	assert_true(set->results[set->count - 1].retry_after_s > 0);
	call(set, AU_CALL_CREATE);
	wait_for(set, set->count + 1);
	/* Not sent, so nothing is unknown about it. */
	expect(set, set->count - 1, AU_ETEMP, "signal 9");
}

static void
missing_secret_pauses_and_comes_back(void **state)
{
	struct set *set = *state;

	unlink(set->secret_file);
	run_worker(set, "");
	call(set, AU_CALL_PROBE);
	wait_for(set, 1);
	expect(set, 0, AU_EAUTH, "option 'password'");
	write_secret(set, "old-secret");
	call(set, AU_CALL_PROBE);
	wait_for(set, 2);
	expect(set, 1, 0, "");
	assert_int_equal(au_target_worker_restarts(set->worker), 0);
}

static void
probe_after_a_refusal_takes_a_changed_secret(void **state)
{
	struct set *set = *state;

	run_worker(set, "auth");
	call(set, AU_CALL_PROBE);
	wait_for(set, 1);
	expect(set, 0, AU_EAUTH, "the old one");
	call(set, AU_CALL_PROBE);
	wait_for(set, 2);
	expect(set, 1, AU_EAUTH, "the old one");
	write_secret(set, "new-secret");
	call(set, AU_CALL_PROBE);
	wait_for(set, 3);
	expect(set, 2, AU_EAUTH, "the new one");
	write_secret(set, "older-secret");
	call(set, AU_CALL_LIST);
	wait_for(set, 4);
	expect(set, 3, AU_EAUTH, "the new one");
	au_target_worker_reopen(set->worker);
	call(set, AU_CALL_LIST);
	wait_for(set, 5);
	expect(set, 4, AU_EAUTH, "the old one");
}

/* ---- what was refused ---- */

static const unsigned char memory_key[AU_TARGET_KEY] = "the key of refused log-ins here";

static void
on_broken(void *ctx, const char *why)
{
	(void)ctx;
	fail_msg("store: %s", why);
}

static struct au_store *
open_memory(struct set *set, const char *folder)
{
	static const unsigned char key[32] = "the key of the tests' audit rows";
	struct au_store_config config = {
		.backend = "sqlite", .path = folder, .audit_key = key, .on_broken = on_broken
	};
	struct au_store *store = NULL;

	assert_int_equal(au_store_open(set->base, &config, &store, NULL), 0);
	return store;
}

/* A worker of a daemon that begins; its first probe. */
static void
begin_again(struct set *set, const struct au_target_memory *memory, const char *behave)
{
	au_target_worker_free(set->worker);
	set->memory = memory;
	run_worker(set, behave);
	call(set, AU_CALL_PROBE);
	wait_for(set, set->count + 1);
}

static void
refused_log_in_is_not_tried_again_by_whoever_comes_after(void **state)
{
	struct set *set = *state;
	char folder[] = "/tmp/test-worker-store-XXXXXX";

	assert_non_null(mkdtemp(folder));
	struct au_target_memory memory = { .store = open_memory(set, folder), .key = memory_key };
	begin_again(set, &memory, "auth");
	expect(set, 0, AU_EAUTH, "refused the old one");
	assert_null(strstr(set->results[0].text, "not tried again"));
	/* The next process of the worker, */
	assert_int_equal(kill(au_target_worker_pid(set->worker), SIGKILL), 0);
	do {
		call(set, AU_CALL_PROBE);
		wait_for(set, set->count + 1);
	} while (set->results[set->count - 1].code == AU_ETEMP && set->count < RESULTS / 2);
	expect(set, set->count - 1, AU_EAUTH, "refused the old one; not tried again with the same credentials");
	/* and the next daemon. */
	begin_again(set, &memory, "auth");
	expect(set, set->count - 1, AU_EAUTH, "refused the old one; not tried again");
	au_target_worker_reopen(set->worker);
	call(set, AU_CALL_LIST);
	wait_for(set, set->count + 1);
	expect(set, set->count - 1, AU_EAUTH, "not tried again");
	/* A person's word is worth one try; so are other credentials. */
	au_target_worker_forgive(set->worker);
	call(set, AU_CALL_PROBE);
	wait_for(set, set->count + 1);
	assert_null(strstr(set->results[set->count - 1].text, "not tried again"));
	write_secret(set, "new-secret");
	begin_again(set, &memory, "auth");
	expect(set, set->count - 1, AU_EAUTH, "refused the new one");
	assert_null(strstr(set->results[set->count - 1].text, "not tried again"));
	begin_again(set, &memory, "auth");
	expect(set, set->count - 1, AU_EAUTH, "refused the new one; not tried again");
	/* Options are credentials, too: this is another account, or another product. */
	begin_again(set, &memory, "");
	expect(set, set->count - 1, 0, "");
	begin_again(set, &memory, "auth");
	expect(set, set->count - 1, AU_EAUTH, "refused the new one");
	assert_null(strstr(set->results[set->count - 1].text, "not tried again"));
	au_target_worker_free(set->worker);
	set->worker = NULL;
	au_store_close(memory.store);
	AU_CLEANUP(au_freep) char *remove = au_xasprintf("rm -rf %s", folder);
	assert_int_equal(system(remove), 0);
}

static void
worker_may_be_freed_in_its_own_callback(void **state)
{
	struct set *set = *state;

	run_worker(set, "");
	set->free_inside = true;
	call(set, AU_CALL_PROBE);
	call(set, AU_CALL_PROBE);
	wait_for(set, 1);
	assert_null(set->worker);
	event_base_loop(set->base, EVLOOP_NONBLOCK);
	assert_int_equal(set->count, 1);
}

static void
unstartable_helper_is_told(void **state)
{
	struct set *set = *state;

	free(set->helper);
	set->helper = au_xstrdup("/nonexistent/apiuserd-target");
	run_worker(set, "");
	call(set, AU_CALL_CREATE);
	wait_for(set, 1);
	expect(set, 0, AU_ETEMP, "/nonexistent/apiuserd-target");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(calls_run_in_order_and_answer),
		WITH(crash_is_unknown_for_a_change_and_temporary_for_a_read),
		WITH(calls_behind_a_crash_survive_it),
		WITH(hang_is_ended_by_the_deadline),
		WITH(rubbish_and_floods_end_the_worker),
		WITH(endless_answer_is_ended),
		WITH(wrong_abi_is_told_to_every_call),
		WITH(restarts_are_spent_and_calls_are_told_when_to_come_again),
		WITH(missing_secret_pauses_and_comes_back),
		WITH(probe_after_a_refusal_takes_a_changed_secret),
		WITH(refused_log_in_is_not_tried_again_by_whoever_comes_after),
		WITH(worker_may_be_freed_in_its_own_callback),
		WITH(unstartable_helper_is_told),
	};

	signal(SIGPIPE, SIG_IGN); /* as the daemon has it: a helper that is gone is an error of write(2) */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
