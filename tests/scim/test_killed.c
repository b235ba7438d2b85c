/* SPDX-License-Identifier: ISC */
/*
 * A daemon that is killed in the middle of a Bulk: what was written stays written, each operation whole or not at all,
 * and the outcomes that were kept are those of exactly these operations.
 */
#include "tests/scim/serve.h"

#include "store/async.h"
#include "store/resource.h"

#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MANY 5000

/* What the child tells before it is killed. */
struct notice {
	char folder[256], txn[64];
};

/* ---- the one that is killed ---- */

/* Users, each with a group that holds it: an operation is more than one row. */
static const char *
many_operations(struct serve *s)
{
	struct au_str body = AU_STR_INIT;
	const char *text;

	au_str_put(&body, "{'Operations':[");
	for (unsigned i = 0; i < MANY / 2; i++)
		au_str_printf(&body,
		    "%s{'method':'POST','path':'/Groups','bulkId':'g%u','data':{'displayName':'g%u','members':"
		    "[{'value':'bulkId:u%u'}]}},"
		    "{'method':'POST','path':'/Users','bulkId':'u%u','data':{'userName':'u%u'}}",
		    i > 0 ? "," : "", i, i, i, i, i);
	au_str_put(&body, "]}");
	text = au_arena_strdup(s->arena, au_str_get(&body));
	au_str_done(&body);
	return text;
}

static void
serve_until_killed(int out)
{
	void *state = NULL;
	struct serve *s;
	struct answer answer;
	struct notice notice = { .txn = "" };

	serve_start(&state);
	s = state;
	answer = ask_with(s, "okta", "Prefer: respond-async\r\n", "POST", "/Bulk", many_operations(s));
	snprintf(notice.folder, sizeof notice.folder, "%s", s->folder);
	snprintf(notice.txn, sizeof notice.txn, "%s", field_of(s, &answer, "Set-Txn"));
	if (write(out, &notice, sizeof notice) != (ssize_t)sizeof notice)
		_exit(1);
	event_base_dispatch(s->base);
	_exit(1);
}

static void
run_and_kill(struct notice *ret, long milliseconds)
{
	const struct timespec delay = { .tv_nsec = milliseconds * 1000000 };
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		serve_until_killed(ends[1]);
	assert_int_equal(read(ends[0], ret, sizeof *ret), sizeof *ret);
	nanosleep(&delay, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	close(ends[0]);
	close(ends[1]);
}

/* ---- what it left ---- */

static int
compare_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct notice *notice = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_async_row row;
	struct au_async_outcome *outcomes;
	size_t count, groups = 0;
	long long users_kept, groups_kept;

	if (au_store_async_get(tx, arena, "okta", notice->txn, 0, &row, err) != 0 ||
	    au_store_async_outcomes(tx, arena, notice->txn, &outcomes, &count, err) != 0 ||
	    au_store_resource_count(tx, "okta", "User", &users_kept, err) != 0 ||
	    au_store_resource_count(tx, "okta", "Group", &groups_kept, err) != 0)
		return AU_EIO;
	for (size_t i = 0; i < count; i++) {
		assert_non_null(strstr(outcomes[i].text, "\"status\":\"201\""));
		groups += outcomes[i].operation % 2 == 0;
	}
	print_message("killed after %zu of %lld operations\n", count, row.operations);
	assert_false(row.is_ended);
	assert_int_equal(row.operations, MANY);
	assert_true(count < MANY);
	assert_int_equal(groups, groups_kept);
	assert_int_equal(count - groups, users_kept);
	return 0;
}

static int
remove_it(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
what_was_written_is_what_was_kept(void **state)
{
	static const long delays[] = { 0, 100, 400 };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(delays); i++) {
		struct au_store_config config = { .backend = "sqlite", .audit_key = serve_key };
		AU_CLEANUP(au_freep) char *path = NULL;
		struct notice notice;
		struct au_store *store;
		struct au_err err = { .code = 0 };

		run_and_kill(&notice, delays[i]);
		config.path = path = au_xasprintf("%s/store", notice.folder);
		if (au_store_open(NULL, &config, &store, &err) != 0 ||
		    au_store_run(store, compare_work, &notice, &err) != 0)
			fail_msg("%s", err.text);
		au_store_close(store);
		nftw(notice.folder, remove_it, 8, FTW_DEPTH | FTW_PHYS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_what_was_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
