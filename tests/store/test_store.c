/* SPDX-License-Identifier: ISC */
/* The store's threads: shared commits, savepoints, reads beside writes, the order of things at the end. */
#include "tests/store/help.h"

#include "store/audit.h"
#include "store/resource.h"

#include <event2/event.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITES 64

struct bench {
	struct fixture *f;
	struct event_base *base;
	struct au_store *store;
	int open; /* jobs not yet done */
};

struct job {
	struct bench *bench;
	char name[32];
	int fail_with; /* 0 = succeed */
	int rc;
	int order; /* of its done */
	char text[AU_ERR_TEXT];
	const char *found;
	atomic_int runs;
};

static int
set_up_loop(void **state)
{
	struct bench *b = au_xcalloc(1, sizeof(*b));
	void *f = NULL;
	set_up_folder(&f);
	b->f = f;
	b->base = event_base_new();
	b->store = open_store(b->f, b->base, NULL);
	*state = b;
	return 0;
}

static int
tear_down_loop(void **state)
{
	struct bench *b = *state;
	void *f = b->f;
	au_store_close(b->store);
	event_base_free(b->base);
	free(b);
	return tear_down_folder(&f);
}

static int
put_name(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct job *job = arg;
	job->runs++;
	int rc = au_store_meta_put(tx, job->name, "written", err);
	if (rc == 0)
		rc = au_store_audit(tx, 1, "test", "put", job->name, NULL, err);
	if (rc == 0 && job->fail_with)
		return au_fail(err, job->fail_with, "%s is meant to fail", job->name);
	return rc;
}

static int
get_name(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct job *job = arg;
	job->runs++;
	return au_store_meta_get(tx, job->bench->f->arena, job->name, &job->found, err);
}

static void
on_done(void *arg, int rc, const struct au_err *err)
{
	struct job *job = arg;
	job->rc = rc;
	job->order = job->bench->open--;
	snprintf(job->text, sizeof(job->text), "%s", err->text);
	if (job->bench->open == 0)
		event_base_loopbreak(job->bench->base);
}

static void
wait_all(struct bench *b)
{
	while (b->open > 0)
		assert_int_equal(event_base_dispatch(b->base), 0);
}

/* Whether a value is there, asked on a connection that did not write it. */
static bool
is_there(struct bench *b, const char *name)
{
	struct job job = { .bench = b };
	snprintf(job.name, sizeof(job.name), "%s", name);
	b->open++;
	au_store_read(b->store, AU_READ_POINT, get_name, &job, on_done);
	assert_int_equal(job.rc, 0);
	return job.found != NULL;
}

static void
many_writes_share_few_commits(void **state)
{
	struct bench *b = *state;
	struct job jobs[WRITES];
	struct au_store_stats stats;
	memset(jobs, 0, sizeof(jobs));
	b->open = WRITES;
	for (int i = 0; i < WRITES; i++) {
		jobs[i].bench = b;
		snprintf(jobs[i].name, sizeof(jobs[i].name), "name %d", i);
		au_store_write(b->store, put_name, &jobs[i], on_done);
	}
	for (int i = 0; i < WRITES; i++)
		assert_int_equal(jobs[i].order, 0); /* nobody is called before the loop runs */
	wait_all(b);
	au_store_stats(b->store, &stats);
	assert_int_equal(stats.writes, WRITES);
	assert_true(stats.commits >= 1 && stats.commits < WRITES);
	for (int i = 0; i < WRITES; i++) {
		assert_int_equal(jobs[i].rc, 0);
		assert_int_equal(jobs[i].runs, 1);
		assert_int_equal(jobs[i].order, WRITES - i); /* in the order in which they came */
		assert_true(is_there(b, jobs[i].name));
	}
}

static int
refuse(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct job *job = arg;
	(void)tx;
	job->runs++;
	return au_fail(err, job->fail_with, "%s is meant to fail", job->name);
}

static int
count_audited(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_audit_verdict verdict = { 0 };
	int rc = au_store_audit_verify(tx, NULL, 0, &verdict, err);
	*(long long *)arg = verdict.rows;
	return rc;
}

typedef void write_fn(struct au_store *store, au_store_work *work, void *arg, au_store_done *done);

/* Every third of them fails. */
static void
write_some_that_fail(struct bench *b, struct job jobs[WRITES], write_fn *write, au_store_work *failing)
{
	long long audited = 0, done = 0;
	memset(jobs, 0, WRITES * sizeof(*jobs));
	b->open = WRITES;
	for (int i = 0; i < WRITES; i++) {
		jobs[i].bench = b;
		jobs[i].fail_with = i % 3 == 0 ? AU_EEXIST : 0;
		snprintf(jobs[i].name, sizeof(jobs[i].name), "name %d", i);
		write(b->store, jobs[i].fail_with ? failing : put_name, &jobs[i], on_done);
	}
	wait_all(b);
	for (int i = 0; i < WRITES; i++) {
		assert_int_equal(jobs[i].rc, jobs[i].fail_with);
		assert_int_equal(is_there(b, jobs[i].name), jobs[i].fail_with == 0);
		if (jobs[i].fail_with)
			assert_non_null(strstr(jobs[i].text, "is meant to fail"));
		else
			done++;
	}
	assert_ok(b->f, au_store_run(b->store, count_audited, &audited, &b->f->err));
	assert_int_equal(audited, done);
}

static int
most_runs(const struct job jobs[WRITES])
{
	int most = 0;
	for (int i = 0; i < WRITES; i++)
		most = jobs[i].runs > most ? jobs[i].runs : most;
	return most;
}

static void
failing_work_takes_nothing_along(void **state)
{
	struct job jobs[WRITES];
	write_some_that_fail(*state, jobs, au_store_write, put_name);
	assert_int_equal(most_runs(jobs), 1);
}

static void
work_that_fails_halfway_has_its_likes_run_again(void **state)
{
	struct job jobs[WRITES];
	write_some_that_fail(*state, jobs, au_store_write_often, put_name);
	assert_int_equal(most_runs(jobs), 2);
}

static void
work_that_fails_at_once_disturbs_nobody(void **state)
{
	struct job jobs[WRITES];
	write_some_that_fail(*state, jobs, au_store_write_often, refuse);
	assert_int_equal(most_runs(jobs), 1);
}

static void
write_is_seen_by_a_read_in_its_done(void **state)
{
	struct bench *b = *state;
	for (int i = 0; i < 20; i++) {
		struct job job = { .bench = b };
		snprintf(job.name, sizeof(job.name), "name %d", i);
		b->open = 1;
		au_store_write(b->store, put_name, &job, on_done);
		wait_all(b);
		assert_true(is_there(b, job.name));
	}
}

static void
work_without_done_is_done(void **state)
{
	struct bench *b = *state;
	struct job quiet = { .bench = b, .name = "quiet" }, last = { .bench = b, .name = "last" };
	b->open = 1;
	au_store_write(b->store, put_name, &quiet, NULL);
	au_store_write(b->store, put_name, &last, on_done);
	wait_all(b);
	assert_true(is_there(b, "quiet"));
}

static void
waiting_run_returns_the_works_own_error(void **state)
{
	struct bench *b = *state;
	struct au_err err = { 0 };
	struct job good = { .bench = b, .name = "good" }, bad = { .bench = b, .name = "bad", .fail_with = AU_EINVAL };
	assert_int_equal(au_store_run(b->store, put_name, &good, &err), 0);
	assert_int_equal(au_store_run(b->store, put_name, &bad, &err), AU_EINVAL);
	assert_string_equal(err.text, "bad is meant to fail");
	assert_int_equal(err.code, AU_EINVAL);
	assert_true(is_there(b, "good"));
	assert_false(is_there(b, "bad"));
}

struct long_read {
	struct bench *b;
	atomic_bool has_begun, may_end;
	const char *before, *after;
	int rc;
};

/* Looks, lets the test write, and looks again in the same snapshot. */
static int
look_twice(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct long_read *r = arg;
	struct au_arena *arena = au_arena_new();
	int rc = au_store_meta_get(tx, arena, "value", &r->before, err);
	r->has_begun = true;
	while (!r->may_end)
		usleep(1000);
	if (rc == 0)
		rc = au_store_meta_get(tx, arena, "value", &r->after, err);
	r->before = r->before ? "there" : NULL;
	r->after = r->after ? "there" : NULL;
	au_arena_free(arena);
	return rc;
}

static void
on_looked(void *arg, int rc, const struct au_err *err)
{
	struct long_read *r = arg;
	(void)err;
	r->rc = rc;
	if (--r->b->open == 0)
		event_base_loopbreak(r->b->base);
}

static void
long_read_keeps_its_snapshot_and_holds_no_write_up(void **state)
{
	struct bench *b = *state;
	struct long_read r = { .b = b, .rc = 1 };
	struct job job = { .bench = b, .name = "value" };
	b->open = 1;
	au_store_read(b->store, AU_READ_SCAN, look_twice, &r, on_looked);
	while (!r.has_begun)
		usleep(1000);
	assert_int_equal(au_store_run(b->store, put_name, &job, NULL), 0);
	assert_true(is_there(b, "value"));
	b->open = 1; /* is_there counts too */
	r.may_end = true;
	wait_all(b);
	assert_int_equal(r.rc, 0);
	assert_null(r.before);
	assert_null(r.after);
}

static void
long_reads_leave_a_reader_to_the_others(void **state)
{
	struct bench *b = *state;
	struct long_read reads[4] = { { .rc = 1 }, { .rc = 1 }, { .rc = 1 }, { .rc = 1 } };
	struct job job = { .bench = b, .name = "value", .rc = 1 };
	for (size_t i = 0; i < AU_COUNT(reads); i++) {
		reads[i].b = b;
		au_store_read(b->store, AU_READ_LONG, look_twice, &reads[i], on_looked);
	}
	while (!reads[0].has_begun)
		usleep(1000);
	/* more than once, so that the other reader has had its chance to take a second long one */
	for (int i = 0; i < 20; i++) {
		b->open = 1;
		au_store_read(b->store, AU_READ_SCAN, get_name, &job, on_done);
		wait_all(b);
		assert_int_equal(job.rc, 0);
	}
	for (size_t i = 1; i < AU_COUNT(reads); i++)
		assert_false(reads[i].has_begun);
	b->open = AU_COUNT(reads);
	for (size_t i = 0; i < AU_COUNT(reads); i++)
		reads[i].may_end = true;
	wait_all(b);
	for (size_t i = 0; i < AU_COUNT(reads); i++)
		assert_int_equal(reads[i].rc, 0);
}

struct pair {
	struct bench *b;
	int number, broken;
};

/* Two values that are always equal, in two statements. */
static int
put_pair(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct pair *pair = arg;
	char value[32];
	snprintf(value, sizeof(value), "%d", ++pair->number);
	int rc = au_store_meta_put(tx, "left", value, err);
	return rc < 0 ? rc : au_store_meta_put(tx, "right", value, err);
}

static int
get_pair(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct pair *pair = arg;
	const char *left = NULL, *right = NULL;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	int rc = au_store_meta_get(tx, arena, "left", &left, err);
	if (rc == 0)
		rc = au_store_meta_get(tx, arena, "right", &right, err);
	pair->broken += rc < 0 || !left || !right || strcmp(left, right) != 0;
	return rc;
}

static void
on_pair(void *arg, int rc, const struct au_err *err)
{
	struct pair *pair = arg;
	(void)err;
	pair->broken += rc < 0;
	if (--pair->b->open == 0)
		event_base_loopbreak(pair->b->base);
}

static void
reads_beside_writes_see_each_work_whole(void **state)
{
	struct bench *b = *state;
	struct pair writes = { .b = b }, scans[100], points = { .b = b };
	assert_int_equal(au_store_run(b->store, put_pair, &writes, NULL), 0);
	b->open = 3 * 100;
	for (int i = 0; i < 100; i++) {
		scans[i] = (struct pair){ .b = b };
		au_store_write(b->store, put_pair, &writes, on_pair);
		au_store_read(b->store, AU_READ_SCAN, get_pair, &scans[i], on_pair);
		au_store_read(b->store, AU_READ_POINT, get_pair, &points, on_pair);
	}
	wait_all(b);
	assert_int_equal(writes.broken, 0);
	assert_int_equal(points.broken, 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(scans[i].broken, 0);
}

static void
point_read_is_done_before_the_call_returns(void **state)
{
	struct bench *b = *state;
	struct job job = { .bench = b, .name = "nothing", .rc = 1 };
	struct au_store_stats stats;
	b->open = 1;
	au_store_read(b->store, AU_READ_POINT, get_name, &job, on_done);
	assert_int_equal(b->open, 0);
	assert_int_equal(job.rc, 0);
	assert_null(job.found);
	au_store_stats(b->store, &stats);
	assert_int_equal(stats.reads, 1);
}

static void
reading_work_cannot_write(void **state)
{
	struct bench *b = *state;
	struct job job = { .bench = b, .name = "sneaked in" };
	b->open = 1;
	au_store_read(b->store, AU_READ_POINT, put_name, &job, on_done);
	assert_int_equal(job.rc, AU_EBUG);
	assert_false(is_there(b, "sneaked in"));
}

static void
closing_finishes_what_is_queued(void **state)
{
	struct bench *b = *state;
	struct job jobs[WRITES];
	memset(jobs, 0, sizeof(jobs));
	b->open = WRITES;
	for (int i = 0; i < WRITES; i++) {
		jobs[i].bench = b;
		jobs[i].rc = 1;
		snprintf(jobs[i].name, sizeof(jobs[i].name), "name %d", i);
		au_store_write(b->store, put_name, &jobs[i], on_done);
	}
	au_store_close(b->store);
	assert_int_equal(b->open, 0);
	b->store = open_store(b->f, b->base, NULL);
	for (int i = 0; i < WRITES; i++) {
		assert_int_equal(jobs[i].rc, 0);
		assert_true(is_there(b, jobs[i].name));
	}
}

static void
closing_tells_reads_that_never_ran(void **state)
{
	struct bench *b = *state;
	struct long_read held[3];
	struct job late = { .bench = b, .name = "late", .rc = 1 };
	memset(held, 0, sizeof(held));
	b->open = 4;
	for (size_t i = 0; i < 3; i++) {
		held[i].b = b;
		held[i].may_end = true;
		au_store_read(b->store, AU_READ_SCAN, look_twice, &held[i], on_looked);
	}
	au_store_read(b->store, AU_READ_LONG, get_name, &late, on_done);
	au_store_close(b->store);
	assert_int_equal(b->open, 0);
	assert_true(late.runs ? late.rc == 0 : late.rc == AU_EIO);
	b->store = open_store(b->f, b->base, NULL);
}

static void
second_opener_is_refused_while_the_first_lives(void **state)
{
	struct bench *b = *state;
	struct au_store *second = NULL;
	struct au_err err = { 0 };
	struct au_store_config config = { .backend = b->f->backend->name, .path = b->f->path };
	assert_int_equal(au_store_open(NULL, &config, &second, &err), AU_EBUSY);
	assert_non_null(strstr(err.text, b->f->path));
	assert_null(second);
	au_store_close(b->store);
	assert_ok(b->f, au_store_open(NULL, &config, &second, &b->f->err));
	au_store_close(second);
	b->store = open_store(b->f, b->base, NULL);
}

static void
unknown_backend_is_refused(void **state)
{
	struct bench *b = *state;
	struct au_store *store = NULL;
	struct au_err err = { 0 };
	struct au_store_config config = { .backend = "cards", .path = b->f->path };
	assert_int_equal(au_store_open(NULL, &config, &store, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "cards"));
}

static const struct CMUnitTest store[] = {
	cmocka_unit_test_setup_teardown(many_writes_share_few_commits, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(failing_work_takes_nothing_along, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(work_that_fails_halfway_has_its_likes_run_again, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(work_that_fails_at_once_disturbs_nobody, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(write_is_seen_by_a_read_in_its_done, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(work_without_done_is_done, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(waiting_run_returns_the_works_own_error, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(
	    long_read_keeps_its_snapshot_and_holds_no_write_up, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(long_reads_leave_a_reader_to_the_others, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(reads_beside_writes_see_each_work_whole, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(point_read_is_done_before_the_call_returns, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(reading_work_cannot_write, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(closing_finishes_what_is_queued, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(closing_tells_reads_that_never_ran, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(second_opener_is_refused_while_the_first_lives, set_up_loop, tear_down_loop),
	cmocka_unit_test_setup_teardown(unknown_backend_is_refused, set_up_loop, tear_down_loop),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(store);
}
